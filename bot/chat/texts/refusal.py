"""Why not, and what helps: one line per reason, with who can supply it, and how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat.texts import agreement, common, criteria, requirements, terms, times, waiting, who
from bot.chat.texts.fields import LABELS, label
from bot.chat.texts.told import Telling
from config.i18n import Translator
from config.policy.criteria import criterion_of
from config.policy.ids import CaseRole, Criterion, Requirement, SecondPersonRule
from config.policy.models import Policy
from config.texts import _
from workflows.change.codes import Answer, ChangeState, Refusal
from workflows.change.state import ChangeCase
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal, Kind, Relation, State
from workflows.workflow import Case

LINES: Final[Mapping[str, str]] = {
    # incidents
    Code.MISSING: _("{subject}: {how}"),
    Code.NOT_OVER: _("{subject}: still runs until {expected}"),
    Code.CHANGES_PENDING: _("{subject}: {expected} not in production yet"),
    Code.SECOND_PERSON: _("{subject}: takes a second person"),
    Code.NO_SUCH_MOVE: _("That is not possible from {found}. Possible: {expected}."),
    Code.CASE_CLOSED: _("{number} is over ({found}). To open it again: `back {number}`."),
    Code.WRONG_KIND: _("That does not fit an assessment as {found}."),
    Code.WRONG_PHASE: _("That does not fit the phase {found}."),
    Code.STILL_RUNNING: _(
        "{number} is still in {found}. Feedback on the process is taken from Review on; until then it can be a note: "
        "`note {number} …`."
    ),
    Code.NEEDS_REASON: _("A reason is needed, in one sentence."),
    Code.NEEDS_TEXT: _("{subject}: something is needed here"),
    Code.INVALID: _("{subject}: “{found}” is not possible. Possible: {expected}"),
    Code.IN_FUTURE: _("{subject}: that lies in the future"),
    Code.TOO_EARLY: _("{subject}: that lies before {expected}"),
    Code.AFTERWARDS: _("The case is entered afterwards: nobody is called, and it has no channel."),
    Code.IN_PAST: _("{subject}: that is over already"),
    Code.TOO_LATE: _("{subject}: at this severity at the latest {expected}"),
    Code.IS_DUPLICATE: _("{found} is a duplicate itself. Please name the case in which it goes on."),
    Code.ORIGINAL_OVER: _(
        "{found} is over ({expected}), so nothing would go on there. Either open it again (`back {found}`), or assess "
        "this report by itself and link it: `link {number} {found}`."
    ),
    Code.ONLY_DRILL: _("A drill and a real case cannot be the same: {found}."),
    Code.UNKNOWN_CASE: _("“{found}” cannot be found here. Please give a number such as {example}."),
    Code.LINK_FROM_THERE: _(
        "Not everybody who sees {number} may know of {found}. Where fewer people see it, link it from there: "
        "`link {found} {number}`; whoever may see both then finds it on both."
    ),
    Code.ITSELF: _("{found} is this case itself. Please give the number of the other one."),
    Code.UNKNOWN_ITEM: _("No. {found} is not there, or is dealt with already."),
    Code.ALREADY: _("That is so already; nothing changes."),
    Code.ONE_BY_ONE: _("{subject}: {expected}, each by itself, please: `duty {number} filed …`"),
    Code.NOT_EXEMPTIBLE: _("{subject}: cannot be “not applicable”"),
    Code.NEVER_EXEMPT: _("{subject}: cannot be “not applicable” here; the policy demands an answer"),
    Code.UNKNOWN_CRITERION: _("{subject}: the policy does not ask this"),
    Code.NOT_WALKABLE: _("All phases at once only for S3 and S4; this one is {found}."),
    Code.NOT_OVERRIDABLE: _("This step cannot be made by override."),
    Code.NOTHING_MISSING: _("Nothing is missing, no override is needed: simply go on."),
    Code.NAMED_PEOPLE: _(
        "Strictly confidential needs at least two named people, one of them ISB, deputy or management."
    ),
    Code.CATEGORY_NAMES: _(
        "This category is strictly confidential: please name at least two people under “Named people”, one of them "
        "ISB, deputy or management. Until then it is not recorded, and the case is restricted."
    ),
    Code.TAKEN: _("{found} has this role already ({subject}). It can change all the same: with `role`, and a name."),
    Code.NOT_CALLED: _("Only who was called can say that they cannot."),
    Code.NOT_LEAD: _(
        "Only the lead hands over. If the lead cannot be reached, ISB, deputy or a responder gives the role: "
        "`role lead @name`."
    ),
    Code.NO_HANDOVER: _("No hand-over waits for an answer; it was answered, or somebody got the lead another way."),
    Code.NOT_ASKED: _("Only who was asked to lead can answer that."),
    Code.DISPOSAL_NOT_ASKED: _("{subject}: nobody has asked that it be destroyed."),
    Code.DISPOSAL_WITHDRAWN: _(
        "{subject}: the request to destroy it was withdrawn by {found} ({expected}). It can be asked for again."
    ),
    Code.DISPOSAL_REFUSED: _(
        "{subject}: {found} refused to have it destroyed ({expected}). It can be asked for again."
    ),
    Code.DISPOSED: _("{subject} is destroyed already (agreed to by {found}, {expected}). That cannot be undone."),
    Code.NO_SERVICE_OWNER: _("{subject}: only somebody who is service owner by the policy"),
    Code.OWNER_ASKED: _("{found} was asked already ({expected}); the answer is still to come."),
    Code.NAMED_ONLY: _(
        "The case is strictly confidential: only somebody who is named in it can be asked. Name them first: "
        "`role named @name`."
    ),
    Code.NO_QUESTION: _("Nobody is asked for their agreement now: it was answered, or the case went back."),
    Code.OTHER_ASKED: _("Another service owner was asked: {found}."),
    Code.NOT_YOURS: _("Only its owner, or who works on the case, can do this."),
    Code.MACHINE_ONLY: _("That happens by itself."),
    # changes
    Refusal.NOT_ALLOWED: _("Your role does not allow this."),
    Refusal.OVER: _("The change is {found}; it does not move any more."),
    Refusal.MERGED: _("It is merged already."),
    Refusal.NOT_MERGED: _("It is not merged yet."),
    Refusal.LINKED_ALREADY: _("The request belongs to a change already: {found}."),
    Refusal.NOT_LINKED: _("The request does not belong to this change."),
    Refusal.UNKNOWN_ENVIRONMENT: _("“{found}” is no environment of the policy. Known: {expected}"),
    Refusal.UNKNOWN_WAIVER: _("There is no such waiver to decide on."),
    Refusal.WAIVER_TOO_LONG: _("A waiver lasts at most {expected} days."),
    Refusal.WAIVER_EXPIRED: _("Its time is over already."),
    Refusal.WAIVER_DECIDED: _("It is decided already."),
    Refusal.NOT_COVERED: _("The policy covers no such repository and branch: {found}"),
    Refusal.NO_CHANGE: _("Nothing would be different."),
    Refusal.NO_OBJECTION: _("There is no objection to lift."),
    Refusal.NOT_HELD: _("Nothing is held for {found}; no emergency is needed."),
    Refusal.NO_HEAD: _("No commit is known for it yet."),
    Refusal.SEVERAL_REQUESTS: _("There are several requests; please name one."),
    Refusal.EMERGENCY_KNOWN: _("There is an emergency for {found} already."),
    Refusal.UNKNOWN_EMERGENCY: _("There is no emergency here that waits for this."),
    Refusal.NO_REVIEW: _("No retrospective review is due here."),
    Refusal.NOT_OWED: _("{subject}: not due here"),
    Refusal.NOT_DEPLOYED: _("The change is not in {found}, so it cannot be taken back there."),
    Refusal.OTHER_COMMIT: _("The commit {found} does not belong to this change."),
    Refusal.UNKNOWN_CHANGE: _("{found} is no other change."),
    Refusal.NOT_ROLLED_BACK: _("Only a change that was rolled back has a successor."),
}
"""Every code a rule can refuse with; a test walks both lists."""
_SPECIAL: Final[Mapping[tuple[str, str], str]] = {
    (Code.UNKNOWN_ITEM, "role"): _("They do not have this role here; there is nothing to take away."),
    (Code.UNKNOWN_ITEM, "link"): _("{found} is not linked in this way; there is nothing to untie."),
    (Code.UNKNOWN_ITEM, "note"): _("The timeline has no entry {found}."),
    (Code.UNKNOWN_ITEM, "duty"): _("No such duty to notify waits here."),
    (Code.INVALID, "aware"): _("{subject}: since when the organisation has been aware is set by others."),
}
"""Instead of the line of a code, by what it is about or what it expected."""


@dataclass(frozen=True, slots=True)
class Explaining:
    """What the lines of a refusal may use."""

    t: Translator
    policy: Policy
    case: Case | None
    now: datetime
    own: frozenset[str] = frozenset()
    """Roles of the reader: who can help themselves is not told who could."""
    me: str = ""
    """Name of the reader."""

    def subject(self, subject: str) -> str:
        """What a reason is about, in words."""
        if subject == OCCURRED and self.case is not None:
            subject = WHEN
        own = criterion_of(subject)
        if own is not None and not isinstance(own, Criterion):
            return criteria.named(self.t, self.policy, own, self.case)
        for known, name in _SUBJECTS:
            # The questions of a plan have names that forms about incidents use for something else.
            of_plan = isinstance(self.case, ChangeCase)
            if (known is _ANSWERS and not of_plan) or (known is _CRITERIA and of_plan):
                continue
            if subject in known:
                return name(self.t, subject)
        if subject == _LINK:
            return label(self.t, "relation")
        regime = next((one for one in self.policy.regimes if one.id == subject), None)
        return regime.title(self.t.language) if regime else common.one_line(subject, 60)


def _criterion(t: Translator, subject: str) -> str:
    return criteria.label(t, Criterion(subject))


def _requirement(t: Translator, subject: str) -> str:
    return requirements.label(t, Requirement(subject))


def _rule(t: Translator, subject: str) -> str:
    name = terms.name(t, SecondPersonRule(subject))
    return name[:1].upper() + name[1:]


def _case_role(t: Translator, subject: str) -> str:
    return terms.name(t, CaseRole(subject))


def _answer(t: Translator, subject: str) -> str:
    return t.gettext(requirements.ANSWERS[Answer(subject)])


_CRITERIA: Final = frozenset(Criterion)
_ANSWERS: Final = frozenset(Answer)
_SUBJECTS: Final[tuple[tuple[frozenset[str], Callable[[Translator, str], str]], ...]] = (
    (_CRITERIA, _criterion),
    (frozenset(Requirement), _requirement),
    (frozenset(SecondPersonRule), _rule),
    (_ANSWERS, _answer),
    (frozenset(LABELS), label),
    (frozenset(CaseRole), _case_role),
)
OCCURRED: Final = "occurred"
WHEN: Final = "when"
"""When something happened, and what forms about a case call that; a report asks since when it has."""
_ENVIRONMENT: Final = "environment"
_LINK: Final = "link"
_AS_TYPED: Final = frozenset({Code.UNKNOWN_CASE, Code.UNKNOWN_ITEM, Refusal.UNKNOWN_CHANGE})
"""What was found is what somebody typed, maybe several words."""


def line(x: Explaining, reason: Reason) -> str:
    """One reason in one line, with who can help where that is somebody else."""
    text = _template(x, reason).format(
        subject=x.subject(reason.subject).rstrip("?") if reason.subject else x.t.gettext("This"),
        how=_how(x, reason),
        expected=_listed(x, reason, reason.expected),
        found=_listed(x, reason, reason.found),
        number=x.case.number if x.case else "",
        example="CHG-2026-0117" if reason.subject == "link" else "INC-2026-0042",
    )
    helpers = [name for name in _helpers(x, reason) if name != x.me]
    # Whoever would have to be somebody else cannot help themselves, whatever their roles are.
    alone = reason.code != Code.SECOND_PERSON and not _is_confirmation(x, reason) and not x.own.isdisjoint(reason.who)
    if not helpers or alone:
        return text
    can = x.t.gettext("Can help: {names}.").format(names=common.either(x.t, helpers))
    return text.rstrip(".") + ". " + common.stop(can)


def _template(x: Explaining, reason: Reason) -> str:
    if _is_confirmation(x, reason):
        return x.t.gettext(LINES[Code.SECOND_PERSON])
    if reason.code == Code.ALREADY and reason.found and reason.subject == "acknowledged":
        return _looks_after(x, reason.found)
    if special := _SPECIAL.get((reason.code, reason.expected)) or _SPECIAL.get((reason.code, reason.subject)):
        return x.t.gettext(special)
    # For a criterion its own words say more: "who closes is somebody else" rather than "takes a second person".
    of_criterion = criterion_of(reason.subject) is not None
    if of_criterion and reason.code in {Code.SECOND_PERSON, Code.NEEDS_TEXT}:
        return x.t.gettext(LINES[Code.MISSING])
    if of_criterion and reason.code == Code.NEEDS_REASON:
        return "{subject}: " + x.t.gettext(LINES[reason.code])
    return x.t.gettext(LINES[reason.code]) if reason.code in LINES else "{subject}"


def _looks_after(x: Explaining, pseudonym: str) -> str:
    if _word(x, pseudonym) == x.me:
        return x.t.gettext("You have been looking after it since {expected}.")
    return x.t.gettext("{found} has been looking after it since {expected}.")


def _is_confirmation(x: Explaining, reason: Reason) -> bool:
    """The duties are decided; what is missing is the second person alone."""
    return reason.subject == Criterion.DUTIES_DECIDED and waiting.only_confirmation(x.case)


def _helpers(x: Explaining, reason: Reason) -> tuple[str, ...]:
    codes = reason.who
    if _is_confirmation(x, reason):
        codes = tuple(role.value for role in x.policy.second_persons[SecondPersonRule.DUTY].roles)
    leads = x.case.leaders if reason.subject == Criterion.CLOSED_BY_OTHER and isinstance(x.case, IncidentCase) else ()
    return who.names(x.t, x.policy, codes, x.case, without=leads)


def _how(x: Explaining, reason: Reason) -> str:
    criterion = criterion_of(reason.subject)
    if criterion is Criterion.NO_DUE_ITEMS and isinstance(x.case, IncidentCase):
        left = [one for one in x.case.open_due_items if (one.criterion or one.rule) in reason.expected.split()]
        names = (criteria.due_name(x.t, x.policy, one, x.case) for one in left)
        return ", ".join(dict.fromkeys(names)) or criteria.how(x.t, x.policy, criterion)
    if criterion is Criterion.IMPACT and (goals := _goals(x.t, reason.expected)):
        return x.t.gettext("still open: {goals}; “unknown” is enough").format(goals=goals)
    if criterion is Criterion.SERVICE_OWNER_AGREES and isinstance(x.case, IncidentCase) and x.case.owner_asked:
        return agreement.stands(Telling(x.t, x.case, x.policy, x.now))
    if criterion is not None and not isinstance(x.case, ChangeCase):
        return criteria.how(x.t, x.policy, criterion)
    return x.t.gettext("missing")


def _goals(t: Translator, codes: str) -> str:
    """The protection goals that are left; empty where all of them are, or none."""
    left = [Goal(code) for code in codes.split()]
    return common.people(t, [terms.name(t, one) for one in left]) if 0 < len(left) < len(Goal) else ""


def _listed(x: Explaining, reason: Reason, codes: str) -> str:
    """Codes as words: states, kinds, goals, times; anything else as it is."""
    if reason.code in _AS_TYPED:
        return common.one_line(codes, 60) or "—"
    if reason.subject == _ENVIRONMENT:
        # `test` and `dev` are phases of a change, too.
        return ", ".join(common.one_line(code, 60) for code in codes.split()) or "—"
    if reason.subject == Criterion.DUTIES_DECIDED:
        return ", ".join(_regime(x, code) for code in codes.split()) or "—"
    return ", ".join(_word(x, code) for code in codes.split()) or "—"


def _regime(x: Explaining, code: str) -> str:
    known = next((one for one in x.policy.regimes if one.id == code), None)
    return known.title(x.t.language) if known else common.one_line(code, 80)


def _word(x: Explaining, code: str) -> str:
    known = next((one for one in x.case.people if one == code), None) if x.case is not None else None
    if known is not None and x.case is not None:
        return common.one_line(x.case.name_of(known), 60)
    for of in (State, ChangeState, Kind, Goal, Relation):
        if code in set(of):
            return terms.name(x.t, of(code))
    criterion = criterion_of(code)
    if criterion is not None:
        return criteria.named(x.t, x.policy, criterion, x.case)
    read = _moment(code)
    if read is not None:
        return times.moment(x.t, read, x.policy.zone, x.now)
    return common.one_line(code, 80)


def _moment(code: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(code)
    except ValueError:
        return None
    return read if read.tzinfo else None


def head(t: Translator, target: State, missing: int, of: int, *, kept: bool) -> str:
    """Not in Contain yet, 2 of 8 answers missing. Complete answers are saved.

    One that is not complete is not on record; it stays in the form that comes back.
    """
    phase = terms.name(t, target)
    if target is State.CLOSED:
        text = t.ngettext(
            "Not closed yet, {missing} of {all} answers missing.",
            "Not closed yet, {missing} of {all} answers missing.",
            missing,
        )
    elif target is State.DISMISSED:
        text = t.ngettext(
            "Not ended as “not an incident” yet, {missing} of {all} answers missing.",
            "Not ended as “not an incident” yet, {missing} of {all} answers missing.",
            missing,
        )
    else:
        text = t.ngettext(
            "Not in {phase} yet, {missing} of {all} answers missing.",
            "Not in {phase} yet, {missing} of {all} answers missing.",
            missing,
        )
    told = text.format(phase=phase, missing=missing, all=max(of, missing))
    return told + " " + t.gettext("Complete answers are saved.") if kept else told


def cannot_wait(t: Translator, policy: Policy, case: Case) -> str:
    """Offers an override, and says who decides."""
    deciders = who.deciders(t, policy, SecondPersonRule.OVERRIDE, case)
    return common.stop(t.gettext("Can it not wait? The decision is with {names}.").format(names=deciders))


def plain_head(t: Translator) -> str:
    """Over a refusal that is not about leaving a phase."""
    return t.gettext("Not done:")


def kept_note(t: Translator) -> str:
    """Answers given along with a refused step stay."""
    return t.gettext("What you answered is saved.")


def recorded_note(t: Translator, listed: Sequence[str]) -> str:
    """A refusal is on record too."""
    return common.receipts(t, listed) if listed else ""
