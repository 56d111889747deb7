"""Many writers at once, some of them giving up, some of them killed: the log has no gap and keeps every promise."""

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

import pytest

from tests.running import talking
from tests.workflows.store.samples import opened
from tests.workflows.store.writer import write
from workflows.ledger.receipt import Receipt
from workflows.ledger.verify import verify_log
from workflows.store.store import Store

ENDLESS_SECONDS = 600
"""Whoever has not written everything by then never will."""


def intact(store: Store, receipts: list[str]) -> int:
    """Check the log, and that it and the cases tell the same; returns the number of entries."""
    with store.reading() as reads:
        entries = list(reads.entries())
        kept = [Receipt.parse(text) for text in receipts]
        report = verify_log(entries, reads.head(), reads.disclosures(), receipts=kept)
        cases = list(reads.all_cases())
    assert report.findings == ()
    assert [entry.index for entry in entries] == list(range(report.size))
    assert sorted(entry.case for entry in entries if entry.case) == sorted(row.id for row in cases for _ in (0, 1))
    assert sorted(int(row.number[-4:]) for row in cases) == list(range(1, len(cases) + 1))
    return report.size


def writing(url: str, worker: int, cases: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return talking("-m", "tests.workflows.store.writer", url, str(worker), str(cases))


def first_words(process: subprocess.Popen[bytes], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().decode().strip() for _ in range(count)]


def last_words(process: subprocess.Popen[bytes]) -> list[str]:
    said = process.communicate(timeout=ENDLESS_SECONDS)[0].decode(errors="replace")
    return [line for line in said.split("\n") if line.startswith("#") and len(line.partition("·")[2]) == 16]


def test_words_that_are_cut_anywhere_are_read_whole() -> None:
    words = [f"#{number}·74CFOEUDLC2BXHM3" for number in range(3)]
    said = "\n".join([*words, "#3·"]).encode()
    # The rest comes when `communicate` has closed the input: the cut is there however slow either side is.
    program = "import os, sys; os.write(1, {!r}); sys.stdin.read(); os.write(1, {!r})"
    for cut in (said.index(b"#1") + 3, said.index(b"#2"), len(said) - 1):
        with talking("-c", program.format(said[:cut], said[cut:-1])) as process:
            assert [*first_words(process, 1), *last_words(process)] == words


def test_eight_threads_leave_no_gap(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = [text for said in pool.map(lambda worker: list(write(store, worker, 10)), range(8)) for text in said]
    assert intact(store, receipts) == len(receipts) == 8 * 8 * 2


def test_killed_processes_leave_no_gap_and_no_broken_promise(database_url: str) -> None:
    kill_two_of_four(database_url, cases=15)


@pytest.mark.full
def test_killed_processes_leave_no_gap_over_a_long_time(database_url: str) -> None:
    kill_two_of_four(database_url, cases=800)


def kill_two_of_four(url: str, cases: int) -> None:
    with opened(url) as store, ExitStack() as processes:
        doomed = [processes.enter_context(writing(url, worker, 9_000)) for worker in (1, 2)]
        others = [processes.enter_context(writing(url, worker, cases)) for worker in (3, 4)]
        receipts = [text for process in doomed for text in first_words(process, cases)]
        for process in doomed:
            process.send_signal(signal.SIGKILL)
        receipts += [text for process in (*doomed, *others) for text in last_words(process)]
        assert [process.wait() for process in (*doomed, *others)] == [-signal.SIGKILL] * 2 + [0] * 2
        assert intact(store, receipts) >= len(receipts) >= 2 * cases


def test_the_runner_writes_beside_another_process(sqlite_url: str) -> None:
    with opened(sqlite_url) as runner, writing(sqlite_url, 1, 10) as beside:
        receipts = list(write(runner, 2, 10)) + last_words(beside)
        assert beside.returncode == 0
        assert intact(runner, receipts) == len(receipts) == 2 * 8 * 2
