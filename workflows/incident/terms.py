"""The closed lists of the incident workflow. Their values stand in ledgers and never change their meaning."""

from enum import StrEnum


class State(StrEnum):
    """Phases of an incident, and its two ends."""

    IDENTIFY = "identify"
    CONTAIN = "contain"
    ERADICATE = "eradicate"
    RECOVER = "recover"
    REVIEW = "review"
    CLOSED = "closed"
    DISMISSED = "dismissed"

    @property
    def is_open(self) -> bool:
        """Whether the case is still worked on."""
        return self not in (State.CLOSED, State.DISMISSED)


class Kind(StrEnum):
    """What a report turned out to be (ISO/IEC 27035-1; BSIG § 2). `event` is not assessed yet."""

    EVENT = "event"
    INCIDENT = "incident"
    NEAR_MISS = "near_miss"
    DISRUPTION = "disruption"
    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"


DISMISSED_KINDS = (Kind.FALSE_ALARM, Kind.DUPLICATE, Kind.DISRUPTION)


class PersonalData(StrEnum):
    """Whether personal data is affected (GDPR Art. 4 no. 12)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Goal(StrEnum):
    """Protection goals: confidentiality, integrity, availability, and authenticity."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"
    AUTHENTICITY = "authenticity"


class ReportWay(StrEnum):
    """How a report reached whoever recorded it (A.6.8)."""

    PHONE = "phone"
    MAIL = "mail"
    IN_PERSON = "in_person"
    SYSTEM = "system"


class ActionKind(StrEnum):
    """Which phase a response action serves."""

    CONTAINMENT = "containment"
    ERADICATION = "eradication"
    RECOVERY = "recovery"


class TaskKind(StrEnum):
    """`rotation` is the replacement of exposed credentials or keys, which can outlast its phase."""

    GENERAL = "general"
    ROTATION = "rotation"


class IssueState(StrEnum):
    """An issue at a forge. Of two tellings of one moment the later member holds."""

    CLOSED = "closed"
    OPEN = "open"


class CorrectiveState(StrEnum):
    """A corrective action (10.2): done is not yet effective."""

    OPEN = "open"
    DONE = "done"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"


class ReopenCause(StrEnum):
    """Why a corrective action was opened again."""

    NOT_EFFECTIVE = "not_effective"
    RECURRENCE = "recurrence"


class DutyDecision(StrEnum):
    """Whether a duty to notify applies."""

    UNDECIDED = "undecided"
    REQUIRED = "required"
    NOT_REQUIRED = "not_required"


class OverrideState(StrEnum):
    """An override is asked for by the lead and decided by a second person; the case may move before that (`void`)."""

    REQUESTED = "requested"
    GRANTED = "granted"
    DENIED = "denied"
    VOID = "void"


class DueKind(StrEnum):
    """What holds back closing: a criterion passed over by an override, or a missing signature of management."""

    CRITERION = "criterion"
    COUNTERSIGN = "countersign"


class Relation(StrEnum):
    """How a change and an incident hang together. Only `fixes` holds the incident back."""

    FIXES = "fixes"
    CAUSED_BY = "caused_by"
    RELATED = "related"
