"""Which questions an exit criterion is made of: the parts of an answer, and the fields of the assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.chat.reply import FieldKind
from config.policy.criteria import CriterionId
from config.policy.ids import Criterion
from workflows.incident.choices import Cause, CorrectiveNeed, Credentials, DutyAnswer, EvidenceKept, ReviewForm

MARK: Final = "~"
"""Between a criterion and the part of its answer in a field id: `evidence.preserved~text`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question: an attribute of the answer (`text`, `detail`, `choice`, …), how it is asked, what can be chosen."""

    name: str
    kind: FieldKind
    of: type[StrEnum] | None = None


def _text() -> Part:
    return Part("text", FieldKind.MULTILINE)


def _choice(of: type[StrEnum]) -> Part:
    return Part("choice", FieldKind.CHOICE, of)


ANSWERS: Final[Mapping[Criterion, tuple[Part, ...]]] = {
    Criterion.DISMISSAL_REASON: (_text(),),
    Criterion.CONTAINMENT_ACTION: (_text(), Part("detail", FieldKind.MULTILINE)),
    Criterion.EVIDENCE: (_choice(EvidenceKept), _text()),
    Criterion.CREDENTIALS: (_choice(Credentials), Part("person", FieldKind.PERSON), _text()),
    Criterion.ROOT_CAUSE: (_choice(Cause), _text(), Part("detail", FieldKind.TEXT)),
    Criterion.ENTRY_PATH: (_text(),),
    Criterion.SIMILAR_SYSTEMS: (_text(),),
    Criterion.RESTORE_SOURCE: (_text(),),
    Criterion.SYSTEMS_VERIFIED: (_text(),),
    Criterion.MONITORING_OVER: (Part("when", FieldKind.DATETIME),),
    Criterion.RECOVERY_DECLARED: (Part("person", FieldKind.PERSON),),
    Criterion.SERVICE_OWNER_AGREES: (Part("person", FieldKind.PERSON),),
    Criterion.REVIEW_HELD: (_choice(ReviewForm), Part("when", FieldKind.DATETIME), Part("choices", FieldKind.CHOICES)),
    Criterion.PROCESS_CAUSE: (_text(),),
    Criterion.LESSONS: (_text(), Part("detail", FieldKind.MULTILINE)),
    Criterion.CORRECTIVE_ACTION: (
        _choice(CorrectiveNeed),
        _text(),
        Part("person", FieldKind.PERSON),
        Part("when", FieldKind.DATE),
    ),
    Criterion.DUTIES_DECIDED: (_choice(DutyAnswer), _text(), Part("when", FieldKind.DATETIME)),
    Criterion.RETENTION_CLASS: (Part("choice", FieldKind.CHOICE),),
}
"""Criteria that an answer of its own supplies."""

ASSESSED: Final[Mapping[Criterion, tuple[str, ...]]] = {
    Criterion.ASSESSMENT: ("kind", "reason"),
    Criterion.CATEGORY: ("category",),
    Criterion.IMPACT: ("confidentiality", "integrity", "availability", "authenticity"),
    Criterion.SEVERITY: ("spread", "severity", "severity_reason"),
    Criterion.LEAD: ("lead",),
    Criterion.PERSONAL_DATA: ("personal_data",),
    Criterion.AFFECTED: ("affected",),
    Criterion.DUPLICATE_OF: ("duplicate_of",),
    Criterion.IMPACT_SETTLED: ("confidentiality", "integrity", "availability", "authenticity", "personal_data"),
}
"""Criteria that fields of the assessment supply."""


def parts_of(criterion: CriterionId) -> tuple[Part, ...]:
    """The parts of an answer of its own; a criterion that the organisation added is answered in words."""
    return ANSWERS.get(criterion, ()) if isinstance(criterion, Criterion) else (_text(),)


BY_OTHERS: Final = frozenset(
    {
        Criterion.DISMISSAL_CONFIRMED,
        Criterion.FIXES_DEPLOYED,
        Criterion.CLOSED_BY_OTHER,
        Criterion.NO_DUE_ITEMS,
    }
)
"""Criteria that no field of a form can supply: somebody else acts, or something happens."""


def field_id(criterion: CriterionId, part: Part) -> str:
    """The id of the field for one part."""
    return f"{criterion}{MARK}{part.name}"
