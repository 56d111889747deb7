"""The requirements of the change gates in words: what is asked for, what was found, and what helps."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.chat.texts import common, terms
from config.i18n import Translator
from config.policy.ids import CaseRole, Requirement, Role
from config.texts import _
from workflows.change.codes import (
    ROLE_AUTHOR,
    ROLE_OBJECTOR,
    ROLE_REVIEWER,
    Answer,
    Finding,
    Outcome,
    Remedy,
    ResultCode,
)
from workflows.change.result import Part, Result
from workflows.reports import change_figures

LABELS: Final[Mapping[Requirement, str]] = {
    Requirement.CHANGE_DESCRIBED: _("The change is described"),
    Requirement.RISK_CLASSIFIED: _("The risk is classified"),
    Requirement.PLAN_APPROVED: _("The plan is approved by someone else"),
    Requirement.REQUEST_OPEN: _("The request is open, not a draft"),
    Requirement.CHANGE_LINKED: _("The request belongs to this change"),
    Requirement.APPROVALS_COUNT: _("Approvals on the last commit"),
    Requirement.FOUR_EYES: _("Approval by a second person"),
    Requirement.NO_OBJECTION: _("No open objection"),
    Requirement.CHECKS_GREEN: _("Checks on the last commit are green"),
    Requirement.SECURITY_TESTS: _("Security tests on the last commit are green"),
    Requirement.ENVIRONMENTS_ORDER: _("Deployed to the earlier environments"),
    Requirement.DEPLOY_APPROVED: _("The deployment is approved by someone else"),
}

FOUND: Final[Mapping[ResultCode, str]] = {
    ResultCode.MET: _("met"),
    ResultCode.NOT_CONFIGURED: _("the policy names nothing for it here"),
    ResultCode.NOT_READ: _("the code host has not been read completely for this commit"),
    ResultCode.TOO_OLD: _("what was read is too old to decide on"),
    ResultCode.ANSWERS_MISSING: _("the plan still lacks: {found}"),
    ResultCode.PRE_APPROVED: _("approved beforehand, as a standard change"),
    ResultCode.UNCLASSIFIED: _("the questions about the risk are not answered"),
    ResultCode.RISK_DERIVED: _("derived: {found}"),
    ResultCode.RISK_OVERRIDDEN: _("set by hand: {found}"),
    ResultCode.BELOW_THRESHOLD: _("not needed below risk {expected}"),
    ResultCode.PLAN_UNAPPROVED: _("nobody else has approved the plan yet"),
    ResultCode.PLAN_OBJECTED: _("somebody objects to the plan"),
    ResultCode.DRAFT: _("it is still a draft"),
    ResultCode.CLOSED: _("it was closed without being merged"),
    ResultCode.NO_REQUEST: _("no pull or merge request yet"),
    ResultCode.NAMES_OTHER: _("it names another change: {found}"),
    ResultCode.CHANGE_CANCELLED: _("its change was cancelled: {found}"),
    ResultCode.CARRIED_UNMERGED: _("it carries {found}, which is not merged yet"),
    ResultCode.CARRIED_UNPASSED: _("it carries {found}, which was merged without a passed verdict"),
    ResultCode.CARRIED_UNKNOWN: _("it carries {found}, which is not known"),
    ResultCode.TOO_FEW_APPROVALS: _("{found} of {expected} approvals"),
    ResultCode.NO_APPROVAL: _("no approval yet"),
    ResultCode.APPROVER_CONTRIBUTED: _("who approved has also contributed, so it does not count"),
    ResultCode.APPROVER_LEFT: _("who approved is not there any more, so it does not count"),
    ResultCode.APPROVAL_UNBOUND: _("it is not certain that this very diff was approved"),
    ResultCode.IDENTITY_UNRESOLVED: _("it is not clear who contributed"),
    ResultCode.OBJECTION_OPEN: _("changes are requested"),
    ResultCode.CHECK_MISSING: _("has not run"),
    ResultCode.CHECK_RUNNING: _("is running"),
    ResultCode.CHECK_RED: _("is red"),
    ResultCode.CHECKS_WAITING: _("{found} of {expected} are green"),
    ResultCode.CHECKS_RED: _("at least one is red"),
    ResultCode.FIRST_ENVIRONMENT: _("this is the first environment"),
    ResultCode.UNKNOWN_ENVIRONMENT: _("the policy does not name this environment"),
    ResultCode.NOT_MERGED: _("not merged yet"),
    ResultCode.NOT_DEPLOYED: _("not deployed yet"),
    ResultCode.DEPLOYMENT_RUNNING: _("the deployment is running"),
    ResultCode.DEPLOYMENT_FAILED: _("the deployment failed"),
    ResultCode.DEPLOYMENT_ROLLED_BACK: _("it went back to an earlier commit"),
    ResultCode.DEPLOYED_BEFORE: _("this commit was verified there before"),
    ResultCode.GOES_BACK: _("a later commit is there: a rollback needs no new decision"),
    ResultCode.MERGED_UNPASSED: _("merged past the gate; the retrospective review is missing"),
    ResultCode.NO_APPROVAL_NEEDED: _("this environment needs no approval"),
    ResultCode.DEPLOY_UNAPPROVED: _("nobody else has approved it yet"),
}

HELPS: Final[Mapping[Remedy, str]] = {
    Remedy.NONE: "",
    Remedy.AMEND: _("Answer what is missing in the plan."),
    Remedy.SET_RISK: _("Set the risk, with a reason."),
    Remedy.APPROVE_PLAN: _("Approve the plan."),
    Remedy.LIFT_OBJECTION: _("Whoever objected approves, or the plan changes."),
    Remedy.MARK_READY: _("Mark the request as ready for review."),
    Remedy.REOPEN_REQUEST: _("Open the request again, or link another one."),
    Remedy.LINK_REQUEST: _("Put “Change: {number}” into the description of the request."),
    Remedy.FINISH_CARRIED: _("Finish that change first."),
    Remedy.REVIEW_REQUEST: _("Review it on the code host, on the last commit."),
    Remedy.APPROVE_AGAIN: _("Approve again; on GitLab take the approval back before."),
    Remedy.RESOLVE_OBJECTION: _("Whoever objected reviews again."),
    Remedy.LINK_ACCOUNT: _("Tie the unknown account to a person in the policy."),
    Remedy.RUN_CHECK: _("Let the check run."),
    Remedy.FIX_CHECK: _("Repair what it found, and push."),
    Remedy.DEPLOY_EARLIER: _("Deploy the same commit to the earlier environment first."),
    Remedy.APPROVE_DEPLOY: _("Approve the deployment."),
    Remedy.READ_AGAIN: _("It is read again by itself."),
    Remedy.MERGE_REQUEST: _("Merge the request."),
    Remedy.CONFIRM_EMERGENCY: _("Confirm the emergency."),
    Remedy.HOLD_REVIEW: _("Hold the retrospective review."),
    Remedy.SETTLE: _("Settle what is due."),
}

ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.TITLE: _("title"),
    Answer.DESCRIPTION: _("description"),
    Answer.AFFECTED: _("affected assets"),
    Answer.SECURITY: _("security requirement"),
    Answer.ROLLBACK: _("way back"),
    Answer.FACTORS: _("questions about the risk"),
}

FINDINGS: Final[Mapping[Finding, str]] = change_figures.FINDINGS

MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.SATISFIED: "✓",
    Outcome.NOT: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.NOT_APPLICABLE: "–",
    Outcome.NOT_CONFIGURED: "–",
}

_WHO: Final[Mapping[str, str]] = {
    ROLE_AUTHOR: _("the author of the request"),
    ROLE_REVIEWER: _("whoever may review and has not contributed"),
    ROLE_OBJECTOR: _("whoever objected"),
}


def label(t: Translator, requirement: Requirement) -> str:
    """The name of a requirement."""
    return t.gettext(LABELS[requirement])


def found(t: Translator, result: Result | Part) -> str:
    """What was found, in words."""
    expected = result.expected if isinstance(result, Result) else ""
    return t.gettext(FOUND[result.code]).format(found=_value(t, result.found), expected=_value(t, expected))


def helps(t: Translator, remedy: Remedy, number: str) -> str:
    """What helps; empty where nothing can be done but wait."""
    text = HELPS[remedy]
    return t.gettext(text).format(number=number) if text else ""


def line(t: Translator, result: Result, number: str, names: Sequence[str] = ()) -> str:
    """One requirement in one line: what it is, what was found, who can help and how."""
    text = f"{MARKS[result.outcome]} {label(t, result.requirement)}: {found(t, result)}"
    parts = [f"{common.one_line(part.subject, 60)} {found(t, part)}" for part in result.parts if part.fault]
    if parts:
        text += f" ({', '.join(parts)})"
    if result.waiver:
        return text + ". " + t.gettext("A waiver stands in for it.")
    if not result.held:
        return text
    able = names or who(t, result.who)
    help_text = helps(t, result.remedy, number)
    can = common.stop(t.gettext("Can help: {names}.").format(names=common.either(t, able))) if able else ""
    return " ".join(one for one in (f"{text}.", can, help_text) if one)


def who(t: Translator, codes: Sequence[str]) -> tuple[str, ...]:
    """Who can help, by role; persons are named by the caller, who knows them."""
    return tuple(_one(t, code) for code in codes if not code.startswith("person:"))


def _one(t: Translator, code: str) -> str:
    if code in _WHO:
        return t.gettext(_WHO[code])
    for roles in (Role, CaseRole):
        if code in set(roles):
            return terms.name(t, roles(code))
    return code


def _value(t: Translator, code: str) -> str:
    listed = []
    for one in code.split(","):
        known = one.strip()
        if known in set(Answer):
            listed.append(t.gettext(ANSWERS[Answer(known)]))
        else:
            listed.append(common.one_line(known, 60))
    return ", ".join(listed)
