"""Case rows and their numbers, in the caller's transaction."""

from dataclasses import asdict, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select, tuple_, update

from workflows.errors import Conflict
from workflows.store.insert import insert_into
from workflows.store.rows import CaseFilter, CaseRow
from workflows.store.tables import CASE, SERIES

_INSERT: Final = insert(CASE)
_UPDATE: Final = update(CASE).where(CASE.c.id == bindparam("row_id"), CASE.c.version == bindparam("read_version"))
_BY_NUMBER: Final = select(CASE).where(CASE.c.number == bindparam("wanted"))
_BY_NUMBER_HELD: Final = _BY_NUMBER.with_for_update()
"""SQLite has one writer at a time and ignores the difference."""
_BY_ID: Final = select(CASE).where(CASE.c.id == bindparam("wanted"))
_BY_ID_HELD: Final = _BY_ID.with_for_update()


def by_number(connection: Connection, number: str, *, hold: bool = False) -> CaseRow | None:
    """The case with this number. `hold`: nobody else changes it until this transaction ends."""
    if "\x00" in number:
        # PostgreSQL takes no such text, so no case is called so.
        return None
    query = _BY_NUMBER_HELD if hold else _BY_NUMBER
    return _first(connection.execute(query, {"wanted": number}).first())


def by_id(connection: Connection, case_id: UUID, *, hold: bool = False) -> CaseRow | None:
    """The case with this id. `hold`: nobody else changes it until this transaction ends."""
    return _first(connection.execute(_BY_ID_HELD if hold else _BY_ID, {"wanted": case_id}).first())


def add(connection: Connection, row: CaseRow) -> None:
    """A new case."""
    connection.execute(_INSERT, _values(row))


def change(connection: Connection, row: CaseRow) -> None:
    """Replace the row whose version is one less. Raises `Conflict` when somebody else wrote in between."""
    values = _values(row)
    del values["id"]
    keys = {"row_id": row.id, "read_version": row.version - 1}
    if connection.execute(_UPDATE.values(values), keys).rowcount != 1:
        message = f"expected {row.number} at version {row.version - 1}, found another: it was changed meanwhile"
        raise Conflict(message)


def next_number(connection: Connection, series: str, year: int) -> int:
    """The next number of a series in a year, from 1. Holds the counter's row until the transaction ends."""
    statement = insert_into(connection, SERIES).values(series=series, year=year, last=1)
    counted = statement.on_conflict_do_update(
        index_elements=[SERIES.c.series, SERIES.c.year], set_={"last": SERIES.c.last + 1}
    ).returning(SERIES.c.last)
    return int(connection.execute(counted).scalar_one())


def listed(connection: Connection, wanted: CaseFilter) -> list[CaseRow]:
    """One page of cases, newest first."""
    rows = connection.execute(_query(wanted)).all()
    return [_to_row(row) for row in rows]


def counted(connection: Connection, wanted: CaseFilter) -> dict[tuple[str, str], int]:
    """How many cases there are, by state and severity; the page of the filter does not matter."""
    query = select(CASE.c.state, CASE.c.severity, func.count()).group_by(CASE.c.state, CASE.c.severity)
    rows = connection.execute(query.where(*_equals(wanted), *_ranges(wanted)))
    return {(state, severity): count for state, severity, count in rows}


def page_after(page: CaseFilter, last: CaseRow) -> CaseFilter:
    """The filter for the page that follows this row."""
    return replace(page, after=(last.opened_at, last.id))


def _query(wanted: CaseFilter) -> Select[Any]:
    query = select(CASE).order_by(CASE.c.opened_at.desc(), CASE.c.id.desc()).limit(wanted.limit)
    return query.where(*_equals(wanted), *_ranges(wanted))


def _equals(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    single = {CASE.c.workflow: wanted.workflow, CASE.c.series: wanted.series, CASE.c.kind: wanted.kind}
    several = {
        CASE.c.state: wanted.states,
        CASE.c.severity: wanted.severities,
        CASE.c.visibility: wanted.visibilities,
    }
    conditions = [column == value for column, value in single.items() if value]
    conditions += [column.in_(values) for column, values in several.items() if values]
    without = {CASE.c.state: wanted.without_states, CASE.c.kind: wanted.without_kinds}
    conditions += [column.not_in(values) for column, values in without.items() if values]
    return conditions


def _ranges(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.search:
        conditions.append(CASE.c.search.contains(wanted.search.casefold(), autoescape=True))
    if wanted.opened_from:
        conditions.append(CASE.c.opened_at >= wanted.opened_from)
    if wanted.opened_before:
        conditions.append(CASE.c.opened_at < wanted.opened_before)
    if wanted.after:
        conditions.append(tuple_(CASE.c.opened_at, CASE.c.id) < wanted.after)
    return conditions


def _first(row: Row[Any] | None) -> CaseRow | None:
    return None if row is None else _to_row(row)


def _to_row(row: Row[Any]) -> CaseRow:
    return CaseRow(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public way to a row's columns by name


def _values(row: CaseRow) -> dict[str, Any]:
    return asdict(row)
