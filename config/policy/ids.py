"""The closed lists that policy, rules and texts share. Ids are stable: they stand in ledgers and policy files."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How bad an incident is; S1 is the worst."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Impact(StrEnum):
    """Effect on one protection goal. `unknown` counts as medium until it is settled."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """Risk of a change."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class AlertKind(StrEnum):
    """What is warned of: a secret in the code, a fault of our own code, one of something we use, a running system."""

    SECRET = "secret"  # noqa: S105 a kind of warning
    CODE = "code"
    DEPENDENCY = "dependency"
    MONITORING = "monitoring"


class AlertLevel(StrEnum):
    """How bad the forge thinks it is, from least to worst."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Called(StrEnum):
    """Whom a step of the paging ladder calls. `on_call.next`: the first of the roster who was not called yet."""

    ON_CALL_NEXT = "on_call.next"
    ON_CALL_ALL = "on_call.all"
    ISB = "isb"
    DEPUTY = "deputy"


class ChangeKind(StrEnum):
    """Kinds of change (A.8.32). `standard` is approved beforehand by the policy."""

    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class Role(StrEnum):
    """Standing roles, held by persons of the policy. Everybody known is an engineer."""

    ENGINEER = "engineer"
    RESPONDER = "responder"
    ISB = "isb"
    DEPUTY = "deputy"
    DPO = "dpo"
    MANAGEMENT = "management"
    SERVICE_OWNER = "service_owner"
    RISK_OWNER = "risk_owner"
    RELEASE_MANAGER = "release_manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


class CaseRole(StrEnum):
    """Roles that a person holds in one case only."""

    REPORTER = "reporter"
    LEAD = "lead"
    SCRIBE = "scribe"
    TECHNICAL_LEAD = "technical_lead"
    COMMUNICATIONS = "communications"
    REQUESTER = "requester"
    OWNER = "owner"
    NAMED = "named"


class Visibility(StrEnum):
    """Who may see a case."""

    TEAM = "team"
    RESTRICTED = "restricted"
    SEALED = "sealed"


class Criterion(StrEnum):
    """Exit criteria of the incident phases (A.5.24 to A.5.28, 10.2)."""

    ASSESSMENT = "assessment"
    CATEGORY = "category"
    IMPACT = "impact"
    SEVERITY = "severity"
    LEAD = "lead"
    PERSONAL_DATA = "personal_data"
    AFFECTED = "affected"
    DISMISSAL_REASON = "dismissal.reason"
    DISMISSAL_CONFIRMED = "dismissal.confirmed"
    DUPLICATE_OF = "duplicate.of"
    CONTAINMENT_ACTION = "containment.action"
    EVIDENCE = "evidence.preserved"
    CREDENTIALS = "credentials.revoked"
    ROOT_CAUSE = "root_cause"
    ENTRY_PATH = "entry_path.closed"
    SIMILAR_SYSTEMS = "similar_systems.checked"
    FIXES_DEPLOYED = "fixes.deployed"
    RESTORE_SOURCE = "restore_source.checked"
    SYSTEMS_VERIFIED = "systems.verified"
    MONITORING_OVER = "monitoring.over"
    RECOVERY_DECLARED = "recovery.declared"
    SERVICE_OWNER_AGREES = "service_owner.agrees"
    REVIEW_HELD = "review.held"
    PROCESS_CAUSE = "process_cause"
    LESSONS = "lessons"
    CORRECTIVE_ACTION = "corrective_action"
    IMPACT_SETTLED = "impact.settled"
    DUTIES_DECIDED = "duties.decided"
    CLOSED_BY_OTHER = "closed_by.other"
    RETENTION_CLASS = "retention.class"
    NO_DUE_ITEMS = "due_items.none"


class Phase(StrEnum):
    """Phases of an incident that the policy can ask more for, when they are left forward."""

    IDENTIFY = "identify"
    CONTAIN = "contain"
    ERADICATE = "eradicate"
    RECOVER = "recover"
    REVIEW = "review"


class Answerer(StrEnum):
    """Roles, standing or in the case, that the policy can leave an exit criterion of its own to."""

    ISB = "isb"
    DEPUTY = "deputy"
    RESPONDER = "responder"
    DPO = "dpo"
    MANAGEMENT = "management"
    SERVICE_OWNER = "service_owner"
    RISK_OWNER = "risk_owner"
    RELEASE_MANAGER = "release_manager"
    LEAD = "lead"
    TECHNICAL_LEAD = "technical_lead"
    SCRIBE = "scribe"
    COMMUNICATIONS = "communications"


class Requirement(StrEnum):
    """Requirements of the change gates."""

    CHANGE_DESCRIBED = "change.described"
    RISK_CLASSIFIED = "risk.classified"
    PLAN_APPROVED = "plan.approved"
    REQUEST_OPEN = "request.open"
    CHANGE_LINKED = "change.linked"
    APPROVALS_COUNT = "approvals.count"
    FOUR_EYES = "four.eyes"
    NO_OBJECTION = "no.objection"
    CHECKS_GREEN = "checks.green"
    SECURITY_TESTS = "security.tests"
    ENVIRONMENTS_ORDER = "environments.order"
    DEPLOY_APPROVED = "deploy.approved"


class SecondPersonRule(StrEnum):
    """Steps that take two persons. Who may be the second stands in the policy."""

    DISMISSAL = "incident.dismissal"
    OVERRIDE = "incident.override"
    CLOSE = "incident.close"
    REOPEN = "incident.reopen"
    DUTY = "incident.duty"
    EFFECTIVENESS = "incident.effectiveness"
    DISPOSAL = "evidence.disposal"
    PLAN_APPROVAL = "change.plan_approval"
    WAIVER = "change.waiver"
    DEPLOY_APPROVAL = "change.deploy_approval"
    EMERGENCY = "change.emergency"
    CHANGE_REVIEW = "change.review"
    ACCEPTANCE = "change.acceptance"
    ERASURE = "ledger.erasure"
    POLICY_LOOSENING = "policy.loosening"


class Gate(StrEnum):
    """Phases of a change; the gate of a phase stands at its end (A.8.25, A.8.32)."""

    PLAN = "plan"
    DEV = "dev"
    REVIEW = "review"
    TEST = "test"
    DEPLOY = "deploy"


GATE_OF: Final[Mapping[Requirement, Gate]] = MappingProxyType(
    {
        Requirement.CHANGE_DESCRIBED: Gate.PLAN,
        Requirement.RISK_CLASSIFIED: Gate.PLAN,
        Requirement.PLAN_APPROVED: Gate.PLAN,
        Requirement.REQUEST_OPEN: Gate.DEV,
        Requirement.CHANGE_LINKED: Gate.DEV,
        Requirement.APPROVALS_COUNT: Gate.REVIEW,
        Requirement.FOUR_EYES: Gate.REVIEW,
        Requirement.NO_OBJECTION: Gate.REVIEW,
        Requirement.CHECKS_GREEN: Gate.TEST,
        Requirement.SECURITY_TESTS: Gate.TEST,
        Requirement.ENVIRONMENTS_ORDER: Gate.DEPLOY,
        Requirement.DEPLOY_APPROVED: Gate.DEPLOY,
    }
)
"""The one gate at which each requirement is judged."""

RELAXABLE: Final = frozenset({Criterion.RESTORE_SOURCE, Criterion.MONITORING_OVER, Criterion.SERVICE_OWNER_AGREES})
"""The only exit criteria that a policy may switch off."""


class Mode(StrEnum):
    """Whether a gate only tells what it would hold (`observe`), or holds (`enforce`)."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


class CarryOver(StrEnum):
    """Whether an approval survives a push that leaves the difference to the base as it was."""

    SAME_DIFF = "same_diff"
    NEVER = "never"


class Unlinked(StrEnum):
    """What happens to a request that names no change: open one and ask its questions, or only wait."""

    ASK = "ask"
    WAIT = "wait"


class SecurityTool(StrEnum):
    """Kinds of security tests (A.8.29)."""

    SAST = "sast"
    DEPENDENCY = "dependency"
    DAST = "dast"


class Spread(StrEnum):
    """How many systems, products or customers an incident touches."""

    SINGLE = "single"
    SEVERAL = "several"
    MANY = "many"


class Fallback(StrEnum):
    """Who steps in where no second person holds the role: management within two working days, or nobody."""

    MANAGEMENT = "management"
    NONE = "none"
