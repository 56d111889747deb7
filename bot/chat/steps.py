"""The way out of a phase: what is missing for it, and the form that asks exactly that."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.chat import agreeing, causes, closing
from bot.chat.forms import phases
from bot.chat.forms.parts import parts_of
from bot.chat.forms.phases import TARGETS, Exit
from bot.chat.reply import Button, Form
from bot.chat.room import Room
from bot.chat.texts import incident, next_steps, waiting
from config.i18n import Translator
from config.policy.criteria import CriterionId, criterion_of
from config.policy.ids import CaseRole, Criterion, Role
from config.policy.models import Policy
from workflows.commands import Command
from workflows.decisions import Reason
from workflows.incident import asking
from workflows.incident import commands as c
from workflows.incident.criteria.own import left_to, left_to_others
from workflows.incident.criteria.registry import Standing
from workflows.incident.items import Duty, Override
from workflows.incident.moves import ways_back
from workflows.incident.moving import WALKABLE
from workflows.incident.overrides import overridable
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DISMISSED_KINDS, Kind, State

_HELPING = frozenset({CaseRole.SCRIBE, CaseRole.TECHNICAL_LEAD})
"""Roles of a case that answer for a step without taking it."""
_BUTTONS: Mapping[State, str] = {
    State.CONTAIN: "incident.contain",
    State.ERADICATE: "incident.eradicate",
    State.RECOVER: "incident.recover",
    State.REVIEW: "incident.review",
    State.CLOSED: "incident.close",
    State.DISMISSED: "incident.close",
}


def form_id_for(form_id: str, case: IncidentCase) -> str:
    """`close` on a report that is not an incident ends it as such."""
    if form_id == "incident.close" and case.state is State.IDENTIFY:
        return "incident.dismiss"
    return form_id


def is_way(form_id: str, case: IncidentCase) -> bool:
    """Whether there is such a step from where the case stands."""
    if form_id == "incident.walk":
        # A form of twenty questions that would be refused for its severity is not worth opening.
        return bool(asking.steps(case, State.CLOSED)) and (case.severity is None or case.severity in WALKABLE)
    return asking.is_forward(case.state, TARGETS[form_id])


def leads(form_id: str, case: IncidentCase) -> bool:
    """Whether the form of a step has something to ask for: the step itself, or what was put off."""
    return is_way(form_id, case) or is_late(form_id, case)


def is_late(form_id: str, case: IncidentCase) -> bool:
    """Whether the form of a step that was made serves to supply what its override put off."""
    if not case.state.is_open or not asking.is_behind(case, TARGETS[form_id]):
        return False
    return any(one.criterion is not None for one in case.open_due_items)


def is_back(form_id: str, case: IncidentCase) -> bool:
    """Whether the phase that is named lies behind, and the case can go back to it."""
    behind = ways_back(case.state, near_miss=case.kind is Kind.NEAR_MISS) if case.state.is_open else ()
    return TARGETS[form_id] in behind and not leads(form_id, case)


def is_first(case: IncidentCase) -> bool:
    """Whether nothing lies before the phase of an open case."""
    return case.state.is_open and not ways_back(case.state, near_miss=case.kind is Kind.NEAR_MISS)


def count(policy: Policy, form_id: str, case: IncidentCase) -> int:
    """How many criteria hold this step."""
    return sum(asking.criteria_count(policy, case, *step) for step in _moves(form_id, case))


def _moves(form_id: str, case: IncidentCase) -> tuple[tuple[State, State], ...]:
    return asking.steps(case, State.CLOSED) if form_id == "incident.walk" else ((case.state, TARGETS[form_id]),)


def missing(room: Room, form_id: str, case: IncidentCase) -> tuple[Reason, ...]:
    """Every criterion that is missing for the step, as reasons."""
    if form_id != "incident.walk":
        return asking.missing(case, TARGETS[form_id], room.actor, room.context(case))
    context = room.context(case)
    found: dict[str, Reason] = {}
    for source, target in asking.steps(case, State.CLOSED):
        ahead = case.model_copy(update={"state": source})
        for judgement in asking.standing(ahead, target, room.actor, context):
            if judgement.standing is Standing.MISSING and judgement.reason is not None:
                found.setdefault(judgement.criterion, judgement.reason)
    return tuple(found.values())


def _by_criterion(reasons: Iterable[Reason]) -> dict[CriterionId, Reason]:
    found: dict[CriterionId, Reason] = {}
    for one in reasons:
        criterion = criterion_of(one.subject)
        if criterion is not None:
            found.setdefault(criterion, one)
    return found


def due(room: Room, case: IncidentCase) -> tuple[Reason, ...]:
    """What overrides put off, as reasons."""
    return asking.due(case, room.actor, room.context(case)) if case.open_due_items else ()


def one_by_one(room: Room, case: IncidentCase, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons with each thing put off by itself. Of due items, signatures alone remain together."""
    found: list[Reason] = []
    for reason in reasons:
        if reason.subject != Criterion.NO_DUE_ITEMS:
            found.append(reason)
            continue
        found += (late := due(room, case))
        rest = set(reason.expected.split()) - {one.subject for one in late}
        found += [replace(reason, expected=" ".join(sorted(rest)))] if rest else []
    return tuple({one.subject: one for one in reversed(found)}.values())[::-1]


def form(
    room: Room, form_id: str, case: IncidentCase, reasons: Iterable[Reason], values: Mapping[str, str], notice: str = ""
) -> Form:
    """The form with one field for everything missing that can be typed; before closing, with all there is to see."""
    late = due(room, case)
    listed = _by_criterion((*reasons, *late))
    partly = only_answers(room, form_id, case) and not is_late(form_id, case)
    asked = [one for one in listed if _is_theirs(room, case, one, partly=partly)]
    if waiting.only_confirmation(case):
        # They are decided; asking again would not help. The refusal says who confirms.
        asked = [one for one in asked if one is not Criterion.DUTIES_DECIDED]
    step = Exit(
        form_id=form_id,
        case=case.number,
        missing=tuple(asked),
        left={criterion: one.expected for criterion, one in listed.items()},
        moves=() if partly else entered(form_id, case),
        tags=causes.offered(room, case) if Criterion.ROOT_CAUSE in asked else (),
        state=case.state,
        exempts=not partly or room.may(c.Exempt, case) or _is_left_something(room, case, asked),
    )
    if late and (not notice or TARGETS[form_id] is not State.CLOSED):
        notice = "\n".join(one for one in (notice, incident.put_off(room.telling(case), late)) if one)
    if partly:
        return agreeing.shown(room, case, phases.build(room.questions(values), step, notice), own=True)
    built = phases.build(room.questions(values), step, notice, override(room, form_id, case))
    built = agreeing.shown(room, case, built, own=False)
    if TARGETS[form_id] is not State.CLOSED:
        return built
    submit = built.submit if built.fields else next_steps.label(room.t, "incident.close")
    return replace(built, page=closing.page(room, case), submit=submit)


def only_answers(room: Room, form_id: str, case: IncidentCase) -> bool:
    """Whether the asker cannot take the step, but has something to answer on the way."""
    if room.may(phases.MOVES.get(form_id, c.Advance), case) or not room.may(c.Answer, case):
        return False
    roles = room.roles(case)
    if any(asking.is_left_to(room.policy, case, *step, roles) for step in _moves(form_id, case)):
        return True
    return any(_is_answered_by(room, one, roles) for one in _by_criterion(missing(room, form_id, case)))


def _is_answered_by(room: Room, criterion: CriterionId, roles: AbstractSet[Role | CaseRole]) -> bool:
    """Whether these roles answer it without taking the step: theirs by the policy, their own word, or their work."""
    if left_to(room.policy, criterion, roles):
        return True
    if criterion is Criterion.SERVICE_OWNER_AGREES:
        return Role.SERVICE_OWNER in roles
    helps = not _HELPING.isdisjoint(roles) and criterion is not Criterion.DUTIES_DECIDED
    return helps and bool(parts_of(criterion)) and not left_to_others(room.policy, criterion, roles)


def _is_left_something(room: Room, case: IncidentCase, asked: Iterable[CriterionId]) -> bool:
    """Whether the policy leaves one of these to the asker: whoever answers it also says that it does not apply."""
    roles = room.roles(case)
    return any(left_to(room.policy, one, roles) for one in asked)


def _is_theirs(room: Room, case: IncidentCase, criterion: CriterionId, *, partly: bool) -> bool:
    """Whether it is asked of this reader. Nobody types an answer that the policy leaves to others."""
    roles = room.roles(case)
    if partly:
        return _is_answered_by(room, criterion, roles)
    return not left_to_others(room.policy, criterion, roles)


def entered(form_id: str, case: IncidentCase) -> tuple[State, ...]:
    """The moves whose real times are asked for: those of a case that is entered after the fact."""
    if not case.backfill:
        return ()
    return asking.remaining(case) if form_id == "incident.walk" else (TARGETS[form_id],)


def override(room: Room, form_id: str, case: IncidentCase) -> tuple[Button, ...]:
    """Asks for an override of this step, where there can be one."""
    if overridable(case) is not TARGETS[form_id]:
        return ()
    return (Button("incident.override", next_steps.label(room.t, "incident.override"), case.number),)


def override_asked(room: Room, case: IncidentCase) -> Override | None:
    """The override that the asker can decide on."""
    asked = waiting.override(case)
    if asked is None or not room.may(c.GrantOverride, case) or room.is_me(case, asked.asked_by):
        return None
    return asked


def second_button(t: Translator, case: IncidentCase) -> Button:
    """For the other person that a move waits for. A small case is walked to its end from any phase."""
    at_the_end = case.state is State.REVIEW or case.second_asked is State.DISMISSED or not case.state.is_open
    action = "incident.close" if at_the_end else "incident.walk"
    return Button(action, next_steps.label(t, action), case.number, primary=True)


def waits_for_me(room: Room, case: IncidentCase) -> bool:
    """Whether all that a move waits for is the reader."""
    if case.second_asked is None or not room.may(c.Close, case):
        return False
    form_id = form_id_for(second_button(room.t, case).action, case)
    return is_way(form_id, case) and not missing(room, form_id, case)


def override_decision(t: Translator, case: IncidentCase) -> tuple[Button, ...]:
    """For whoever decides on an override."""
    return (
        Button("incident.override", next_steps.grant(t), f"{case.number} grant", primary=True),
        Button("incident.override", next_steps.deny(t), f"{case.number} deny"),
    )


def is_unattended(case: IncidentCase) -> bool:
    """Whether nobody looks after it yet: nobody said so, and nobody leads."""
    return case.acknowledged is None and case.lead is None and not case.backfill


def onward(t: Translator, case: IncidentCase, may: Callable[[type[Command]], bool]) -> tuple[Button, ...]:
    """The next steps of a case, the likeliest first. `may`: whether the reader's role allows a command."""
    if not case.state.is_open:
        return _duties_of_an_end(t, case, may)
    offered: list[tuple[type[Command], str]] = []
    if case.state is State.IDENTIFY:
        offered += [(c.Acknowledge, "incident.ack")] if is_unattended(case) else []
        offered.append((c.Assess, "incident.assess"))
        offered += [] if case.wants_channel or case.backfill else [(c.MarkUrgent, "incident.urgent")]
    target = asking.next_state(case)
    if waiting.duties(case):
        offered.append((c.ConfirmDuty, "incident.confirm"))
    if target is not None and (case.assessment is not None or case.kind in DISMISSED_KINDS):
        offered.append((c.Close if target is State.CLOSED else c.Advance, _BUTTONS[target]))
    if case.backfill and case.severity in WALKABLE and asking.steps(case, State.CLOSED):
        offered.append((c.Walk, "incident.walk"))
    offered.append((c.Note, "incident.note"))
    main = _BUTTONS.get(target) if target is not None else None
    return tuple(
        Button(action, next_steps.label(t, action), _value(case, action), primary=action == main)
        for command, action in offered
        if may(command)
    )


def _duties_of_an_end(t: Translator, case: IncidentCase, may: Callable[[type[Command]], bool]) -> tuple[Button, ...]:
    """What a dismissed case may still ask for: a decision on each duty, by two persons."""
    if not case.outlived_duties:
        return ()
    waits = bool(waiting.duties(case))
    command, action = (c.ConfirmDuty, "incident.confirm") if waits else (c.DecideDuty, "incident.duty")
    button = Button(action, next_steps.label(t, action), _value(case, action), primary=True)
    return (button,) if may(command) else ()


def _value(case: IncidentCase, action: str) -> str:
    """The case, and for a confirmation the duty that it is about."""
    named = [one.regime for one in waiting.duties(case)][:1] if action == "incident.confirm" else []
    return " ".join([case.number, *named])


def vacancies(t: Translator, case: IncidentCase) -> tuple[Button, ...]:
    """Roles that nobody has yet, to be taken with one press; whoever is second is told who was first."""
    if not case.state.is_open:
        return ()
    offered = ((CaseRole.LEAD, next_steps.i_lead(t)), (CaseRole.SCRIBE, next_steps.i_write(t)))
    return tuple(
        Button("incident.role", label, f"{case.number} {role.value} me if free")
        for role, label in offered
        if not case.holders(role)
    )


def onward_for(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """The next steps that the asker's roles allow."""
    own = all(_decided_by(room, case, one) for one in waiting.duties(case))

    def may(command: type[Command]) -> bool:
        return room.may(command, case) and not (own and command is c.ConfirmDuty)

    return (*handover_answers(room, case), *agreeing.answers(room, case), *onward(room.t, case, may))


def talk(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """A link to where people talk about the case, once there is such a place."""
    address = room.queries.talk_of(case)
    action = "incident.talk"
    return (Button(action, next_steps.label(room.t, action), url=address),) if address else ()


def handover_answers(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """For who is asked to lead."""
    asked = case.state.is_open and case.handover is not None and room.is_me(case, case.handover.person)
    return handover_decision(room.t, case) if asked else ()


def lead_oneself(t: Translator, number: str) -> Button:
    """Takes the lead, for whoever may give it."""
    return Button("incident.role", next_steps.take_lead(t), f"{number} lead me")


def handover_decision(t: Translator, case: IncidentCase) -> tuple[Button, ...]:
    """Accepts or declines the lead."""
    return (
        Button("incident.handover", next_steps.lead_from_here(t), f"{case.number} accept", primary=True),
        Button("incident.handover", next_steps.not_lead(t), f"{case.number} decline"),
    )


def _decided_by(room: Room, case: IncidentCase, duty: Duty) -> bool:
    return room.is_me(case, duty.decided_by)
