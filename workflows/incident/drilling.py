"""Drills by a scenario (A.5.24): how one begins, and what comes to light in its course."""

from datetime import datetime, timedelta

from config.policy.drills import Scenario
from config.policy.models import Policy
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.commands import Report
from workflows.incident.drill_commands import StartDrill, TellInject
from workflows.incident.drill_events import DrillStarted, Injected
from workflows.incident.reporting import report
from workflows.incident.situation import Proposal
from workflows.incident.state import IncidentCase

Reasons = tuple[Reason, ...]


def start(proposal: Proposal, command: StartDrill) -> Reasons:
    """A report as the scenario tells it, marked as a drill."""
    policy = proposal.situation.policy
    scenario = policy.drills.scenarios.get(command.scenario)
    if scenario is None:
        known = " ".join(sorted(policy.drills.scenarios))
        return (Reason(Code.INVALID, "scenario", expected=known, found=command.scenario),)
    opening = Report(
        what=scenario.told(policy.language),
        title=scenario.titled(policy.language),
        drill=True,
        page=command.page,
    )
    reasons = report(proposal, opening)
    if not reasons:
        proposal.add(DrillStarted(scenario=command.scenario, injects=len(scenario.injects)))
    return reasons


def tell_inject(proposal: Proposal, command: TellInject) -> Reasons:
    """The next one, once."""
    case, policy = proposal.case, proposal.situation.policy
    if due(policy, case) is None or command.no != case.injected:
        return (Reason(Code.ALREADY, subject="scenario"),)
    inject = policy.drills.scenarios[case.scenario or ""].injects[command.no]
    proposal.add(Injected(no=command.no, text=inject.said(policy.language)))
    return ()


def due(policy: Policy, case: IncidentCase) -> datetime | None:
    """When the next inject is due; None when there is none (any more), or the drill is over."""
    scenario: Scenario | None = policy.drills.scenarios.get(case.scenario or "")
    if scenario is None or not case.state.is_open or case.injected >= len(scenario.injects):
        return None
    return case.opened_at + timedelta(minutes=scenario.injects[case.injected].after_minutes)
