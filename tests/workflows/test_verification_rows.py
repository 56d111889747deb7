"""Alterations beside the entries: every column of a case row, the head's name, policies, and rows of a wrong type."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, delete, select, text, update

from tests.office import Office, office
from tests.tampering import tampering
from tests.workflows.test_erasure import erased
from workflows.erasure import Selection
from workflows.incident.commands import Note
from workflows.store.tables import CASE, ENTRY, HEAD, POLICY
from workflows.verification import Verification, verify_store


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url) as opened:
        number = opened.report("Somebody clicked")
        opened.assess(number)
        opened.clock.forward(minutes=5)
        erased(opened, Selection(number, person="max"))
        yield opened


def named(found: Verification) -> set[str]:
    return {finding.check.value for finding in found.log.findings} | {finding.what for finding in found.cases}


def column(name: str, value: object) -> Callable[[Connection], None]:
    return lambda connection: [connection.execute(update(CASE).values({name: value}))].clear()


def later(connection: Connection) -> None:
    connection.execute(text("UPDATE case_row SET updated_at = updated_at + 1"))


def blanks_in_doc(connection: Connection) -> None:
    doc = connection.execute(select(CASE.c.doc)).scalar_one()
    connection.execute(update(CASE).values(doc=doc.replace(b"{", b"{ ", 1)))


def yes_for_one(connection: Connection) -> None:
    """`true` and `1` are equal to Python, not to a reader."""
    doc = connection.execute(select(CASE.c.doc)).scalar_one()
    assert b'"urgent":false' in doc
    connection.execute(update(CASE).values(doc=doc.replace(b'"urgent":false', b'"urgent":0')))


def other_policy_text(connection: Connection) -> None:
    connection.execute(update(POLICY).values(text=POLICY.c.text + " "))


def no_policy_text(connection: Connection) -> None:
    connection.execute(delete(POLICY))


def other_log_name(connection: Connection) -> None:
    connection.execute(update(HEAD).values(origin="other.example/wachbuch"))


ALTERATIONS: dict[str, tuple[Callable[[Connection], None], str]] = {
    "series": (column("series", "INC-S"), "series"),
    "kind": (column("kind", "event"), "kind"),
    "opened_at": (
        lambda connection: [connection.execute(text("UPDATE case_row SET opened_at=1"))].clear(),
        "opened_at",
    ),
    "updated_at": (later, "updated_at"),
    "version too high": (column("version", 99), "version"),
    "version too low": (column("version", 0), "version"),
    "document written otherwise": (blanks_in_doc, "doc"),
    "document with another type": (yes_for_one, "doc"),
    "document that is a list": (column("doc", b"[]"), "doc"),
    "document that is null": (column("doc", b"null"), "doc"),
    "document nested without end": (column("doc", b"[" * 100_000), "doc"),
    "text of a policy": (other_policy_text, "policies"),
    "policy gone": (no_policy_text, "policies"),
    "name of the log": (other_log_name, "origin"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_beside_the_entries_is_found(name: str, place: Office, sqlite_url: str) -> None:
    alter, expected = ALTERATIONS[name]
    before = verify_store(place.store, deep=True)
    assert before.intact, (before.log.findings, before.cases)
    with tampering(sqlite_url) as connection:
        alter(connection)
    assert expected in named(verify_store(place.store, deep=True))


def test_a_row_from_before_a_field_existed_says_the_same(place: Office, sqlite_url: str) -> None:
    with tampering(sqlite_url) as connection:
        doc = connection.execute(select(CASE.c.doc)).scalar_one()
        assert b',"urgent":false' in doc
        connection.execute(update(CASE).values(doc=doc.replace(b',"urgent":false', b"")))
    assert verify_store(place.store, deep=True).intact


def test_an_entry_under_a_policy_that_was_never_recorded_is_found(place: Office) -> None:
    stray = place.service.__class__(
        place.store, place.service.policy, "0" * 64, place.service.moment, place.service.routes
    )
    stray.handle(Note(case=place.numbers[0], text="Under rules that nobody knows"), place.actor("jana"))
    assert named(verify_store(place.store)) == {"policies"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET body = 'text' WHERE idx = 1",
        "UPDATE ledger_entry SET ts = 'noon' WHERE idx = 1",
        "UPDATE ledger_entry SET entry_id = 'x' WHERE idx = 1",
        "UPDATE ledger_entry SET leaf = 'x' WHERE idx = 1",
        "UPDATE ledger_head SET size = 'x'",
        "UPDATE ledger_disclosure SET disclosure = x'00ff' WHERE idx = 2",
        "UPDATE case_row SET opened_at = 'noon'",
        "UPDATE case_row SET doc = 'text'",
        "UPDATE case_row SET id = 'x'",
        "UPDATE policy_text SET text = x'ff'",
    ],
)
def test_rows_of_another_type_are_findings_and_no_crash(statement: str, place: Office, sqlite_url: str) -> None:
    with tampering(sqlite_url) as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(text(statement))
    assert not verify_store(place.store, deep=True).intact


def test_swapped_entries_are_found(place: Office, sqlite_url: str) -> None:
    with tampering(sqlite_url) as connection:
        one, two = connection.execute(select(ENTRY).where(ENTRY.c.idx.in_((2, 3))).order_by(ENTRY.c.idx)).mappings()
        for row, index in ((one, 3), (two, 2)):
            values = {name: row[name] for name in ("kind", "ts", "body", "leaf")}
            connection.execute(update(ENTRY).where(ENTRY.c.idx == index).values(values))
    assert "root" in named(verify_store(place.store))
