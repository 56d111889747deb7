"""The forms of the phase verbs: exactly what is still missing for the next step, and the answers as one command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.chat.forms.incident_ask import ASSESSABLE
from bot.chat.forms.incident_read import assess
from bot.chat.forms.life_ask import moved_at
from bot.chat.forms.life_read import real_times
from bot.chat.forms.parts import ANSWERS, ASSESSED, BY_OTHERS, Part, field_id, parts_of
from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading, Side
from bot.chat.reply import Button, Field, FieldKind, Form, Option
from bot.chat.roles import ROLE_WORDS
from bot.chat.texts import causes, criteria, terms
from bot.chat.verbs import Verb, fold
from config.policy.criteria import CriterionId, criterion_of
from config.policy.ids import CaseRole, Criterion, Impact, Role, Severity, Spread, Visibility
from workflows.commands import Command
from workflows.incident import commands as c
from workflows.incident.criteria.registry import is_exemptible
from workflows.incident.terms import DISMISSED_KINDS, Goal, Kind, PersonalData, State

TARGETS: Final[Mapping[str, State]] = {
    "incident.contain": State.CONTAIN,
    "incident.eradicate": State.ERADICATE,
    "incident.recover": State.RECOVER,
    "incident.review": State.REVIEW,
    "incident.close": State.CLOSED,
    "incident.dismiss": State.DISMISSED,
    "incident.walk": State.CLOSED,
}
"""Form id to the state that it leads to."""

MOVES: Final[Mapping[str, type[Command]]] = {"incident.walk": c.Walk, "incident.close": c.Close}
"""Form id to its command, where that is not the one of every other step."""

FORM_OF: Final[Mapping[Verb, str]] = {
    Verb.CONTAIN: "incident.contain",
    Verb.ERADICATE: "incident.eradicate",
    Verb.RECOVER: "incident.recover",
    Verb.REVIEW: "incident.review",
    Verb.CLOSE: "incident.close",
    Verb.WALK: "incident.walk",
}
PARTICIPANTS: Final = (
    CaseRole.LEAD,
    CaseRole.TECHNICAL_LEAD,
    CaseRole.REPORTER,
    Role.RESPONDER,
    Role.ISB,
    Role.DEPUTY,
    Role.DPO,
    Role.SERVICE_OWNER,
    Role.MANAGEMENT,
    Role.ENGINEER,
)
"""Who can have taken part in a review, by role."""
_CAUSE_TAG: Final = field_id(Criterion.ROOT_CAUSE, ANSWERS[Criterion.ROOT_CAUSE][-1])
_NAMED: Final = "named"
_REASON: Final = "reason"
"""Of an assessment; that of one as no incident says why it is none, too."""
_SKIP_WORDS: Final = ("n/a:", "not applicable:", "entfaellt:", "nicht zutreffend:", "entfällt:")


@dataclass(frozen=True, slots=True)
class Exit:
    """What a form about leaving a phase is made from: the step, the missing criteria, and the hints of the refusal."""

    form_id: str
    case: str
    missing: tuple[CriterionId, ...]
    left: Mapping[CriterionId, str]
    """The parts of a criterion that are missing, where there are several (`confidentiality integrity`)."""
    moves: tuple[State, ...] = ()
    """The moves whose real times are asked for: those of a case that is entered after the fact."""
    tags: tuple[str, ...] = ()
    """Tags of root causes that came up before."""
    state: State = State.IDENTIFY
    """Where the case stands."""
    exempts: bool = True
    """Whether who is asked may say that something does not apply."""


def build(q: Questions, step: Exit, notice: str = "", buttons: tuple[Button, ...] = ()) -> Form:
    """One field for everything that is missing and that a form can supply."""
    asked: dict[str, Field] = {}
    for criterion in _asked_once(step.missing):
        for field in _fields(q, criterion, step):
            asked.setdefault(field.id, field)
    skippable = [one for one in _asked_once(step.missing) if is_exemptible(q.policy, one) and one not in BY_OTHERS]
    exempt = _exemption(q, skippable) if skippable and step.exempts else ()
    moments = moved_at(q, step.moves)
    return q.form(step.form_id, (*asked.values(), *moments, *exempt), case=step.case, notice=notice, buttons=buttons)


def _asked_once(missing: Sequence[CriterionId]) -> tuple[CriterionId, ...]:
    """Why something is no incident is asked for by its assessment, where that is still to be made."""
    told = Criterion.ASSESSMENT in missing
    return tuple(one for one in missing if not (told and one is Criterion.DISMISSAL_REASON))


def _fields(q: Questions, criterion: CriterionId, step: Exit) -> Iterable[Field]:
    listed = parts_of(criterion)
    if listed or not isinstance(criterion, Criterion):
        return [_tagged(q, _answer(q, criterion, part, alone=len(listed) == 1), step) for part in listed]
    left = step.left.get(criterion, "").split()
    named = (*ASSESSED.get(criterion, ()), *_names(q, criterion), *_other(criterion, step))
    narrow = criterion in {Criterion.IMPACT, Criterion.IMPACT_SETTLED} and left
    settle = criterion is Criterion.IMPACT_SETTLED
    return [_assessed(q, one, step, settle=settle) for one in named if not narrow or one in left]


def _names(q: Questions, criterion: Criterion) -> tuple[str, ...]:
    """Who is to be named: asked as soon as the category chosen seals the case."""
    chosen = q.policy.category(q.values.get("category", "")) if criterion is Criterion.CATEGORY else None
    return (_NAMED,) if chosen is not None and chosen.visibility is Visibility.SEALED else ()


def _other(criterion: Criterion, step: Exit) -> tuple[str, ...]:
    """The number of the other case: a report that is not assessed yet may be ended as a duplicate."""
    ends = criterion is Criterion.ASSESSMENT and TARGETS[step.form_id] is State.DISMISSED
    return ASSESSED[Criterion.DUPLICATE_OF] if ends else ()


def _assessed(q: Questions, field: str, step: Exit, *, settle: bool) -> Field:
    impacts = tuple(one for one in Impact if not (settle and one is Impact.UNKNOWN))
    known = tuple(one for one in PersonalData if not (settle and one is PersonalData.UNKNOWN))
    if field == "kind":
        # Past `identify` it was put off. Who answers something else is not to assess along.
        first = step.state is State.IDENTIFY
        kinds = _kinds(step.form_id) if first else (Kind.INCIDENT,)
        only = {"kind": q.values.get("kind") or (kinds[0].value if first and len(kinds) == 1 else "")}
        return replace(q, values={**q.values, **only}).choice("kind", kinds)
    closed: Mapping[str, Sequence[StrEnum]] = {
        "spread": tuple(Spread),
        "severity": tuple(Severity),
        "personal_data": known,
        **{goal.value: impacts for goal in Goal},
    }
    if field in closed:
        return q.choice(field, closed[field])
    special = {
        "reason": lambda: q.text("reason"),
        "category": lambda: q.listed("category", q.policy.categories),
        "lead": lambda: q.person("lead"),
        _NAMED: lambda: q.people(_NAMED),
    }
    return special[field]() if field in special else q.line(field)


def _kinds(form_id: str) -> tuple[Kind, ...]:
    match TARGETS[form_id]:
        case State.CONTAIN:
            return (Kind.INCIDENT,)
        case State.DISMISSED:
            return DISMISSED_KINDS
        case State.REVIEW if form_id == "incident.review":
            return (Kind.NEAR_MISS,)
        case _:
            return ASSESSABLE


def _answer(q: Questions, criterion: CriterionId, part: Part, *, alone: bool) -> Field:
    key = field_id(criterion, part)
    return Field(
        id=key,
        label=criteria.part_label(q.t, q.policy, criterion, part.name, alone=alone),
        kind=part.kind,
        hint=criteria.hint(q.t, q.policy, criterion) if part.name == "text" or alone else "",
        options=_options(q, criterion, part),
        value=q.values.get(key, ""),
    )


def _tagged(q: Questions, field: Field, step: Exit) -> Field:
    return replace(field, hint=causes.before(q.t, step.tags)) if field.id == _CAUSE_TAG else field


def _options(q: Questions, criterion: CriterionId, part: Part) -> tuple[Option, ...]:
    if part.of is not None:
        return q.options(part.of)
    if criterion is Criterion.RETENTION_CLASS:
        return tuple(Option(one.id, one.title(q.t.language)) for one in q.policy.retention_classes)
    if part.kind is FieldKind.CHOICES:
        return tuple(Option(one.value, terms.name(q.t, one)) for one in PARTICIPANTS)
    return ()


def _exemption(q: Questions, skippable: Sequence[CriterionId]) -> tuple[Field, ...]:
    options = [Option(str(one), criteria.named(q.t, q.policy, one)) for one in skippable]
    return (q.ask("skip", FieldKind.CHOICE, options=options), q.text("skip_because"))


def read(form_id: str, a: Reading, case: str) -> c.GivenAnswers:
    """The command of a phase form: whatever was answered, and the step."""
    given = [one for criterion in _askable(a) if (one := _given(a, criterion)) is not None]
    skipped = _skipped(a)
    answers = (*(one for one in given if skipped is None or one.criterion != skipped.criterion),
               *((skipped,) if skipped else ()))  # fmt: skip
    assessed, moved = _assessment(a, case), real_times(a)
    match form_id:
        case "incident.walk":
            return c.Walk(case=case, answers=answers, assess=assessed, moved=moved)
        case "incident.close":
            return c.Close(case=case, answers=answers, assess=assessed, moved=moved)
        case _:
            return c.Advance(case=case, to=TARGETS[form_id], answers=answers, assess=assessed, moved=moved)


def answers_of(command: c.GivenAnswers) -> c.Answer:
    """All that was said, where the case has made the step already."""
    return c.Answer(case=command.case, answers=command.answers, assess=command.assess)


def without_move(command: c.GivenAnswers) -> c.Answer:
    """The answers alone, for whoever only has something to say about the step."""
    return c.Answer(case=command.case, answers=command.answers)


def _askable(a: Reading) -> tuple[CriterionId, ...]:
    return (*ANSWERS, *(one.criterion for one in a.policy.criteria.added))


def _assessment(a: Reading, case: str) -> c.Assess | None:
    fields = dict.fromkeys((*(field for named in ASSESSED.values() for field in named), _NAMED))
    return assess(a, case) if any(a.given(field) for field in fields) else None


def _given(a: Reading, criterion: CriterionId) -> c.Given | None:
    listed = parts_of(criterion)
    if not any(a.given(field_id(criterion, part)) for part in listed):
        return None
    # At the terminal anything can be typed, also where a person or a time is asked for.
    skip = next(filter(None, (_skip_of(a.text(field_id(criterion, part))) for part in listed)), "")
    if skip:
        return c.Given(criterion=criterion, skip=skip)
    read_parts = {part.name: part for part in listed}
    text = _text(a, criterion, read_parts, "text")
    return c.Given(
        criterion=criterion,
        text=text,
        detail=_text(a, criterion, read_parts, "detail"),
        choice=_choice(a, criterion, read_parts.get("choice")),
        choices=_participants(a, criterion, read_parts.get("choices")),
        when=_when(a, criterion, read_parts.get("when")),
        person=a.person(field_id(criterion, read_parts["person"])) if "person" in read_parts else None,
    )


def _text(a: Reading, criterion: CriterionId, known: Mapping[str, Part], name: str) -> str:
    return a.text(field_id(criterion, known[name])) if name in known else ""


def _choice(a: Reading, criterion: CriterionId, part: Part | None) -> str:
    if part is None:
        return ""
    key = field_id(criterion, part)
    if part.of is not None:
        found = a.choice(key, part.of)
        return found.value if found else ""
    return a.listed(key, a.policy.retention_classes)


def _participants(a: Reading, criterion: CriterionId, part: Part | None) -> tuple[str, ...]:
    if part is None:
        return ()
    return a.several(field_id(criterion, part), PARTICIPANTS, ROLE_WORDS)


def _when(a: Reading, criterion: CriterionId, part: Part | None) -> datetime | None:
    if part is None:
        return None
    key = field_id(criterion, part)
    if part.kind is FieldKind.DATE:
        return a.due(key)
    # The end of the monitoring may be set before it is there.
    return a.when(key, side=Side.EITHER if criterion is Criterion.MONITORING_OVER else Side.PAST)


def _skip_of(text: str) -> str:
    """`n/a: no backup was used` means that the criterion does not apply, and why."""
    for word in _SKIP_WORDS:
        if fold(text).startswith(fold(word)):
            return text.partition(":")[2].strip()
    return ""


def _skipped(a: Reading) -> c.Given | None:
    known = (*Criterion, *(one.criterion for one in a.policy.criteria.added))
    chosen = criterion_of(a.one_of("skip", [str(one) for one in known]))
    if chosen is None:
        return None
    return c.Given(criterion=chosen, skip=a.text("skip_because", required=True))


def field_of(criterion: CriterionId, form: Form, values: Mapping[str, str]) -> str:
    """The field of a form under which a reason about this criterion stands; empty where there is none.

    Of several that are all answered in words, the one that was left empty.
    """
    present = [one.id for one in form.fields]
    listed = parts_of(criterion)
    candidates = [field_id(criterion, part) for part in listed]
    candidates += ASSESSED.get(criterion, ()) if isinstance(criterion, Criterion) else ()
    candidates += (_REASON,) if criterion is Criterion.DISMISSAL_REASON else ()
    found = [one for one in candidates if one in present]
    in_words = bool(listed) and all(part.kind is FieldKind.MULTILINE for part in listed)
    left = [one for one in found if not values.get(one, "").strip()] if in_words else []
    return next(iter((*left, *found)), "")
