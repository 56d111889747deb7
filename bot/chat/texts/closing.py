"""The page before a case is closed (A.5.27): what was left out, what stays open, how duties were decided."""

from bot.chat.texts import common, criteria, terms
from bot.chat.texts.told import Telling
from config.i18n import Translator
from config.policy.criteria import CriterionId
from workflows.events import OptionalText, plain
from workflows.incident.items import Corrective, Duty, Exemption, Override, Task
from workflows.incident.terms import CorrectiveState, DutyDecision

_LONGEST = 300


def exempted_head(t: Translator) -> str:
    """Over criteria that do not apply."""
    return t.gettext("Recorded as not applicable:")


def exempted(x: Telling, one: Exemption) -> str:
    """A criterion that does not apply, why, and who said so."""
    text = x.t.gettext("{criterion}: {reason} ({who})")
    return text.format(criterion=criteria.as_asked(x.t, x.policy, one), reason=_typed(one.because), who=x.who(one.by))


def relaxed_head(t: Translator) -> str:
    """Over criteria that the policy does not demand."""
    return t.gettext("Not answered, and not demanded by the policy:")


def relaxed(x: Telling, one: CriterionId) -> str:
    """A criterion that the policy does not demand."""
    return criteria.named(x.t, x.policy, one)


def overrides_head(t: Translator) -> str:
    """Over overrides that were granted."""
    return t.gettext("Gone on by override:")


def override(x: Telling, one: Override) -> str:
    """An override: to where, why, and who granted it."""
    text = x.t.gettext("{phase}: {reason} (granted: {who})")
    return text.format(phase=terms.name(x.t, one.to), reason=_typed(one.reason), who=x.who(one.decided_by))


def tasks_head(t: Translator) -> str:
    """Over open tasks."""
    return t.gettext("Open tasks; once the case is closed they can no longer be finished:")


def task(x: Telling, one: Task) -> str:
    """An open task."""
    owner = x.who(one.owner) if one.owner else x.t.gettext("nobody yet")
    return x.t.gettext("No. {no}: {text} ({who})").format(no=one.no, text=_typed(one.text), who=owner)


def correctives_head(t: Translator) -> str:
    """Over corrective actions that outlive the case."""
    return t.gettext("Still to be done after closing:")


def corrective(x: Telling, one: Corrective) -> str:
    """A corrective action that is to be done, or whose effect is to be checked (10.2)."""
    text = x.t.gettext("No. {no}: {text} ({who}, due {day})")
    day = one.due
    if one.state is CorrectiveState.DONE and one.check_due:
        text, day = x.t.gettext("No. {no}: {text} ({who}, check of the effect {day})"), one.check_due
    return text.format(no=one.no, text=_typed(one.text), who=x.who(one.owner), day=x.day(day))


def duties_head(t: Translator) -> str:
    """Over duties to notify."""
    return t.gettext("Duties to notify:")


def duty(x: Telling, one: Duty, *, by_closing: bool) -> str:
    """How a duty was decided. `by_closing`: whether closing makes the reader its second person."""
    t, regime = x.t, x.regime(one.regime)
    if one.filed_at:
        text = t.gettext("{regime}: notified {when}, {reference}")
        return text.format(regime=regime, when=x.when(one.filed_at), reference=_typed(one.reference))
    if one.decision is not DutyDecision.NOT_REQUIRED:
        return t.gettext("{regime}: {decision}").format(regime=regime, decision=terms.name(t, one.decision))
    text = t.gettext("{regime}: not required, {reason} (decided: {who}; confirmed: {second})")
    if one.second is None:
        text = t.gettext("{regime}: not required, {reason} (decided: {who}; not confirmed yet)")
        if by_closing:
            text = t.gettext("{regime}: not required, {reason} (decided: {who}). Whoever closes confirms this.")
    second = x.who(one.second) if one.second else ""
    return text.format(regime=regime, reason=_typed(one.reason), who=x.who(one.decided_by), second=second)


def _typed(text: OptionalText) -> str:
    return common.one_line(plain(text), _LONGEST) or "—"
