"""Writing, taking back and counting jobs."""

from datetime import timedelta

import pytest

from bot.jobs.port import Job, JobTools
from tests.contracts.rig import START, Rig, draft
from workflows.store.jobs import ClaimLost

LEASE = timedelta(seconds=30)


class Stumble(Exception):
    """The transaction fails."""


def done(rig: Rig) -> list[str]:
    seen: list[str] = []
    rig.handlers.outbox("work", lambda job, tools: seen.append(job.dedup))
    return seen


def test_a_transaction_rolled_back_writes_no_job_and_one_committed_does(jobs: Rig) -> None:
    seen = done(jobs)
    with pytest.raises(Stumble), jobs.store.transaction() as uow:
        assert uow.enqueue(draft("lost"))
        raise Stumble
    assert jobs.drain() == 0
    jobs.write(draft("kept"))
    assert (jobs.drain(), seen) == (1, ["kept"])


def test_the_same_intent_is_written_once_even_after_it_is_done(jobs: Rig) -> None:
    seen = done(jobs)
    assert jobs.write(draft("a"), draft("a"), draft("b")) == [True, False, True]
    jobs.drain()
    assert jobs.write(draft("a")) == [False]
    assert (jobs.drain(), seen) == (0, ["a", "b"])


def test_a_job_is_taken_back_in_the_transaction_that_makes_it_pointless(jobs: Rig) -> None:
    seen = done(jobs)
    jobs.write(draft("remind"), draft("stay"))
    with pytest.raises(Stumble), jobs.store.transaction() as uow:
        assert uow.cancel("stay")
        raise Stumble
    with jobs.store.transaction() as uow:
        assert uow.cancel("remind")
        assert not uow.cancel("remind")
        assert not uow.cancel("never written")
    jobs.drain()
    assert seen == ["stay"]
    assert jobs.states() == {"done": 1, "cancelled": 1}


def test_a_job_that_runs_or_has_ended_cannot_be_taken_back(jobs: Rig) -> None:
    answers = []

    def cancel_itself(job: Job, tools: JobTools) -> None:
        with jobs.store.transaction() as uow:
            answers.append(uow.cancel(job.dedup))

    jobs.handlers.outbox("work", cancel_itself)
    jobs.write(draft("a"))
    jobs.drain()
    with jobs.store.transaction() as uow:
        answers.append(uow.cancel("a"))
    assert answers == [False, False]
    assert jobs.states() == {"done": 1}


def test_payload_and_circumstances_come_back_as_written(jobs: Rig) -> None:
    got: list[Job] = []
    jobs.handlers.outbox("work", lambda job, tools: got.append(job))
    jobs.write(draft("x", "key-1"))
    jobs.drain()
    assert [(job.kind, job.key, job.dedup, job.payload, job.attempts) for job in got] == [
        ("work", "key-1", "x", {"name": "x"}, 1)
    ]
    assert not got[0].is_repeat


def test_counts_and_the_age_of_the_oldest_waiting_job(jobs: Rig) -> None:
    with jobs.store.reading() as reads:
        assert reads.jobs.stats(START).waiting_since is None
    jobs.write(draft("late", run_at=START + timedelta(hours=1)), draft("later", run_at=START + timedelta(hours=2)))
    with jobs.store.reading() as reads:
        assert reads.jobs.stats(START).waiting_since is None
        assert reads.jobs.next_due(START) == START + timedelta(hours=1)
        assert reads.jobs.next_due(START + timedelta(hours=1)) == START + timedelta(hours=2)
        behind = reads.jobs.stats(START + timedelta(hours=3))
    assert behind.waiting_since == START + timedelta(hours=1)
    assert behind.counts == {"ready": 2}


def test_only_settled_jobs_are_removed_and_free_their_intent(jobs: Rig) -> None:
    done(jobs)
    jobs.write(draft("old"), draft("waits", run_at=START + timedelta(days=400)))
    jobs.drain()
    with jobs.store.transaction() as uow:
        assert uow.jobs.purge(START - timedelta(days=9000)) == 0
        assert uow.jobs.purge(START + timedelta(days=9000)) == 1
    assert jobs.write(draft("old"), draft("waits")) == [True, False]


def test_an_end_is_recorded_only_by_whoever_holds_the_claim(jobs: Rig) -> None:
    jobs.write(draft("a"))
    with jobs.store.transaction() as uow:
        (first,) = uow.jobs.claim(START, "first", 5, LEASE)
        assert uow.jobs.claim(START, "second", 5, LEASE) == []
        uow.jobs.recover()
        (second,) = uow.jobs.claim(START, "second", 5, LEASE)
    assert second.attempts == 2
    with pytest.raises(ClaimLost), jobs.store.transaction() as uow:
        uow.links.put("effect", "of", "the first")
        uow.jobs.finish(first)
    with jobs.store.transaction() as uow:
        assert uow.jobs.renew([first, second], LEASE) == [first]
        uow.links.put("effect", "of", "the second")
        uow.jobs.finish(second)
    assert jobs.link("effect", "of") == "the second"
    assert jobs.states() == {"done": 1}
