"""Answers that only read: status, lists, help, and the choice of a case."""

from dataclasses import replace

from bot.chat import allowing, answering, as_report, disposals, lookback, merged, steps, tied
from bot.chat.home import most_severe_first
from bot.chat.measure import BUTTON_CARRIES, length
from bot.chat.parser import Intent, Unknown, case_number
from bot.chat.reply import Button, Choice, Option, Paragraph, Reply, say
from bot.chat.room import Room
from bot.chat.texts import change, common, emergency, evidence_events, helping, incident, next_steps
from bot.chat.verbs import FREE_TEXT, Topic, Verb, fold, word_for, words_of
from config.policy.ids import Mode
from workflows.change.codes import ChangeState
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.incident.commands import AssignRole
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State
from workflows.workflow import Case

CHOICES = 5
"""So many cases are offered as buttons; more as a list to choose from."""
CHOICE = 100
"""How many cases such a list offers."""
CHOICE_CARRIES = 130
"""So many signs of a sentence can go along with each entry of it."""
LISTED = 20
"""How many cases a list shows."""
LOOKED_AT = 1000
"""How many are counted to say how many are not shown."""
_PIECE = 500
_OPEN = frozenset({"open", "offen", "offene", "incidents", "vorfaelle", "faelle", "cases", "changes", "aenderungen"})
"""Words that say what is listed anyhow."""


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
    buttons = steps.onward_for(room, case)
    if steps.override_asked(room, case) is not None:
        buttons = (*steps.override_decision(room.t, case), *buttons)
    buttons += steps.vacancies(room.t, case) if room.may(AssignRole, case) else ()
    buttons += steps.talk(room, case)
    told = tuple(Paragraph(line) for line in lines if line)
    told += (*disposals.rows(room, case), *tied.lines(room, case), *merged.lines(room, case))
    if case.state is State.CLOSED:
        told += (lookback.asked(room.t, case),)
    return Reply(told, incident.facts(telling), buttons, case=case.number)


def _change(room: Room, case: ChangeCase) -> Reply:
    t = room.t
    lines = [change.headline(t, case), *emergency.lines(room.telling_change(case), room.now)]
    lines.append(change.missing_answers(t, case) if case.stands is ChangeState.PLAN else "")
    if not case.requests and not case.findings:
        lines.append(change.no_request(t, case.number))
    for request in case.requests:
        lines += _request(room, case, request)
    paragraphs = (*(Paragraph(line) for line in lines if line), *tied.lines(room, case))
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


def listing(room: Room, intent: Intent) -> Reply:
    """Open cases that the asker may see, and what of the words behind `list` was not understood."""
    found, ignored = _listed(room, intent.topic), f"{intent.case} {intent.rest}".strip()
    if not ignored or set(fold(ignored).split()) <= _OPEN:
        return found
    note = Paragraph(common.not_listed_by(room.t, ignored, actions=intent.topic is Topic.INCIDENT))
    return replace(found, paragraphs=(note, *found.paragraphs))


def _listed(room: Room, topic: Topic) -> Reply:
    cases = _open(room, topic)
    if topic is Topic.CHANGE:
        # What is due first, also for changes that are over.
        cases = tuple({case.number: case for case in (*room.queries.unsettled(room.actor), *cases)}.values())
    if not cases:
        return say(common.no_cases(room.t))
    incidents = [case for case in cases if isinstance(case, IncidentCase)]
    changes = [case for case in cases if isinstance(case, ChangeCase)]
    head = incident.listed(room.t, incidents) if topic is Topic.INCIDENT else change.listed(room.t, changes)
    rows = [Paragraph(_row(room, case), (_show(room, topic, case),)) for case in cases[:LISTED]]
    return Reply((Paragraph(head), *rows, *_more(room, len(cases) - LISTED)))


def _open(room: Room, topic: Topic) -> tuple[Case, ...]:
    """Open cases that the asker may see: incidents by urgency, changes the newest first."""
    if topic is Topic.INCIDENT:
        return open_incidents(room)
    return room.queries.cases(room.actor, workflow=topic.value, open_only=True, limit=LOOKED_AT)


def _candidates(room: Room, intent: Intent) -> tuple[Case, ...]:
    """What a verb without a number may be about: what is open; for feedback what is over as well, the newest first.

    What is to be done can outlive a case.
    """
    if intent.verb is Verb.FEEDBACK:
        return room.queries.cases(room.actor, workflow=intent.topic.value, open_only=False, limit=LOOKED_AT)
    opened = _open(room, intent.topic)
    if intent.topic is Topic.INCIDENT and intent.verb in (Verb.ACTION, Verb.TASK):
        return tuple({case.number: case for case in (*opened, *room.queries.owing(room.actor))}.values())
    return opened


def open_incidents(room: Room) -> tuple[IncidentCase, ...]:
    """Those that the asker may see, by urgency."""
    found = room.queries.cases(room.actor, workflow=Topic.INCIDENT.value, open_only=True, limit=LOOKED_AT)
    return most_severe_first(found)


def _more(room: Room, left: int) -> tuple[Paragraph, ...]:
    return (Paragraph(common.more_cases(room.t, left)),) if left > 0 else ()


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
    """A choice among the cases that the asker may see, and to which they may do this."""
    opened = _candidates(room, intent)
    cases = tuple(case for case in opened if allowing.fits(room, intent, case))
    meant, sentence = _led_by_number(room, intent)
    meant = meant if meant is not None and allowing.fits(room, replace(intent, rest=sentence), meant) else None
    if not cases and meant is None:
        return _none_fits(room, intent, opened)
    rest = {one.number: intent.rest for one in cases}
    if meant is not None:
        # `note 42 …` outside a channel: the number was the case, unless somebody chooses another one.
        cases = (meant, *(one for one in cases if one.number != meant.number))
        rest[meant.number] = sentence
    offered = tuple(Option(f"{one.number} {rest[one.number]}".strip(), headline(room, one)) for one in cases)
    return _offer(room, intent, offered)


def _none_fits(room: Room, intent: Intent, opened: tuple[Case, ...]) -> Reply:
    """Nothing is open, or nothing that this could be done to; what was typed can still become a note or a report."""
    if not opened:
        return _nothing(room, intent, common.no_cases(room.t))
    told = common.no_case_fits(room.t, word_for(intent.topic, intent.verb, room.t.language))
    noting = replace(intent, verb=Verb.NOTE)
    typed = intent.topic is Topic.INCIDENT and intent.verb in FREE_TEXT and 0 < length(intent.rest) <= BUTTON_CARRIES
    if not typed or not any(allowing.fits(room, noting, case) for case in opened):
        return _nothing(room, intent, told)
    note = Button("incident.note", next_steps.label(room.t, "incident.note"), intent.rest)
    return say(told, buttons=(note, *(as_report.button(room, intent.text) if intent.is_sentence else ())))


def _nothing(room: Room, intent: Intent, told: str) -> Reply:
    return as_report.form(room, intent.text, told) if intent.is_sentence else say(told)


def _offer(room: Room, intent: Intent, offered: tuple[Option, ...]) -> Reply:
    """A few as buttons, many as a list. What was typed goes along whole, or stays where it can be copied."""
    action = f"{intent.topic.value}.{intent.verb.value}"
    which = Paragraph(common.which_case(room.t))
    word = word_for(intent.topic, intent.verb, room.t.language)
    if length(intent.rest) > BUTTON_CARRIES:
        pieces = (intent.rest[start : start + _PIECE] for start in range(0, len(intent.rest), _PIECE))
        return say(common.number_and_again(room.t, word), *pieces)
    if len(offered) > CHOICES and length(intent.rest) <= CHOICE_CARRIES:
        choice = Choice(action, common.which_case(room.t), offered[:CHOICE])
        return Reply((which, *_more(room, len(offered) - CHOICE)), choice=choice, buttons=_or_report(room, intent))
    buttons = tuple(Button(action, one.label, one.value) for one in offered[:CHOICES])
    others = (Paragraph(common.number_first(room.t, word)),) if len(offered) > CHOICES else ()
    return Reply((which, *others), buttons=(*buttons, *_or_report(room, intent)))


def _or_report(room: Room, intent: Intent) -> tuple[Button, ...]:
    """What begins like a verb that takes no sentence may be something new that happened."""
    return as_report.button(room, intent.text) if intent.is_sentence and intent.verb not in FREE_TEXT else ()


def _led_by_number(room: Room, intent: Intent) -> tuple[Case | None, str]:
    """The case whose bare number stands before the sentence, and the sentence; None where there is no such case."""
    first, _, sentence = intent.rest.partition(" ")
    number = case_number(first, intent.topic, room.years)
    return (room.queries.case(number, room.actor) if number else None), sentence.strip()


def unknown(room: Room, found: Unknown, here: str = "") -> Reply:
    """A word that is no verb, with what it may have meant. A sentence is offered as a report: nobody types it twice.

    `here`: the case in whose own channel it was said. There a sentence is more likely about it than a new report.
    """
    verbs = words_of(found.topic)
    meant = dict.fromkeys(verbs[word] for word in found.suggestions)
    words = {verb: word_for(found.topic, verb, room.t.language) for verb in meant}
    told = common.unknown_verb(room.t, found.word, tuple(words.values()))
    noted = _as_note(room, found, here)
    if found.topic is Topic.INCIDENT and found.is_sentence and not noted:
        return as_report.form(room, found.text, told)
    rest = found.text.partition(found.word)[2].strip()
    value = f"{found.case or here} {rest}".strip()
    carried = words if length(value) <= BUTTON_CARRIES else {}
    buttons = [Button(f"{found.topic.value}.{verb.value}", word, value) for verb, word in carried.items()]
    action = f"{found.topic.value}.{Verb.HELP.value}"
    report = as_report.button(room, found.text) if as_report.may_be(found) else ()
    return say(told, buttons=(*buttons, *noted, *report, Button(action, next_steps.label(room.t, action))))


def _as_note(room: Room, found: Unknown, here: str) -> tuple[Button, ...]:
    """Puts what was said in the channel of a case onto its timeline; none where that takes more than a button."""
    case = room.queries.case(here, room.actor) if here and not found.case else None
    return allowing.note_button(room, case, found.text)


def help_page(room: Room, topic: Topic, policy_hash: str) -> Reply:
    """Where to report, to whom, under which policy; and the verbs."""
    report = helping.where_to_report(room.t, room.policy, policy_hash, room.surface.channel)
    texts = [report] if topic is Topic.INCIDENT else []
    loaded = room.queries.policy_loaded(policy_hash) if texts else None
    if loaded is not None:
        texts.append(helping.first_loaded(room.t, room.policy, loaded))
    typed = (helping.verbs(room.t, topic), helping.numbers(room.t, topic))
    texts += typed if room.surface.is_typed else (helping.by_buttons(room.t),)
    channels = helping.channels(room.policy)
    return Reply(tuple(Paragraph(text, channels=channels) for text in texts))
