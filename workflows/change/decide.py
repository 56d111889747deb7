"""The rules of a change: a command in, events or all reasons out."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from workflows.actors import Actor
from workflows.change import commands as cmd
from workflows.change import emergency_commands as glass
from workflows.change.rules import (
    asking,
    bypasses,
    deploying,
    emergencies,
    exporting,
    planning,
    requests,
    retrospective,
    rollback,
    waivers,
)
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import evaluate
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Approved, Cast, Decision, Declined, Reason
from workflows.errors import BrokenInput

Rule = Callable[[Draft, Any], tuple[Reason, ...]]
"""Adds to the draft what holds; returns the reasons why the command is refused."""


def _evaluate(draft: Draft, _command: cmd.Evaluate) -> tuple[Reason, ...]:
    evaluate(draft)
    deploying.follow(draft)
    return ()


RULES: Final[Mapping[type[Command], Rule]] = MappingProxyType(
    {
        cmd.Plan: planning.plan,
        cmd.PlanFromRequest: planning.plan_from_request,
        cmd.Amend: planning.amend,
        cmd.SetRisk: planning.set_risk,
        cmd.ApprovePlan: planning.approve_plan,
        cmd.ObjectPlan: planning.object_plan,
        cmd.Cancel: planning.cancel,
        cmd.LinkRequest: requests.link_request,
        cmd.UnlinkRequest: requests.unlink_request,
        cmd.Evaluate: _evaluate,
        cmd.AskDeploy: asking.ask_deploy,
        cmd.ApproveDeploy: deploying.approve_deploy,
        cmd.RecordDeployment: deploying.record_deployment,
        cmd.RecordRollback: rollback.record_rollback,
        cmd.NameSuccessor: rollback.name_successor,
        cmd.CheckDeploy: asking.check_deploy,
        cmd.RecordOffline: asking.record_offline,
        cmd.RequestWaiver: waivers.request_waiver,
        cmd.GrantWaiver: waivers.grant_waiver,
        cmd.EndWaiver: waivers.end_waiver,
        cmd.EnforceGate: requests.enforce_gate,
        cmd.ObserveGate: requests.observe_gate,
        cmd.ExportChange: exporting.export_change,
        glass.BreakGlass: emergencies.break_glass,
        glass.ConfirmEmergency: emergencies.confirm_emergency,
        glass.EndEmergency: emergencies.end_emergency,
        glass.LinkEmergency: emergencies.link_emergency,
        glass.HoldReview: retrospective.hold_review,
        glass.SettleOwed: retrospective.settle_owed,
        glass.EscalateReview: retrospective.escalate_review,
        glass.RecordBypass: bypasses.record_bypass,
        glass.ClearFinding: bypasses.clear_finding,
    }
)


def decide(case: ChangeCase, command: Command, actor: Actor, cast: Cast, context: Context) -> Decision:
    """Decide one command. A refusal names every reason; nothing of a refused command is kept."""
    rule = RULES.get(type(command))
    if rule is None:
        message = f"expected a command of a change, found {type(command).__name__}"
        raise BrokenInput(message)
    draft = Draft(case, actor, cast, context)
    reasons = rule(draft, command)
    return Declined(reasons) if reasons else Approved(draft.happenings)
