"""Changes are verified and erased like incidents."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tests.office import Office, office
from tests.tampering import tampering
from workflows.change.codes import RiskFactor
from workflows.change.commands import Amend, ApprovePlan, ObjectPlan, Plan
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.events import ERASED
from workflows.exporting import export_case
from workflows.ledger.exportcheck import verify_export
from workflows.outcome import Accepted
from workflows.registry import read_case
from workflows.store.tables import CASE
from workflows.verification import verify_store


@pytest.fixture
def planned(database_url: str) -> Iterator[tuple[Office, str, str]]:
    """A change that was planned, amended, objected to and approved."""
    with office(database_url) as place:
        incident = place.report()
        outcome = place.tell("max", Plan(title="New login", description="Second factor", owner=place.person("tom")))
        assert isinstance(outcome, Accepted), outcome
        number = outcome.case.number
        more = Amend(
            case=number, affected=("shop",), security="none: internal", rollback="Switch back",
            factors=tuple(RiskFactor), incidents=(incident,),
        )  # fmt: skip
        for who, command in (
            ("max", more), ("petra", ObjectPlan(case=number, reason="Too late in the week")),
            ("petra", ApprovePlan(case=number, note="Now it is Monday")),
        ):  # fmt: skip
            place.clock.forward(minutes=5)
            assert isinstance(place.tell(who, command), Accepted)
        yield place, database_url, number


def test_a_change_says_what_its_entries_say(planned: tuple[Office, str, str]) -> None:
    place, url, _ = planned
    found = verify_store(place.store, deep=True)
    assert found.intact, (found.log.findings, found.cases)
    with tampering(url) as connection:
        connection.execute(update(CASE).where(CASE.c.workflow == "change").values(severity="low"))
    assert [finding.what for finding in verify_store(place.store).cases] == ["severity"]


def test_an_erased_change_is_intact_and_exports(planned: tuple[Office, str, str]) -> None:
    place, _, number = planned
    eraser = Eraser(place.service)
    asked = eraser.request(Selection(number), LegalBasis.GDPR_17, place.actor("petra"))
    assert isinstance(asked, Erasure)
    assert isinstance(eraser.confirm(asked.id, place.actor("dora")), Erasure)
    found = verify_store(place.store, deep=True)
    assert found.intact, (found.log.findings, found.cases)
    with place.store.reading() as reads:
        row = reads.case(number)
    assert row is not None
    assert set(read_case(row).people.values()) == {ERASED}
    document = export_case(place.store, number, place.actor("petra"))
    assert document is not None
    assert verify_export(document) == ()
    for text in ("New login", "Second factor", "Monday", "Max", "Tom"):
        assert text not in str(document)
        assert text not in row.doc.decode()
