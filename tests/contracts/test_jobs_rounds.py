"""Work in rounds: one row that comes back for ever."""

from datetime import timedelta

from bot.jobs.port import GiveUp, Job, JobTools, Retry
from tests.contracts.rig import Rig, draft

MINUTE = timedelta(minutes=1)


def test_a_round_comes_back_after_its_pause_and_leaves_one_row(jobs: Rig) -> None:
    begun: list[int] = []

    def look(job: Job, _: JobTools) -> timedelta:
        begun.append(job.attempts)
        return MINUTE

    jobs.handlers.rounds("look", look)
    jobs.write(draft("a", "a", kind="look"))
    assert jobs.drain() == 1
    assert jobs.drain(after=MINUTE - timedelta(seconds=1)) == 0
    for _ in range(30):
        assert jobs.drain(after=MINUTE) == 1
    assert begun == list(range(1, 32))
    assert jobs.states() == {"ready": 1}
    assert jobs.dead == []


def test_a_round_that_fails_is_tried_again_and_never_dies(jobs: Rig) -> None:
    def broken(job: Job, _: JobTools) -> timedelta:
        if job.attempts % 2:
            raise Retry("502", after=MINUTE)
        message = "not to be read"
        raise ValueError(message)

    jobs.handlers.rounds("look", broken)
    jobs.write(draft("a", "a", kind="look"))
    for _ in range(25):
        jobs.drain(after=timedelta(hours=1))
    assert (jobs.states(), jobs.dead) == ({"ready": 1}, [])


def test_kept_work_is_due_at_once_and_alive_again(jobs: Rig) -> None:
    gone: list[bool] = []

    def look(job: Job, _: JobTools) -> timedelta:
        if not gone:
            raise GiveUp("gone")
        return timedelta(days=1)

    jobs.handlers.rounds("look", look)
    for expected in ({"dead": 1}, {"ready": 1}, {"ready": 1}):
        with jobs.store.transaction() as uow:
            uow.jobs.keep(draft("a", "a", kind="look"))
        assert jobs.drain() == 1
        assert jobs.states() == expected
        gone.append(True)
    assert jobs.drain() == 0, "a day later, unless somebody asks for it"
