"""The exit criteria in words: what is asked for, and the shortest way to supply it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.chat.texts import terms
from config.i18n import Translator
from config.policy.criteria import CriterionId, policy_id_of
from config.policy.ids import Criterion
from config.policy.models import Policy
from config.texts import _
from workflows.incident.asked import Asked
from workflows.incident.items import AskedPart, DueItem
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Wording:
    """`label` names the criterion; `how` stands behind it in a refusal; `hint` stands under its field."""

    label: str
    how: str
    hint: str = ""


WORDINGS: Final[Mapping[Criterion, Wording]] = {
    Criterion.ASSESSMENT: Wording(_("Assessment"), _("what it is, with a reason in one sentence")),
    Criterion.CATEGORY: Wording(_("Category"), _("one from the list")),
    Criterion.IMPACT: Wording(_("Impact"), _("all four protection goals; “unknown” is enough")),
    Criterion.SEVERITY: Wording(_("Severity"), _("follows from impact and reach, or set by you with a reason")),
    Criterion.LEAD: Wording(_("Incident lead"), _("one person who takes the lead")),
    Criterion.PERSONAL_DATA: Wording(_("Personal data"), _("yes, no or unknown")),
    Criterion.AFFECTED: Wording(_("Affected"), _("the asset or product concerned")),
    Criterion.DISMISSAL_REASON: Wording(
        _("Why not an incident"), _("one sentence that still convinces in a year"), _("One or two sentences.")
    ),
    Criterion.DISMISSAL_CONFIRMED: Wording(_("Confirmation by the ISB"), _("needed for S1, S2 and watched categories")),
    Criterion.DUPLICATE_OF: Wording(_("Duplicate of"), _("the number of the case that stays open")),
    Criterion.CONTAINMENT_ACTION: Wording(
        _("Containment action"),
        _("one that is done, with its result"),
        _("What was done? For example: device off the net."),
    ),
    Criterion.EVIDENCE: Wording(
        _("Evidence"),
        _("secured and recorded, or why there is none"),
        _("Where it lies now; or why there is nothing to secure."),
    ),
    Criterion.CREDENTIALS: Wording(
        _("Exposed credentials and keys"),
        _("revoked, none found, or replacement running as a task"),
        _("Only while it runs: it becomes a task."),
    ),
    Criterion.ROOT_CAUSE: Wording(
        _("Root cause"), _("the cause or the best hypothesis"), _("The best hypothesis is enough for now.")
    ),
    Criterion.ENTRY_PATH: Wording(
        _("Entry path closed"), _("how it got in, and how that is shut"), _("How it got in, and how that is shut.")
    ),
    Criterion.SIMILAR_SYSTEMS: Wording(
        _("Similar systems"), _("which were checked, with what result"), _("Which were checked, with what result?")
    ),
    Criterion.FIXES_DEPLOYED: Wording(
        _("Fixing changes"), _("every linked change in production, cancelled, or rolled back with a successor")
    ),
    Criterion.RESTORE_SOURCE: Wording(
        _("Restore source"), _("checked for integrity"), _("Which backup or image, checked how?")
    ),
    Criterion.SYSTEMS_VERIFIED: Wording(
        _("Systems verified"), _("the affected systems work and are clean"), _("Which ones, checked how?")
    ),
    Criterion.MONITORING_OVER: Wording(
        _("Monitoring"), _("the period set, and over"), _("When the period ends or ended.")
    ),
    Criterion.RECOVERY_DECLARED: Wording(
        _("End of recovery"), _("declared by a named person"), _("Who declares that operation is normal again?")
    ),
    Criterion.SERVICE_OWNER_AGREES: Wording(
        _("Service owner agrees"), _("that the service is as it should be"), _("Who agreed?")
    ),
    Criterion.REVIEW_HELD: Wording(
        _("Review held"), _("meeting or form, date, who took part by role"), _("When, and who took part?")
    ),
    Criterion.PROCESS_CAUSE: Wording(
        _("Cause in the process"),
        _("about the way of working, not about a person"),
        _("About the way of working, not a person."),
    ),
    Criterion.LESSONS: Wording(_("Lessons"), _("what worked, what did not"), _("What worked, what did not?")),
    Criterion.CORRECTIVE_ACTION: Wording(
        _("Corrective action"), _("with owner and due date, or why none is needed"), _("If none is needed: why not.")
    ),
    Criterion.IMPACT_SETTLED: Wording(
        _("Impact and personal data settled"),
        _("no “unknown” left"),
    ),
    Criterion.DUTIES_DECIDED: Wording(
        _("Duties to notify"), _("each one filed, or not required with a reason and a second person")
    ),
    Criterion.CLOSED_BY_OTHER: Wording(_("Second person"), _("somebody other than the incident lead closes")),
    Criterion.RETENTION_CLASS: Wording(_("Retention"), _("how long the case is kept"), _("How long the case is kept.")),
    Criterion.NO_DUE_ITEMS: Wording(_("Open due items"), _("everything that was put off is done")),
}
"""Every criterion has a wording; a test walks them."""

PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "text": (_("{criterion}: in words"), ""),
    "detail": (_("{criterion}: result"), ""),
    "choice": (_("{criterion}: status"), ""),
    "choices": (_("{criterion}: who took part?"), _("By role; several are possible.")),
    "when": (_("{criterion}: when?"), ""),
    "person": (_("{criterion}: who?"), ""),
}
"""Further questions of one criterion."""

SPECIAL: Final[Mapping[tuple[Criterion, str], str]] = {
    (Criterion.ROOT_CAUSE, "detail"): _("Tag of the cause, by which a recurrence is found"),
    (Criterion.LESSONS, "text"): _("Lessons: what worked?"),
    (Criterion.LESSONS, "detail"): _("Lessons: what did not work?"),
    (Criterion.CREDENTIALS, "person"): _("Exposed credentials and keys: checked by"),
    (Criterion.CREDENTIALS, "text"): _("Replacement running: what is replaced?"),
    (Criterion.MONITORING_OVER, "when"): _("Monitoring: until when?"),
    (Criterion.REVIEW_HELD, "choice"): _("Review held: how?"),
    (Criterion.CORRECTIVE_ACTION, "choice"): _("Corrective action: needed?"),
    (Criterion.CORRECTIVE_ACTION, "person"): _("Corrective action: who takes care of it?"),
    (Criterion.DUTIES_DECIDED, "when"): _("If notified: when?"),
    (Criterion.CORRECTIVE_ACTION, "when"): _("Corrective action: due on"),
}
"""Where the general wording would not be understood."""


def part_label(t: Translator, policy: Policy, criterion: CriterionId, part: str, *, alone: bool) -> str:
    """The label of one question of a criterion; the criterion's own name where it is the only one."""
    own = policy.criteria.own(criterion)
    if own is not None or not isinstance(criterion, Criterion):
        return own.question(t.language) if own else policy_id_of(criterion)
    special = SPECIAL.get((criterion, part))
    if special:
        return t.gettext(special)
    if alone:
        return label(t, criterion)
    return t.gettext(PARTS[part][0]).format(criterion=label(t, criterion))


def label(t: Translator, criterion: Criterion) -> str:
    """The name of a criterion."""
    return t.gettext(WORDINGS[criterion].label)


def named(t: Translator, policy: Policy, criterion: CriterionId, case: object = None) -> str:
    """What any criterion is called: an added one by its question in the policy, or else as the case knows it."""
    if isinstance(criterion, Criterion):
        return label(t, criterion)
    own = policy.criteria.own(criterion)
    if own is not None:
        return _without_mark(own.question(t.language))
    said = (case.answers.get(criterion) or case.exemptions.get(criterion)) if isinstance(case, IncidentCase) else None
    return (_question(t, said) if said else "") or policy_id_of(criterion)


def due_name(t: Translator, policy: Policy, item: DueItem, case: IncidentCase) -> str:
    """What holds back closing: a criterion that was put off, or the signature of management under a rule."""
    if item.criterion is not None:
        return named(t, policy, item.criterion, case)
    rule = terms.name(t, item.rule) if item.rule is not None else "—"
    return t.gettext("countersignature of management ({rule})").format(rule=rule)


def as_asked(t: Translator, policy: Policy, said: Asked | AskedPart) -> str:
    """What a criterion was called when it was answered: the words of an added one may be others by now."""
    return _question(t, said) or named(t, policy, said.criterion)


def _question(t: Translator, said: Asked | AskedPart) -> str:
    question = said.question_de if t.language.startswith("de") else said.question_en
    return _without_mark(question) if isinstance(question, str) else ""


def _without_mark(question: str) -> str:
    """A question as a name, as our sentences go on behind it."""
    return question.rstrip("? ")


def how(t: Translator, policy: Policy, criterion: CriterionId) -> str:
    """How it is met, for a refusal."""
    if isinstance(criterion, Criterion):
        return t.gettext(WORDINGS[criterion].how)
    own = policy.criteria.own(criterion)
    return (own.hint(t.language) if own else "") or t.gettext("an answer in a sentence or two")


def hint(t: Translator, policy: Policy, criterion: CriterionId) -> str:
    """What stands under its field."""
    if not isinstance(criterion, Criterion):
        own = policy.criteria.own(criterion)
        return own.hint(t.language) if own else ""
    wording = WORDINGS[criterion]
    return t.gettext(wording.hint or wording.how)
