"""The story that every way of talking has to carry from the report to *closed*: who says what, and answers what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.journeys.policies import slack_id
from workflows.incident.terms import State

NUMBER = "INC-2026-0001"


@dataclass(frozen=True)
class Who:
    """A person, as a form asks for one."""

    person: str


@dataclass(frozen=True)
class Now:
    """This moment, as a form asks for one."""


@dataclass(frozen=True)
class Step:
    """Somebody says a verb and fills the form that comes. `fields` are all its fields in their order.

    `after`: where the case then stands. `kinds`: entries whose receipts the answer must show.
    """

    who: str
    english: str
    german: str
    after: State
    kinds: tuple[str, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Criteria that the answer names as missing, when it refuses."""

    looks: bool = False
    """Whether a page is shown first, and sent without an answer."""

    def line(self, language: str) -> str:
        """The verb and the case."""
        return f"{self.german if language == 'de' else self.english} {NUMBER}"


def _asked(*names: str, **given: Any) -> dict[str, Any]:
    """All fields of a form in order, with what is answered; `a__b___c` stands for `a.b~c`."""
    known = {key.replace("___", "~").replace("__", "."): value for key, value in given.items()}
    assert set(known) <= set(names), set(known) - set(names)
    return {name: known.get(name, "") for name in names}


_SKIP = ("skip", "skip_because")
_GOALS = ("confidentiality", "integrity", "availability", "authenticity")
_ASSESSED = ("kind", "reason", "category", *_GOALS, "spread", "severity", "severity_reason", "lead", "personal_data")
_CONTAINED = ("containment.action~text", "containment.action~detail", "evidence.preserved~choice",
              "evidence.preserved~text")  # fmt: skip

REPORT = _asked(
    "what", "affected", "occurred", "personal_data", "visibility", "named", "reported_by", "reporter_name", "way",
    "special", what="Anhang geöffnet, drei Leute",
)  # fmt: skip

STEPS = (
    Step("tom", "ack", "übernehmen", State.IDENTIFY, ("incident.acknowledged",)),
    Step(
        "tom", "contain", "eindämmen", State.IDENTIFY, ("incident.assessed", "case.refused"),
        _asked(*_ASSESSED, "affected", *_SKIP, kind="incident", reason="Schadcode im Anhang", category="phishing"),
        missing=("impact", "severity", "personal_data", "affected"),
    ),
    Step(
        "tom", "contain", "eindämmen", State.CONTAIN, ("incident.assessed", "incident.moved"),
        _asked(*_GOALS, "spread", "severity", "severity_reason", "personal_data", "affected", *_SKIP,
               confidentiality="medium", integrity="low", availability="none", authenticity="unknown",
               spread="single", personal_data="no", affected="Mailserver"),
    ),
    Step(
        "tom", "eradicate", "bereinigen", State.ERADICATE,
        ("action.recorded", "incident.answered", "incident.moved"),
        _asked(*_CONTAINED, "credentials.revoked~choice", "credentials.revoked~person", "credentials.revoked~text",
               *_SKIP, containment__action___text="Konten gesperrt", containment__action___detail="alle drei",
               evidence__preserved___choice="none", evidence__preserved___text="keine Spuren",
               credentials__revoked___choice="revoked"),
    ),
    Step(
        "tom", "recover", "wiederherstellen", State.RECOVER, ("incident.answered", "incident.moved"),
        _asked("root_cause~choice", "root_cause~text", "root_cause~detail", "entry_path.closed~text",
               "similar_systems.checked~text", *_SKIP, root_cause___choice="known", root_cause___text="Makros erlaubt",
               root_cause___detail="makros", entry_path__closed___text="Makros aus",
               similar_systems__checked___text="alle geprüft"),
    ),
    Step(
        "tom", "review", "auswerten", State.REVIEW, ("incident.answered", "incident.moved"),
        _asked("restore_source.checked~text", "systems.verified~text", "monitoring.over~when",
               "recovery.declared~person", "service_owner.agrees~person", *_SKIP,
               restore_source__checked___text="Sicherung von gestern", systems__verified___text="läuft",
               monitoring__over___when=Now(), recovery__declared___person=Who("tom"),
               service_owner__agrees___person=Who("sven")),
    ),
    Step(
        "tom", "close", "schließen", State.REVIEW, ("incident.answered", "corrective.opened", "case.refused"),
        _asked("review.held~choice", "review.held~when", "review.held~choices", "process_cause~text", "lessons~text",
               "lessons~detail", "corrective_action~choice", "corrective_action~text", "corrective_action~person",
               "corrective_action~when", "authenticity", "retention.class~choice", *_SKIP,
               review__held___choice="meeting", review__held___when=Now(), review__held___choices=["lead", "isb"],
               process_cause___text="Makros waren nie geregelt", lessons___text="Meldung kam früh",
               lessons___detail="Zu viele Konten", corrective_action___choice="action",
               corrective_action___text="Makros sperren", corrective_action___person=Who("sven"),
               corrective_action___when="2026-05-01", authenticity="none", retention__class___choice="standard"),
        missing=("closed_by.other",),
    ),
    Step("petra", "close", "schließen", State.CLOSED, ("incident.moved",), looks=True),
)  # fmt: skip
"""The whole way: one report, two refusals, and the end by somebody else than the lead."""


def in_slack(fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers as somebody picks them in a modal."""
    picked = {name: value for name, value in fields.items() if value}
    for name, value in picked.items():
        if isinstance(value, Who):
            picked[name] = slack_id(value.person)
        if isinstance(value, Now):
            picked[name] = int(now.timestamp())
    return picked


def typed(fields: Mapping[str, Any], now: datetime) -> list[str]:
    """The answers as somebody types them, one line per field."""
    lines = []
    for value in fields.values():
        match value:
            case Who(person):
                lines.append(person)
            case Now():
                lines.append(now.isoformat())
            case list():
                lines.append(" ".join(value))
            case _:
                lines.append(str(value))
    return lines
