"""The work of `wachbuch jobs requeue`."""

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from workflows.logbook import JobRequeued
from workflows.store.pending import PendingEntry
from workflows.store.rows import JobState
from workflows.store.store import Store

MOST = 1000
"""So many at once; more take another call."""


def run_requeue(job: int | None, kind: str, *, every: bool, as_json: bool) -> Exit:
    """Give dead jobs another try; each is an entry, since it can change what others see."""
    opened = configuration(cli_texts())
    texts = opened.texts
    if (job is None) is not every or (kind and not every):
        fail(texts.gettext("Either one number, or --all, with --kind where only some are meant."), code=Exit.USAGE)
    with database(opened) as store:
        done = _requeued(opened, store, [job] if job is not None else _dead(store, kind))
    if job is not None and not done:
        fail(texts.gettext("Job {job} was not given up, or does not exist.").format(job=job),
             then=texts.gettext("See which ones were: wachbuch jobs list"), code=Exit.FINDING)  # fmt: skip
    told = texts.gettext("Job {job} gets its tries again. {receipt}")
    lines = [told.format(job=number, receipt=entry.receipt) for number, entry in done.items()]
    receipts = [{"job": number, "receipt": str(entry.receipt)} for number, entry in done.items()]
    data = receipts[0] if job is not None else {"jobs": receipts}
    Shown(as_json).result(data, lines or [texts.gettext("No job was given up.")])
    return Exit.OK


def _dead(store: Store, kind: str) -> list[int]:
    with store.reading() as reads:
        return [one.id for one in reads.jobs.listed(JobState.DEAD, kind, MOST)]


def _requeued(opened: Opened, store: Store, jobs: list[int]) -> dict[int, PendingEntry]:
    """Those that were dead still, each with its entry; in one transaction."""
    moment = real_moment()
    actor = terminal_actor(opened, store)
    service = make_service(store, opened.policy, moment)
    with store.transaction() as uow:
        return {
            job: service.log(uow, JobRequeued(job=job), actor, moment.now()) for job in jobs if uow.jobs.requeue(job)
        }
