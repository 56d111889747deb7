"""`wachbuch jobs`: what waits, what was given up, and giving it another try."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from config.policy.ids import Visibility
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


def test_jobs_are_narrowed_by_state_and_kind_and_say_what_they_are_about(terminal: Terminal, place: Office) -> None:
    number = place.report()
    case = str(place.case(number).id)
    with place.store.transaction() as uow:
        uow.enqueue(JobDraft("slack.post", "k1", "d1", {"case": case, "seq": 1}))
        uow.enqueue(JobDraft("slack.topic", "k2", "d2", {"case": case}, run_at=datetime.now(UTC) + timedelta(days=1)))
        uow.enqueue(JobDraft("forge.evaluate", "", "d3", {"request": "github:1:2"}))
    listed = json.loads(terminal.run("jobs", "list", "--state", "ready", "--kind", "slack.post", "--json").out)["jobs"]
    assert [(one["kind"], one["about"]) for one in listed] == [("slack.post", number)]
    done = terminal.run("jobs", "list", "--state", "ready", language="de")
    assert done.code == 0
    assert f"bereit: #{listed[0]['id']} slack.post ({number}), 0 Versuche, fällig sofort" in done.out.splitlines()
    assert "(request=github:1:2)" in done.out
    assert len(terminal.run("jobs", "list", "--state", "ready", "--limit", "1").out.splitlines()) == 1
    assert terminal.run("jobs", "list", "--kind", "nothing.such").out == "No job fits.\n"
    wrong = terminal.run("jobs", "list", "--state", "asleep")
    assert (wrong.code, wrong.out) == (2, "")
    assert "ready, running, done, cancelled, dead" in wrong.err
    shown = json.loads(terminal.run("jobs", "show", str(listed[0]["id"]), "--json").out)
    assert (shown["payload"], shown["about"]) == ({"case": case, "seq": 1}, number)
    assert terminal.run("jobs", "show", "999").code == 1


def test_nothing_is_said_about_a_sealed_case(terminal: Terminal, place: Office) -> None:
    named = (place.person("petra"), place.person("dora"))
    number = place.report(visibility=Visibility.SEALED, named=named)
    with place.store.reading() as reads:
        row = reads.case(number)
    assert row is not None
    with place.store.transaction() as uow:
        uow.enqueue(JobDraft("slack.thread", "k1", "d1", {"case": str(row.id)}))
    done = terminal.run("jobs", "list", "--kind", "slack.thread")
    assert "slack.thread" in done.out
    assert number not in done.out


def test_all_that_were_given_up_get_another_try_at_once(terminal: Terminal, place: Office, dead: int) -> None:
    with place.store.transaction() as uow:
        claims = uow.jobs.claim(datetime.now(UTC) + timedelta(minutes=1), "test", 9, timedelta(minutes=1))
        for claim in claims:
            uow.jobs.bury(claim, "channel_not_found")
    for wrong in ((), ("1", "--all"), ("1", "--kind", "slack.post")):
        assert terminal.run("jobs", "requeue", *wrong).code == 2
    assert terminal.run("jobs", "requeue", "--all", "--kind", "alarm.dead").out == "No job was given up.\n"
    done = terminal.run("jobs", "requeue", "--all", "--json")
    requeued = {one["job"] for one in json.loads(done.out)["jobs"]}
    assert requeued == {dead, *(claim.id for claim in claims)}
    assert terminal.run("jobs", "list").code == 0
    with place.store.reading() as reads:
        assert [one.kind for one in reads.entries()].count(EntryKind.JOB_REQUEUED) == len(requeued)
