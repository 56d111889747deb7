"""Appends per second on both databases, and verifying 100,000 entries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bot.moment import real_moment
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.probes import fdatasync_rate
from workflows.ledger.disclosure import make
from workflows.ledger.draft import EntryDraft
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import leaf_hash
from workflows.ledger.verify import verify_log
from workflows.store.store import Store

APPENDS = 1500
VERIFIED = 100_000
TARGET = 500
BATCH = 1000
POLICY = "0" * 64


def draft(number: int) -> EntryDraft:
    """An entry of the usual size: a few plain fields and two disclosures."""
    moment = real_moment()
    return EntryDraft(
        entry_id=uuid4(), kind=EntryKind.JOB_REQUEUED, at=datetime.now(UTC), source="cli", policy=POLICY,
        data={"job": number, "attempts": 3, "work": "slack.post"}, controls=("A.8.15", "A.8.16"),
        disclosures={"note": make(moment.new_salt(), "note", f"entry {number} with a sentence of the usual length"),
                     "actor": make(moment.new_salt(), "actor", {"id": "jana", "name": "Jana K."})},
    )  # fmt: skip


def measure(folder: Path, postgres: str | None) -> Section:
    """One writer, one transaction per entry."""
    section = Section(
        "Ledger", f"{APPENDS} transactions of one entry with two disclosures, one writer; SQLite synchronous=FULL,"
        " PostgreSQL fsync=on and synchronous_commit=on."
    )  # fmt: skip
    sync = fdatasync_rate(folder)
    with _store(f"sqlite:///{folder / 'ledger.db'}") as store:
        rate = _append(store)
        # Each append is one sync at least: on a disk in a slow phase the target says nothing about the program.
        met = rate >= TARGET if sync > TARGET * 2 or rate >= TARGET else None
        section.figures.append(
            Figure("SQLite appends", rate, "1/s", "≥ 500", met, "fdatasync/s", sync, "synchronous=FULL")
        )
        section.figures += _verify(store)
    if postgres:
        with _store(postgres) as store:
            section.figures.append(
                Figure(
                    "PostgreSQL appends",
                    _append(store),
                    "1/s",
                    probe="fdatasync/s",
                    probe_value=sync,
                    note="fsync=on, synchronous_commit=on",
                )
            )
    return section


@contextmanager
def _store(url: str) -> Iterator[Store]:
    with Store.open(url, origin="bench", runner=True) as store:
        store.migrate()
        yield store


def _append(store: Store) -> float:
    drafts = [draft(number) for number in range(APPENDS)]
    started = time.perf_counter()
    for one in drafts:
        with store.transaction() as uow:
            uow.append(one)
    return APPENDS / (time.perf_counter() - started)


def _verify(store: Store) -> list[Figure]:
    for start in range(APPENDS, VERIFIED, BATCH):
        with store.transaction() as uow:
            for number in range(start, min(start + BATCH, VERIFIED)):
                uow.append(draft(number))
    hashing = _hash_probe()
    started = time.perf_counter()
    with store.reading() as reads:
        report = verify_log(reads.entries(), reads.head(), reads.disclosures())
    spent = time.perf_counter() - started
    if not report.intact or report.size != VERIFIED:
        raise RuntimeError(f"expected {VERIFIED} intact entries, found {report.size} with {report.findings[:3]}")
    return [
        Figure(
            "verify of 100,000 entries",
            spent,
            "s",
            probe="SHA-256 of as many leaves and nodes (s)",
            probe_value=hashing,
            note="default checks with 200,000 disclosures",
        )
    ]


def _hash_probe() -> float:
    body = bytes(500)
    started = time.perf_counter()
    for _ in range(VERIFIED * 2):
        leaf_hash(body)
    return time.perf_counter() - started
