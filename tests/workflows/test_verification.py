"""Whatever is altered in a database with cases in it, `verify_store` finds it and names it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, text, update

from tests.office import Office, office
from tests.tampering import tampering
from workflows.incident.commands import Note
from workflows.ledger.disclosure import make, open_disclosure
from workflows.ledger.merkle import Frontier, leaf_hash
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, NotProven
from workflows.store.tables import CASE, DISCLOSURE, ENTRY, HEAD
from workflows.verification import Verification, verify_store


@pytest.fixture
def busy(database_url: str) -> Iterator[tuple[Office, str]]:
    """An office with a closed case and a fresh one."""
    with office(database_url) as place:
        first = place.report("Somebody clicked")
        place.assess(first)
        place.closed(first)
        place.report("A laptop is gone")
        yield place, database_url


def verify(place: Office) -> Verification:
    return verify_store(place.store, deep=True)


def named(found: Verification) -> set[str]:
    """The names of what was found: checks of the log, and fields of case rows."""
    return {finding.check.value for finding in found.log.findings} | {finding.what for finding in found.cases}


def test_a_database_that_nobody_touched_is_intact(busy: tuple[Office, str]) -> None:
    place, _ = busy
    found = verify(place)
    assert found.intact, (found.log.findings, found.cases)
    assert (found.case_count, found.log.erased) == (2, 0)
    assert found.log.disclosed > 20
    assert found.log.not_proven == (NotProven.NO_CHECKPOINT, NotProven.CONTENT)


def test_an_empty_database_is_intact(database_url: str) -> None:
    with office(database_url) as place, tampering(database_url) as connection:
        for table in (DISCLOSURE, ENTRY, HEAD):
            connection.execute(delete(table))
    with office(database_url) as place:
        assert verify(place).intact


def set_body(connection: Connection) -> None:
    body = connection.execute(select(ENTRY.c.body).where(ENTRY.c.idx == 3)).scalar_one()
    connection.execute(update(ENTRY).where(ENTRY.c.idx == 3).values(body=body.replace(b'"cli"', b'"api"')))


def set_text(connection: Connection) -> None:
    found = connection.execute(select(DISCLOSURE).where(DISCLOSURE.c.name == "what")).first()
    assert found is not None
    opened = open_disclosure(found.disclosure)
    other = make(opened.salt, "what", "Nothing happened")
    row = (DISCLOSURE.c.idx == found.idx) & (DISCLOSURE.c.name == "what")
    connection.execute(update(DISCLOSURE).where(row).values(disclosure=other))


def drop_text(connection: Connection) -> None:
    connection.execute(delete(DISCLOSURE).where(DISCLOSURE.c.name == "title"))


def empty_text(connection: Connection) -> None:
    connection.execute(update(DISCLOSURE).where(DISCLOSURE.c.name == "title").values(disclosure=None, erased_by_idx=9))


def set_doc(connection: Connection) -> None:
    doc = json.loads(connection.execute(select(CASE.c.doc).where(CASE.c.state == "closed")).scalar_one())
    doc["title"] = "Nothing happened"
    text = json.dumps(doc, separators=(",", ":"), ensure_ascii=False).encode()
    connection.execute(update(CASE).where(CASE.c.state == "closed").values(doc=text))


def break_doc(connection: Connection) -> None:
    connection.execute(update(CASE).where(CASE.c.state == "closed").values(doc=b"{"))


def set_column(name: str, value: object) -> Callable[[Connection], None]:
    return lambda connection: _set_column(connection, name, value)


def _set_column(connection: Connection, name: str, value: object) -> None:
    connection.execute(update(CASE).where(CASE.c.state == "closed").values({name: value}))


def drop_case(connection: Connection) -> None:
    connection.execute(delete(CASE).where(CASE.c.state == "closed"))


def copy_case(connection: Connection) -> None:
    row = dict(connection.execute(select(CASE).where(CASE.c.state == "closed")).mappings().one())
    connection.execute(CASE.insert().values(row | {"id": _other(row["id"]), "number": "INC-2026-0099"}))


def _other(case_id: Any) -> Any:
    return type(case_id)(int=case_id.int ^ 1)


def cut_tail(connection: Connection) -> None:
    """Without its last entry, head not touched."""
    last = connection.execute(select(ENTRY.c.idx).order_by(ENTRY.c.idx.desc())).scalars().first()
    for table in (DISCLOSURE, ENTRY):
        connection.execute(delete(table).where(table.c.idx == last))


def cut_tail_with_head(connection: Connection) -> None:
    """Without the last entry, and the head made anew: only the case row still knows."""
    cut_tail(connection)
    rewrite_head(connection)


def rewrite_head(connection: Connection) -> None:
    rows = connection.execute(select(ENTRY.c.body, ENTRY.c.ts).order_by(ENTRY.c.idx)).all()
    frontier = Frontier(0, ())
    for row in rows:
        frontier = frontier.push(leaf_hash(row.body))
    head = {"size": frontier.size, "frontier": frontier.to_bytes(), "last_ts": rows[-1].ts}
    connection.execute(update(HEAD).values(head))


def set_body_with_head(connection: Connection) -> None:
    """A state rewritten in body, leaf and head alike."""
    rows = connection.execute(select(ENTRY.c.idx, ENTRY.c.body).where(ENTRY.c.kind == "incident.moved")).all()
    body = rows[-1].body.replace(b'"to":"closed"', b'"to":"dismissed"')
    connection.execute(update(ENTRY).where(ENTRY.c.idx == rows[-1].idx).values(body=body, leaf=leaf_hash(body)))
    rewrite_head(connection)


def forge_frontier(connection: Connection) -> None:
    connection.execute(update(HEAD).values(frontier=bytes(32) * 3))


def set_kind(connection: Connection) -> None:
    connection.execute(update(ENTRY).where(ENTRY.c.idx == 4).values(kind="incident.noted"))


ALTERATIONS: dict[str, tuple[Callable[[Connection], None], set[str]]] = {
    "entry body": (set_body, {"leaves"}),
    "disclosed text": (set_text, {"disclosures", "doc.what"}),
    "disclosure gone": (drop_text, {"disclosures", "doc.title"}),
    "disclosure emptied": (empty_text, {"disclosures", "doc.title"}),
    "case document": (set_doc, {"doc.title"}),
    "case document that is no JSON": (break_doc, {"doc"}),
    "state column": (set_column("state", "review"), {"state"}),
    "severity column": (set_column("severity", "S1"), {"severity"}),
    "visibility column": (set_column("visibility", "sealed"), {"visibility"}),
    "search column": (set_column("search", "found"), {"search"}),
    "number column": (set_column("number", "INC-2026-0077"), {"number"}),
    "sequence column": (set_column("seq", 3), {"seq"}),
    "workflow column": (set_column("workflow", "change"), {"workflow"}),
    "case row gone": (drop_case, {"row"}),
    "case row made up": (copy_case, {"row"}),
    "tail cut": (cut_tail, {"head", "seq"}),
    "tail cut with a new head": (cut_tail_with_head, {"row"}),
    "body with leaf and head": (set_body_with_head, {"state"}),
    "frontier": (forge_frontier, {"root"}),
    "query column": (set_kind, {"copies"}),
}


AT_ONCE = {"entry body", "disclosed text", "case document", "state column", "case row gone", "tail cut", "frontier"}
"""One of each kind, for the quick suite; the full one tries all of them."""
TRIED = [one if one in AT_ONCE else pytest.param(one, marks=pytest.mark.full) for one in ALTERATIONS]


@pytest.mark.parametrize("name", TRIED)
def test_every_alteration_is_found_and_named(name: str, busy: tuple[Office, str]) -> None:
    place, url = busy
    alter, expected = ALTERATIONS[name]
    assert verify(place).intact
    with tampering(url) as connection:
        alter(connection)
    found = verify(place)
    assert not found.intact
    assert expected & named(found) if name == "tail cut" else expected <= named(found), (
        found.log.findings,
        found.cases,
    )


def test_a_receipt_is_in_the_log_or_it_is_not(busy: tuple[Office, str]) -> None:
    place, _ = busy
    outcome = place.tell("jana", Note(case=place.numbers[0], text="One more thing"))
    receipt = outcome.receipts[0]
    assert verify_store(place.store, receipts=[receipt]).intact
    forged = Receipt(receipt.index, bytes(10))
    later = Receipt(10**6, receipt.leaf)
    for wrong in (forged, later):
        found = verify_store(place.store, receipts=[wrong])
        assert {finding.check for finding in found.log.findings} == {Check.RECEIPTS}


def test_a_finding_never_repeats_what_is_disclosed(busy: tuple[Office, str]) -> None:
    place, url = busy
    with tampering(url) as connection:
        set_doc(connection)
    told = " ".join(f"{one.expected} {one.found}" for one in verify(place).cases)
    assert "Nothing happened" not in told
    assert "Somebody clicked" not in told


MISTYPED = [
    "UPDATE ledger_entry SET ts = 99999999999999999999 WHERE idx = 2",
    "UPDATE ledger_entry SET ts = 'x' WHERE idx = 2",
    "UPDATE ledger_entry SET entry_id = 'x' WHERE idx = 2",
    "UPDATE ledger_entry SET body = 'text' WHERE idx = 2",
    "UPDATE ledger_entry SET leaf = 'text' WHERE idx = 2",
    "UPDATE ledger_entry SET case_seq = 'abc' WHERE idx = 2",
    "UPDATE ledger_head SET last_ts = 'x'",
    "UPDATE ledger_head SET size = 'x'",
    "UPDATE ledger_head SET size = -1",
    "DELETE FROM ledger_head",
    "UPDATE ledger_disclosure SET disclosure = 12 WHERE idx = 2",
    "UPDATE case_row SET opened_at = 'x'",
    "UPDATE case_row SET doc = 12",
    "UPDATE case_row SET doc = '[]'",
    "UPDATE case_row SET id = 'x'",
]


@pytest.mark.parametrize("statement", MISTYPED)
def test_sqlite_takes_anything_and_verification_tells(statement: str, sqlite_url: str) -> None:
    with office(sqlite_url) as place:
        place.report()
        assert verify(place).intact
        with tampering(sqlite_url) as connection:
            connection.execute(text(statement))
        assert not verify(place).intact
