"""What was recorded about a change, one short sentence per entry."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import change, common, exports, requests, requirements, terms
from bot.chat.texts.emergency_events import EMERGENCY_SENTENCES
from bot.chat.texts.telling import Telling
from workflows.change import events as e
from workflows.change.codes import DeploymentOutcome
from workflows.events import Erased, Event, Recorded, plain
from workflows.exported import CaseExported

Sentence = Callable[[Telling, Recorded, Any], str]


def sentence(telling: Telling, item: Recorded) -> str:
    """The sentence for one entry; empty where it goes without saying."""
    return SENTENCES[type(item.event)](telling, item, item.event)


def _planned(x: Telling, _item: Recorded, event: e.ChangePlanned) -> str:
    return x.t.gettext("{number} is on record: {title}.").format(
        number=x.case.number, title=common.one_line(plain(event.title))
    )


def _amended(x: Telling, _item: Recorded, event: e.ChangeAmended) -> str:
    text = x.t.gettext("The plan of {number} is supplemented.").format(number=x.case.number)
    if event.material:
        text += " " + x.t.gettext("Approvals given for the earlier plan no longer count.")
    return text


def _risk(x: Telling, _item: Recorded, event: e.RiskSet) -> str:
    text = x.t.gettext("Risk: {risk}.")
    if event.overridden:
        text = x.t.gettext("Risk: {risk}, set by hand.")
    return text.format(risk=terms.name(x.t, event.risk))


def _plan_approved(x: Telling, item: Recorded, _event: e.PlanApproved) -> str:
    return x.t.gettext("{who} approves the plan.").format(who=x.who(item.by))


def _plan_objected(x: Telling, item: Recorded, event: e.PlanObjected) -> str:
    return x.t.gettext("{who} objects to the plan: {reason}").format(
        who=x.who(item.by), reason=common.one_line(plain(event.reason))
    )


def _linked(x: Telling, _item: Recorded, event: e.RequestLinked) -> str:
    return x.t.gettext("{request} belongs to {number}.").format(request=requests.name(event), number=x.case.number)


def _unlinked(x: Telling, _item: Recorded, event: e.RequestUnlinked) -> str:
    return x.t.gettext("{request} no longer belongs to {number}.").format(
        request=requests.name(event), number=x.case.number
    )


def _moved(x: Telling, _item: Recorded, event: e.ChangeMoved) -> str:
    phase = terms.name(x.t, event.to_state)
    if x.case.over:
        return x.t.gettext("{number} is {phase}.").format(number=x.case.number, phase=phase)
    return x.t.gettext("{number} stands in {phase}.").format(number=x.case.number, phase=phase)


def _verdict(x: Telling, _item: Recorded, event: e.VerdictEvent) -> str:
    named = (*event.wrong, *event.waiting, *event.unknown)
    text = f"{requests.name(event)}: {terms.name(x.t, event.status)}"
    if named:
        text += ": " + ", ".join(requirements.label(x.t, one) for one in named)
    return f"{text}."


def _frozen(x: Telling, _item: Recorded, event: e.VerdictFrozen) -> str:
    return x.t.gettext("{request} is merged, the verdict at the merge stays: {status}.").format(
        request=requests.name(event), status=terms.name(x.t, event.status)
    )


def _deploy_asked(x: Telling, item: Recorded, event: e.DeployAsked) -> str:
    return x.t.gettext("{who} asks for the approval of deploying to {environment}: {title}.").format(
        who=x.who(item.by), environment=_environment(event.environment), title=change.title(x.case)
    )


def _deploy_approved(x: Telling, item: Recorded, event: e.DeployApproved) -> str:
    return x.t.gettext("{who} approves the deployment to {environment}.").format(
        who=x.who(item.by), environment=_environment(event.environment)
    )


def _deployment(x: Telling, _item: Recorded, event: e.DeploymentRecorded) -> str:
    return f"{requests.name(event)}: {change.outcome(x.t, event.outcome, _environment(event.environment))}."


def _rolled_back(x: Telling, _item: Recorded, event: e.RolledBack) -> str:
    told = change.outcome(x.t, DeploymentOutcome.ROLLED_BACK, _environment(event.environment))
    reason = common.one_line(plain(event.reason)) if event.reason else ""
    return f"{requests.name(event)}: {told}: {reason}" if reason else f"{requests.name(event)}: {told}."


def _offline(x: Telling, _item: Recorded, event: e.DeployedOffline) -> str:
    return x.t.gettext("{request}: let through to {environment} while the gate could not be asked: {reason}").format(
        request=requests.name(event),
        environment=_environment(event.environment),
        reason=common.one_line(plain(event.reason)),
    )


def _successor(x: Telling, _item: Recorded, event: e.SuccessorNamed) -> str:
    return x.t.gettext("{successor} takes the place of {number}.").format(
        successor=common.one_line(plain(event.successor), 40), number=x.case.number
    )


def _checked(x: Telling, _item: Recorded, event: e.DeployChecked) -> str:
    return x.t.gettext("{request}: asked whether it may be deployed to {environment}: {status}.").format(
        request=requests.name(event),
        environment=_environment(event.environment),
        status=terms.name(x.t, event.status),
    )


def _waiver_requested(x: Telling, item: Recorded, event: e.WaiverRequested) -> str:
    return x.t.gettext("{who} asks for a waiver until {day}: {name}. A risk owner decides.").format(
        who=x.who(item.by), day=x.t.date(event.expires, x.zone), name=requirements.label(x.t, event.requirement)
    )


def _waiver_granted(x: Telling, item: Recorded, event: e.WaiverGranted) -> str:
    waiver = x.case.waiver(event.waiver)
    if waiver is None:
        return x.t.gettext("{who} grants the waiver.").format(who=x.who(item.by))
    return x.t.gettext("{who} grants the waiver until {day}: {name}.").format(
        who=x.who(item.by), day=x.t.date(waiver.expires, x.zone), name=requirements.label(x.t, waiver.requirement)
    )


def _waiver_ended(x: Telling, _item: Recorded, _event: e.WaiverEnded) -> str:
    return x.t.gettext("A waiver of {number} has ended.").format(number=x.case.number)


def _cancelled(x: Telling, item: Recorded, event: e.ChangeCancelled) -> str:
    return x.t.gettext("{who} gives {number} up: {reason}").format(
        who=x.who(item.by), number=x.case.number, reason=common.one_line(plain(event.reason))
    )


def _finding(x: Telling, _item: Recorded, event: e.FindingOpened) -> str:
    where = requests.name(event)
    if not event.number:
        branch = f" {common.one_line(plain(event.branch), 60)}" if event.branch else ""
        where = f"{common.one_line(plain(event.repository), 100)}{branch} {(event.commit or '')[:7]}"
    return x.t.gettext("Finding: {request}, {what}.").format(
        request=where, what=x.t.gettext(requirements.FINDINGS[event.found])
    )


def _enforced(x: Telling, _item: Recorded, event: e.GateEnforced) -> str:
    return x.t.gettext("The gate of {repository} holds from now on.").format(
        repository=common.one_line(plain(event.repository), 100)
    )


def _observed(x: Telling, _item: Recorded, event: e.GateObserved) -> str:
    return x.t.gettext("The gate of {repository} only observes from now on.").format(
        repository=common.one_line(plain(event.repository), 100)
    )


def _environment(name: str | Erased) -> str:
    return common.one_line(plain(name), 60)


SENTENCES: Final[Mapping[type[Event], Sentence]] = {
    e.ChangePlanned: _planned,
    e.ChangeAmended: _amended,
    e.RiskSet: _risk,
    e.PlanApproved: _plan_approved,
    e.PlanObjected: _plan_objected,
    e.RequestLinked: _linked,
    e.RequestUnlinked: _unlinked,
    e.ChangeMoved: _moved,
    e.VerdictChanged: _verdict,
    e.VerdictFrozen: _frozen,
    e.DeployAsked: _deploy_asked,
    e.DeployApproved: _deploy_approved,
    e.DeploymentRecorded: _deployment,
    e.RolledBack: _rolled_back,
    e.DeployedOffline: _offline,
    e.SuccessorNamed: _successor,
    e.DeployChecked: _checked,
    e.WaiverRequested: _waiver_requested,
    e.WaiverGranted: _waiver_granted,
    e.WaiverEnded: _waiver_ended,
    e.ChangeCancelled: _cancelled,
    e.FindingOpened: _finding,
    e.GateEnforced: _enforced,
    e.GateObserved: _observed,
    CaseExported: exports.sentence,
    **EMERGENCY_SENTENCES,
}
"""Every event of a change has its sentence; a test walks them."""
