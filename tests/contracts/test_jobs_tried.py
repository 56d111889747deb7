"""Tries: order, retries, giving up, timers."""

import random
import threading
import time
from datetime import timedelta

import pytest

from bot.jobs.port import GiveUp, Job, JobTools, Retry
from bot.jobs.runner import Pace, Runner
from tests.contracts.rig import START, Rig, draft, running
from tests.waiting import until
from workflows.errors import Conflict
from workflows.store.unit_of_work import UnitOfWork

MINUTE = timedelta(minutes=1)


def test_jobs_of_one_key_run_one_after_the_other_while_keys_run_side_by_side(jobs: Rig) -> None:
    chance = random.Random(1)
    begun: dict[str, list[int]] = {}
    busy: set[str] = set()
    overlaps, together = [], threading.Barrier(2)
    guard = threading.Lock()

    def work(job: Job, tools: JobTools) -> None:
        with guard:
            if job.key in busy:
                overlaps.append(job.dedup)
            busy.add(job.key)
            begun.setdefault(job.key, []).append(int(job.dedup.split(":")[1]))
        if job.dedup in {"a:0", "b:0"}:
            together.wait(60)
        time.sleep(chance.random() / 200)
        with guard:
            busy.discard(job.key)

    jobs.handlers.outbox("work", work)
    with running(jobs.runner()):
        for number in range(0, 15, 3):
            names = [(key, step) for step in range(number, number + 3) for key in "abcd"]
            jobs.write(*(draft(f"{key}:{step}", key) for key, step in names))
        until(lambda: jobs.states() == {"done": 60})
    assert overlaps == []
    assert begun == {key: list(range(15)) for key in "abcd"}
    assert not together.broken, "two keys at once"


def test_a_job_asked_to_wait_holds_back_its_key_alone_and_no_thread(jobs: Rig) -> None:
    seen: list[str] = []

    def limited(job: Job, tools: JobTools) -> None:
        if job.dedup == "first" and not job.is_repeat:
            raise Retry("429", after=MINUTE)
        seen.append(job.dedup)

    jobs.handlers.outbox("work", limited)
    jobs.write(draft("first", "channel"), draft("second", "channel"), draft("other", "elsewhere"))
    jobs.drain()
    assert seen == ["other"]
    assert jobs.job(1).error == "429"
    assert jobs.drain(after=MINUTE - timedelta(seconds=1)) == 0
    jobs.drain(after=timedelta(seconds=8))
    assert seen == ["other", "first", "second"]


def test_failures_wait_longer_each_time_and_end_dead_with_a_record(jobs: Rig) -> None:
    def broken(job: Job, tools: JobTools) -> None:
        message = "holds what no operator should read"
        raise ValueError(message)

    jobs.handlers.outbox("work", broken, tries=4)
    seen: list[str] = []
    jobs.handlers.outbox("next", lambda job, tools: seen.append(job.dedup))
    jobs.write(draft("doomed", "key"), draft("behind", "key", kind="next"))
    waits = []
    while not jobs.dead:
        jobs.drain()
        if not jobs.dead:
            due = jobs.job(1).run_at
            assert due is not None
            waits.append((due - jobs.now).total_seconds())
            assert seen == []
            jobs.now = due
    assert waits == [2, 4, 8]
    assert jobs.dead == [("doomed", "ValueError")]
    assert jobs.link("dead", "doomed") == "ValueError"
    assert seen == ["behind"]
    assert jobs.states() == {"dead": 1, "done": 1}


def test_a_dead_job_gets_its_tries_again_when_an_operator_says_so(jobs: Rig) -> None:
    cured: list[str] = []

    def hopeless(job: Job, tools: JobTools) -> None:
        if not cured:
            raise GiveUp("channel_not_found")
        assert job.is_repeat, "a try before may have had its effect"
        cured.append(job.dedup)

    jobs.handlers.outbox("work", hopeless)
    jobs.write(draft("a"))
    jobs.drain()
    with jobs.store.reading() as reads:
        (dead,) = reads.jobs.dead()
    assert (dead.dedup, dead.error, dead.attempts) == ("a", "channel_not_found", 1)
    assert jobs.drain(after=timedelta(days=30)) == 0
    cured.append("operator")
    with jobs.store.transaction() as uow:
        assert uow.jobs.requeue(dead.id)
        assert not uow.jobs.requeue(dead.id)
    jobs.drain()
    assert cured == ["operator", "a"]
    assert jobs.states() == {"done": 1}


def test_nothing_is_given_up_unrecorded(jobs: Rig) -> None:
    broken = [True]

    def record(uow: UnitOfWork, job: Job, reason: str) -> None:
        if broken:
            message = "the ledger cannot be written"
            raise OSError(message)
        jobs.note_dead(uow, job, reason)

    def give_up(job: Job, tools: JobTools) -> None:
        raise GiveUp("gone")

    jobs.handlers.outbox("work", give_up)
    runner = Runner(jobs.store, jobs.handlers, clock=jobs.clock, on_dead=record)
    jobs.write(draft("a"))
    runner.drain(jobs.now)
    assert jobs.states() == {"ready": 1}
    broken.clear()
    runner.drain(jobs.now + timedelta(minutes=10))
    assert jobs.states() == {"dead": 1}
    assert jobs.dead == [("a", "gone")]


def test_a_job_that_takes_its_process_down_each_time_is_given_up_without_another_try(jobs: Rig) -> None:
    seen: list[str] = []
    jobs.handlers.outbox("work", lambda job, tools: seen.append(job.dedup), tries=2)
    jobs.write(draft("deadly"))
    for _ in range(2):
        with jobs.store.transaction() as uow:
            assert uow.jobs.claim(jobs.now, "dies", 1, MINUTE)
            uow.jobs.recover()
    jobs.drain()
    assert (seen, jobs.dead) == ([], [("deadly", "ended with the process each time")])


def test_a_kind_nobody_knows_waits_for_a_process_that_does_and_then_shows(jobs: Rig) -> None:
    jobs.write(draft("a", kind="of the future", run_at=jobs.now))
    assert jobs.drain(after=timedelta(days=2)) == 0
    assert jobs.job(1).attempts == 0, "the process that knows it has all tries left"
    assert jobs.drain(after=timedelta(days=2)) == 1
    assert jobs.dead == [("a", "no handler for of the future")]


def test_effects_inside_a_transaction_happen_once_with_the_end_of_the_job(jobs: Rig) -> None:
    tries: list[int] = []

    def count(job: Job, uow: UnitOfWork) -> None:
        tries.append(job.attempts)
        before = int(uow.links.get("count", "n") or 0)
        uow.links.put("count", "n", str(before + 1))
        uow.enqueue(draft(f"after try {job.attempts}", kind="follow"))
        if len(tries) == 1:
            raise Retry("not yet", after=MINUTE)
        if len(tries) == 2:
            message = "somebody else was faster"
            raise Conflict(message)

    jobs.handlers.inbox("work", count)
    jobs.handlers.outbox("follow", lambda job, tools: None)
    jobs.write(draft("a"))
    jobs.drain()
    assert (tries, jobs.link("count", "n")) == ([1], None)
    jobs.drain(after=2 * MINUTE)
    assert (tries, jobs.link("count", "n")) == ([1, 2, 2], "1")
    assert jobs.states() == {"done": 2}


def test_a_timer_of_72_hours_rings_at_its_time_and_holds_nobody_back(jobs: Rig) -> None:
    seen: list[str] = []
    jobs.handlers.outbox("work", lambda job, tools: seen.append(job.dedup))
    deadline = START + timedelta(hours=72)
    jobs.write(draft("deadline", "INC", run_at=deadline, timer=True), draft("post", "INC"))
    jobs.drain()
    assert seen == ["post"]
    assert jobs.drain(after=timedelta(hours=72) - timedelta(microseconds=1)) == 0
    assert jobs.drain(after=timedelta(microseconds=1)) == 1
    assert seen == ["post", "deadline"]


def test_a_timer_is_not_held_back_by_a_job_of_its_key_that_keeps_failing(jobs: Rig) -> None:
    seen: list[str] = []

    def fail(job: Job, tools: JobTools) -> None:
        raise Retry("down", after=timedelta(days=9))

    jobs.handlers.outbox("work", fail)
    jobs.handlers.outbox("ring", lambda job, tools: seen.append(job.dedup))
    jobs.write(draft("stuck", "INC"), draft("timer", "INC", kind="ring", run_at=START + MINUTE, timer=True))
    jobs.drain()
    jobs.drain(after=MINUTE)
    assert seen == ["timer"]


def test_a_running_service_wakes_for_a_timer_that_its_poll_would_miss(jobs: Rig, no_safety_poll: None) -> None:
    rung: list[float] = []
    started = time.monotonic()
    jobs.handlers.outbox("work", lambda job, tools: rung.append(time.monotonic()))
    clock = lambda: START + timedelta(seconds=time.monotonic() - started)  # noqa: E731 - a clock that runs
    pace = Pace(renew_every=timedelta(hours=1))
    with running(Runner(jobs.store, jobs.handlers, clock=clock, on_dead=jobs.note_dead, pace=pace)):
        jobs.write(draft("soon", run_at=START + timedelta(seconds=1)))
        until(lambda: bool(rung))
    assert rung[0] - started >= 1.0


def test_stopping_lets_the_running_job_end_and_begins_no_other(jobs: Rig) -> None:
    begun, release, ended = threading.Event(), threading.Event(), []

    def slow(job: Job, tools: JobTools) -> None:
        begun.set()
        assert release.wait(60)
        ended.append((job.dedup, tools.is_stopping()))

    jobs.handlers.outbox("work", slow)
    runner = jobs.runner(Pace(threads=1))
    runner.start()
    jobs.write(draft("running", "key"), draft("waiting", "key"), draft("other"))
    assert begun.wait(60)
    assert not runner.stop(timedelta(milliseconds=50))
    release.set()
    assert runner.stop()
    assert ended == [("running", True)]
    assert jobs.states() == {"done": 1, "ready": 2}


@pytest.mark.parametrize("route", ["inbox", "outbox"])
def test_a_kind_has_one_handler(jobs: Rig, route: str) -> None:
    jobs.handlers.outbox("work", lambda job, tools: None)
    with pytest.raises(ValueError, match="second"):
        getattr(jobs.handlers, route)("work", lambda job, other: None)
