"""The home tab, free of any surface: what waits for its reader, open duties, own changes, the cases they may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.chat import agreeing, correctives, deploying, disposals, steps
from bot.chat.reply import Button, Paragraph
from bot.chat.room import Room
from bot.chat.texts import agreement, change, common, emergency, handover, home, next_steps, terms, waiting
from config.policy.ids import Severity
from workflows.change.state import ChangeCase
from workflows.incident.commands import ConfirmDuty, DecideDuty
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState
from workflows.workflow import Case

ROWS: Final = 30
"""So many rows at most; what is more is counted."""
MOST: Final = 1000
"""So many open cases are looked at."""
_URGENCY: Final = (Severity.S1, Severity.S2, None, Severity.S3, Severity.S4)
"""The most severe first; one that nobody has assessed yet may turn out to be anything."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title."""

    title: str
    rows: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The page. All texts are plain; `hint` says what is left out, `more` how many rows that are."""

    head: Paragraph
    sections: tuple[Section, ...]
    hint: str = ""
    more: int = 0


def page(room: Room) -> Home:
    """The home tab of whoever is in the room; nothing on it that they may not see."""
    t = room.t
    changes = _open_changes(room)
    opened = most_severe_first(room.queries.cases(room.actor, workflow="incident", open_only=True, limit=MOST))
    owing = [case for case in room.queries.owing(room.actor) if isinstance(case, IncidentCase)]
    found = (
        Section(home.mine(t), (*_mine(room, opened, owing), *_approvals(room, changes))),
        Section(home.duties(t), tuple(_duties(room, opened, owing))),
        Section(home.changes(t), tuple(_changes(room, changes))),
        Section(home.cases(t), tuple(_row(room, case) for case in opened)),
    )
    report = Button("incident.report", next_steps.label(t, "incident.report"), primary=True)
    shown = tuple(_within(found, ROWS))
    left = sum(len(one.rows) for one in found) - sum(len(one.rows) for one in shown)
    hint = home.more(t, left) if left else "" if shown else common.no_cases(t)
    return Home(Paragraph(home.greeting(t), (report,)), shown, hint, left)


def most_severe_first(cases: tuple[Case, ...]) -> tuple[IncidentCase, ...]:
    """Incidents by urgency, drills last; of the same urgency in the order in which they came."""
    incidents = [case for case in cases if isinstance(case, IncidentCase)]
    return tuple(sorted(incidents, key=lambda case: (case.drill, _URGENCY.index(case.severity))))


def _within(sections: tuple[Section, ...], room: int) -> Iterator[Section]:
    """As many rows as there is room for, without empty sections."""
    for one in sections:
        rows = one.rows[:room]
        room -= len(rows)
        if rows:
            yield Section(one.title, rows)


def _mine(room: Room, opened: Sequence[IncidentCase], owing: Sequence[IncidentCase]) -> Iterator[Paragraph]:
    for case in opened:
        answers = steps.handover_answers(room, case)
        if answers:
            yield Paragraph(handover.asked_in_words(room.telling(case)), answers)
        if words := agreeing.answers(room, case):
            yield Paragraph(agreement.asked_in_words(room.telling(case)), words)
        if case.second_asked is not None and steps.waits_for_me(room, case):
            text = waiting.second(room.t, case.number, case.second_asked)
            yield Paragraph(text, (steps.second_button(room.t, case),))
        if asked := steps.override_asked(room, case):
            yield Paragraph(home.override(room.telling(case), asked), steps.override_decision(room.t, case))
        yield from (*_tasks(room, case), *disposals.waits_for(room, case))
    for owed in owing:
        yield from (*_tasks(room, owed), *disposals.waits_for(room, owed)) if not owed.state.is_open else ()
        for one in owed.correctives:
            if one.state is CorrectiveState.OPEN and room.is_me(owed, one.owner):
                button = Button("incident.action", next_steps.done(room.t), f"{owed.number} done {one.no}")
                yield Paragraph(home.corrective(room.telling(owed), one), (button,))
            elif correctives.waits_for(room, owed, one):
                yield Paragraph(home.check(room.telling(owed), one), correctives.buttons(room.t, owed, one)[:-1])


def _tasks(room: Room, case: IncidentCase) -> Iterator[Paragraph]:
    for task in case.open_tasks:
        # A promise that nobody took over when the case ended is with who led it.
        led = case.lead if task.is_promise and not case.state.is_open else None
        if room.is_me(case, task.owner or led):
            button = Button("incident.task", next_steps.done(room.t), f"{case.number} done {task.no}")
            yield Paragraph(home.task(room.telling(case), task), (button,))


def _duties(room: Room, opened: Sequence[IncidentCase], owing: Sequence[IncidentCase]) -> Iterator[Paragraph]:
    """Those that the reader can decide or confirm; everybody else finds them on the page of the case."""
    for case in (*opened, *(one for one in owing if one.outlived_duties)):
        unconfirmed = waiting.duties(case)
        for duty in case.duties:
            asked = duty in unconfirmed
            own = asked and room.is_me(case, duty.decided_by)
            if own or duty.is_settled or not room.may(ConfirmDuty if asked else DecideDuty, case):
                continue
            decision = waiting.to_confirm(room.t) if asked else terms.name(room.t, duty.decision)
            action = "incident.confirm" if asked else "incident.duty"
            button = Button(action, next_steps.label(room.t, action), f"{case.number} {duty.regime}")
            yield Paragraph(home.duty(room.telling(case), duty, decision), (button,))


def _open_changes(room: Room) -> tuple[ChangeCase, ...]:
    """What is still due first, also when the change is over."""
    opened = room.queries.cases(room.actor, workflow="change", open_only=True, limit=MOST)
    known = {one.number: one for one in (*room.queries.unsettled(room.actor), *opened)}
    return tuple(one for one in known.values() if isinstance(one, ChangeCase))


def _approvals(room: Room, changes: tuple[ChangeCase, ...]) -> Iterator[Paragraph]:
    """Deployments for which the reader was asked."""
    for one in changes:
        for environment in deploying.awaiting(room, one):
            label = next_steps.approve_deploy(room.t, environment)
            approve = Button("change.approve", label, f"{one.number} deploy {environment}", primary=True)
            why = Button("change.deploy", next_steps.label(room.t, "change.deploy"), f"{one.number} {environment}")
            yield Paragraph(change.headline(room.t, one), (approve, why))


def _changes(room: Room, changes: tuple[ChangeCase, ...]) -> Iterator[Paragraph]:
    """Changes that the reader asked for or owns."""
    button = next_steps.label(room.t, "change.status")
    for one in changes:
        if room.is_me(one, one.requester) or room.is_me(one, one.owner):
            due = emergency.lines(room.telling_change(one), room.now)
            text = "\n".join((change.headline(room.t, one), *due[-1:]))
            yield Paragraph(text, (Button("change.status", button, one.number),))


def _row(room: Room, case: IncidentCase) -> Paragraph:
    button = Button("incident.status", next_steps.label(room.t, "incident.status"), case.number)
    return Paragraph(home.case(room.telling(case)), (button,))
