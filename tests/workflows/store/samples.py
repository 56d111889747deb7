"""Made-up rows and entries for the tests of the store: the same every time, since nothing in them is left to chance."""

from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from tests.templates import laid_out
from workflows.ledger import disclosure
from workflows.ledger.draft import EntryDraft
from workflows.ledger.kinds import EntryKind
from workflows.store.rows import CaseRow, Target
from workflows.store.store import Store

ORIGIN = "example.org/wachbuch"
POLICY = "ab" * 32
START = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


class GivenUp(Exception):
    """Ends a transaction on purpose."""


def give_up() -> NoReturn:
    raise GivenUp


def opened(url: str, *, runner: bool = True) -> Store:
    """A store whose tables exist, written to with made-up clocks."""
    store = Store.open(laid_out(url) if runner else url, origin=ORIGIN, runner=runner, clock_tolerance=None)
    if runner:
        store.migrate()
    return store


def number_to_id(number: int, family: int = 0) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{family:04x}{number:08x}")


def draft(number: int, *, case: UUID | None = None, texts: tuple[str, ...] = (), **changes: Any) -> EntryDraft:
    """Entry `number`: one second after the one before, with a disclosure per text."""
    disclosures = {
        f"text{position}": disclosure.make(bytes([number % 256, position] * 8), f"text{position}", text)
        for position, text in enumerate(texts)
    }
    values: dict[str, Any] = {
        "entry_id": number_to_id(number),
        "kind": EntryKind.INCIDENT_NOTED,
        "at": START + timedelta(seconds=number),
        "source": "cli",
        "policy": POLICY,
        "case": case,
        "seq": number + 1 if case else None,
        "data": {"number": number},
        "disclosures": disclosures,
    }
    return EntryDraft(**(values | changes))


def erasing(number: int, *targets: Target) -> EntryDraft:
    """Entry `number`, which says that these fields are gone."""
    return draft(number, kind=EntryKind.LEDGER_ERASED, data={"targets": [list(target) for target in targets]})


def case_row(position: int = 1, **changes: Any) -> CaseRow:
    """The case with this position in its series, opened that many minutes after the start."""
    values: dict[str, Any] = {
        "id": number_to_id(position, family=1),
        "workflow": "incident",
        "number": f"INC-2026-{position:04d}",
        "series": "INC",
        "state": "reported",
        "kind": "",
        "severity": "S2",
        "visibility": "team",
        "version": 1,
        "seq": 1,
        "search": f"case {position}",
        "opened_at": START + timedelta(minutes=position),
        "updated_at": START + timedelta(minutes=position),
        "doc": b"{}",
    }
    return CaseRow(**(values | changes))
