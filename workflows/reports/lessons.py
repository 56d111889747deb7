"""Lessons learned of a period (A.5.27, 10.2, 9.3.2): what happened, why, what worked, what was done, did it help.

Drills, backfilled cases, false alarms and duplicates are counted apart and left out of every figure. Times are those of
the phases; a case that is still open shows its age instead. More reports is not worse: they are counted, not judged.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from config.policy.ids import Criterion, Visibility
from workflows.change.state import ChangeCase
from workflows.events import Erased
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState, Kind, ReportWay, State
from workflows.reports.change_figures import ChangeFigures, change_figures

COUNTED = frozenset({Kind.EVENT, Kind.INCIDENT, Kind.NEAR_MISS, Kind.DISRUPTION})
PHASES = (State.IDENTIFY, State.CONTAIN, State.ERADICATE, State.RECOVER, State.REVIEW)
LOOKING_BACK = timedelta(days=730)
"""How far back a root cause is looked for when it came up in the period."""
Clean = Callable[[str | Erased | None], str]


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included, in the organisation's time zone."""

    first: date
    last: date
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        """Whether a moment falls on one of its days."""
        return self.first <= moment.astimezone(self.zone).date() <= self.last


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A corrective action without its owner."""

    text: str
    state: CorrectiveState
    due: datetime
    overdue: bool
    finding: str
    reopened: int


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One incident. Durations by phase hold only phases it was in; `age` is set while it is open."""

    number: str
    title: str
    kind: Kind
    state: State
    severity: str
    category: str
    reported: datetime
    cause: str
    tag: str
    worked: str
    did_not: str
    actions: tuple[ActionRow, ...]
    phases: Mapping[State, timedelta]
    age: timedelta | None
    way: ReportWay | None = None
    on_behalf: bool = False
    """Whether somebody else told it than who recorded it."""
    feedback: tuple[str, ...] = ()
    """What was tedious about the process, in the order in which it was said."""
    visibility: Visibility = Visibility.TEAM
    """Who may see it: the report holds what its reader may see, and not everybody they give it to."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said about how a case went that is counted in no figure; such as a drill, which is there to learn."""

    number: str
    feedback: tuple[str, ...]
    visibility: Visibility = Visibility.TEAM


@dataclass(frozen=True, slots=True)
class Spread:
    """A time figure: how many it rests on, mean, median, ninetieth percentile."""

    count: int
    mean: timedelta
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A root cause of the period that came up in more than one case within `LOOKING_BACK`."""

    tag: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonsReport:
    """The whole report. `figures` are times by id, each with its n; None where no case has both of its ends."""

    period: Period
    generated: datetime
    rows: tuple[LessonRow, ...]
    recurrences: tuple[Recurrence, ...]
    categories: Mapping[str, tuple[int, int]]
    """Cases by category: in this period, in the one of the same length before."""
    figures: Mapping[str, Spread | None]
    left_out: Mapping[str, int]
    actions_open: int
    actions_overdue: int
    actions_done: int
    """Done, and not checked for their effect yet."""
    actions_effective: int
    actions_not_effective: int
    changes: ChangeFigures = field(default_factory=ChangeFigures)
    heard: tuple[Heard, ...] = ()


def lessons(
    cases: Iterable[IncidentCase], period: Period, now: datetime, clean: Clean, changes: Iterable[ChangeCase] = ()
) -> LessonsReport:
    """The report over all cases that the reader may see."""
    every = sorted((case for case in cases if case.reported is not None), key=lambda case: case.number)
    inside = [case for case in every if case.reported and period.holds(case.reported)]
    counted = [case for case in inside if _counts(case)]
    rows = tuple(_row(case, now, clean) for case in counted)
    actions = [action for row in rows for action in row.actions]
    states = Counter(action.state for action in actions)
    return LessonsReport(
        period=period,
        generated=now,
        rows=rows,
        recurrences=_recurrences(every, counted, now, clean),
        categories=_categories(every, counted, period, clean),
        figures=_figures(counted, now),
        left_out=_left_out(inside),
        actions_open=states[CorrectiveState.OPEN],
        actions_overdue=sum(action.overdue for action in actions),
        actions_done=states[CorrectiveState.DONE],
        actions_effective=states[CorrectiveState.EFFECTIVE],
        actions_not_effective=states[CorrectiveState.NOT_EFFECTIVE],
        changes=change_figures(changes, period.holds, now),
        heard=tuple(
            Heard(case.number, said, case.visibility)
            for case in inside
            if not _counts(case) and (said := _said(case, clean))
        ),
    )


def _counts(case: IncidentCase) -> bool:
    return case.kind in COUNTED and not case.drill and not case.backfill


def _left_out(cases: Sequence[IncidentCase]) -> Mapping[str, int]:
    counts = Counter(
        "drill" if case.drill else "backfill" if case.backfill else case.kind.value
        for case in cases
        if not _counts(case)
    )
    return dict(sorted(counts.items()))


def _row(case: IncidentCase, now: datetime, clean: Clean) -> LessonRow:
    cause = case.answers.get(Criterion.PROCESS_CAUSE) or case.answers.get(Criterion.ROOT_CAUSE)
    learned = case.answers.get(Criterion.LESSONS)
    end = case.closed or now
    spent = {phase: case.time_in(phase, end) for phase in PHASES}
    opened = case.reported or case.opened_at
    return LessonRow(
        number=case.number,
        title=clean(case.title) or clean(case.what),
        kind=case.kind,
        state=case.state,
        severity=case.severity.value if case.severity else "",
        category=clean(case.category),
        reported=opened,
        cause=clean(cause.text) if cause else "",
        tag=clean(case.root_cause_tag),
        worked=clean(learned.text) if learned else "",
        did_not=clean(learned.detail) if learned else "",
        actions=tuple(
            ActionRow(
                text=clean(action.text),
                state=action.state,
                due=action.due,
                overdue=action.state is CorrectiveState.OPEN and action.due < now,
                finding=clean(action.finding),
                reopened=len(action.reopened),
            )
            for action in case.correctives
        ),
        phases={phase: length for phase, length in spent.items() if length},
        age=now - opened if case.state.is_open else None,
        way=case.way,
        on_behalf=case.is_on_behalf,
        feedback=_said(case, clean),
        visibility=case.visibility,
    )


def _said(case: IncidentCase, clean: Clean) -> tuple[str, ...]:
    texts = (clean(note.text) for note in case.notes if note.kind is NoteKind.FEEDBACK)
    return tuple(text for text in texts if text)


def _recurrences(
    every: Sequence[IncidentCase], counted: Sequence[IncidentCase], now: datetime, clean: Clean
) -> tuple[Recurrence, ...]:
    known: dict[str, list[str]] = {}
    for case in every:
        tag = case.root_cause_tag
        if isinstance(tag, str) and tag and _counts(case) and case.reported and now - case.reported <= LOOKING_BACK:
            known.setdefault(tag.casefold(), []).append(case.number)
    touched = {case.number for case in counted}
    return tuple(
        Recurrence(clean(tag), tuple(numbers))
        for tag, numbers in sorted(known.items())
        if len(numbers) > 1 and touched.intersection(numbers)
    )


def _categories(
    every: Sequence[IncidentCase], counted: Sequence[IncidentCase], period: Period, clean: Clean
) -> Mapping[str, tuple[int, int]]:
    length = period.last - period.first + timedelta(days=1)
    before = Period(period.first - length, period.first - timedelta(days=1), period.zone)
    now_counts = Counter(clean(case.category) for case in counted)
    earlier = Counter(
        clean(case.category) for case in every if _counts(case) and case.reported and before.holds(case.reported)
    )
    return {name: (now_counts[name], earlier[name]) for name in sorted({*now_counts, *earlier})}


def _figures(cases: Sequence[IncidentCase], now: datetime) -> Mapping[str, Spread | None]:
    """Formulas as the figures catalogue defines them; cases without the two times do not count."""
    pairs: Mapping[str, list[tuple[datetime | None, datetime | None]]] = {
        "mttd": [(case.occurred, case.detected or case.reported) for case in cases],
        "mtta": [(case.waits_since, case.acknowledged) for case in cases],
        "mttc": [(case.detected or case.reported, case.contained) for case in cases],
        "mttrecover": [(case.detected or case.reported, case.recovered) for case in cases],
        "mttclose": [(case.reported, case.closed) for case in cases],
        "ageing": [(case.reported, now) for case in cases if case.state.is_open],
    }
    return {name: _spread([end - start for start, end in listed if start and end]) for name, listed in pairs.items()}


def _spread(lengths: Sequence[timedelta]) -> Spread | None:
    if not lengths:
        return None
    ordered = sorted(max(length, timedelta()) for length in lengths)
    seconds = [length.total_seconds() for length in ordered]
    ninetieth = ordered[min(len(ordered) - 1, -(-len(ordered) * 9 // 10) - 1)]
    mean = sum(ordered, timedelta()) / len(ordered)
    return Spread(len(ordered), mean, timedelta(seconds=median(seconds)), ninetieth)
