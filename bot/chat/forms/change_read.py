"""Answers of the change forms as commands."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.chat.forms.change_ask import NONE_OF_THEM
from bot.chat.forms.reading import Reading
from bot.chat.texts import common
from bot.chat.verbs import Topic, fold
from config.policy.ids import ChangeKind, Requirement, Risk
from workflows.change import commands as c
from workflows.change import emergency_commands as glass
from workflows.change.codes import RiskFactor, Settlement, WaiverScope
from workflows.change.state import ChangeCase
from workflows.commands import Command


def plan(a: Reading, _case: str) -> Command:
    """Open a change."""
    return c.Plan(
        title=a.text("title", required=True),
        kind=a.choice("change_kind", ChangeKind) or ChangeKind.NORMAL,
        description=a.text("change_description") or None,
        affected=_affected(a),
        security=a.text("security") or None,
        rollback=a.text("rollback") or None,
        factors=_factors(a),
        owner=a.person("change_owner"),
    )


def amend(a: Reading, case: str) -> Command:
    """Give or alter answers."""
    return c.Amend(
        case=case,
        title=a.text("title") or None,
        kind=a.choice("change_kind", ChangeKind),
        description=a.text("change_description") or None,
        affected=_affected(a),
        security=a.text("security") or None,
        rollback=a.text("rollback") or None,
        factors=_factors(a),
        owner=a.person("change_owner"),
    )


def _affected(a: Reading) -> tuple[str, ...] | None:
    listed = tuple(one.strip() for one in a.text("change_affected").split(",") if one.strip())
    return listed or None


def _factors(a: Reading) -> tuple[RiskFactor, ...] | None:
    found = [fold(one) for one in a.text("factors").replace(",", " ").split()]
    if not found:
        return None
    unknown = [one for one in found if one not in {*RiskFactor, NONE_OF_THEM}]
    if unknown:
        a.fail("factors", common.no_such_choice(a.t, [*(one.value for one in RiskFactor), NONE_OF_THEM]))
    return tuple(factor for factor in RiskFactor if factor.value in found)


def objection(a: Reading, case: str) -> Command:
    """Object to the plan."""
    return c.ObjectPlan(case=case, reason=a.text("reason", required=True))


def risk(a: Reading, case: str) -> Command:
    """Set the risk."""
    wanted = a.choice("risk", Risk, required=True) or Risk.CRITICAL
    return c.SetRisk(case=case, risk=wanted, reason=a.text("reason", required=True))


def deploy(a: Reading, case: str) -> Command:
    """Approve a deployment."""
    return c.ApproveDeploy(case=case, environment=a.text("environment", required=True))


def rollback(a: Reading, case: str) -> Command:
    """Record that an environment went back."""
    environment = a.text("environment", required=True)
    return c.RecordRollback(case=case, environment=environment, reason=a.text("reason", required=True))


def deployed(a: Reading, case: str) -> Command:
    """Record a deployment by hand."""
    environment = a.text("environment", required=True)
    return c.RecordDeployment(case=case, environment=environment, succeeded=a.flag("failed") is not True)


def waive(a: Reading, case: str) -> Command:
    """Ask for a waiver."""
    known = [one.value for one in Requirement]
    requirement = a.one_of("requirement", known, required=True)
    expires = a.due("expires", required=True)
    return c.RequestWaiver(
        case=case,
        requirement=Requirement(requirement or known[0]),
        scope=a.choice("scope", WaiverScope) or WaiverScope.CHANGE,
        reason=a.text("reason", required=True),
        measure=a.text("measure", required=True),
        owner=a.someone("waiver_owner"),
        expires=expires or a.now,
    )


def cancel(a: Reading, case: str) -> Command:
    """Give the change up."""
    return c.Cancel(case=case, reason=a.text("reason", required=True))


def link(a: Reading, case: str) -> Command:
    """Tie an incident to the change, beside those it has; or to one that was rolled back its successor."""
    if a.text("linked").upper().startswith("CHG"):
        return c.NameSuccessor(case=case, successor=a.case_number("linked", Topic.CHANGE))
    known = a.case.incidents if isinstance(a.case, ChangeCase) and isinstance(a.case.incidents, tuple) else ()
    wanted = a.incident("linked", required=True)
    return c.Amend(case=case, incidents=tuple(dict.fromkeys((*known, wanted))))


def emergency(a: Reading, case: str) -> Command:
    """Let a commit through as an emergency."""
    known = a.case.numbered() if isinstance(a.case, ChangeCase) else {}
    wanted = a.one_of("request", list(known))
    return glass.BreakGlass(
        case=case,
        reason=a.text("reason", required=True),
        incident=a.incident("incident"),
        request=known[wanted].ref if wanted in known else None,
    )


def emergency_end(a: Reading, case: str) -> Command:
    """Let it no longer through."""
    return glass.EndEmergency(case=case, reason=a.text("reason", required=True))


def review(a: Reading, case: str) -> Command:
    """The retrospective review."""
    return glass.HoldReview(
        case=case,
        account=a.text("account", required=True),
        justified=a.flag("justified", required=True) is True,
        prevention=a.text("prevention", required=True),
        follow_up=a.text("follow_up"),
    )


def settle(a: Reading, case: str) -> Command:
    """Settle a requirement that was skipped."""
    known = [one.value for one in Requirement]
    requirement = a.one_of("requirement", known, required=True)
    return glass.SettleOwed(
        case=case,
        requirement=Requirement(requirement or known[0]),
        settlement=a.choice("settlement", Settlement, required=True) or Settlement.DONE,
        note=a.text("settle_note", required=True),
    )


READ: Final[Mapping[str, Callable[[Reading, str], Command]]] = {
    "change.plan": plan,
    "change.amend": amend,
    "change.object": objection,
    "change.risk": risk,
    "change.deploy": deploy,
    "change.deployed": deployed,
    "change.rollback": rollback,
    "change.waive": waive,
    "change.cancel": cancel,
    "change.link": link,
    "change.emergency": emergency,
    "change.emergency_end": emergency_end,
    "change.review": review,
    "change.settle": settle,
}
"""Form id to the function that reads it."""
