"""The work of `wachbuch jobs`."""

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from workflows.logbook import JobRequeued
from workflows.store.rows import JobState


def run_list(*, as_json: bool) -> Exit:
    """Show the state of the queue. 1 when something was given up."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store, store.reading() as reads:
        stats = reads.jobs.stats(real_moment().now())
        dead = reads.jobs.dead()
    lines = [_("{state}: {count}").format(state=state.value, count=count) for state, count in stats.counts.items()]
    if stats.waiting_since:
        lines.append(_("waiting since {time}").format(time=stats.waiting_since.isoformat()))
    given_up = _("given up: #{id} {kind}, {attempts} tries: {error}")
    lines += [given_up.format(id=job.id, kind=job.kind, attempts=job.attempts, error=job.error) for job in dead]
    data = {
        "counts": {state.value: count for state, count in stats.counts.items()},
        "waiting_since": stats.waiting_since,
        "dead": [{"id": job.id, "kind": job.kind, "attempts": job.attempts, "error": job.error} for job in dead],
    }
    Shown(as_json).result(data, lines or [_("Nothing is waiting.")])
    return Exit.FINDING if stats.counts.get(JobState.DEAD) else Exit.OK


def run_requeue(job: int, *, as_json: bool) -> Exit:
    """Give a dead job another try; that is an entry, since it can change what others see."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    moment = real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        service = make_service(store, opened.policy, moment)
        with store.transaction() as uow:
            if not uow.jobs.requeue(job):
                fail(_("Job {job} was not given up, or does not exist.").format(job=job), code=Exit.FINDING)
            entry = service.log(uow, JobRequeued(job=job), actor, moment.now())
    Shown(as_json).result(
        {"job": job, "receipt": str(entry.receipt)},
        [_("Job {job} gets its tries again. {receipt}").format(job=job, receipt=entry.receipt)],
    )
    return Exit.OK
