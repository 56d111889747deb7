"""Processes on one database: each sees the others, and those that are gone."""

import json
from datetime import UTC, datetime, timedelta

from workflows.store.processes import KEPT, SCOPE, ProcessRow, ProcessState
from workflows.store.store import Store

NOW = datetime.now(UTC)


def process(name: str, **more: object) -> ProcessRow:
    told = {"host": "one", "pid": 7, "version": "1", "policy": "p", "every": 60.0, "started": NOW, "seen": NOW}
    return ProcessRow(id=name, **{**told, **more})  # type: ignore[arg-type]


def announce(store: Store, *rows: ProcessRow) -> None:
    for row in rows:
        with store.transaction() as uow:
            uow.processes.announce(row)


def alive(store: Store, after: timedelta = timedelta()) -> set[str]:
    with store.reading() as reads:
        return {row.id for row in reads.processes.alive(datetime.now(UTC) + after)}


def test_who_announced_itself_is_seen_until_it_says_good_bye(store: Store) -> None:
    announce(store, process("a"), process("b", state=ProcessState.LEAVING))
    assert alive(store) == {"a", "b"}
    announce(store, process("a"), process("b", state=ProcessState.ENDED))
    assert alive(store) == {"a"}
    with store.reading() as reads:
        known = {row.id: row for row in reads.processes.all()}
    assert known["b"].state is ProcessState.ENDED
    assert known["a"].started == NOW
    assert known["a"].seen >= NOW - timedelta(seconds=1)


def test_who_missed_its_signs_is_gone(store: Store) -> None:
    announce(store, process("a"), process("silent", every=-1.0))
    assert alive(store) == {"a"}


def test_those_gone_for_long_are_forgotten_but_never_the_last_one(store: Store) -> None:
    announce(store, process("old"), process("last"))
    with store.transaction() as uow:
        for name, age in (("old", KEPT * 3), ("last", KEPT * 2)):
            # By hand: the stamp is the database's, whose clock no test can put back.
            told = json.loads(uow.links.get(SCOPE, name) or "")
            uow.links.put(SCOPE, name, json.dumps({**told, "seen": (NOW - age).isoformat()}))
    with store.transaction() as uow:
        uow.processes.forget()
        assert [row.id for row in uow.processes.all()] == ["last"]
