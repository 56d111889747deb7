"""Two persons erase, nobody else can, nothing is left of it, and everything proven before stays proven."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from tests.office import Office, office
from workflows.decisions import Reason
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.errors import NotFound
from workflows.events import ERASED, IdentityData
from workflows.incident.commands import Note
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import inclusion_proof, root_of, verify_inclusion
from workflows.record import read_entry
from workflows.store.metadata import METADATA
from workflows.store.rows import Delivery, InboxState, PersonRow, Target
from workflows.verification import verify_store

BASIS = LegalBasis.GDPR_17


@pytest.fixture
def place(database_url: str) -> Iterator[Office]:
    with office(database_url) as opened:
        yield opened


def eraser(place: Office) -> Eraser:
    return Eraser(place.service)


def erased(place: Office, selection: Selection) -> Erasure:
    asked = eraser(place).request(selection, BASIS, place.actor("petra"))
    assert isinstance(asked, Erasure), asked
    done = eraser(place).confirm(asked.id, place.actor("dora"))
    assert isinstance(done, Erasure), done
    return done


def kinds(place: Office) -> list[str]:
    with place.store.reading() as reads:
        return [entry.kind for entry in reads.entries()]


def everything(url: str) -> str:
    """All that any table holds, as text."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [row for table in METADATA.tables.values() for row in connection.execute(select(table))]
    engine.dispose()
    return "\n".join(repr(tuple(row)) for row in rows)


def sentinel() -> str:
    return f"Q{uuid4().hex}"


def test_one_asks_another_confirms_and_the_case_is_empty(place: Office) -> None:
    number = place.report("Somebody clicked")
    place.assess(number)
    done = erased(place, Selection(number))
    case = place.case(number)
    assert (case.title, case.what, case.category) == (ERASED, ERASED, ERASED)
    assert set(case.people.values()) == {ERASED}
    assert (case.number, case.state) == (number, "identify")
    found = verify_store(place.store, deep=True)
    assert found.intact, (found.log.findings, found.cases)
    assert found.log.erased == len(done.targets)
    assert kinds(place)[-2:] == [EntryKind.ERASURE_REQUESTED, EntryKind.LEDGER_ERASED]


def test_one_person_only(place: Office) -> None:
    number = place.report("Somebody clicked")
    place.tell("jana", Note(case=number, text="Spoke with max hübner, he is fine"))
    place.tell("jana", Note(case=number, text="Maximal two hours more"))
    erased(place, Selection(number, person="max"))
    case = place.case(number)
    assert set(case.people.values()) == {ERASED, IdentityData(id="jana", name="Jana Kowalski")}
    assert [note.text for note in case.notes] == [ERASED, "Maximal two hours more"]
    assert case.what == "Somebody clicked"
    assert verify_store(place.store).intact


def test_one_field_only(place: Office) -> None:
    number = place.report("Somebody clicked")
    place.tell("jana", Note(case=number, text="A password by mistake"))
    with place.store.reading() as reads:
        [note] = [field for field in reads.disclosures() if field.name == "text"]
    erased(place, Selection(number, (Target(note.index, "text"),)))
    case = place.case(number)
    assert [item.text for item in case.notes] == [ERASED]
    assert case.what == "Somebody clicked"
    assert verify_store(place.store).intact


def test_the_same_person_cannot_be_both(place: Office) -> None:
    number = place.report()
    asked = eraser(place).request(Selection(number), BASIS, place.actor("petra"))
    assert isinstance(asked, Erasure)
    refused = eraser(place).confirm(asked.id, place.actor("petra"))
    assert isinstance(refused, Reason)
    assert (refused.code, refused.who) == ("second_person", ("isb", "deputy", "dpo", "management"))
    assert place.case(number).what == "Phishing mail clicked"
    assert isinstance(eraser(place).confirm(asked.id, place.actor("lena")), Erasure)
    assert place.case(number).what == ERASED


@pytest.mark.parametrize("who", ["max", "jana", "ada"])
def test_without_a_role_nobody_asks_or_confirms(who: str, place: Office) -> None:
    number = place.report()
    refused = eraser(place).request(Selection(number), BASIS, place.actor(who))
    assert isinstance(refused, Reason)
    assert (refused.code, refused.who) == ("not_allowed", ("isb", "deputy", "dpo", "management"))
    asked = eraser(place).request(Selection(number), BASIS, place.actor("petra"))
    assert isinstance(asked, Erasure)
    refused = eraser(place).confirm(asked.id, place.actor(who))
    assert isinstance(refused, Reason)
    assert refused.code == "not_allowed"
    assert place.case(number).what == "Phishing mail clicked"
    assert kinds(place).count(EntryKind.ACCESS_REFUSED) == 2


def test_the_same_refusal_is_one_entry_a_minute(place: Office) -> None:
    number = place.report()
    for _ in range(3):
        eraser(place).request(Selection(number), BASIS, place.actor("max"))
    assert kinds(place).count(EntryKind.ACCESS_REFUSED) == 1
    place.clock.forward(seconds=61)
    eraser(place).request(Selection(number), BASIS, place.actor("max"))
    assert kinds(place).count(EntryKind.ACCESS_REFUSED) == 2


def test_what_is_not_there_or_not_visible_is_not_found(place: Office) -> None:
    number = place.report()
    for selection, who in ((Selection("INC-2026-0099"), "petra"), (Selection(number), "dora")):
        with pytest.raises(NotFound):
            eraser(place).request(selection, BASIS, place.actor(who))
    with pytest.raises(NotFound):
        eraser(place).confirm(str(uuid4()), place.actor("dora"))
    refused = eraser(place).request(Selection(number, person="tom"), BASIS, place.actor("petra"))
    assert isinstance(refused, Reason)
    assert refused.code == "nothing_to_erase"


def test_a_confirmed_erasure_is_not_confirmed_again(place: Office) -> None:
    done = erased(place, Selection(place.report()))
    with pytest.raises(NotFound):
        eraser(place).confirm(done.id, place.actor("dora"))


def test_two_requests_for_the_same_erase_it_once(place: Office) -> None:
    number = place.report()
    asked = [eraser(place).request(Selection(number), BASIS, place.actor("petra")) for _ in range(2)]
    first, second = [one.id for one in asked if isinstance(one, Erasure)]
    assert isinstance(eraser(place).confirm(first, place.actor("dora")), Erasure)
    refused = eraser(place).confirm(second, place.actor("dora"))
    assert isinstance(refused, Reason)
    assert refused.code == "nothing_to_erase"
    assert verify_store(place.store).intact


def test_what_was_proven_before_stays_proven(place: Office) -> None:
    number = place.report()
    place.assess(number)
    with place.store.reading() as reads:
        leaves = [leaf for _, _, leaf in reads.leaves()]
    root = root_of(leaves)
    proofs = [inclusion_proof(leaves, index, len(leaves)) for index in range(len(leaves))]
    erased(place, Selection(number))
    with place.store.reading() as reads:
        after = [leaf for _, _, leaf in reads.leaves()]
    assert root_of(after[: len(leaves)]) == root
    assert all(verify_inclusion(after[index], index, len(leaves), proof, root) for index, proof in enumerate(proofs))


def test_work_on_the_case_goes_on_after_an_erasure(place: Office) -> None:
    number = place.report()
    erased(place, Selection(number))
    place.assess(number)
    place.closed(number)
    assert place.case(number).state == "closed"
    assert verify_store(place.store, deep=True).intact


def test_nothing_of_it_is_left_in_any_table(database_url: str) -> None:
    secret = sentinel()
    with office(database_url) as place:
        number = place.report(f"Somebody clicked {secret}", by=f"guest-{secret}", affected=secret)
        place.tell("jana", Note(case=number, text=f"About {secret}"))
        with place.store.transaction() as uow:
            uow.people.remember(PersonRow(id=f"guest-{secret}", name=secret, locale="en"), {"slack": f"U{secret}"})
            [inbox] = uow.inbox.accept([Delivery("github", "", "d1", {}, secret.encode(), place.clock())])
            assert inbox is not None
            uow.inbox.mark(inbox, InboxState.DONE)
        assert secret in everything(database_url)
        assert secret in place.case(number).model_dump_json()
        erased(place, Selection(number))
        left = everything(database_url)
        assert secret not in left
        assert secret.casefold() not in left.casefold()
        with place.store.reading() as reads:
            row = reads.inbox.get(inbox)
        assert row is not None
        assert row.body is None


def test_nothing_of_it_is_left_in_the_bytes_of_the_file(sqlite_url: str, tmp_path: Path) -> None:
    secret = sentinel()
    with office(sqlite_url) as place:
        number = place.report(f"Somebody clicked {secret}", affected=secret)
        for turn in range(20):
            place.tell("jana", Note(case=number, text=f"{turn} {secret} " * 50))
        assert any(secret.encode() in data or _encoded(secret, data) for data in _files(tmp_path))
        erased(place, Selection(number))
        left = [data for data in _files(tmp_path) if secret.encode() in data or _encoded(secret, data)]
        assert not left
    assert not [data for data in _files(tmp_path) if secret.encode() in data or _encoded(secret, data)]


def _files(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]


def _encoded(secret: str, data: bytes) -> bool:
    """Whether the bytes hold it in base64, at any of the three offsets."""
    from base64 import urlsafe_b64encode  # noqa: PLC0415

    middles = (urlsafe_b64encode(b"x" * shift + secret.encode())[4:-4] for shift in range(3))
    return any(middle in data for middle in middles)


FIELDS = st.lists(st.integers(0, 11), min_size=1, max_size=8, unique=True)


@settings(max_examples=10)
@given(FIELDS)
def test_any_set_of_erasures_verifies(tmp_path_factory: pytest.TempPathFactory, picked: list[int]) -> None:
    folder = tmp_path_factory.mktemp("erasure")
    with office(f"sqlite:///{folder / 'w.db'}") as place:
        number = place.report("Somebody clicked", affected="Mail")
        place.assess(number)
        place.clock.at += timedelta(minutes=1)
        with place.store.reading() as reads:
            row = reads.case(number)
            assert row is not None
            there = [Target(field.index, field.name) for field in reads.case_disclosures(row.id)]
        there = [target for target in there if target.name != "case_number"]
        chosen = tuple(itertools.compress(there, (index in picked for index in range(len(there)))))
        if chosen:
            erased(place, Selection(number, chosen))
        found = verify_store(place.store, deep=True)
        assert found.intact, (found.log.findings, found.cases)
        assert found.log.erased == len(chosen)


def test_the_skeleton_of_an_erasure_names_fields_and_nobody(place: Office) -> None:
    number = place.report()
    done = erased(place, Selection(number, person="max"))
    with place.store.reading() as reads:
        entry = reads.entry(done.receipt.index)
    assert entry is not None
    skeleton = read_entry(entry.body, ()).skeleton
    assert skeleton.data["basis"] == BASIS.value
    assert skeleton.data["targets"] == [list(target) for target in done.targets]
    assert b"max" not in entry.body.lower()
