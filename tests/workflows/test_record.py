"""Events come back from the ledger as they went in, and nothing disclosed stands in a skeleton."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import StringConstraints

from config.policy.ids import CaseRole, Role
from tests.guards.test_event_types import all_events
from workflows.actors import Pseudonym, Source
from workflows.errors import BrokenInput, Tampered
from workflows.events import ERASED, Erased, Event, IdentityData, Recorded, is_disclosed
from workflows.incident.events import Noted, Reported
from workflows.ledger.canonical import BIGGEST_INTEGER
from workflows.record import Entry, Envelope, read_entry, to_draft, to_recorded

EVENTS = sorted({event for event in all_events() if hasattr(event, "kind")}, key=str)
POLICY = "ab" * 32
CASE = UUID("00000000-0000-7000-8000-000000000001")
ORIGIN = "test.example/wachbuch"
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 bounds only
PSEUDONYMS = st.integers(1, 999).map(lambda number: Pseudonym(f"p{number}"))
SENTINELS = st.text(st.sampled_from("ABCDEFGHJKMNPQRSTVWXYZ"), min_size=16, max_size=24).map("Zz-{}".format)
TEXTS = SENTINELS | st.builds("{} {}".format, SENTINELS, st.text(st.characters(codec="utf-8"), max_size=20))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-BIGGEST_INTEGER, BIGGEST_INTEGER),
    datetime: MOMENTS,
    date: st.dates(),
    UUID: st.uuids(),
    NoneType: st.none(),
    Pseudonym: PSEUDONYMS,
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """What a field annotated so can hold."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _constrained(parts)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in {Union, UnionType}:
        return st.one_of([values(part) for part in parts])
    if origin is tuple:
        several = st.lists(values(parts[0]), max_size=3).map(tuple)
        return several if parts[-1] is Ellipsis else st.tuples(*(values(part) for part in parts))
    assert issubclass(hint, StrEnum), hint
    return st.sampled_from(hint)


def _constrained(parts: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    for mark in parts[1:]:
        if isinstance(mark, StringConstraints):
            assert isinstance(mark.pattern, str)
            return st.from_regex(mark.pattern.replace("$", r"\Z"))
    return values(parts[0])


def disclosed(hint: Any) -> st.SearchStrategy[Any]:
    """A disclosed field, with texts that stand nowhere else."""
    parts = get_args(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
    texts = st.lists(TEXTS, max_size=3).map(tuple) if any(get_origin(part) is tuple for part in parts) else TEXTS
    return texts | st.none() if NoneType in parts else texts


def an_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind, include_extras=True)
    fields = {
        name: disclosed(hints[name]) if is_disclosed(kind, name) else values(hints[name]) for name in kind.model_fields
    }
    return st.fixed_dictionaries(fields).map(kind.model_validate)


def recorded(kind: type[Event]) -> st.SearchStrategy[Recorded]:
    identities = st.builds(IdentityData, id=SENTINELS, name=TEXTS)
    return st.builds(
        Recorded,
        event=an_event(kind),
        seq=st.integers(1, 10_000),
        at=MOMENTS,
        source=st.sampled_from(Source),
        by=st.none() | PSEUDONYMS,
        role=st.none() | st.sampled_from([*Role, *CaseRole]),
        occurred_at=st.none() | MOMENTS,
        introduces=st.dictionaries(PSEUDONYMS, identities, max_size=2),
    )


def envelope() -> Envelope:
    salts = iter(range(1, 10**6))
    return Envelope(CASE, POLICY, lambda: CASE, lambda: next(salts).to_bytes(16, "big"), "INC-2026-0001")


def written(item: Recorded) -> tuple[bytes, dict[str, str | None]]:
    draft = to_draft(item, envelope())
    return draft.to_skeleton(ORIGIN, item.at).to_bytes(), dict(draft.disclosures)


def read(body: bytes, disclosures: dict[str, str | None], kind: type[Event]) -> Recorded:
    return to_recorded(read_entry(body, disclosures.items()), {kind.kind: kind})


def sentinels(item: Recorded) -> set[str]:
    """Every disclosed text, and its unmistakable start."""
    found: set[str] = {text for who in item.introduces.values() if isinstance(who, IdentityData)
                       for text in (who.id, who.name)}  # fmt: skip
    for name in type(item.event).model_fields:
        value = getattr(item.event, name)
        if is_disclosed(type(item.event), name) and not isinstance(value, Erased):
            found |= set(value) if isinstance(value, tuple) else {value} if value else set()
    return {part for text in found for part in (text, text.split(" ", maxsplit=1)[0])}


EXAMPLES = 15 if settings().max_examples > 100 else 4
"""For each of a hundred kinds: few in the quick suite, more in the full one."""


@pytest.mark.parametrize("kind", EVENTS)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_an_event_comes_back_as_it_went_in_and_its_texts_stay_out_of_the_skeleton(
    kind: type[Event], data: st.DataObject
) -> None:
    item = data.draw(recorded(kind))
    body, disclosures = written(item)
    assert read(body, disclosures, kind) == item
    assert not [text for text in sentinels(item) if text.encode() in body]


@pytest.mark.parametrize("kind", EVENTS)
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_an_erased_event_can_still_be_read(kind: type[Event], data: st.DataObject) -> None:
    item = data.draw(recorded(kind))
    body, disclosures = written(item)
    after = read(body, dict.fromkeys(disclosures), kind)
    assert set(after.introduces.values()) <= {ERASED}
    for name in kind.model_fields:
        before = getattr(item.event, name)
        expected = ERASED if is_disclosed(kind, name) and before is not None else before
        assert getattr(after.event, name) == expected


def noted(**more: Any) -> Recorded:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    values: dict[str, Any] = {"event": Noted(text="A note"), "seq": 2, "at": at, "source": Source.CLI}
    return Recorded(**(values | more))


def test_the_number_is_disclosed_by_the_first_entry_alone() -> None:
    for seq, number in ((1, "INC-2026-0001"), (2, "")):
        body, disclosures = written(noted(seq=seq))
        assert read_entry(body, disclosures.items()).number == number


def test_an_entry_of_the_log_discloses_who_acted() -> None:
    who = IdentityData(id="jana", name="Jana Kowalski")
    draft = to_draft(noted(), Envelope(None, POLICY, lambda: CASE, lambda: bytes(16), actor=who))
    assert (draft.case, draft.seq, set(draft.disclosures)) == (None, None, {"actor", "text"})


BERLIN = timezone(timedelta(hours=1))
NOT_UTC = (datetime(2026, 3, 2, 10, 30, tzinfo=BERLIN), datetime(2026, 3, 2, 10, 30))  # noqa: DTZ001 that is the point


@pytest.mark.parametrize("moment", NOT_UTC)
@pytest.mark.parametrize("where", ["at", "occurred_at", "reported"])
def test_a_time_that_is_not_in_utc_is_refused(moment: datetime, where: str) -> None:
    event = Reported(what="x", title="x", reported=moment)
    wrong = noted(event=event) if where == "reported" else noted(**{where: moment})
    with pytest.raises(BrokenInput, match=f"{where}: expected a time in UTC, found 2026-03-02T10:30:00"):
        to_draft(wrong, envelope())
    right = Reported(what="x", title="x", reported=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    assert to_draft(noted(event=right), envelope()).disclosures


def test_what_does_not_fit_its_kind_is_tampering_and_is_not_repeated() -> None:
    body, disclosures = written(noted())
    entry = read_entry(body, disclosures.items())
    with pytest.raises(Tampered, match="does not belong to this workflow"):
        to_recorded(entry, {})
    wrong = Entry(entry.skeleton, {"text": ["a list of secrets"], "person_p1": {"id": "only"}})
    with pytest.raises(Tampered, match=r"expected the fields of incident\.noted") as raised:
        to_recorded(wrong, {Noted.kind: Noted})
    assert "secrets" not in str(raised.value)


def test_a_disclosure_under_another_name_is_tampering() -> None:
    body, disclosures = written(noted())
    with pytest.raises(Tampered, match="expected name 'title', found 'text'"):
        read_entry(body, [("title", disclosures["text"])])
