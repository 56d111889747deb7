"""Places in Slack built afterwards: for cases from a time without Slack, and where somebody deleted what was there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.jobs.port import Closing, Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import Calls
from bot.slack.going_on import GOES_ON
from bot.slack.links import Links
from workflows.incident.effects import RESYNC, places_again
from workflows.incident.state import IncidentCase
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

_GONE: Final = ("channel_not_found", "thread_not_found", "message_not_found", "not_in_channel")


def drafts_for(case: IncidentCase, run: int, *, had_channel: bool = False) -> tuple[JobDraft, ...]:
    """The jobs of one run over one case, the look at what is gone first. None for a case that gets no places."""
    again = places_again(case, str(run), had_channel=had_channel)
    steps = tuple(JobDraft(one.kind, one.key, one.dedup, dict(one.payload)) for one in again)
    if not steps:
        return ()
    payload: dict[str, str | int] = {"case": str(case.id), "run": run}
    return (JobDraft(RESYNC, f"{RESYNC}:{case.id}", f"{RESYNC}:{case.id}:{run}", payload), *steps)


def begin(uow: UnitOfWork, cases: Iterable[IncidentCase], run: int) -> tuple[str, ...]:
    """Ask for it. Returns the marks of all jobs that it takes; only the first of each case is written now."""
    planned = [drafts for case in cases if (drafts := drafts_for(case, run))]
    uow.jobs.enqueue_all([drafts[0] for drafts in planned])
    return tuple(one.dedup for drafts in planned for one in drafts)


@dataclass(frozen=True, slots=True)
class Resync:
    """The handler of `slack.resync`. Doing it again changes nothing that is there."""

    calls: Calls
    links: Links
    read_case: Callable[[str], Case | None]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(RESYNC, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> Closing | None:
        """Forget channel and thread where Slack has them no more; the steps that build them follow."""
        case, run = self.read_case(job.text("case")), job.number("run")
        if not isinstance(case, IncidentCase) or not drafts_for(case, run):
            return None
        left = self._forget_channel(case)
        self._forget_thread(case)
        steps = drafts_for(case, run, had_channel=left is not None)[1:]
        if left:
            payload: dict[str, str | int] = {"case": str(case.id), "left": left}
            steps = (*steps, JobDraft(GOES_ON, f"{GOES_ON}:{case.id}", f"{GOES_ON}:{case.id}:{run}", payload))
        return lambda uow: uow.jobs.enqueue_all(steps)

    def _forget_channel(self, case: IncidentCase) -> str | None:
        """Deleted, or archived although the case is open: Slack lets no bot take a channel out of the archive.

        Returns the one that is archived, empty for one that is gone, None where there is nothing to forget.
        """
        channel = self.links.get(places.CHANNEL, str(case.id))
        if channel is None:
            return None
        found: dict[str, object] = {}

        def look() -> object:
            answer = self.calls.client.conversations_info(channel=channel)
            found.update(answer.get("channel") or {})
            return answer

        is_there = self.calls.tolerating(look, *_GONE)
        if is_there and not found.get("is_archived"):
            return None
        self.links.remove(places.CHANNEL, str(case.id))
        self.links.remove(places.CHANNEL_CASE, channel)
        self.links.remove(places.OPEN, channel)
        return channel if is_there else ""

    def _forget_thread(self, case: IncidentCase) -> None:
        at = places.message_at(self.links, places.THREAD, str(case.id))
        if at is None:
            return
        look = partial(self.calls.client.conversations_replies, channel=at.channel, ts=at.ts, limit=1)
        if not self.calls.tolerating(look, *_GONE):
            self.links.remove(places.THREAD, str(case.id))
