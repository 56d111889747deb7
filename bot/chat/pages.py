"""Answers that only read: status, lists, help, and the choice of a case."""

from dataclasses import replace

from bot.chat import answering, steps
from bot.chat.forms import incident_ask
from bot.chat.parser import Intent, Unknown, case_number
from bot.chat.reply import Button, Paragraph, Reply, say
from bot.chat.room import Room
from bot.chat.texts import change, common, emergency, evidence_events, helping, incident, next_steps
from bot.chat.verbs import Topic, Verb, word_for, words_of
from config.policy.ids import Mode
from workflows.change.codes import ChangeState
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.incident.commands import GrantOverride
from workflows.incident.items import Override
from workflows.incident.state import IncidentCase
from workflows.incident.terms import OverrideState
from workflows.workflow import Case

CHOICES = 5
"""How many cases a choice offers."""
LISTED = 20
"""How many cases a list shows."""


def status(room: Room, case: Case) -> Reply:
    """How a case stands, and what comes next."""
    if isinstance(case, IncidentCase):
        return _incident(room, case)
    if isinstance(case, ChangeCase):
        return _change(room, case)
    return say(common.nothing_to_show(room.t, ""))


def _incident(room: Room, case: IncidentCase) -> Reply:
    telling = room.telling(case)
    lines = [incident.headline(room.t, case), incident.last_update(telling)]
    lines += [f"• {point}" for point in incident.open_points(telling)]
    lines.append("\n".join(evidence_events.timeline(telling)))
    asked = _open_override(case)
    buttons = steps.onward_for(room, case)
    if asked is not None and room.may(GrantOverride, case) and not room.is_me(case, asked.asked_by):
        buttons = (*steps.override_decision(room.t, case), *buttons)
    return Reply(tuple(Paragraph(line) for line in lines if line), incident.facts(telling), buttons, case=case.number)


def _open_override(case: IncidentCase) -> Override | None:
    return next((one for one in case.overrides if one.state is OverrideState.REQUESTED), None)


def _change(room: Room, case: ChangeCase) -> Reply:
    t = room.t
    lines = [change.headline(t, case), *emergency.lines(room.telling_change(case), room.now)]
    lines.append(change.missing_answers(t, case) if case.stands is ChangeState.PLAN else "")
    if not case.requests and not case.findings:
        lines.append(change.no_request(t, case.number))
    for request in case.requests:
        lines += _request(room, case, request)
    paragraphs = tuple(Paragraph(line) for line in lines if line)
    # The page itself needs no button that leads to it.
    buttons = tuple(one for one in answering.change_buttons(room, case) if one.action != "change.status")
    return Reply(paragraphs, change.facts(t, case), buttons, case=case.number)


def _request(room: Room, case: ChangeCase, request: LinkedRequest) -> list[str]:
    """Why it is held and who can free it: one line per requirement that holds."""
    records = [request.frozen or request.verdict, *(stage.verdict for stage in request.stages)]
    trees = [record.tree for record in records if record is not None and record.tree is not None]
    if not trees:
        return [change.unjudged(room.t, request)]
    lines: list[str] = []
    for tree in trees:
        lines.append(change.verdict_head(room.t, request, tree))
        lines += [f"• {line}" for line in change.verdict_lines(room.t, room.policy, case, tree)]
        if tree.mode is Mode.OBSERVE and not tree.opens:
            lines.append(change.observed(room.t))
    return lines


def listing(room: Room, topic: Topic) -> Reply:
    """Open cases that the asker may see."""
    cases = room.queries.cases(room.actor, workflow=topic.value, open_only=True, limit=LISTED)
    if topic is Topic.CHANGE:
        # What is due first, also for changes that are over.
        cases = tuple({case.number: case for case in (*room.queries.unsettled(room.actor), *cases)}.values())
    if not cases:
        return say(common.no_cases(room.t))
    incidents = [case for case in cases if isinstance(case, IncidentCase)]
    changes = [case for case in cases if isinstance(case, ChangeCase)]
    head = incident.listed(room.t, incidents) if topic is Topic.INCIDENT else change.listed(room.t, changes)
    rows = [Paragraph(_row(room, case), (_show(room, topic, case),)) for case in cases[:LISTED]]
    return Reply((Paragraph(head), *rows))


def _row(room: Room, case: Case) -> str:
    due = emergency.lines(room.telling_change(case), room.now) if isinstance(case, ChangeCase) else ()
    return " · ".join((headline(room, case), *due[-1:]))


def _show(room: Room, topic: Topic, case: Case) -> Button:
    action = f"{topic.value}.{Verb.STATUS.value}"
    return Button(action, next_steps.label(room.t, action), case.number)


def headline(room: Room, case: Case) -> str:
    """A case in one line."""
    if isinstance(case, IncidentCase):
        return incident.headline(room.t, case)
    return change.headline(room.t, case) if isinstance(case, ChangeCase) else case.number


def pick(room: Room, intent: Intent) -> Reply:
    """A choice among the cases that the asker may see."""
    cases = room.queries.cases(room.actor, workflow=intent.topic.value, open_only=True, limit=CHOICES)
    if not cases and _led_by_number(room, intent)[0] is None:
        return say(common.no_cases(room.t))
    action = f"{intent.topic.value}.{intent.verb.value}"
    meant, sentence = _led_by_number(room, intent)
    rest = {one.number: intent.rest for one in cases}
    if meant is not None:
        # `note 42 …` outside a channel: the number was the case, unless somebody chooses another one.
        cases = (meant, *(one for one in cases if one.number != meant.number))
        rest[meant.number] = sentence
    buttons = tuple(Button(action, headline(room, one), f"{one.number} {rest[one.number]}".strip()) for one in cases)
    return say(common.which_case(room.t), buttons=buttons)


def _led_by_number(room: Room, intent: Intent) -> tuple[Case | None, str]:
    """The case whose bare number stands before the sentence, and the sentence; None where there is no such case."""
    first, _, sentence = intent.rest.partition(" ")
    number = case_number(first, intent.topic, room.now.astimezone(room.policy.zone).year)
    return (room.queries.case(number, room.actor) if number else None), sentence.strip()


def unknown(room: Room, found: Unknown) -> Reply:
    """A word that is no verb, with what it may have meant. A sentence is offered as a report: nobody types it twice."""
    verbs = words_of(found.topic)
    meant = dict.fromkeys(verbs[word] for word in found.suggestions)
    words = {verb: word_for(found.topic, verb, room.t.language) for verb in meant}
    told = common.unknown_verb(room.t, found.word, tuple(words.values()))
    if found.topic is Topic.INCIDENT and found.is_sentence:
        form = incident_ask.report(room.questions({"what": found.text}))
        return Reply(form=replace(form, notice=f"{told} {common.as_report(room.t)}"))
    rest = found.text.partition(found.word)[2].strip()
    value = f"{found.case} {rest}".strip()
    buttons = [Button(f"{found.topic.value}.{verb.value}", word, value) for verb, word in words.items()]
    action = f"{found.topic.value}.{Verb.HELP.value}"
    return say(told, buttons=(*buttons, Button(action, next_steps.label(room.t, action))))


def help_page(room: Room, topic: Topic, policy_hash: str) -> Reply:
    """Where to report, to whom, under which policy; and the verbs."""
    texts = [helping.where_to_report(room.t, room.policy, policy_hash)] if topic is Topic.INCIDENT else []
    loaded = room.queries.policy_loaded(policy_hash) if texts else None
    if loaded is not None:
        texts.append(helping.first_loaded(room.t, room.policy, loaded))
    texts += [helping.verbs(room.t, topic), helping.numbers(room.t, topic)]
    return say(*texts)
