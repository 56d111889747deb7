"""The closed lists that policy, rules and texts share. Ids are stable: they stand in ledgers and policy files."""

from enum import StrEnum


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
    PLAN_APPROVAL = "change.plan_approval"
    WAIVER = "change.waiver"
    DEPLOY_APPROVAL = "change.deploy_approval"
    ERASURE = "ledger.erasure"
    POLICY_LOOSENING = "policy.loosening"
