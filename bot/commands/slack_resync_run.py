"""The work of `wachbuch slack resync`."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.chat.parser import case_number
from bot.chat.verbs import Topic
from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import ROUTES_SCOPE
from bot.slack.resync import begin, drafts_for
from config.policy.ids import Visibility
from workflows.incident.state import IncidentCase
from workflows.queries import Queries
from workflows.registry import read_case
from workflows.store.reads import Reads
from workflows.store.rows import CaseFilter, JobState
from workflows.store.store import Store
from workflows.workflow import ENDED

LOOK_EVERY: Final = 0.25
"""Seconds between two looks at how far the service is."""
_ENDED_JOBS: Final = (JobState.DONE, JobState.DEAD, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it is: steps altogether, done, given up."""

    steps: int
    done: int
    given_up: int

    @property
    def waiting(self) -> int:
        """Still to be done by the service."""
        return self.steps - self.done - self.given_up


def run_resync(named: str, wait: int, *, as_json: bool) -> Exit:
    """Ask the service to build what is missing, and watch it for a while. 1 when a step was given up."""
    opened = configuration(cli_texts())
    texts = opened.texts
    with database(opened) as store:
        _connected(opened, store)
        cases = _named(opened, store, named) if named else _all(store)
        run = round(real_moment().now().timestamp() * 1_000_000)
        with store.transaction() as uow:
            marks = begin(uow, cases, run)
        standing = _watched(store, marks, wait, texts.gettext("Building in Slack"), quiet=as_json)
    count = len(cases)
    lines = [texts.ngettext("{count} open case looked at.", "{count} open cases looked at.", count).format(count=count)]
    lines.append(texts.gettext("{done} of {steps} steps done.").format(done=standing.done, steps=standing.steps))
    if standing.waiting:
        lines.append(texts.gettext("The running service does the rest; see how far it is: wachbuch jobs list"))
    if standing.given_up:
        lines.append(texts.gettext("{count} given up; see why: wachbuch jobs list").format(count=standing.given_up))
    data = {
        "cases": count, "steps": standing.steps, "done": standing.done, "waiting": standing.waiting,
        "given_up": standing.given_up,
    }  # fmt: skip
    Shown(as_json).result(data, lines)
    return Exit.FINDING if standing.given_up else Exit.OK


def _connected(opened: Opened, store: Store) -> None:
    with store.reading() as reads:
        known = (reads.links.get(ROUTES_SCOPE, "service") or "").split(",")
    if "slack" not in known:
        _ = opened.texts.gettext
        fail(_("The service is not connected to Slack."), _("It was last started without SLACK_BOT_TOKEN."),
             _("Connect it (docs/slack.md), start it, then try again."))  # fmt: skip


def _all(store: Store) -> list[IncidentCase]:
    with store.reading() as reads:
        rows = list(reads.all_cases(CaseFilter(workflow="incident", without_states=ENDED)))
    cases = [read_case(row) for row in rows]
    return [case for case in cases if isinstance(case, IncidentCase) and drafts_for(case, 0)]


def _named(opened: Opened, store: Store, named: str) -> list[IncidentCase]:
    """One case. Of a strictly confidential one nobody hears here who may not see it: there is none, then."""
    moment, zone = real_moment(), opened.policy.policy.zone
    number = case_number(named, Topic.INCIDENT, moment.now().astimezone(zone).year) or named
    with store.reading() as reads:
        row = reads.case(number)
    found = read_case(row) if row else None
    if found is not None and getattr(found, "visibility", None) is Visibility.SEALED:
        found = Queries(store).case(number, terminal_actor(opened, store))
    texts = opened.texts
    if not isinstance(found, IncidentCase):
        fail(texts.gettext("There is no incident {number} here.").format(number=number), code=Exit.FINDING)
    if not drafts_for(found, 0):
        fail(texts.gettext("{number} is over, or was entered afterwards: it has no places in Slack.").format(
            number=number), code=Exit.FINDING)  # fmt: skip
    return [found]


def _watched(store: Store, marks: tuple[str, ...], wait: int, text: str, *, quiet: bool) -> Standing:
    """Until every step has ended, or the time is over."""
    end = time.monotonic() + wait
    with _bar(text, len(marks), quiet=quiet) as show:
        while True:
            with store.reading() as reads:
                standing = _standing(reads, marks)
            show(standing.done + standing.given_up)
            if not standing.waiting or time.monotonic() >= end:
                return standing
            time.sleep(LOOK_EVERY)


def _standing(reads: Reads, marks: tuple[str, ...]) -> Standing:
    counts = Counter(job.state for job in reads.jobs.with_marks(marks))
    ended = {state: counts.get(state, 0) for state in _ENDED_JOBS}
    return Standing(len(marks), ended[JobState.DONE] + ended[JobState.CANCELLED], ended[JobState.DEAD])


@contextmanager
def _bar(text: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, and only for people."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda done: progress.update(task, completed=done)
