"""The verbs people may type, in English and German. Words are compared folded: `übernehmen` is `uebernehmen`."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(word: str) -> str:
    """A word as it is compared: composed, without case, umlauts spelt out."""
    return unicodedata.normalize("NFC", word).casefold().translate(_GERMAN)


class Topic(StrEnum):
    """Which of the two workflows a command is about."""

    INCIDENT = "incident"
    CHANGE = "change"


COMMANDS: Final[Mapping[str, Topic]] = {
    "incident": Topic.INCIDENT,
    "vorfall": Topic.INCIDENT,
    "change": Topic.CHANGE,
    "aenderung": Topic.CHANGE,
}
"""Command words without their slash, folded."""

GERMAN_COMMANDS: Final = frozenset({"vorfall", "aenderung"})


class Verb(StrEnum):
    """What somebody wants. The values are stable: they stand in the action ids of buttons."""

    REPORT = "report"
    DRILL = "drill"
    STATUS = "status"
    LIST = "list"
    ACK = "ack"
    CANT = "cant"
    URGENT = "urgent"
    UPDATE = "update"
    ASSESS = "assess"
    CONTAIN = "contain"
    ERADICATE = "eradicate"
    RECOVER = "recover"
    REVIEW = "review"
    CLOSE = "close"
    BACK = "back"
    WALK = "walk"
    NOTE = "note"
    EVIDENCE = "evidence"
    ACTION = "action"
    TASK = "task"
    ROLE = "role"
    HANDOVER = "handover"
    AGREEMENT = "agreement"
    SEVERITY = "severity"
    RESTRICT = "restrict"
    OVERRIDE = "override"
    CONFIRM = "confirm"
    DUTY = "duty"
    LINK = "link"
    FEEDBACK = "feedback"
    EXPORT = "export"
    CONSOLE = "console"
    HELP = "help"
    PLAN = "plan"
    APPROVE = "approve"
    OBJECT = "object"
    RISK = "risk"
    WAIVE = "waive"
    CANCEL = "cancel"
    DEPLOY = "deploy"
    DEPLOYED = "deployed"
    ROLLBACK = "rollback"
    EMERGENCY = "emergency"
    SETTLE = "settle"


INCIDENT_WORDS: Final[Mapping[Verb, tuple[str, ...]]] = {
    Verb.REPORT: ("report", "melden"),
    Verb.DRILL: ("drill", "übung"),
    Verb.STATUS: ("status",),
    Verb.LIST: ("list", "liste"),
    Verb.ACK: ("ack", "übernehmen"),
    Verb.CANT: ("cant", "verhindert"),
    Verb.URGENT: ("urgent", "dringend"),
    Verb.UPDATE: ("update", "stand"),
    Verb.ASSESS: ("assess", "bewerten"),
    Verb.CONTAIN: ("contain", "eindämmen"),
    Verb.ERADICATE: ("eradicate", "bereinigen"),
    Verb.RECOVER: ("recover", "wiederherstellen"),
    Verb.REVIEW: ("review", "auswerten"),
    Verb.CLOSE: ("close", "schließen"),
    Verb.BACK: ("back", "zurück"),
    Verb.WALK: ("walk", "durchgehen"),
    Verb.NOTE: ("note", "notiz"),
    Verb.EVIDENCE: ("evidence", "beweis"),
    Verb.ACTION: ("action", "maßnahme"),
    Verb.TASK: ("task", "aufgabe"),
    Verb.ROLE: ("role", "rolle"),
    Verb.HANDOVER: ("handover", "übergabe"),
    Verb.AGREEMENT: ("agreement", "zustimmung"),
    Verb.SEVERITY: ("severity", "schwere"),
    Verb.RESTRICT: ("restrict", "einschränken"),
    Verb.OVERRIDE: ("override", "ausnahme"),
    Verb.CONFIRM: ("confirm", "bestätigen"),
    Verb.DUTY: ("duty", "pflicht"),
    Verb.LINK: ("link", "verknüpfen"),
    Verb.FEEDBACK: ("feedback", "rückmeldung"),
    Verb.EXPORT: ("export", "exportieren"),
    Verb.CONSOLE: ("console", "konsole"),
    Verb.HELP: ("help", "hilfe"),
}
"""English first, German second; where both are the same word it stands once."""

CHANGE_WORDS: Final[Mapping[Verb, tuple[str, ...]]] = {
    Verb.PLAN: ("plan", "planen"),
    Verb.STATUS: ("status",),
    Verb.LIST: ("list", "liste"),
    Verb.APPROVE: ("approve", "freigeben"),
    Verb.OBJECT: ("object", "widersprechen"),
    Verb.RISK: ("risk", "risiko"),
    Verb.WAIVE: ("waive", "ausnahme"),
    Verb.DEPLOY: ("deploy", "ausrollen"),
    Verb.DEPLOYED: ("deployed", "ausgerollt"),
    Verb.ROLLBACK: ("rollback", "zurücknehmen"),
    Verb.LINK: ("link", "verknüpfen"),
    Verb.CANCEL: ("cancel", "abbrechen"),
    Verb.EMERGENCY: ("emergency", "notfall"),
    Verb.REVIEW: ("review", "nachbetrachten"),
    Verb.SETTLE: ("settle", "erledigen"),
    Verb.HELP: ("help", "hilfe"),
}

WORDS: Final = {Topic.INCIDENT: INCIDENT_WORDS, Topic.CHANGE: CHANGE_WORDS}
BARE: Final = {Topic.INCIDENT: Verb.REPORT, Topic.CHANGE: Verb.PLAN}
"""What a command without any verb means: it opens the form."""

FREE_TEXT: Final = frozenset(
    {Verb.REPORT, Verb.DRILL, Verb.NOTE, Verb.ACTION, Verb.TASK, Verb.UPDATE, Verb.EVIDENCE, Verb.FEEDBACK, Verb.PLAN}
)
"""Verbs that take a sentence. A bare number with more after it is part of the sentence, not a case."""

ABOUT_NONE: Final = frozenset({Verb.REPORT, Verb.DRILL, Verb.LIST, Verb.HELP, Verb.EXPORT, Verb.CONSOLE})
"""Verbs about incidents that need no case to be done."""


def words_of(topic: Topic) -> Mapping[str, Verb]:
    """Every folded word of a command, with its verb."""
    return {fold(word): verb for verb, words in WORDS[topic].items() for word in words}


def word_for(topic: Topic, verb: Verb, language: str) -> str:
    """The word to show for a verb."""
    words = WORDS[topic][verb]
    return words[-1] if language == "de" else words[0]
