"""The work of `wachbuch jobs`, and its words."""

from collections.abc import Mapping
from typing import Final

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from config.texts import _
from workflows.logbook import JobRequeued
from workflows.store.rows import JobState

STATES: Final[Mapping[JobState, str]] = {
    JobState.READY: _("ready"),
    JobState.RUNNING: _("running"),
    JobState.DONE: _("done"),
    JobState.CANCELLED: _("cancelled"),
    JobState.DEAD: _("given up"),
}


def run_list(*, as_json: bool) -> Exit:
    """Show the state of the queue. 1 when something was given up."""
    opened = configuration(cli_texts())
    _t = opened.texts.gettext
    with database(opened) as store, store.reading() as reads:
        stats = reads.jobs.stats(real_moment().now())
        dead = reads.jobs.dead()
    lines = [f"{_t(STATES[state])}: {stats.counts[state]}" for state in STATES if state in stats.counts]
    if stats.waiting_since:
        since = opened.texts.datetime(stats.waiting_since, opened.policy.policy.zone)
        lines.append(opened.texts.gettext("waiting since {time}").format(time=since))
    given_up = opened.texts.gettext("given up: #{id} {kind}, {attempts} tries: {error}")
    lines += [given_up.format(id=job.id, kind=job.kind, attempts=job.attempts, error=job.error) for job in dead]
    data = {
        "counts": {state.value: count for state, count in stats.counts.items()},
        "waiting_since": stats.waiting_since,
        "dead": [{"id": job.id, "kind": job.kind, "attempts": job.attempts, "error": job.error} for job in dead],
    }
    Shown(as_json).result(data, lines or [opened.texts.gettext("Nothing is waiting.")])
    return Exit.FINDING if stats.counts.get(JobState.DEAD) else Exit.OK


def run_requeue(job: int, *, as_json: bool) -> Exit:
    """Give a dead job another try; that is an entry, since it can change what others see."""
    opened = configuration(cli_texts())
    texts = opened.texts
    moment = real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        service = make_service(store, opened.policy, moment)
        with store.transaction() as uow:
            if not uow.jobs.requeue(job):
                fail(texts.gettext("Job {job} was not given up, or does not exist.").format(job=job),
                     then=texts.gettext("See which ones were: wachbuch jobs list"), code=Exit.FINDING)  # fmt: skip
            entry = service.log(uow, JobRequeued(job=job), actor, moment.now())
    Shown(as_json).result(
        {"job": job, "receipt": str(entry.receipt)},
        [texts.gettext("Job {job} gets its tries again. {receipt}").format(job=job, receipt=entry.receipt)],
    )
    return Exit.OK
