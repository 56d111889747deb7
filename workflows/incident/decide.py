"""The rules of an incident: a command in, events or all reasons out."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from config.policy.criteria import CriterionId
from config.policy.ids import Criterion, Role
from workflows.actors import Actor
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Approved, Cast, Decision, Declined, Reason
from workflows.errors import BrokenInput
from workflows.incident import (
    agreement,
    confirmations,
    correctives,
    disposal,
    drilling,
    duty_rules,
    evidence_rules,
    exporting,
    feedback,
    following,
    handover,
    linking,
    merging,
    moving,
    naming,
    overrides,
    paging,
    passing,
    reporting,
    timeline_rules,
    work,
)
from workflows.incident import commands as cmd
from workflows.incident import drill_commands as drill
from workflows.incident import evidence_commands as kept
from workflows.incident import export_commands as giving
from workflows.incident import handover_commands as handing
from workflows.incident import merging_commands as same
from workflows.incident import owner_commands as owner
from workflows.incident import paging_commands as calling
from workflows.incident import task_commands as tasks
from workflows.incident.assessment import assess, set_severity
from workflows.incident.codes import Code
from workflows.incident.criteria.own import left_to, left_to_others
from workflows.incident.feedback_commands import GiveFeedback
from workflows.incident.rights import IN_ANY_STATE, LEADING, SETTLES_DUTIES, WORK
from workflows.incident.settling import settle
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase

Decider = Callable[[Proposal, Any], tuple[Reason, ...]]
"""Adds to the proposal what holds, or what is to be kept; returns the reasons why the command is refused."""

DECIDERS: Final[Mapping[type[Command], Decider]] = MappingProxyType(
    {
        cmd.Report: reporting.report,
        cmd.Acknowledge: reporting.acknowledge,
        cmd.MarkUrgent: reporting.mark_urgent,
        cmd.Note: reporting.note,
        cmd.Update: reporting.update,
        cmd.Assess: assess,
        cmd.SetSeverity: set_severity,
        cmd.Answer: moving.answer,
        cmd.Exempt: moving.exempt_criterion,
        cmd.Advance: moving.advance,
        cmd.Close: moving.close,
        cmd.Walk: moving.walk,
        cmd.GoBack: moving.go_back,
        cmd.Reopen: moving.reopen,
        cmd.RecordAction: work.record_action,
        cmd.RecordEvidence: work.record_evidence,
        cmd.OpenTask: work.open_task,
        cmd.FinishTask: work.finish_task,
        cmd.AssignRole: naming.assign_role,
        cmd.SetVisibility: naming.set_visibility,
        cmd.OpenCorrective: correctives.open_corrective,
        cmd.FinishCorrective: correctives.finish_corrective,
        cmd.CheckCorrective: correctives.check_corrective,
        cmd.ReopenCorrective: correctives.reopen_corrective,
        cmd.DecideDuty: duty_rules.decide_duty,
        cmd.ConfirmDuty: duty_rules.confirm_duty,
        cmd.FileDuty: duty_rules.file_duty,
        cmd.RequestOverride: overrides.request_override,
        cmd.GrantOverride: overrides.grant_override,
        cmd.DenyOverride: overrides.deny_override,
        cmd.ConfirmDismissal: confirmations.confirm_dismissal,
        cmd.Countersign: confirmations.countersign,
        cmd.LinkChange: linking.link_change,
        same.JoinDuplicate: merging.join,
        drill.StartDrill: drilling.start,
        drill.TellInject: drilling.tell_inject,
        calling.Page: paging.page,
        calling.DeclinePage: paging.decline,
        calling.NoteUnanswered: paging.note_unanswered,
        handing.OfferHandover: handover.offer,
        handing.AcceptHandover: handover.accept,
        handing.DeclineHandover: handover.decline,
        owner.AskOwner: agreement.ask,
        owner.Agree: agreement.agree,
        owner.AgreeNotYet: agreement.agree_not_yet,
        tasks.OpenIssueTask: following.open_issue_task,
        tasks.LinkTask: following.link_task,
        tasks.FollowIssue: following.follow_issue,
        tasks.GiveTask: passing.give_task,
        tasks.GiveCorrective: passing.give_corrective,
        kept.ViewEvidence: evidence_rules.view,
        kept.ExportEvidence: evidence_rules.export,
        kept.HandOverEvidence: evidence_rules.hand_over,
        kept.CheckEvidence: evidence_rules.check,
        kept.AskDisposal: disposal.ask,
        kept.WithdrawDisposal: disposal.withdraw,
        kept.RefuseDisposal: disposal.refuse,
        kept.ConfirmDisposal: disposal.confirm,
        kept.AskFile: evidence_rules.ask_file,
        kept.NoteUnfetched: evidence_rules.note_unfetched,
        kept.PinMessage: timeline_rules.pin,
        kept.NoteOriginal: timeline_rules.note_original,
        giving.ExportCase: exporting.export_case,
        GiveFeedback: feedback.give,
    }
)


def decide(case: IncidentCase, command: Command, actor: Actor, cast: Cast, context: Context) -> Decision:
    """Decide one command. Raises BrokenInput for a command that is none of an incident's."""
    decider = DECIDERS.get(type(command))
    if decider is None:
        message = f"expected a command of an incident, found {type(command).__name__}"
        raise BrokenInput(message)
    proposal = Proposal(Situation(case, actor, cast, context))
    reasons = _beforehand(proposal.situation, command) or decider(proposal, command)
    settle(proposal)
    handover.release(proposal, case.handover)
    agreement.release(proposal, case.owner_asked)
    naming.unseat(proposal)
    if reasons:
        return Declined(reasons, proposal.happenings)
    return Approved(proposal.happenings)


def _beforehand(situation: Situation, command: Command) -> tuple[Reason, ...]:
    out_of_time = untimely(situation.case, type(command))
    if out_of_time is not None:
        return (out_of_time,)
    if isinstance(command, cmd.Answer) and situation.actor.person and situation.roles().isdisjoint(WORK):
        return _beyond_their_part(situation, command)
    if isinstance(command, cmd.GivenAnswers) and command.assess and situation.roles().isdisjoint(LEADING):
        return (Reason(Code.NOT_ALLOWED, "assessment", who=tuple(sorted(role.value for role in LEADING))),)
    return ()


def untimely(case: IncidentCase, command: type[Command]) -> Reason | None:
    """Why a case takes a command no more, since it is over, or not yet; None where it does now."""
    if command is GiveFeedback:
        return feedback.too_early(case)
    # The tasks of a duplicate are still done, although it goes on elsewhere; and exposed keys are still replaced.
    goes_on = command in (cmd.FinishTask, tasks.GiveTask) and bool(case.merged_into or case.outlived_tasks)
    goes_on = goes_on or (command in SETTLES_DUTIES and bool(case.outlived_duties))
    if case.state.is_open or goes_on or command in IN_ANY_STATE:
        return None
    return Reason(Code.CASE_CLOSED, "case", found=case.state.value, remedy="reopen")


def _beyond_their_part(situation: Situation, command: cmd.Answer) -> tuple[Reason, ...]:
    """Who does not work on the case answers what is left to their role and nothing else, and leaves nothing out."""
    others = [one.criterion for one in command.answers if one.skip or not _is_left_to(situation, one.criterion)]
    if not others and command.assess is None:
        return ()
    roles, who = situation.roles(), tuple(sorted(role.value for role in WORK))
    asked = {str(one): left_to_others(situation.policy, one, roles) or who for one in others}
    return tuple(Reason(Code.NOT_ALLOWED, name, who=may) for name, may in (asked or {"assessment": who}).items())


def _is_left_to(situation: Situation, criterion: CriterionId) -> bool:
    """A service owner says whether they agree; whom the policy names answers what it asks of them."""
    roles = situation.roles()
    agrees = criterion is Criterion.SERVICE_OWNER_AGREES and Role.SERVICE_OWNER in roles
    return agrees or left_to(situation.policy, criterion, roles)
