"""What waits for a second person, read from a case: so that they are named, and get the button."""

from config.i18n import Translator
from config.policy.ids import SecondPersonRule
from workflows.events import Event
from workflows.incident.events import DutyDecided, OverrideRequested
from workflows.incident.evidence_events import DisposalAsked
from workflows.incident.items import Duty, Override
from workflows.incident.second_events import SecondAsked
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DutyDecision, OverrideState, State
from workflows.workflow import Case


def duties(case: Case | None) -> tuple[Duty, ...]:
    """Duties that were decided not to apply, by one person only."""
    if not isinstance(case, IncidentCase):
        return ()
    return tuple(one for one in case.duties if one.decision is DutyDecision.NOT_REQUIRED and one.second is None)


def override(case: IncidentCase) -> Override | None:
    """The override that waits for a decision."""
    return next((one for one in case.overrides if one.state is OverrideState.REQUESTED), None)


def only_confirmation(case: Case | None) -> bool:
    """Whether all that keeps the duties open is the second person."""
    if not isinstance(case, IncidentCase):
        return False
    unsettled = [one for one in case.duties if not one.is_settled]
    return bool(unsettled) and len(unsettled) == len(duties(case))


def to_confirm(t: Translator) -> str:
    """A duty that one person decided."""
    return t.gettext("not required; a second person has yet to confirm")


def no_override(t: Translator) -> str:
    """There is nothing to grant or deny, for instance since the case has moved meanwhile."""
    return t.gettext("No override waits for a decision here.")


def not_overridable(t: Translator, number: str) -> str:
    """No step from here can be made by override."""
    text = t.gettext(
        "{number} cannot go on by override from here: that leads only to the next phase of an incident, up to Review, "
        "and not in a case that is entered afterwards."
    )
    return text.format(number=number)


def asked(case: IncidentCase, event: Event) -> SecondPersonRule | None:
    """The rule under which this step still waits for somebody else; it may be settled meanwhile."""
    if isinstance(event, OverrideRequested) and override(case) is None:
        return None
    if isinstance(event, DutyDecided) and event.regime not in {one.regime for one in duties(case)}:
        return None
    if isinstance(event, DisposalAsked) and event.no not in {one.no for one in case.disposals}:
        return None
    return rule_of(event)


def asked_directly(t: Translator, number: str) -> str:
    """A direct message to whoever can be the second person, where nobody talks about the case in a channel."""
    return t.gettext("{number} waits for a second person, and you can be it.").format(number=number)


def second(t: Translator, number: str, to: State) -> str:
    """All that a move is waiting for is another person."""
    if to is State.DISMISSED:
        return t.gettext("{number} can be dismissed; all that is missing is the second person.").format(number=number)
    text = t.gettext("{number} can be closed; all that is missing is somebody other than the incident lead.")
    return text.format(number=number)


def rule_of(event: Event) -> SecondPersonRule | None:
    """The rule under which somebody else is asked to answer this step; None for all that stands by itself."""
    if isinstance(event, OverrideRequested):
        return SecondPersonRule.OVERRIDE
    if isinstance(event, SecondAsked):
        return SecondPersonRule.DISMISSAL if event.to is State.DISMISSED else SecondPersonRule.CLOSE
    if isinstance(event, DutyDecided) and event.decision is DutyDecision.NOT_REQUIRED:
        return SecondPersonRule.DUTY
    if isinstance(event, DisposalAsked):
        return SecondPersonRule.DISPOSAL
    return None
