"""Every code of the change workflow that a text stands behind. Renderers are exhaustive over these lists."""

from enum import StrEnum


class ChangeState(StrEnum):
    """Where a change stands. The last three never move."""

    PLAN = "plan"
    DEV = "dev"
    REVIEW = "review"
    TEST = "test"
    DEPLOY = "deploy"
    DONE = "done"
    CANCELLED = "cancelled"
    ROLLED_BACK = "rolled_back"


class MoveCause(StrEnum):
    """Why a change moved: the trigger of the move table."""

    ADVANCE = "advance"
    FALL_BACK = "fall_back"
    MERGE = "merge"
    FINISH = "finish"
    CANCEL = "cancel"
    ROLL_BACK = "roll_back"


class Outcome(StrEnum):
    """Outcome of one requirement. `unknown` never passes; `not_configured` is shown and does not block."""

    SATISFIED = "satisfied"
    NOT = "not"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOT_CONFIGURED = "not_configured"


class Fault(StrEnum):
    """Whether a `not` waits for something (approval, answer, running check) or something is wrong (red, objection)."""

    WAITS = "waits"
    WRONG = "wrong"


class VerdictStatus(StrEnum):
    """What the gates say together, the worst first."""

    BLOCKED = "blocked"
    PENDING = "pending"
    EMERGENCY = "emergency"
    """Something is missing or wrong, and the gate is open for this commit alone: the glass was broken."""
    WAIVED = "waived"
    PASSED = "passed"


class Finding(StrEnum):
    """What was found against the rules after it had happened."""

    MERGED_UNPASSED = "merged_unpassed"
    DEPLOYED_UNPASSED = "deployed_unpassed"
    WRONG_AFTER_MERGE = "wrong_after_merge"
    DIRECT_PUSH = "direct_push"
    """A tip of an enforced branch that is no merge of a judged request."""
    FORCE_PUSH = "force_push"
    """The history of an enforced branch was rewritten."""
    DEPLOYED_UNCOVERED = "deployed_uncovered"
    """A commit was deployed that no change covers."""
    DEPLOYED_OFFLINE = "deployed_offline"
    """A deployment went through while the gate could not be asked."""
    EMERGENCY_UNCONFIRMED = "emergency_unconfirmed"
    """Somebody broke the glass alone, and no second person agreed in time."""


class EmergencyEnd(StrEnum):
    """Why an emergency ended before its commit was deployed."""

    WITHDRAWN = "withdrawn"
    UNCONFIRMED = "unconfirmed"
    """The second person did not agree in time."""


class Settlement(StrEnum):
    """How a skipped requirement was settled afterwards."""

    DONE = "done"
    ACCEPTED = "accepted"
    """Whoever answers for the risk accepts that it stays undone."""


class Escalation(StrEnum):
    """Who was reminded of a retrospective review that is late."""

    OWNER = "owner"
    ISB = "isb"


class DeploymentOutcome(StrEnum):
    """How a deployment went."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    """It went back to a commit that does not contain this one."""


class LinkSource(StrEnum):
    """How a request came to its change, the strongest first."""

    COMMAND = "command"
    BODY = "body"
    TITLE = "title"
    BRANCH = "branch"
    TRAILER = "trailer"
    OPENED = "opened"
    """The change was opened from the request."""


class WaiverScope(StrEnum):
    """What a waiver covers."""

    CHANGE = "change"
    REPOSITORY = "repository"


class WaiverEnd(StrEnum):
    """Why a waiver ended."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class RiskFactor(StrEnum):
    """Yes-or-no questions of the plan that raise the risk."""

    PERSONAL_DATA = "personal_data"
    ACCESS_CONTROL = "access_control"
    DATA_MIGRATION = "data_migration"
    HARD_TO_UNDO = "hard_to_undo"


class Answer(StrEnum):
    """What a plan has to say (A.8.26, A.8.32): the subjects of `change.described` and of refusals."""

    TITLE = "title"
    DESCRIPTION = "description"
    AFFECTED = "affected"
    SECURITY = "security"
    ROLLBACK = "rollback"
    FACTORS = "factors"


class ResultCode(StrEnum):
    """What was found for one requirement or one part of it; each has a text in both languages."""

    # any requirement
    MET = "met"
    NOT_CONFIGURED = "not_configured"
    NOT_READ = "not_read"
    """The forge has not been read completely for this commit."""
    TOO_OLD = "too_old"
    """The reading is older than the policy allows for opening a gate."""
    # change.described, risk.classified, plan.approved
    ANSWERS_MISSING = "answers_missing"
    PRE_APPROVED = "pre_approved"
    UNCLASSIFIED = "unclassified"
    RISK_DERIVED = "risk_derived"
    RISK_OVERRIDDEN = "risk_overridden"
    BELOW_THRESHOLD = "below_threshold"
    PLAN_UNAPPROVED = "plan_unapproved"
    PLAN_OBJECTED = "plan_objected"
    # request.open, change.linked
    DRAFT = "draft"
    CLOSED = "closed"
    NO_REQUEST = "no_request"
    NAMES_OTHER = "names_other"
    """The request names another change than the one it is linked to."""
    CHANGE_CANCELLED = "change_cancelled"
    """The change it belongs to is not going to happen."""
    CARRIED_UNMERGED = "carried_unmerged"
    CARRIED_UNPASSED = "carried_unpassed"
    CARRIED_UNKNOWN = "carried_unknown"
    # approvals.count, four.eyes, no.objection
    TOO_FEW_APPROVALS = "too_few_approvals"
    NO_APPROVAL = "no_approval"
    APPROVER_CONTRIBUTED = "approver_contributed"
    APPROVER_LEFT = "approver_left"
    """Who approved is not there any more."""
    APPROVAL_UNBOUND = "approval_unbound"
    """The forge does not tell on which commit an approval was given, or the target was another then."""
    IDENTITY_UNRESOLVED = "identity_unresolved"
    OBJECTION_OPEN = "objection_open"
    # checks.green, security.tests, parts of them
    CHECK_MISSING = "check_missing"
    CHECK_RUNNING = "check_running"
    CHECK_RED = "check_red"
    CHECKS_WAITING = "checks_waiting"
    CHECKS_RED = "checks_red"
    # environments.order, deploy.approved, parts of them
    FIRST_ENVIRONMENT = "first_environment"
    UNKNOWN_ENVIRONMENT = "unknown_environment"
    NOT_MERGED = "not_merged"
    NOT_DEPLOYED = "not_deployed"
    DEPLOYMENT_RUNNING = "deployment_running"
    DEPLOYMENT_FAILED = "deployment_failed"
    DEPLOYMENT_ROLLED_BACK = "deployment_rolled_back"
    DEPLOYED_BEFORE = "deployed_before"
    """The same commit was verified there before: a redeployment, which needs no new decision."""
    GOES_BACK = "goes_back"
    """A later commit that contains it is there: a rollback, which no gate holds."""
    MERGED_UNPASSED = "merged_unpassed"
    """It was merged past the enforced gate, and no retrospective review has dealt with that."""
    NO_APPROVAL_NEEDED = "no_approval_needed"
    DEPLOY_UNAPPROVED = "deploy_unapproved"


class Remedy(StrEnum):
    """What helps: the verb of a command, or a step on the forge."""

    NONE = "none"
    AMEND = "amend"
    SET_RISK = "set_risk"
    APPROVE_PLAN = "approve_plan"
    LIFT_OBJECTION = "lift_objection"
    MARK_READY = "mark_ready"
    REOPEN_REQUEST = "reopen_request"
    LINK_REQUEST = "link_request"
    FINISH_CARRIED = "finish_carried"
    REVIEW_REQUEST = "review_request"
    APPROVE_AGAIN = "approve_again"
    RESOLVE_OBJECTION = "resolve_objection"
    LINK_ACCOUNT = "link_account"
    RUN_CHECK = "run_check"
    FIX_CHECK = "fix_check"
    DEPLOY_EARLIER = "deploy_earlier"
    APPROVE_DEPLOY = "approve_deploy"
    READ_AGAIN = "read_again"
    MERGE_REQUEST = "merge_request"
    CONFIRM_EMERGENCY = "confirm_emergency"
    HOLD_REVIEW = "hold_review"
    SETTLE = "settle"


class Refusal(StrEnum):
    """Codes of `decisions.Reason` in this workflow; `not_allowed` and `second_person` are shared with incidents."""

    MISSING = "missing"
    NOT_ALLOWED = "not_allowed"
    SECOND_PERSON = "second_person"
    NO_SUCH_MOVE = "no_such_move"
    OVER = "over"
    """The change is done, cancelled or rolled back."""
    MERGED = "merged"
    """A merged change cannot be cancelled, nor its requests exchanged."""
    NOT_MERGED = "not_merged"
    LINKED_ALREADY = "linked_already"
    NOT_LINKED = "not_linked"
    UNKNOWN_ENVIRONMENT = "unknown_environment"
    UNKNOWN_WAIVER = "unknown_waiver"
    WAIVER_TOO_LONG = "waiver_too_long"
    WAIVER_EXPIRED = "waiver_expired"
    WAIVER_DECIDED = "waiver_decided"
    NOT_COVERED = "not_covered"
    """No entry of the policy covers this repository and branch."""
    NO_CHANGE = "no_change"
    """Nothing would be different."""
    NO_OBJECTION = "no_objection"
    NOT_HELD = "not_held"
    """The gate is open already, or only observes: there is no glass to break."""
    NO_HEAD = "no_head"
    """The forge has not told which commit it is about."""
    SEVERAL_REQUESTS = "several_requests"
    """The change has several requests, and none was named."""
    UNKNOWN_CASE = "unknown_case"
    EMERGENCY_KNOWN = "emergency_known"
    """There is one for this commit already."""
    UNKNOWN_EMERGENCY = "unknown_emergency"
    """There is none that this could be about, or it was confirmed or has ended."""
    NO_REVIEW = "no_review"
    """No retrospective review is open."""
    NOT_OWED = "not_owed"
    """This requirement is not due here."""
    NOT_DEPLOYED = "not_deployed"
    """What is not there cannot be rolled back."""
    OTHER_COMMIT = "other_commit"
    """This commit does not belong to the change."""
    UNKNOWN_CHANGE = "unknown_change"
    NOT_ROLLED_BACK = "not_rolled_back"
    """Only a change that was rolled back has a successor."""


ROLE_REQUESTER = "requester"
"""Who can fix it, beside role ids and `person:<id>`: the requester of the change."""
ROLE_AUTHOR = "author"
"""Who can fix it: the author of the request."""
ROLE_REVIEWER = "reviewer"
"""Who can fix it: anybody who may review and has not contributed."""
ROLE_OBJECTOR = "objector"
"""Who can fix it: whoever objected."""
