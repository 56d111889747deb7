"""Names of the closed lists, as people in both languages call them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from config.i18n import Translator
from config.policy.ids import (
    CaseRole,
    ChangeKind,
    Gate,
    Impact,
    Risk,
    Role,
    SecondPersonRule,
    Severity,
    Spread,
    Visibility,
)
from config.texts import _
from workflows.change.codes import ChangeState, RiskFactor, Settlement, VerdictStatus, WaiverScope
from workflows.incident.choices import Cause, CorrectiveNeed, Credentials, DutyAnswer, EvidenceKept, ReviewForm
from workflows.incident.terms import (
    ActionKind,
    CorrectiveState,
    DutyDecision,
    Goal,
    Kind,
    OverrideState,
    PersonalData,
    Relation,
    ReportWay,
    State,
    TaskKind,
)

NAMES: Final[Mapping[type[StrEnum], Mapping[StrEnum, str]]] = {
    State: {
        State.IDENTIFY: _("Identify"),
        State.CONTAIN: _("Contain"),
        State.ERADICATE: _("Eradicate"),
        State.RECOVER: _("Recover"),
        State.REVIEW: _("Review"),
        State.CLOSED: _("closed"),
        State.DISMISSED: _("not an incident"),
    },
    Kind: {
        Kind.EVENT: _("event, not assessed yet"),
        Kind.INCIDENT: _("incident"),
        Kind.NEAR_MISS: _("near miss"),
        Kind.DISRUPTION: _("disruption without sign of an attack"),
        Kind.FALSE_ALARM: _("false alarm"),
        Kind.DUPLICATE: _("duplicate of another case"),
    },
    PersonalData: {
        PersonalData.YES: _("yes"),
        PersonalData.NO: _("no"),
        PersonalData.UNKNOWN: _("unknown"),
    },
    Goal: {
        Goal.CONFIDENTIALITY: _("Confidentiality"),
        Goal.INTEGRITY: _("Integrity"),
        Goal.AVAILABILITY: _("Availability"),
        Goal.AUTHENTICITY: _("Authenticity"),
    },
    Impact: {
        Impact.NONE: _("none"),
        Impact.LOW: _("low"),
        Impact.MEDIUM: _("medium"),
        Impact.HIGH: _("high"),
        Impact.UNKNOWN: _("unknown"),
    },
    Spread: {
        Spread.SINGLE: _("one system, product or customer"),
        Spread.SEVERAL: _("several"),
        Spread.MANY: _("many"),
    },
    Severity: {
        Severity.S1: _("S1, critical"),
        Severity.S2: _("S2, high"),
        Severity.S3: _("S3, medium"),
        Severity.S4: _("S4, low"),
    },
    ActionKind: {
        ActionKind.CONTAINMENT: _("containment"),
        ActionKind.ERADICATION: _("eradication"),
        ActionKind.RECOVERY: _("recovery"),
    },
    ReportWay: {
        ReportWay.PHONE: _("by phone"),
        ReportWay.MAIL: _("by mail"),
        ReportWay.IN_PERSON: _("in person"),
        ReportWay.SYSTEM: _("by a system"),
    },
    TaskKind: {
        TaskKind.GENERAL: _("task"),
        TaskKind.ROTATION: _("replacement of credentials or keys"),
    },
    CorrectiveState: {
        CorrectiveState.OPEN: _("open"),
        CorrectiveState.DONE: _("done, effect not checked yet"),
        CorrectiveState.EFFECTIVE: _("effective"),
        CorrectiveState.NOT_EFFECTIVE: _("not effective"),
    },
    OverrideState: {
        OverrideState.REQUESTED: _("asked for"),
        OverrideState.GRANTED: _("granted"),
        OverrideState.DENIED: _("not granted"),
        OverrideState.VOID: _("not decided before the case moved"),
    },
    DutyDecision: {
        DutyDecision.UNDECIDED: _("not decided"),
        DutyDecision.REQUIRED: _("required"),
        DutyDecision.NOT_REQUIRED: _("not required"),
    },
    Relation: {
        Relation.FIXES: _("fixes"),
        Relation.CAUSED_BY: _("caused by"),
        Relation.RELATED: _("related"),
    },
    Role: {
        Role.ENGINEER: _("engineer"),
        Role.RESPONDER: _("responder"),
        Role.ISB: _("information security officer (ISB)"),
        Role.DEPUTY: _("deputy of the ISB"),
        Role.DPO: _("data protection officer"),
        Role.MANAGEMENT: _("management"),
        Role.SERVICE_OWNER: _("service owner"),
        Role.RISK_OWNER: _("risk owner"),
        Role.RELEASE_MANAGER: _("release manager"),
        Role.AUDITOR: _("auditor"),
        Role.ADMIN: _("administrator"),
    },
    CaseRole: {
        CaseRole.REPORTER: _("reporter"),
        CaseRole.LEAD: _("incident lead"),
        CaseRole.SCRIBE: _("scribe"),
        CaseRole.TECHNICAL_LEAD: _("technical lead"),
        CaseRole.COMMUNICATIONS: _("communications"),
        CaseRole.REQUESTER: _("requester of the change"),
        CaseRole.OWNER: _("owner"),
        CaseRole.NAMED: _("named person"),
    },
    Visibility: {
        Visibility.TEAM: _("team"),
        Visibility.RESTRICTED: _("restricted"),
        Visibility.SEALED: _("strictly confidential"),
    },
    ChangeState: {
        ChangeState.PLAN: _("Plan"),
        ChangeState.DEV: _("Dev"),
        ChangeState.REVIEW: _("Code review"),
        ChangeState.TEST: _("Test"),
        ChangeState.DEPLOY: _("Deploy"),
        ChangeState.DONE: _("done"),
        ChangeState.CANCELLED: _("cancelled"),
        ChangeState.ROLLED_BACK: _("rolled back"),
    },
    Gate: {
        Gate.PLAN: _("Plan"),
        Gate.DEV: _("Dev"),
        Gate.REVIEW: _("Code review"),
        Gate.TEST: _("Test"),
        Gate.DEPLOY: _("Deploy"),
    },
    ChangeKind: {
        ChangeKind.STANDARD: _("standard, approved beforehand"),
        ChangeKind.NORMAL: _("normal"),
        ChangeKind.EMERGENCY: _("emergency"),
    },
    Risk: {
        Risk.LOW: _("low"),
        Risk.MEDIUM: _("medium"),
        Risk.HIGH: _("high"),
        Risk.CRITICAL: _("critical"),
    },
    RiskFactor: {
        RiskFactor.PERSONAL_DATA: _("personal data is processed differently"),
        RiskFactor.ACCESS_CONTROL: _("access rights or authentication change"),
        RiskFactor.DATA_MIGRATION: _("data is migrated"),
        RiskFactor.HARD_TO_UNDO: _("hard to undo"),
    },
    VerdictStatus: {
        VerdictStatus.BLOCKED: _("held"),
        VerdictStatus.PENDING: _("waiting"),
        VerdictStatus.EMERGENCY: _("free as an emergency"),
        VerdictStatus.WAIVED: _("free, with a waiver"),
        VerdictStatus.PASSED: _("free"),
    },
    WaiverScope: {
        WaiverScope.CHANGE: _("this change"),
        WaiverScope.REPOSITORY: _("the whole repository"),
    },
    Settlement: {
        Settlement.DONE: _("made up for"),
        Settlement.ACCEPTED: _("risk accepted"),
    },
    Credentials: {
        Credentials.REVOKED: _("revoked"),
        Credentials.NONE_FOUND: _("none found, checked"),
        Credentials.ROTATION: _("replacement is running"),
    },
    EvidenceKept: {
        EvidenceKept.PRESERVED: _("secured"),
        EvidenceKept.NONE: _("there is none, because …"),
    },
    Cause: {
        Cause.KNOWN: _("known"),
        Cause.HYPOTHESIS: _("best hypothesis"),
    },
    ReviewForm: {
        ReviewForm.MEETING: _("as a meeting"),
        ReviewForm.FORM: _("by form"),
    },
    CorrectiveNeed: {
        CorrectiveNeed.ACTION: _("one is needed"),
        CorrectiveNeed.NONE: _("none is needed, because …"),
    },
    DutyAnswer: {
        DutyAnswer.NOT_REQUIRED: _("not required, because …"),
        DutyAnswer.FILED: _("notified, reference …"),
    },
    SecondPersonRule: {
        SecondPersonRule.DISMISSAL: _("confirming that it is no incident"),
        SecondPersonRule.OVERRIDE: _("granting an override"),
        SecondPersonRule.CLOSE: _("closing"),
        SecondPersonRule.REOPEN: _("opening again"),
        SecondPersonRule.DUTY: _("deciding on a duty to notify"),
        SecondPersonRule.EFFECTIVENESS: _("checking the effect"),
        SecondPersonRule.DISPOSAL: _("destroying evidence"),
        SecondPersonRule.PLAN_APPROVAL: _("approving the plan"),
        SecondPersonRule.WAIVER: _("granting a waiver"),
        SecondPersonRule.DEPLOY_APPROVAL: _("approving the deployment"),
        SecondPersonRule.EMERGENCY: _("confirming an emergency"),
        SecondPersonRule.CHANGE_REVIEW: _("holding a retrospective review"),
        SecondPersonRule.ACCEPTANCE: _("accepting the risk of a skipped requirement"),
        SecondPersonRule.ERASURE: _("erasing a field"),
        SecondPersonRule.POLICY_LOOSENING: _("loosening the policy"),
    },
}
"""Every member of every list has a name; a test walks them."""


def name(t: Translator, term: StrEnum | None) -> str:
    """The name of a term; a dash for none."""
    return t.gettext(NAMES[type(term)][term]) if term is not None else "—"


def short_severity(t: Translator, severity: Severity | None) -> str:
    """`S2`; in words before the severity is known."""
    return severity.value if severity else t.gettext("severity open")
