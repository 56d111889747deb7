"""The SQL of jobs. Written with the caller's transaction, claimed by workers, ended by whoever holds the claim.

Rules (measured in the evidence for the decision to own this table, docs/adr):
1. `dedup` is unique for as long as the row stays; a second writing changes nothing.
2. Jobs of one key run one after the other in the order of their ids; a job that waits for its next try still holds back
   the later ones. Ids follow commits only where a lock guards the key (the case row): lock first, enqueue afterwards.
3. Timers have no order: they neither hold back nor are held back.
4. A claim ends by itself when its lease does (PostgreSQL, by the database's clock). On SQLite there is one runner,
   which takes up everything left `running` at its start.
5. Every end is fenced by the claim: who lost it changes nothing and learns so.
6. A process leaves alone what it has no handler for: replicas are replaced one after the other, and a newer one knows
   the kind. Only what lies so for days is taken, to be given up where somebody sees it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    extract,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from workflows.errors import Conflict
from workflows.store.insert import insert_into
from workflows.store.job_table import JOB, is_live
from workflows.store.metadata import Moment
from workflows.store.rows import JobDraft, JobRow, JobState, JobStats

WAKE_CHANNEL: Final = "job_wake"
"""PostgreSQL channel on which writers tell waiting workers of other processes."""
ERROR_LENGTH: Final = 500
_AT_ONCE: Final = 500
STRANDED: Final = timedelta(days=3)
"""How long a due job of a kind that the claiming process does not know waits for one that does."""


class ClaimLost(Conflict):
    """The job was taken over by another worker or has ended; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which jobs a process takes: those it has a handler for, but for the `closed` ones, which it must not take now."""

    known: frozenset[str]
    closed: frozenset[str] = frozenset()


class JobReads:
    """Jobs for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, job_id: int) -> JobRow | None:
        """One job."""
        row = self._connection.execute(select(JOB).where(JOB.c.id == job_id)).first()
        return None if row is None else _to_row(row)

    def dead(self, limit: int = 100) -> list[JobRow]:
        """Jobs that were given up, newest first."""
        return self.listed(JobState.DEAD, "", limit)

    def listed(self, state: JobState | None, kind: str, limit: int) -> list[JobRow]:
        """Jobs in this state and of this kind (None, empty: any), those that changed last first."""
        query = select(JOB).order_by(JOB.c.updated_at.desc(), JOB.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(JOB.c.state == state)
        if kind:
            query = query.where(JOB.c.kind == kind)
        return [_to_row(row) for row in self._connection.execute(query)]

    def with_marks(self, dedups: Sequence[str]) -> list[JobRow]:
        """The jobs that have one of these `dedup`, as far as they were written."""
        found: list[JobRow] = []
        for start in range(0, len(dedups), _AT_ONCE):
            query = select(JOB).where(JOB.c.dedup.in_(dedups[start : start + _AT_ONCE]))
            found += [_to_row(row) for row in self._connection.execute(query)]
        return found

    def stats(self, now: datetime) -> JobStats:
        """Counts by state, and how far the workers are behind."""
        counts = self._connection.execute(select(JOB.c.state, func.count()).group_by(JOB.c.state))
        due = func.coalesce(JOB.c.run_at, JOB.c.created_at, type_=Moment)
        oldest = select(func.min(due, type_=Moment)).where(JOB.c.state == JobState.READY, due <= now)
        return JobStats({JobState(state): count for state, count in counts}, self._connection.scalar(oldest))

    def unsettled(self) -> dict[tuple[str, JobState], int]:
        """How many jobs of each kind are to be done, are being done, or were given up."""
        counted = select(JOB.c.kind, JOB.c.state, func.count()).group_by(JOB.c.kind, JOB.c.state)
        rows = self._connection.execute(counted.where(or_(is_live(JOB), JOB.c.state == JobState.DEAD)))
        return {(kind, JobState(state)): count for kind, state, count in rows}

    def next_due(self, now: datetime) -> datetime | None:
        """When the next job that waits for its time falls due after `now`; None when there is none."""
        waiting = and_(is_live(JOB), JOB.c.state == JobState.READY, JOB.c.run_at > now)
        query = select(func.min(JOB.c.run_at, type_=Moment)).where(waiting)
        moment: datetime | None = self._connection.scalar(query)
        return moment


class Jobs(JobReads):
    """Jobs for reading and writing."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Within this transaction; `clock` stamps what is written."""
        super().__init__(connection)
        self._clock = clock
        self._postgres = connection.dialect.name == "postgresql"
        self._unseen: set[str] = set()

    @property
    def wakes(self) -> bool:
        """Whether this transaction wrote work that a waiting worker should see once it is committed.

        Not so for what it claimed itself.
        """
        return bool(self._unseen)

    def enqueue(self, draft: JobDraft) -> bool:
        """Write a job. False when one with this `dedup` was written before: nothing changes then."""
        return self.enqueue_all((draft,)) == 1

    def enqueue_all(self, drafts: Sequence[JobDraft]) -> int:
        """Write jobs in as few statements as the database takes. Returns how many were new by their `dedup`."""
        if not drafts:
            return 0
        statement = insert_into(self._connection, JOB).on_conflict_do_nothing(index_elements=["dedup"])
        now = self._clock()
        written = self._connection.execute(statement, [_new(draft, now) for draft in drafts]).rowcount
        if written:
            self._wake({draft.dedup for draft in drafts})
        return written

    def cancel(self, dedup: str) -> bool:
        """Take back a job that has not begun. False when there is none: its handler has to look for itself."""
        return self._move(and_(JOB.c.dedup == dedup, JOB.c.state == JobState.READY), JobState.CANCELLED) == 1

    def requeue(self, job_id: int) -> bool:
        """Give a dead job its tries again. False when it is not dead.

        Not quite all: it stays a repeat, since a try before may have had its effect.
        """
        is_dead = and_(JOB.c.id == job_id, JOB.c.state == JobState.DEAD)
        revived = self._move(is_dead, JobState.READY, attempts=1, run_at=None) == 1
        if revived:
            self._wake({str(job_id)})
        return revived

    def keep(self, draft: JobDraft) -> None:
        """Work in rounds: one row for ever. Written where there is none; else due at once, and given up no longer."""
        if self.enqueue(draft):
            return
        resting = and_(JOB.c.dedup == draft.dedup, JOB.c.state != JobState.RUNNING)
        if self._move(resting, JobState.READY, attempts=0, run_at=draft.run_at):
            self._wake({draft.dedup})

    def claim(
        self, now: datetime, owner: str, limit: int, lease: timedelta, kinds: Kinds | None = None
    ) -> list[JobRow]:
        """Take up to `limit` due jobs, at most one per key. `owner` is unique per worker process. None: of any kind."""
        asked: dict[str, Any] = {"now": now, "most": limit}
        if kinds is not None:
            ours = sorted(kinds.known - kinds.closed)
            asked |= {"taken": ours, "known": sorted(kinds.known), "stranded": now - STRANDED}
        ids = list(self._connection.scalars(_CLAIMABLE[self._postgres, kinds is not None], asked))
        if not ids:
            return []
        at = self._clock()
        until = {"lease": _micros(lease)} if self._postgres else {"until": at + lease}
        taken = self._connection.execute(_TAKE[self._postgres], {"ids": ids, "by": owner, "at": at, **until})
        claims = sorted((_to_row(row) for row in taken), key=lambda row: row.id)
        self._unseen -= {claim.dedup for claim in claims}
        return claims

    def renew(self, claims: Sequence[JobRow], lease: timedelta) -> list[JobRow]:
        """Prolong claims; returns those that were lost meanwhile."""
        prolong = update(JOB).values(lease_until=self._lease(lease))
        return [row for row in claims if self._connection.execute(prolong.where(_held(row))).rowcount != 1]

    def finish(self, claim: JobRow) -> None:
        """The work is done. Raises `ClaimLost`."""
        held = {"job": claim.id, "holder": claim.owner, "try": claim.attempts, "at": self._clock()}
        if self._connection.execute(_FINISH, held).rowcount != 1:
            raise _lost(claim)

    def retry(self, claim: JobRow, at: datetime, reason: str) -> None:
        """Try again not before `at`. Raises `ClaimLost`."""
        self._end(claim, JobState.READY, run_at=at, error=reason[:ERROR_LENGTH])

    def bury(self, claim: JobRow, reason: str) -> None:
        """Give the job up until an operator requeues it; its key is free again. Raises `ClaimLost`."""
        self._end(claim, JobState.DEAD, error=reason[:ERROR_LENGTH])

    def release(self, claim: JobRow) -> None:
        """Give back a claim whose work has not begun, as if it had never been taken. Raises `ClaimLost`."""
        self._end(claim, JobState.READY, attempts=JOB.c.attempts - 1)

    def recover(self) -> int:
        """Take up whatever an earlier process left running. Only for the one runner of an SQLite file."""
        return self._move(JOB.c.state == JobState.RUNNING, JobState.READY)

    def purge(self, before: datetime) -> int:
        """Remove jobs that were done or cancelled before; their `dedup` is free again. Returns how many."""
        settled = JOB.c.state.in_((JobState.DONE, JobState.CANCELLED))
        return self._connection.execute(delete(JOB).where(settled, JOB.c.updated_at < before)).rowcount

    def relax(self) -> None:
        """Do not wait for the disk at this commit: losing it means a repeat, never a loss (PostgreSQL).

        For the ends of outgoing calls and prolonged claims alone; never with a transition, evidence or a delivery. Nor
        with a claim: after a crash of the server its call would pass for the first, nobody would look for its trace.
        """
        if self._postgres:
            self._connection.execute(text("SET LOCAL synchronous_commit = off"))

    def _lease(self, lease: timedelta) -> ColumnElement[Any]:
        """Now plus the lease. On PostgreSQL by the clock that all workers share."""
        if not self._postgres:
            return type_coerce(self._clock() + lease, Moment)
        return _by_the_database(lease)

    def _end(self, claim: JobRow, state: JobState, **values: Any) -> None:
        if self._move(_held(claim), state, **values) != 1:
            raise _lost(claim)

    def _move(self, which: ColumnElement[bool], state: JobState, **values: Any) -> int:
        free = {"owner": None, "lease_until": None, "updated_at": self._clock()}
        return self._connection.execute(update(JOB).where(which).values(state=state, **free, **values)).rowcount

    def _wake(self, marks: set[str]) -> None:
        if self._postgres and not self.wakes:
            self._connection.execute(text(f"NOTIFY {WAKE_CHANNEL}"))
        self._unseen |= marks


def _new(draft: JobDraft, now: datetime) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "key": draft.key,
        "dedup": draft.dedup,
        "payload": json.dumps(dict(draft.payload), sort_keys=True),
        "timer": draft.timer,
        "state": JobState.READY,
        "attempts": 0,
        "run_at": draft.run_at,
        "error": "",
        "created_at": now,
        "updated_at": now,
    }


def _held(claim: JobRow) -> ColumnElement[bool]:
    same = and_(JOB.c.owner == claim.owner, JOB.c.attempts == claim.attempts)
    return and_(JOB.c.id == claim.id, same, JOB.c.state == JobState.RUNNING)


def _free() -> ColumnElement[bool]:
    """No earlier live job of the same key."""
    earlier = JOB.alias("earlier")
    blocking = and_(earlier.c.key == JOB.c.key, earlier.c.id < JOB.c.id)
    live = and_(is_live(earlier), earlier.c.timer.is_(False))
    return or_(JOB.c.timer.is_(True), JOB.c.key == "", ~select(earlier.c.id).where(blocking, live).exists())


def _lost(claim: JobRow) -> ClaimLost:
    return ClaimLost(f"expected job {claim.id} in try {claim.attempts} of {claim.owner}, found it taken over or ended")


def _micros(lease: timedelta) -> int:
    return lease // timedelta(microseconds=1)


def _by_the_database(lease: timedelta | ColumnElement[int]) -> ColumnElement[Any]:
    """PostgreSQL: now plus the lease."""
    now = cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    return type_coerce(now + (_micros(lease) if isinstance(lease, timedelta) else lease), Moment)


def _ours() -> ColumnElement[bool]:
    """Of a kind that the claiming process takes, or one that nobody took for days."""
    since = func.coalesce(JOB.c.run_at, JOB.c.created_at, type_=Moment)
    unknown = JOB.c.kind.not_in(bindparam("known", expanding=True))
    stranded = and_(unknown, since < bindparam("stranded", type_=Moment))
    return or_(JOB.c.kind.in_(bindparam("taken", expanding=True)), stranded)


def _claimable(*, postgres: bool, some: bool) -> Select[tuple[int]]:
    """Due jobs that nothing holds back, oldest first. Built once: it is asked before every job."""
    now = bindparam("now", type_=Moment)
    due = and_(JOB.c.state == JobState.READY, or_(JOB.c.run_at.is_(None), JOB.c.run_at <= now))
    lapsed = and_(JOB.c.state == JobState.RUNNING, JOB.c.lease_until < _by_the_database(timedelta()))
    takeable = and_(is_live(JOB), or_(due, lapsed) if postgres else due, _free())
    if some:
        takeable = and_(takeable, _ours())
    query = select(JOB.c.id).where(takeable).order_by(JOB.c.id).limit(bindparam("most", type_=Integer))
    return query.with_for_update(skip_locked=True, of=JOB) if postgres else query


def _taking(*, postgres: bool) -> ReturningUpdate[Any]:
    """Makes claimable jobs those of one owner. Built once, as `_claimable`."""
    until = _by_the_database(bindparam("lease", type_=BigInteger)) if postgres else bindparam("until", type_=Moment)
    return (
        update(JOB)
        .where(JOB.c.id.in_(bindparam("ids", expanding=True)))
        .values(
            state=JobState.RUNNING,
            owner=bindparam("by"),
            attempts=JOB.c.attempts + 1,
            updated_at=bindparam("at", type_=Moment),
            lease_until=until,
        )
        .returning(JOB)
    )


def _finishing() -> Update:
    """Ends one claim well. Built once, as `_claimable`."""
    same = and_(JOB.c.owner == bindparam("holder"), JOB.c.attempts == bindparam("try"))
    held = and_(JOB.c.id == bindparam("job"), same, JOB.c.state == JobState.RUNNING)
    free = {"owner": None, "lease_until": None, "error": ""}
    return update(JOB).where(held).values(state=JobState.DONE, updated_at=bindparam("at", type_=Moment), **free)


_CLAIMABLE: Final = {
    (postgres, some): _claimable(postgres=postgres, some=some) for postgres in (False, True) for some in (False, True)
}
_TAKE: Final = {postgres: _taking(postgres=postgres) for postgres in (False, True)}
_FINISH: Final = _finishing()


def _to_row(row: Row[Any]) -> JobRow:
    values = {name: value for name, value in row._mapping.items() if name != "lease_until"}  # noqa: SLF001 - public in SQLAlchemy despite its name
    return JobRow(**{**values, "payload": json.loads(row.payload), "state": JobState(row.state)})
