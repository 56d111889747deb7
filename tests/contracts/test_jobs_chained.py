"""What one job leads to: written and claimed in the transaction that ends it."""

import threading
from datetime import timedelta

import pytest

from bot.jobs.port import Closing, Job, JobTools, Retry
from bot.jobs.runner import Pace
from tests.contracts.rig import Rig, draft, running
from tests.waiting import until
from workflows.errors import Conflict
from workflows.store.unit_of_work import UnitOfWork


def test_a_chain_of_jobs_is_worked_off_in_its_order_by_whoever_is_free(jobs: Rig) -> None:
    seen: list[str] = []

    def lead_on(job: Job, uow: UnitOfWork) -> None:
        seen.append(job.dedup)
        step = int(job.dedup)
        if step < 20:
            uow.jobs.enqueue_all([draft(str(step + 1), "chain"), draft(f"{step}:beside", kind="beside")])

    beside: list[str] = []
    jobs.handlers.inbox("work", lead_on)
    jobs.handlers.outbox("beside", lambda job, tools: beside.append(job.dedup))
    with running(jobs.runner(Pace(threads=3))):
        jobs.write(draft("0", "chain"))
        until(lambda: jobs.states() == {"done": 41})
    assert seen == [str(step) for step in range(21)]
    assert sorted(beside) == sorted(f"{step}:beside" for step in range(20))


def test_jobs_that_fall_due_while_all_are_busy_find_a_worker(jobs: Rig) -> None:
    gate, seen = threading.Event(), list[str]()

    def work(job: Job, tools: JobTools) -> None:
        assert gate.wait(60)
        seen.append(job.dedup)

    jobs.handlers.outbox("work", work)
    with running(jobs.runner(Pace(threads=2))):
        jobs.write(draft("a"), draft("b"))
        until(lambda: jobs.states() == {"running": 2})
        jobs.write(*(draft(f"{name}:{step}", name) for step in range(5) for name in "cd"))
        gate.set()
        until(lambda: jobs.states() == {"done": 12})
    assert [one for one in seen if one.startswith("c:")] == [f"c:{step}" for step in range(5)]


def test_what_a_job_leads_to_later_waits_for_its_time(jobs: Rig) -> None:
    seen: list[str] = []

    def lead_on(job: Job, uow: UnitOfWork) -> None:
        seen.append(job.dedup)
        if job.dedup == "now":
            uow.enqueue(draft("later", run_at=jobs.now + timedelta(hours=1)))

    jobs.handlers.inbox("work", lead_on)
    with running(jobs.runner()):
        jobs.write(draft("now"))
        until(lambda: jobs.states() == {"done": 1, "ready": 1})
        jobs.now += timedelta(hours=1)
        jobs.write(draft("wakes"))  # the made-up clock rings for nobody
        until(lambda: jobs.states() == {"done": 3})
    assert sorted(seen) == ["later", "now", "wakes"]


def test_the_closing_of_a_call_is_written_with_its_end_or_not_at_all(jobs: Rig) -> None:
    calls: list[int] = []

    def call(job: Job, tools: JobTools) -> Closing:
        calls.append(job.attempts)

        def close(uow: UnitOfWork) -> None:
            uow.links.put("closed", job.dedup, str(job.attempts))
            uow.enqueue(draft(f"{job.dedup}:next", kind="next"))
            if not job.is_repeat:
                raise Retry("later", timedelta(minutes=1))

        return close

    jobs.handlers.outbox("work", call)
    seen: list[str] = []
    jobs.handlers.outbox("next", lambda job, tools: seen.append(job.dedup))
    jobs.write(draft("a"))
    jobs.drain()
    assert (jobs.link("closed", "a"), seen, jobs.states()) == (None, [], {"ready": 1})
    jobs.drain(after=timedelta(minutes=2))
    assert (jobs.link("closed", "a"), seen, jobs.states()) == ("2", ["a:next"], {"done": 2})
    assert calls == [1, 2]


def test_a_closing_that_meets_another_writer_is_written_again_without_a_second_call(jobs: Rig) -> None:
    calls, tries = list[str](), list[int]()

    def call(job: Job, tools: JobTools) -> Closing:
        calls.append(job.dedup)

        def close(uow: UnitOfWork) -> None:
            tries.append(len(tries))
            uow.links.put("closed", job.dedup, str(len(tries)))
            if len(tries) < 3:
                message = "somebody else was faster"
                raise Conflict(message)

        return close

    jobs.handlers.outbox("work", call)
    jobs.write(draft("a"))
    jobs.drain()
    assert (calls, tries, jobs.link("closed", "a")) == (["a"], [0, 1, 2], "3")


@pytest.mark.parametrize("lost", [True, False], ids=["taken over", "still held"])
def test_the_closing_of_a_lost_claim_is_not_written(jobs: Rig, *, lost: bool) -> None:
    def call(job: Job, tools: JobTools) -> Closing:
        if lost and not job.is_repeat:
            # Another worker takes the job over meanwhile, as it may when a lease ends.
            with jobs.store.transaction() as uow:
                uow.jobs.recover()
                uow.jobs.claim(jobs.now, "another", 1, timedelta(minutes=1))
        return lambda uow: uow.links.put("closed", job.dedup, job.kind)

    jobs.handlers.outbox("work", call)
    jobs.write(draft("a"))
    with running(jobs.runner()):
        until(lambda: jobs.states() == ({"running": 1} if lost else {"done": 1}) and jobs.job(1).attempts > lost)
    assert jobs.link("closed", "a") == (None if lost else "work")
