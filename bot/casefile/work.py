"""What was done and decided: actions, tasks, duties to notify, corrective actions, overrides, links, lessons."""

from collections.abc import Iterator, Sequence

from bot.casefile.course import answered
from bot.casefile.reading import CaseFile
from bot.casefile.telling import Dated, typed
from bot.chat.texts import criteria, issues, terms
from config.policy.ids import Criterion
from workflows.change.state import ChangeCase
from workflows.events import plain
from workflows.incident.items import Corrective, DueItem, Duty, Override, Task
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation
from workflows.reports import markdown as md
from workflows.workflow import Case

_CAUSES = (Criterion.ROOT_CAUSE, Criterion.PROCESS_CAUSE)


def actions(file: CaseFile, x: Dated) -> list[str]:
    """Response actions (A.5.26)."""
    t = x.t
    head = (t.gettext("No."), t.gettext("Kind"), t.gettext("Action"), t.gettext("Result"), t.gettext("Done"))
    rows = [
        (str(one.no), terms.name(t, one.kind), typed(one.text), typed(one.result),
         x.done(one.by, one.at) if one.done else t.gettext("not yet"))
        for one in file.case.actions
    ]  # fmt: skip
    return _table(x, t.gettext("Response actions"), head, rows)


def tasks(file: CaseFile, x: Dated) -> list[str]:
    """Tasks, done or left."""
    t = x.t
    head = (t.gettext("No."), t.gettext("Task"), t.gettext("Owner"), t.gettext("Due"), t.gettext("Done"))
    return _table(x, t.gettext("Tasks"), head, [_task(x, one) for one in file.case.tasks])


def _task(x: Dated, one: Task) -> tuple[str, ...]:
    text = f"{typed(one.text)} ({issues.name(one.issue)})" if one.issue else typed(one.text)
    done = x.done(one.done_by, one.done_at) if one.done_at else x.t.gettext("not done")
    told = f"{done}: {typed(one.result)}" if one.result is not None else done
    return (str(one.no), text, x.who(one.owner) if one.owner else "", x.day(one.due) if one.due else "", told)


def duties(file: CaseFile, x: Dated) -> list[str]:
    """Duties to notify: the clocks, the decision with its reason and second person, the notification (A.5.5)."""
    lines = md.heading(2, x.t.gettext("Duties to notify"))
    if not file.case.duties:
        return [*lines, x.t.gettext("None was opened.")]
    for one in file.case.duties:
        lines += [md.item(x.regime(one.regime)), *(md.under(f"{label}: {value}") for label, value in _duty(x, one))]
    return lines


def _duty(x: Dated, one: Duty) -> Iterator[tuple[str, str]]:
    t = x.t
    yield t.gettext("Opened"), x.when(one.opened_at)
    yield t.gettext("Clock from, as a precaution"), x.when(one.alarm_from)
    yield t.gettext("Aware since"), x.at(one.aware)
    yield t.gettext("Decision"), terms.name(t, one.decision)
    if one.decided_at is not None:
        yield t.gettext("Decided by"), x.done(one.decided_by, one.decided_at)
        yield t.gettext("Why"), typed(one.reason) or "—"
        yield t.gettext("Second person"), x.named(one.second)
    if one.filed_at is not None:
        yield t.gettext("Notified"), x.done(one.filed_by, one.filed_at)
        yield t.gettext("Reference"), typed(one.reference) or "—"


def corrective_actions(file: CaseFile, x: Dated) -> list[str]:
    """Corrective actions and whether they helped (10.2)."""
    t = x.t
    head = (t.gettext("No."), t.gettext("Corrective action"), t.gettext("Owner"), t.gettext("Due"),
            t.gettext("State"), t.gettext("Result and effect"))  # fmt: skip
    rows = [
        (str(one.no), typed(one.text), x.who(one.owner), x.day(one.due), terms.name(t, one.state), _effect(x, one))
        for one in file.case.correctives
    ]
    return _table(x, t.gettext("Corrective actions"), head, rows)


def _effect(x: Dated, one: Corrective) -> str:
    t, parts = x.t, []
    if one.done_at is not None:
        text = t.gettext("done {when}: {result}")
        parts.append(text.format(when=x.when(one.done_at), result=typed(one.result)))
    if one.checked_at is not None:
        text = t.gettext("checked by {who}, {when}: {finding}")
        finding = typed(one.finding) or "—"
        parts.append(text.format(who=x.who(one.checked_by), when=x.when(one.checked_at), finding=finding))
    if one.reopened:
        count = len(one.reopened)
        parts.append(t.ngettext("reopened once", "reopened {count} times", count).format(count=count))
    return "; ".join(parts)


def overrides(file: CaseFile, x: Dated) -> list[str]:
    """Overrides with both persons, and what they left due (A.5.3); nothing where there was none."""
    case = file.case
    if not case.overrides and not case.due_items:
        return []
    lines = md.heading(2, x.t.gettext("Overrides, and what was put off"))
    lines += [md.item(_override(x, one)) for one in case.overrides]
    return lines + [md.item(_due(x, one)) for one in case.due_items]


def _override(x: Dated, one: Override) -> str:
    text = x.t.gettext("Override {no} to {phase}: {state}. Asked: {asked}: {reason}. Decided: {decided}: {because}")
    return text.format(
        no=one.no, phase=terms.name(x.t, one.to), state=terms.name(x.t, one.state),
        asked=x.done(one.asked_by, one.asked_at), reason=typed(one.reason),
        decided=x.done(one.decided_by, one.decided_at) or "—", because=typed(one.decision_reason) or "—",
    )  # fmt: skip


def _due(x: Dated, one: DueItem) -> str:
    what = criteria.due_name(x.t, x.policy, one, x.case)
    settled = x.done(one.settled_by, one.settled_at) or x.t.gettext("still due")
    return x.t.gettext("Put off: {what}. Settled: {settled}").format(what=what, settled=settled)


def links(file: CaseFile, x: Dated) -> list[str]:
    """Linked changes and cases (A.8.32), and reports that tell of the same."""
    case, t = file.case, x.t
    named = [(plain(one.number), one.relation) for one in case.links]
    others = [(number, Relation.RELATED) for number in file.linked if number not in dict(named)]
    lines = [md.item(_link(x, number, how, file.linked.get(number))) for number, how in (*named, *others)]
    if case.duplicate_of is not None:
        lines.append(md.item(t.gettext("Duplicate of {number}").format(number=plain(case.duplicate_of))))
    known = [plain(one.number) for one in case.duplicates if one.number is not None]
    lines += [md.item(t.gettext("{number} is a duplicate of this case").format(number=number)) for number in known]
    return [*md.heading(2, t.gettext("Linked changes and cases")), *(lines or [t.gettext("None.")])]


def _link(x: Dated, number: str, how: Relation, found: Case | None) -> str:
    told = f"{number} ({terms.name(x.t, how)})"
    if isinstance(found, ChangeCase):
        return f"{told}: {plain(found.title)} · {terms.name(x.t, found.stands)}"
    return f"{told}: {terms.name(x.t, found.state)}" if isinstance(found, IncidentCase) else told


def lessons(file: CaseFile, x: Dated) -> list[str]:
    """What caused it, in the technology and in the process, and what is learnt from it (A.5.27)."""
    t, given = x.t, file.case.answers
    told = [
        md.fact(
            criteria.label(t, one), answered(file, x, one, given[one]) if one in given else t.gettext("not recorded")
        )
        for one in _CAUSES
    ]
    learnt = given.get(Criterion.LESSONS)
    worked, did_not = (learnt.text, learnt.detail) if learnt else (None, None)
    for label, text in ((t.gettext("What worked"), worked), (t.gettext("What did not"), did_not)):
        told.append(md.fact(label, typed(text) or t.gettext("not recorded")))
    return [*md.heading(2, t.gettext("Cause and lessons")), *told]


def _table(x: Dated, title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [*md.heading(2, title), *(md.table(head, rows) if rows else [x.t.gettext("None.")])]
