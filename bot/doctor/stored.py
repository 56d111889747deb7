"""What the database says: about itself, the ledger, the work, and the processes that serve it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot import __version__
from bot.doctor.result import Group, Level, Patient, Result
from bot.startup import decides_by
from bot.unusable import why_unusable
from bot.verified import last_verification
from config.policy.ids import Visibility
from workflows.errors import WachbuchError
from workflows.groups import UNREAD
from workflows.leavers import LEFT, carried_by, person_of
from workflows.pointers import EVIDENCE_CASE, EVIDENCE_FILE, EVIDENCE_FINDING, PAGER_FAILED
from workflows.store.address import parse, sqlite_file
from workflows.store.leases import CHECKPOINT
from workflows.store.reads import Reads
from workflows.store.rows import InboxState, JobState
from workflows.store.store import Store

LATE: Final = timedelta(minutes=5)
VERIFIED_WITHIN: Final = timedelta(days=2)
MOST_LISTED: Final = 5
CLOCKS_APART: Final = timedelta(seconds=5)

Look = Callable[[Patient, Reads], Iterator[Result]]


def database(patient: Patient) -> Iterator[Result]:
    """Everything that the database tells, in one reading. Never creates one, never writes."""
    t, url = patient.texts, patient.settings.database_url.get_secret_value()
    try:
        file = sqlite_file(parse(url))
        if file is not None and not file.is_file():
            yield Result(
                Group.DATA,
                "database",
                Level.NOTE,
                t.gettext("There is no database yet"),
                t.gettext("The service creates it at its first start."),
            )
            return
        with Store.open(url, origin="doctor", runner=False) as store:
            yield from _opened(patient, store)
    except WachbuchError as error:
        yield Result(
            Group.DATA,
            "database",
            Level.FAULT,
            t.gettext("The database cannot be used."),
            why_unusable(t, error),
            t.gettext("See docs/operations.md."),
        )


def _opened(patient: Patient, store: Store) -> Iterator[Result]:
    store.check_schema()
    looks: tuple[Look, ...] = (
        _itself, _ledger, _in_force, _evidence, _jobs, _pager, _leavers, _groups, _inbox, _processes,
    )  # fmt: skip
    with store.reading() as reads:
        found = [result for look in looks for result in look(patient, reads)]
    yield from found


def _itself(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, now = patient.texts, patient.now()
    found = reads.health(now)
    what = t.gettext("{database}, schema {schema}").format(database=found.version, schema=reads.schema())
    yield Result(Group.DATA, "database", Level.OK, what)
    if found.unsafe:
        shown = ", ".join(f"{name}={value}" for name, value in found.unsafe.items())
        yield Result(
            Group.DATA,
            "durability",
            Level.FAULT,
            t.gettext("Commits are not safe: {shown}").format(shown=shown),
            t.gettext("What was confirmed can be lost when the machine stops."),
            t.gettext("Set the server back to its defaults."),
        )
    apart = abs(now - found.clock) if found.clock else timedelta()
    if apart > CLOCKS_APART:
        yield Result(
            Group.DATA,
            "clock",
            Level.WARNING,
            t.gettext("The clocks are {seconds} s apart").format(seconds=round(apart.total_seconds())),
            t.gettext("Times of entries and deadlines depend on them; a day apart, nothing is recorded."),
            t.gettext("Synchronise the clocks of this machine and of the database."),
        )


def _ledger(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, head, last = patient.texts, reads.head(), last_verification(reads.links)
    if head.last_ts is None:
        yield Result(Group.LEDGER, "head", Level.NOTE, t.gettext("The ledger is empty"))
        return
    what = t.gettext("{size} entries, the last of {time}")
    yield Result(Group.LEDGER, "head", Level.OK, what.format(size=head.size, time=_time(patient, head.last_ts)))
    verify = "wachbuch verify"
    if last is None:
        yield Result(
            Group.LEDGER,
            "verified",
            Level.NOTE,
            t.gettext("The ledger was never verified"),
            t.gettext("An alteration would not have been noticed."),
            verify,
        )
        return
    when = _time(patient, last.at)
    if not last.intact:
        yield Result(
            Group.LEDGER,
            "verified",
            Level.FAULT,
            t.gettext("The ledger was found altered at {time}").format(time=when),
            t.gettext("Something that was recorded is not what it was."),
            verify,
        )
    elif patient.now() - last.at > VERIFIED_WITHIN:
        yield Result(
            Group.LEDGER,
            "verified",
            Level.WARNING,
            t.gettext("The ledger was last verified at {time}").format(time=when),
            t.gettext("An alteration since would not have been noticed."),
            t.gettext("Run it every night: {command}").format(command=verify),
        )
    else:
        yield Result(Group.LEDGER, "verified", Level.OK, t.gettext("Verified at {time}, intact").format(time=when))


def _evidence(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, kept, findings = patient.texts, reads.links.of(EVIDENCE_FILE), reads.links.of(EVIDENCE_FINDING)
    if findings:
        named = [one for one in sorted(findings.items()) if not _is_sealed(reads, one[0])]
        listed = ", ".join(f"{number} ({found})" for number, found in named[:MOST_LISTED])
        what = (
            t.gettext("Kept evidence is not what it was: {listed}")
            if named
            else t.gettext("Kept evidence is not what it was.")
        )
        yield Result(
            Group.LEDGER,
            "evidence",
            Level.FAULT,
            what.format(listed=listed),
            t.gettext("A file was altered or is missing since it was kept."),
            "wachbuch evidence recheck",
        )
    elif kept:
        what = t.ngettext("{count} kept file, no finding", "{count} kept files, no finding", len(kept))
        yield Result(Group.LEDGER, "evidence", Level.OK, what.format(count=len(kept)))


def _is_sealed(reads: Reads, number: str) -> bool:
    """Whether an item is of a strictly confidential case: that is named to nobody by this."""
    case, _, _ = (reads.links.get(EVIDENCE_CASE, number) or "").partition(" ")
    row = reads.case(case)
    return row is not None and row.visibility == Visibility.SEALED.value


def _in_force(patient: Patient, reads: Reads) -> Iterator[Result]:
    t = patient.texts
    if patient.policy is not None and not decides_by(reads.links, patient.policy):
        yield Result(
            Group.POLICY,
            "in_force",
            Level.WARNING,
            t.gettext("The policy here is another one than the service decides by"),
            t.gettext("Commands beside the service would put this one in force."),
            t.gettext("Restart the service, or use its policy folder."),
        )


def _jobs(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, now = patient.texts, patient.now()
    stats = reads.jobs.stats(now)
    dead = stats.counts.get(JobState.DEAD, 0)
    if dead:
        yield Result(
            Group.WORK,
            "dead",
            Level.WARNING,
            t.ngettext("{count} job was given up", "{count} jobs were given up", dead).format(count=dead),
            t.gettext("What it should have done has not happened."),
            "wachbuch jobs list --state dead, wachbuch jobs requeue",
        )
    waited = now - stats.waiting_since if stats.waiting_since else timedelta()
    if waited > LATE:
        yield Result(
            Group.WORK,
            "late",
            Level.WARNING,
            t.gettext("The oldest due job has waited for {minutes} min").format(minutes=_minutes(waited)),
            t.gettext("Messages, verdicts or deadlines are late."),
            t.gettext("Is the service running? Else see: wachbuch jobs list"),
        )
    if not dead and waited <= LATE:
        ready = stats.counts.get(JobState.READY, 0)
        yield Result(Group.WORK, "jobs", Level.OK, t.gettext("Jobs: {ready} to come, none late").format(ready=ready))


def _pager(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, failed = patient.texts, reads.links.get(PAGER_FAILED, "last")
    if failed:
        yield Result(
            Group.WORK,
            "pager.failed",
            Level.WARNING,
            t.gettext("The pager did not take the last call: {reason}").format(reason=failed),
            t.gettext("Nobody is woken by it."),
            t.gettext("See docs/paging.md."),
        )


def _leavers(patient: Patient, reads: Reads) -> Iterator[Result]:
    """Only how much, never of which case: whoever runs this may see none by that."""
    t, left = patient.texts, reads.links.of(LEFT)
    people = [person_of(patient.policy.policy, user) for user in left] if patient.policy else []
    count = sum(one.count for person in people for one in carried_by(reads, person))
    if count:
        yield Result(
            Group.WORK,
            "leavers",
            Level.WARNING,
            t.ngettext(
                "{count} lead, task or corrective action is with somebody whose Slack account is closed",
                "{count} leads, tasks or corrective actions are with people whose Slack accounts are closed",
                count,
            ).format(count=count),
            t.gettext("Nobody does them, and nobody is reminded."),
            t.gettext("The ISB has the list by direct message; somebody else is needed for each."),
        )


def _groups(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, unread = patient.texts, reads.links.of(UNREAD)
    groups = patient.policy.policy.slack.groups if patient.policy else {}
    for group, role in groups.items():
        if group in unread:
            told = t.gettext("Slack does not tell who is in the user group {group}: {reason}")
            yield Result(
                Group.SLACK,
                f"group.{group}",
                Level.WARNING,
                told.format(group=group, reason=unread[group]),
                t.gettext("Nobody holds the role {role} by it.").format(role=role.value),
                t.gettext("See docs/slack.md."),
            )


def _inbox(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, oldest = patient.texts, reads.inbox.oldest_waiting()
    waited = patient.now() - oldest if oldest else timedelta()
    if waited > LATE:
        count = reads.inbox.counts().get(InboxState.RECEIVED, 0)
        yield Result(
            Group.WORK,
            "inbox",
            Level.WARNING,
            t.gettext("{count} deliveries wait, the oldest for {minutes} min").format(
                count=count, minutes=_minutes(waited)
            ),
            t.gettext("What Slack or a forge told is not known yet."),
            t.gettext("Is the service running? Else see: wachbuch jobs list"),
        )


def _processes(patient: Patient, reads: Reads) -> Iterator[Result]:
    t, alive = patient.texts, reads.processes.alive(patient.now())
    if not alive:
        yield Result(
            Group.SERVICE,
            "processes",
            Level.NOTE,
            t.gettext("No process serves this database now"),
            t.gettext("Work waits until one does."),
            "wachbuch serve",
        )
        return
    listed = ", ".join(f"{one.host}:{one.pid} ({one.version})" for one in alive)
    yield Result(Group.SERVICE, "processes", Level.OK, t.gettext("Serving: {listed}").format(listed=listed))
    if len({(one.version, one.policy) for one in alive} | {(__version__, alive[0].policy)}) > 1:
        yield Result(
            Group.SERVICE,
            "mixed",
            Level.WARNING,
            t.gettext("The processes differ in version or policy"),
            t.gettext("In a rolling upgrade for a while; else one of them was forgotten."),
            t.gettext("Restart those that are behind."),
        )
    holder = reads.leases.get(CHECKPOINT, patient.now())
    if holder is not None:
        signing = t.gettext("May sign checkpoints: {holder}").format(holder=holder.holder)
        yield Result(Group.SERVICE, "signer", Level.OK, signing)


def _time(patient: Patient, moment: datetime) -> str:
    zone = patient.policy.policy.zone if patient.policy else moment.tzinfo
    return patient.texts.datetime(moment, zone) if zone else moment.isoformat()


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
