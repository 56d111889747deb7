"""Opening a case, and looking after it (A.6.8)."""

from datetime import datetime

from config.policy.ids import Visibility
from workflows.actors import Pseudonym
from workflows.deadlines import acknowledge_due, contain_due, update_due
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.answers import in_future
from workflows.incident.backfilling import told_in_order
from workflows.incident.codes import Code
from workflows.incident.commands import Acknowledge, MarkUrgent, Note, Report, Update
from workflows.incident.duty_rules import open_duties
from workflows.incident.naming import lacks_named_people
from workflows.incident.situation import Proposal, Situation
from workflows.incident.terms import Kind
from workflows.incident.updates import not_promisable
from workflows.incident.waiting import looked_after

Reasons = tuple[Reason, ...]
TITLE_LENGTH = 80


def report(proposal: Proposal, command: Report) -> Reasons:
    """Open a case of kind `event`."""
    situation = proposal.situation
    named = _named(situation, command)
    problems: Reasons = () if command.what else (Reason(Code.NEEDS_TEXT, subject="what"),)
    for name in ("occurred", "detected", "reported"):
        problems += in_future(situation, name, getattr(command, name))
    problems += told_in_order(command)
    if command.visibility is Visibility.SEALED:
        problems += lacks_named_people(situation, named)
    if not problems:
        proposal.add(_reported(situation, command, named))
        open_duties(proposal, None)
    return problems


def _named(situation: Situation, command: Report) -> tuple[Pseudonym, ...]:
    """Who reports confidentially stays among those who see it."""
    if command.visibility is Visibility.TEAM:
        reporting: tuple[Pseudonym | None, ...] = ()
    else:
        reporting = (situation.me, situation.of(command.reporter))
    everybody = (*reporting, *(situation.of(person) for person in command.named))
    return tuple(dict.fromkeys(person for person in everybody if person is not None))


def _reported(situation: Situation, command: Report, named: tuple[Pseudonym, ...]) -> ev.Reported:
    reported = command.reported or situation.now
    due = None if command.backfill else acknowledge_due(situation.policy, None, reported)
    return ev.Reported(
        what=command.what,
        title=command.title or title_of(command.what),
        affected=command.affected or None,
        occurred=command.occurred,
        detected=command.detected,
        reported=reported,
        reporter=None if command.reporter_name else situation.of(command.reporter) or situation.me,
        reporter_name=command.reporter_name or None,
        way=command.way,
        personal_data=command.personal_data,
        visibility=command.visibility,
        named=named,
        urgent=command.urgent,
        drill=command.drill,
        quiet=command.drill and not (command.page or situation.policy.drills.page),
        backfill=command.backfill,
        acknowledge_due=due,
    )


def title_of(what: str) -> str:
    """The first line of what happened, short."""
    line = what.strip().splitlines()[0].strip()
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def acknowledge(proposal: Proposal, _command: Acknowledge) -> Reasons:
    """Look after a report, once."""
    if proposal.case.backfill:
        return (Reason(Code.AFTERWARDS, subject="acknowledged"),)
    if proposal.case.acknowledged is not None:
        return (looked_after(proposal.case),)
    proposal.add(ev.Acknowledged(contain_due=_contain_due(proposal.situation)))
    return ()


def _contain_due(situation: Situation) -> datetime | None:
    """The clock runs before the assessment, too, so that what somebody took on is not forgotten."""
    case = situation.case
    since = case.waits_since or situation.now
    return contain_due(situation.policy, case.severity, since) if case.kind is Kind.EVENT else None


def mark_urgent(proposal: Proposal, _command: MarkUrgent) -> Reasons:
    """It cannot wait for the assessment."""
    if proposal.case.backfill:
        return (Reason(Code.AFTERWARDS, subject="urgent"),)
    if proposal.case.urgent:
        return (Reason(Code.ALREADY, subject="urgent"),)
    proposal.add(ev.Updated(urgent=True))
    return ()


def note(proposal: Proposal, command: Note) -> Reasons:
    """Add to the timeline, or correct an entry of it by another one; what it names has to be there."""
    problems: Reasons = () if command.text else (Reason(Code.NEEDS_TEXT, subject="note"),)
    problems += in_future(proposal.situation, "occurred", command.occurred)
    if command.corrects is not None and not 1 <= command.corrects <= proposal.situation.context.newest:
        problems += (Reason(Code.UNKNOWN_ITEM, subject="note", found=str(command.corrects)),)
    if not problems:
        proposal.add(ev.Noted(text=command.text, corrects=command.corrects), command.occurred)
    return problems


def update(proposal: Proposal, command: Update) -> Reasons:
    """Tell everybody how things stand; the next update is due when it is promised, else by the severity."""
    situation, promised = proposal.situation, command.next_update
    problems: Reasons = () if command.text else (Reason(Code.NEEDS_TEXT, subject="update"),)
    problems += not_promisable(situation, promised)
    if not problems:
        due = promised or update_due(situation.policy, situation.case.severity, situation.now)
        proposal.add(ev.Updated(text=command.text, update_due=due, promised=promised is not None))
    return problems
