"""What the gates say on a forge, one text for each code. Exhaustive: a code without a text fails the tests.

`{request}` and `{forge}` are the forge's own words.
"""

from collections.abc import Mapping
from typing import Final

from config.policy.ids import Requirement
from config.texts import _
from workflows.change.codes import Answer, Remedy, ResultCode
from workflows.change.seen import Forge

REQUEST: Final[Mapping[Forge, str]] = {
    Forge.GITHUB: _("pull request"),
    Forge.GITLAB: _("merge request"),
}
"""What a forge calls a request."""

FORGE: Final[Mapping[Forge, str]] = {Forge.GITHUB: "GitHub", Forge.GITLAB: "GitLab"}
"""Names, the same in all languages."""

NEEDED: Final[Mapping[Requirement, str]] = {
    Requirement.CHANGE_DESCRIBED: _("a complete description of the change"),
    Requirement.RISK_CLASSIFIED: _("a risk class"),
    Requirement.PLAN_APPROVED: _("approval of the plan by someone else"),
    Requirement.REQUEST_OPEN: _("an open {request} that is no draft"),
    Requirement.CHANGE_LINKED: _("a {request} that belongs to this change"),
    Requirement.APPROVALS_COUNT: _("enough approvals on the last commit"),
    Requirement.FOUR_EYES: _("approval by a second person"),
    Requirement.NO_OBJECTION: _("no open request for changes"),
    Requirement.CHECKS_GREEN: _("green checks on the last commit"),
    Requirement.SECURITY_TESTS: _("green security tests on the last commit"),
    Requirement.ENVIRONMENTS_ORDER: _("success in the earlier environments"),
    Requirement.DEPLOY_APPROVED: _("approval of the deployment by someone else"),
}
"""What a requirement asks for, after “Waiting for 1 of 9:”."""

FOUND: Final[Mapping[ResultCode, str]] = {
    ResultCode.MET: _("Met."),
    ResultCode.NOT_CONFIGURED: _("The policy names nothing for this here."),
    ResultCode.NOT_READ: _("{forge} has not been read completely for this commit yet."),
    ResultCode.TOO_OLD: _("The last reading is too old to decide on."),
    ResultCode.ANSWERS_MISSING: _("Not answered yet: {parts}."),
    ResultCode.PRE_APPROVED: _("A standard change, approved beforehand."),
    ResultCode.UNCLASSIFIED: _("The questions about the risk are open."),
    ResultCode.RISK_DERIVED: _("Risk {found}, derived from files and answers."),
    ResultCode.RISK_OVERRIDDEN: _("Risk {found}, set by a person."),
    ResultCode.BELOW_THRESHOLD: _("Asked for only from risk {expected} on."),
    ResultCode.PLAN_UNAPPROVED: _("Nobody else has approved it yet."),
    ResultCode.PLAN_OBJECTED: _("Objection by {people}."),
    ResultCode.DRAFT: _("It is still a draft."),
    ResultCode.CLOSED: _("It was closed without a merge."),
    ResultCode.NO_REQUEST: _("There is no {request} for it yet."),
    ResultCode.NAMES_OTHER: _("It names another change: {found}."),
    ResultCode.CHANGE_CANCELLED: _("The change {found} was cancelled."),
    ResultCode.CARRIED_UNMERGED: _("It brings along {parts}, not merged yet."),
    ResultCode.CARRIED_UNPASSED: _("It brings along {parts}, merged without a passed verdict."),
    ResultCode.CARRIED_UNKNOWN: _("It brings along {parts}, which is not known here."),
    ResultCode.TOO_FEW_APPROVALS: _("{found} of {expected} so far."),
    ResultCode.NO_APPROVAL: _("None so far. {people} wrote in it, so does not count here."),
    ResultCode.APPROVER_CONTRIBUTED: _("{people} wrote in it, so does not count here."),
    ResultCode.APPROVER_LEFT: _("The approval of {people} does not count any more."),
    ResultCode.APPROVAL_UNBOUND: _(
        "It is not certain that {people} approved this very diff: {forge} does not tell, or the target changed since."
    ),
    ResultCode.IDENTITY_UNRESOLVED: _("It is not known who {people} is."),
    ResultCode.OBJECTION_OPEN: _("Changes requested by {people}."),
    ResultCode.CHECK_MISSING: _("{parts} has not run."),
    ResultCode.CHECK_RUNNING: _("{parts} is running."),
    ResultCode.CHECK_RED: _("{parts} is red."),
    ResultCode.CHECKS_WAITING: _("{found} of {expected} green. {parts}."),
    ResultCode.CHECKS_RED: _("{found} of {expected} green. {parts}."),
    ResultCode.FIRST_ENVIRONMENT: _("This is the first environment."),
    ResultCode.UNKNOWN_ENVIRONMENT: _("The policy does not name this environment."),
    ResultCode.NOT_MERGED: _("The {request} is not merged yet."),
    ResultCode.NOT_DEPLOYED: _("Not everywhere yet. {parts}."),
    ResultCode.DEPLOYMENT_RUNNING: _("A deployment is running. {parts}."),
    ResultCode.DEPLOYMENT_FAILED: _("A deployment failed. {parts}."),
    ResultCode.DEPLOYMENT_ROLLED_BACK: _("An environment went back. {parts}."),
    ResultCode.DEPLOYED_BEFORE: _("This commit was verified there before."),
    ResultCode.GOES_BACK: _("A later commit is there: a rollback needs no new decision."),
    ResultCode.MERGED_UNPASSED: _("It was merged past the gate; the retrospective review is missing."),
    ResultCode.NO_APPROVAL_NEEDED: _("This environment takes no approval."),
    ResultCode.DEPLOY_UNAPPROVED: _("Nobody else has approved it yet."),
}
"""What was found, as a sentence. Only the placeholders of `texts.sentence` may stand here."""

SEVERAL: Final[Mapping[ResultCode, str]] = {
    ResultCode.NO_APPROVAL: _("None so far. {people} wrote in it, so do not count here."),
    ResultCode.APPROVER_CONTRIBUTED: _("{people} wrote in it, so do not count here."),
    ResultCode.IDENTITY_UNRESOLVED: _("It is not known who these are: {people}."),
}
"""The same for several people, where that reads differently."""

PART: Final[Mapping[ResultCode, str]] = {
    ResultCode.CHECK_MISSING: _("{subject} has not run"),
    ResultCode.CHECK_RUNNING: _("{subject} is running"),
    ResultCode.CHECK_RED: _("{subject} is red"),
    ResultCode.NOT_DEPLOYED: _("{subject} not deployed"),
    ResultCode.DEPLOYMENT_RUNNING: _("{subject} being deployed"),
    ResultCode.DEPLOYMENT_FAILED: _("{subject} failed"),
    ResultCode.DEPLOYMENT_ROLLED_BACK: _("{subject} rolled back"),
}
"""One part of a requirement; for other codes its name alone."""

ANSWER: Final[Mapping[Answer, str]] = {
    Answer.TITLE: _("the title"),
    Answer.DESCRIPTION: _("the description"),
    Answer.AFFECTED: _("what it affects"),
    Answer.SECURITY: _("the security requirement"),
    Answer.ROLLBACK: _("the way back"),
    Answer.FACTORS: _("the questions about the risk"),
}

HELP: Final[Mapping[Remedy, str]] = {
    Remedy.NONE: "",
    Remedy.AMEND: _("Answer it with `/change plan`."),
    Remedy.SET_RISK: _("Set it with `/change risk`."),
    Remedy.APPROVE_PLAN: _("Approve it with `/change approve plan`."),
    Remedy.LIFT_OBJECTION: _("Settle the objection, or change the plan."),
    Remedy.MARK_READY: _("Mark it as ready for review."),
    Remedy.REOPEN_REQUEST: _("Reopen it, or link another one."),
    Remedy.LINK_REQUEST: _("Put the line `Change: {number}` into the description."),
    Remedy.FINISH_CARRIED: _("Finish that change first."),
    Remedy.REVIEW_REQUEST: _("Review this commit here."),
    Remedy.APPROVE_AGAIN: _("Approve again; on GitLab take the approval back before."),
    Remedy.RESOLVE_OBJECTION: _("Review again, or have the review dismissed."),
    Remedy.LINK_ACCOUNT: _("Tie the account to a person in the policy."),
    Remedy.RUN_CHECK: _("It goes on by itself when the checks are done."),
    Remedy.FIX_CHECK: _("Repair it and push."),
    Remedy.DEPLOY_EARLIER: _("Deploy the same commit there first."),
    Remedy.APPROVE_DEPLOY: _("Approve it with `/change approve deploy <environment>`."),
    Remedy.READ_AGAIN: _("It goes on by itself."),
    Remedy.MERGE_REQUEST: _("Merge it first."),
    Remedy.CONFIRM_EMERGENCY: _("Confirm it with `/change emergency {number} confirm`."),
    Remedy.HOLD_REVIEW: _("Record it with `/change review`."),
    Remedy.SETTLE: _("Settle it with `/change settle`."),
}
"""What helps, as a sentence."""

ROLES: Final[Mapping[str, str]] = {
    "author": _("the author"),
    "requester": _("whoever asked for the change"),
    "reviewer": _("anybody with review rights who wrote nothing in it"),
    "objector": _("whoever objected"),
    "engineer": _("anybody in engineering"),
    "responder": _("anybody on call"),
    "isb": _("the ISB"),
    "deputy": _("the deputy ISB"),
    "dpo": _("the data protection officer"),
    "management": _("management"),
    "service_owner": _("a service owner"),
    "risk_owner": _("a risk owner"),
    "release_manager": _("a release manager"),
    "auditor": _("an auditor"),
    "admin": _("an administrator"),
}
"""Who can help, by code: standing roles, and those of `workflows.change.codes`."""
