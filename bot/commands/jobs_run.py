"""The work of `wachbuch jobs list` and `show`, and their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from config.policy.ids import Visibility
from config.texts import _
from workflows.store.reads import Reads
from workflows.store.rows import JobRow, JobState

STATES: Final[Mapping[JobState, str]] = {
    JobState.READY: _("ready"),
    JobState.RUNNING: _("running"),
    JobState.DONE: _("done"),
    JobState.CANCELLED: _("cancelled"),
    JobState.DEAD: _("given up"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs to list; empty fields narrow nothing."""

    state: str = ""
    kind: str = ""
    limit: int = 50

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for in particular."""
        return bool(self.state or self.kind)


def run_list(wanted: Wanted, *, as_json: bool) -> Exit:
    """Show the state of the queue, or the jobs that fit. 1 when something was given up."""
    opened = configuration(cli_texts())
    state = _state(opened, wanted.state)
    with database(opened) as store, store.reading() as reads:
        stats = reads.jobs.stats(real_moment().now())
        listed = reads.jobs.listed(state if wanted.narrows else JobState.DEAD, wanted.kind, wanted.limit)
        shown = [_data(reads, job) for job in listed]
    if wanted.narrows:
        lines = [_line(opened, one) for one in shown] or [opened.texts.gettext("No job fits.")]
        Shown(as_json).result({"jobs": shown}, lines)
        return Exit.OK
    lines = [f"{opened.texts.gettext(STATES[one])}: {stats.counts[one]}" for one in STATES if one in stats.counts]
    if stats.waiting_since:
        since = opened.texts.datetime(stats.waiting_since, opened.policy.policy.zone)
        lines.append(opened.texts.gettext("waiting since {time}").format(time=since))
    lines += [_line(opened, one) for one in shown]
    data = {
        "counts": {one.value: count for one, count in stats.counts.items()},
        "waiting_since": stats.waiting_since,
        "dead": shown,
    }
    Shown(as_json).result(data, lines or [opened.texts.gettext("Nothing is waiting.")])
    return Exit.FINDING if stats.counts.get(JobState.DEAD) else Exit.OK


def run_show(number: int, *, as_json: bool) -> Exit:
    """Show one job. 1 when there is none."""
    opened = configuration(cli_texts())
    with database(opened) as store, store.reading() as reads:
        job = reads.jobs.get(number)
        if job is None:
            fail(opened.texts.gettext("There is no job {job}.").format(job=number), code=Exit.FINDING)
        data = _data(reads, job) | {
            "key": job.key, "dedup": job.dedup, "payload": dict(job.payload), "timer": job.timer, "owner": job.owner,
            "created_at": job.created_at, "updated_at": job.updated_at,
        }  # fmt: skip
    Shown(as_json).result(data, [f"{name}: {value}" for name, value in data.items() if value not in ("", None)])
    return Exit.OK


def _state(opened: Opened, text: str) -> JobState | None:
    if not text:
        return None
    if text not in set(JobState):
        known = ", ".join(one.value for one in JobState)
        fail(opened.texts.gettext("“{text}” is no state of a job.").format(text=text),
             opened.texts.gettext("These are: {states}").format(states=known), code=Exit.USAGE)  # fmt: skip
    return JobState(text)


def _data(reads: Reads, job: JobRow) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "attempts": job.attempts,
        "about": _about(reads, job),
        "run_at": job.run_at,
        "error": job.error,
    }


def _about(reads: Reads, job: JobRow) -> str:
    """The case that a job is about, unless it is strictly confidential, whoever asks. Else the ids that it carries."""
    if "case" not in job.payload:
        return " ".join(f"{name}={value}" for name, value in job.payload.items())
    row = reads.case_by_id(UUID(str(job.payload["case"])))
    return row.number if row is not None and row.visibility != Visibility.SEALED.value else ""


def _line(opened: Opened, one: Mapping[str, Any]) -> str:
    t = opened.texts
    about = f" ({one['about']})" if one["about"] else ""
    if one["state"] == JobState.DEAD:
        given_up = t.gettext("given up: #{id} {kind}{about}, {attempts} tries: {error}")
        return given_up.format(**{**one, "about": about})
    state = t.gettext(STATES[JobState(one["state"])])
    due = t.datetime(one["run_at"], opened.policy.policy.zone) if one["run_at"] else t.gettext("at once")
    line = t.gettext("{state}: #{id} {kind}{about}, {attempts} tries, due {due}")
    return line.format(**{**one, "state": state, "about": about, "due": due}) + (
        f": {one['error']}" if one["error"] else ""
    )
