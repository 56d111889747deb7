"""`wachbuch jobs`: what waits, what was given up, and giving it another try."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.commands.conftest import Terminal
from tests.office import Office
from workflows.ledger.kinds import EntryKind
from workflows.store.rows import JobDraft


@pytest.fixture
def dead(place: Office) -> int:
    """A job that was given up, beside one that waits."""
    with place.store.transaction() as uow:
        uow.enqueue(JobDraft("slack.post", "k1", "d1"))
    with place.store.transaction() as uow:
        [claim] = uow.jobs.claim(datetime.now(UTC) + timedelta(minutes=1), "test", 1, timedelta(minutes=1))
        uow.jobs.bury(claim, "channel_not_found")
        uow.enqueue(JobDraft("slack.post", "k2", "d2"))
    return claim.id


def test_nothing_waits(terminal: Terminal, place: Office) -> None:
    done = terminal.run("jobs", "list")
    assert (done.code, done.out) == (0, "Nothing is waiting.\n")


def test_what_waits_and_what_was_given_up(terminal: Terminal, dead: int) -> None:
    done = terminal.run("jobs", "list", language="de")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[:2] == ["bereit: 1", "aufgegeben: 1"]
    assert lines[2].startswith("wartet seit ")
    assert lines[3] == f"aufgegeben: #{dead} slack.post, 1 Versuche: channel_not_found"
    data = json.loads(terminal.run("jobs", "list", "--json").out)
    assert data["counts"] == {"ready": 1, "dead": 1}
    assert data["dead"][0]["id"] == dead


def test_another_try_is_recorded(terminal: Terminal, place: Office, dead: int) -> None:
    done = terminal.run("jobs", "requeue", str(dead))
    assert done.code == 0
    assert done.out.startswith(f"Job {dead} gets its tries again. #")
    with place.store.reading() as reads:
        *_, last = reads.entries()
    assert last.kind == EntryKind.JOB_REQUEUED
    assert terminal.run("jobs", "list").code == 0
    assert terminal.run("verify", "--deep").code == 0


def test_what_was_not_given_up_is_left_alone(terminal: Terminal, place: Office, dead: int) -> None:
    with place.store.reading() as reads:
        before = reads.head()
    for job in (dead + 1, 999):
        done = terminal.run("jobs", "requeue", str(job))
        assert (done.code, done.out) == (1, "")
        assert done.err == (
            f"Job {job} was not given up, or does not exist.\nSee which ones were: wachbuch jobs list\n"
        )
    with place.store.reading() as reads:
        assert reads.head() == before


def test_json_of_another_try(terminal: Terminal, dead: int) -> None:
    data = json.loads(terminal.run("jobs", "requeue", str(dead), "--json").out)
    assert data["job"] == dead
    assert data["receipt"].startswith("#")
