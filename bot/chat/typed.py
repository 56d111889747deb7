"""What follows a verb, as answers to the form of that verb. Enough answers: no form is needed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from bot.chat.entry_numbers import NAMES_ENTRY
from bot.chat.forms import disposal, passing
from bot.chat.forms.life_ask import BACKFILL, DRILL, PAGE
from bot.chat.forms.phases import FORM_OF
from bot.chat.forms.reading import NO, YES
from bot.chat.forms.report_options import FORM, split_options
from bot.chat.forms.soon import split_next
from bot.chat.forms.taking_back import LINK, ROLE, split_removal
from bot.chat.issues import read_issue, trailing_issue
from bot.chat.parser import Intent
from bot.chat.roles import ROLE_WORDS
from bot.chat.verbs import Topic, Verb, fold
from config.policy.ids import Visibility
from workflows.change.codes import Settlement
from workflows.incident.terms import Kind, Relation, State

ME: Final = frozenset({"me", "ich", "mich", "mir"})
_DONE: Final = frozenset({"done", "erledigt"})
_LINKS: Final = frozenset({"link", "follow", "verknuepfen", "folgen"})
_CHECK: Final = frozenset({"check", "pruefen"})
_EFFECT: Final = re.compile(
    r"(?:(?P<not>not effective|ineffective|nicht wirksam|unwirksam)|effective|wirksam)(?!\w)", re.IGNORECASE
)
_CORRECTIVE: Final = frozenset({"corrective", "korrektur", "korrekturmassnahme"})
_CORRECTS: Final = frozenset({"corrects", "berichtigt"})
_FILED: Final = frozenset({"filed", "gemeldet"})
_GRANT: Final = frozenset({"grant", "genehmigen", "erteilen"})
_FAILED: Final = frozenset({"failed", "fehlgeschlagen"})
_DENY: Final = frozenset({"deny", "ablehnen"})
ACCEPT: Final = frozenset({"accept", "annehmen"})
AGREE: Final = frozenset({"yes", "agree", "agreed", "ja", "zustimmen", "einverstanden"})
_NOT_YET: Final = re.compile(r"(?:not yet|noch nicht|no|nein)(?!\w)[\s:,.-]*(?P<reason>.*)$", re.IGNORECASE | re.DOTALL)
_DECLINE: Final = frozenset({"decline", "ablehnen", "withdraw", "zurueckziehen"})
_MENTION: Final = re.compile(r"<@[^>]+>")
_NAME_WORDS: Final = 3
_END: Final = frozenset({"end", "beenden"})
_IF_FREE: Final = re.compile(r"\s+(?:if free|falls frei)$", re.IGNORECASE)
"""Ends a role that is taken only where nobody has it: what the buttons say."""
_CASE: Final = re.compile(r"(?:inc|inc-s|chg)-(?:\d{4}-)?\d{1,6}", re.ASCII)
_SERIES: Final = frozenset({"inc", "inc-s", "chg"})
_RELATIONS: Final[Mapping[str, str]] = {
    **{one.value: one for one in Relation},
    "fix": Relation.FIXES,
    "fixed by": Relation.FIXES,
    "behebt": Relation.FIXES,
    "behoben durch": Relation.FIXES,
    "caused by": Relation.CAUSED_BY,
    "caused": Relation.CAUSED_BY,
    "verursacht": Relation.CAUSED_BY,
    "verursacht durch": Relation.CAUSED_BY,
    "verursacht von": Relation.CAUSED_BY,
    "ausgeloest durch": Relation.CAUSED_BY,
    "related to": Relation.RELATED,
    "verwandt": Relation.RELATED,
    "bezogen auf": Relation.RELATED,
    "bezug": Relation.RELATED,
    "gehoert dazu": Relation.RELATED,
}
_SETTLEMENTS: Final[Mapping[str, str]] = {
    "done": Settlement.DONE,
    "erledigt": Settlement.DONE,
    "nachgeholt": Settlement.DONE,
    "accept": Settlement.ACCEPTED,
    "accepted": Settlement.ACCEPTED,
    "akzeptiert": Settlement.ACCEPTED,
    "akzeptieren": Settlement.ACCEPTED,
}
_VISIBILITIES: Final[Mapping[str, Visibility]] = {
    **{one.value: one for one in Visibility},
    "eingeschraenkt": Visibility.RESTRICTED,
    "vertraulich": Visibility.RESTRICTED,
    "streng": Visibility.SEALED,
    "versiegelt": Visibility.SEALED,
}
_KINDS: Final[Mapping[str, Kind]] = {
    "incident": Kind.INCIDENT,
    "vorfall": Kind.INCIDENT,
    "sicherheitsvorfall": Kind.INCIDENT,
    "near miss": Kind.NEAR_MISS,
    "beinahevorfall": Kind.NEAR_MISS,
    "false alarm": Kind.FALSE_ALARM,
    "fehlalarm": Kind.FALSE_ALARM,
    "disruption": Kind.DISRUPTION,
    "stoerung": Kind.DISRUPTION,
    "duplicate": Kind.DUPLICATE,
    "duplicate of": Kind.DUPLICATE,
    "dublette": Kind.DUPLICATE,
    "dublette von": Kind.DUPLICATE,
}
_STATES: Final[Mapping[str, State]] = {
    **{one.value: one for one in State},
    "erkennen": State.IDENTIFY,
    "eindaemmen": State.CONTAIN,
    "bereinigen": State.ERADICATE,
    "wiederherstellen": State.RECOVER,
    "auswerten": State.REVIEW,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a verb, the answers typed with it, and whether they are meant to be enough."""

    form: str
    values: Mapping[str, str] = field(default_factory=dict)
    direct: bool = False


def typed(intent: Intent, *, is_open: bool) -> Typed | None:
    """The form behind an intent, None for verbs without one. `is_open`: whether the case is still worked on."""
    if intent.topic is Topic.INCIDENT and intent.verb in FORM_OF:
        return Typed(FORM_OF[intent.verb])
    if intent.topic is Topic.INCIDENT and intent.verb is Verb.BACK:
        return _back(intent.rest, is_open=is_open)
    read = _READ.get((intent.topic, intent.verb))
    return read(intent.rest) if read else None


def _first(rest: str) -> tuple[str, str]:
    word, _, tail = rest.strip().partition(" ")
    return fold(word).strip(":,"), tail.strip()


def _whole(form: str, name: str) -> Callable[[str], Typed]:
    return lambda rest: Typed(form, {name: rest}, direct=bool(rest))


def _offered(form: str, name: str) -> Callable[[str], Typed]:
    return lambda rest: Typed(form, {name: rest})


def _report(rest: str, *always: str) -> Typed:
    """With its options. What is over already is asked for its times."""
    options = split_options(rest)
    values, marks = {**options.values, "what": options.what}, {*options.marks, *always}
    if BACKFILL in marks:
        return Typed("incident.backfill", {**values, "was_drill": YES} if DRILL in marks else values)
    chosen = " ".join(one for one in (DRILL, PAGE) if one in marks)
    direct = bool(options.what) and FORM not in marks
    return Typed("incident.report", {**values, "special": chosen} if chosen else values, direct=direct)


def _back(rest: str, *, is_open: bool) -> Typed:
    if not is_open:
        return Typed("incident.reopen", {"reason": rest}, direct=bool(rest))
    word, tail = _first(rest)
    if word in _STATES:
        return Typed("incident.back", {"to": _STATES[word].value, "reason": tail}, direct=bool(tail))
    return Typed("incident.back", {"reason": rest})


def _assess(rest: str) -> Typed:
    """`false alarm: the printer was empty`, `duplicate of 41`; where no kind leads, all of it is the reason."""
    words = rest.split(maxsplit=2)
    known = ((_KINDS.get(fold(" ".join(words[:count])).strip(".,:;")), count) for count in (2, 1))
    kind, count = next(((one, count) for one, count in known if one is not None), (None, 0))
    if kind is None:
        return Typed("incident.assess", {"reason": rest} if rest else {})
    reason = "".join(rest.split(maxsplit=count)[count:])
    values = {"kind": kind.value, "reason": reason}
    if kind is Kind.DUPLICATE and any(sign.isdigit() for sign in reason.partition(" ")[0]):
        number, _, reason = reason.partition(" ")
        values |= {"duplicate_of": number.strip(".,:;"), "reason": reason.strip(" :,")}
    return Typed("incident.assess", values)


def _note(rest: str) -> Typed:
    word, tail = _first(rest)
    number, text = _first(tail)
    if word in _CORRECTS and NAMES_ENTRY.match(number):
        return Typed("incident.note", {"corrects": number, "note": text}, direct=bool(text))
    return Typed("incident.note", {"note": rest}, direct=bool(rest))


def _update(rest: str) -> Typed:
    text, following = split_next(rest)
    return Typed("incident.update", {"update": text, "next_update": following}, direct=bool(text))


def _action(rest: str) -> Typed:
    word, tail = _first(rest)
    if word in _CORRECTIVE:
        return Typed("incident.corrective", {"task": tail})
    number, result = _first(tail)
    if word in _DONE and number.lstrip("#").isdigit():
        return Typed("incident.corrective_done", {"number": number, "result": result}, direct=bool(result))
    if word in _CHECK and number.lstrip("#").isdigit():
        return _checked(number, result)
    if (values := passing.given(rest)) is not None:
        return Typed(passing.CORRECTIVE, values, direct=bool(values["person"]))
    return Typed("incident.action", {"action": rest})


def _checked(number: str, said: str) -> Typed:
    """`check 1 effective` is enough; `check 1 not effective` takes what the check showed."""
    found = _EFFECT.match(said)
    if found is None:
        return Typed("incident.corrective_check", {"number": number, "finding": said})
    finding, well = said[found.end() :].strip(" :,.-"), found["not"] is None
    values = {"number": number, "effective": YES if well else NO, "finding": finding}
    return Typed("incident.corrective_check", values, direct=well or bool(finding))


def _task(rest: str) -> Typed:
    word, tail = _first(rest)
    number, result = _first(tail)
    if word in _DONE and number.lstrip("#").isdigit():
        return Typed("incident.task_done", {"number": number, "result": result}, direct=True)
    if word in _LINKS and number.lstrip("#").isdigit():
        return Typed("incident.task_link", {"number": number.lstrip("#"), "issue": result}, direct=bool(result))
    if (values := passing.given(rest)) is not None:
        return Typed(passing.TASK, values, direct=bool(values["person"]))
    text, issue = trailing_issue(rest)
    return Typed("incident.task", {"task": text, **({"issue": issue} if issue else {})}, direct=bool(rest))


def _evidence(rest: str) -> Typed:
    """An item of evidence to be described; or the end of one, asked for, taken back or refused."""
    answer = disposal.read_words(rest)
    if answer is None:
        return Typed("incident.evidence", {"description": rest})
    form_id, values = answer
    return Typed(form_id, values, direct=all(values.values()))


def _role(rest: str) -> Typed:
    rest, taken = split_removal(rest)
    words = rest.split()
    known = ((fold(" ".join(words[:count])).strip(":,"), count) for count in (2, 1) if len(words) >= count)
    role, count = next(((ROLE_WORDS[word], count) for word, count in known if word in ROLE_WORDS), (None, 0))
    if role is None:
        return Typed(ROLE if taken else "incident.role")
    who = " ".join(words[count:])
    if taken:
        return Typed(ROLE, {"role": role.value, "person": who}, direct=bool(who))
    named = _IF_FREE.sub("", who)
    vacant = {"vacant": "yes"} if named != who else {}
    return Typed("incident.role", {"role": role.value, "person": named, **vacant}, direct=bool(named))


def _handover(rest: str) -> Typed:
    """`@tom: mail is back, logs are not` or `tom mail is back`; a name of several words needs the colon."""
    word, tail = _first(rest)
    if word in ACCEPT:
        return Typed("incident.handover", direct=True)
    if word in _DECLINE:
        return Typed("incident.handover_decline", {"reason": tail}, direct=bool(tail))
    named, colon, stands = rest.strip().partition(":")
    if mention := _MENTION.match(rest.strip()):
        named, stands = mention[0], rest.strip()[mention.end() :].lstrip(" :,")
    elif not colon or len(named.split()) > _NAME_WORDS:
        named, _, stands = rest.strip().partition(" ")
    values = {"person": named.strip(" ,"), "stands": stands.strip()}
    return Typed("incident.handover", values, direct=bool(values["stands"]))


def _agreement(rest: str) -> Typed:
    """`@sven` asks them; `not yet: mail is slow` is the answer of who was asked."""
    if found := _NOT_YET.match(rest.strip()):
        return Typed("incident.agreement_not_yet", {"reason": found["reason"]}, direct=bool(found["reason"]))
    return Typed("incident.agreement", {"service_owner": rest.strip()}, direct=bool(rest.strip()))


def _severity(rest: str) -> Typed:
    word, tail = _first(rest)
    return Typed("incident.severity", {"severity": word.upper(), "severity_reason": tail}, direct=bool(word))


def _restrict(rest: str) -> Typed:
    """Naming people takes the form; a word alone is enough where none have to be named."""
    word, tail = _first(rest)
    wanted = _VISIBILITIES.get(word)
    if wanted is None:
        return Typed("incident.restrict", {"reason": rest} if rest else {})
    enough = wanted is Visibility.RESTRICTED or (wanted is Visibility.TEAM and bool(tail))
    return Typed("incident.restrict", {"visibility": wanted.value, "reason": tail}, direct=enough)


def _override(rest: str) -> Typed:
    word, tail = _first(rest)
    if word in _GRANT or word in _DENY:
        decision = "grant" if word in _GRANT else "deny"
        values = {"decision": decision, "decision_reason": tail}
        return Typed("incident.override_decide", values, direct=bool(tail))
    if word in _STATES:
        return Typed("incident.override", {"to": _STATES[word].value, "override_reason": tail}, direct=bool(tail))
    return Typed("incident.override", {"override_reason": rest})


def _duty(rest: str) -> Typed:
    word, tail = _first(rest)
    if word in _FILED:
        regime, reference = _first(tail)
        return Typed("incident.duty_filed", {"regime": regime, "reference": reference}, direct=bool(reference))
    return Typed("incident.duty", {"regime": word})


def _link(rest: str) -> Typed:
    if read_issue(rest) is not None:
        return Typed("incident.task_link", {"issue": rest.strip()})
    rest, taken = split_removal(rest)
    words = rest.split()
    apart = len(list(takewhile(str.isdigit, words[1:3]))) if words and fold(words[0]) in _SERIES else 0
    count = 1 + apart
    number, named = " ".join(words[:count]), " ".join(words[count:])
    if not any(sign.isdigit() for sign in number):
        # No number leads: the words are told back whole.
        number, named = rest.strip(), ""
    # What nobody knows is told back with what there is; without a word it is related.
    relation = _RELATIONS.get(fold(named).strip(" .:,"), named) if named else Relation.RELATED.value
    if taken:
        return Typed(LINK, {"linked": number, "relation": relation if named else ""}, direct=bool(number))
    return Typed("incident.link", {"linked": number, "relation": relation} if number else {}, direct=bool(number))


def _risk(rest: str) -> Typed:
    word, tail = _first(rest)
    return Typed("change.risk", {"risk": word, "reason": tail}, direct=bool(tail))


def _rollback(rest: str) -> Typed:
    environment, _, reason = rest.strip().partition(" ")
    values = {"environment": environment, "reason": reason.strip()}
    return Typed("change.rollback", values, direct=bool(reason.strip()))


def _deployed(rest: str) -> Typed:
    environment, _, outcome = rest.strip().partition(" ")
    failed = fold(outcome.strip()) in _FAILED
    return Typed("change.deployed", {"environment": environment, "failed": "yes" if failed else "no"},
                 direct=bool(environment))  # fmt: skip


def _waive(rest: str) -> Typed:
    word, tail = _first(rest)
    return Typed("change.waive", {"requirement": word, "reason": tail})


def _emergency(rest: str) -> Typed:
    word, tail = _first(rest)
    if word in _END:
        return Typed("change.emergency_end", {"reason": tail}, direct=bool(tail))
    if _CASE.match(word):
        return Typed("change.emergency", {"incident": word.upper(), "reason": tail}, direct=bool(tail))
    return Typed("change.emergency", {"reason": rest}, direct=bool(rest))


def _settle(rest: str) -> Typed:
    word, tail = _first(rest)
    how, note = _first(tail)
    values = {"requirement": word, "settlement": _SETTLEMENTS.get(how, ""), "settle_note": note}
    return Typed("change.settle", values if word else {}, direct=bool(note))


_READ: Final[Mapping[tuple[Topic, Verb], Callable[[str], Typed]]] = {
    (Topic.INCIDENT, Verb.REPORT): _report,
    (Topic.INCIDENT, Verb.DRILL): lambda rest: _report(rest, DRILL),
    (Topic.INCIDENT, Verb.ASSESS): _assess,
    (Topic.INCIDENT, Verb.NOTE): _note,
    (Topic.INCIDENT, Verb.UPDATE): _update,
    (Topic.INCIDENT, Verb.ACTION): _action,
    (Topic.INCIDENT, Verb.TASK): _task,
    (Topic.INCIDENT, Verb.EVIDENCE): _evidence,
    (Topic.INCIDENT, Verb.ROLE): _role,
    (Topic.INCIDENT, Verb.HANDOVER): _handover,
    (Topic.INCIDENT, Verb.AGREEMENT): _agreement,
    (Topic.INCIDENT, Verb.SEVERITY): _severity,
    (Topic.INCIDENT, Verb.RESTRICT): _restrict,
    (Topic.INCIDENT, Verb.OVERRIDE): _override,
    (Topic.INCIDENT, Verb.DUTY): _duty,
    (Topic.INCIDENT, Verb.LINK): _link,
    (Topic.INCIDENT, Verb.FEEDBACK): _whole("incident.feedback", "feedback"),
    (Topic.CHANGE, Verb.OBJECT): _whole("change.object", "reason"),
    (Topic.CHANGE, Verb.RISK): _risk,
    (Topic.CHANGE, Verb.WAIVE): _waive,
    (Topic.CHANGE, Verb.ROLLBACK): _rollback,
    (Topic.CHANGE, Verb.DEPLOYED): _deployed,
    (Topic.CHANGE, Verb.CANCEL): _whole("change.cancel", "reason"),
    (Topic.CHANGE, Verb.LINK): _whole("change.link", "linked"),
    (Topic.CHANGE, Verb.EMERGENCY): _emergency,
    (Topic.CHANGE, Verb.REVIEW): _offered("change.review", "account"),
    (Topic.CHANGE, Verb.SETTLE): _settle,
}


def plan(rest: str, *, known: bool) -> Typed:
    """`/change plan`: a new change, or the answers of one that is there."""
    if known:
        return Typed("change.amend", {"title": rest} if rest else {})
    return Typed("change.plan", {"title": rest}, direct=bool(rest))
