"""What the policy adds is asked, refused and answered like all else: in Slack, at the terminal, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config.policy.criteria import own_criterion
from config.policy.loader import Loaded, load_texts
from tests.journeys.policies import policy_text
from tests.journeys.telling import REPORT, STEPS, Step, in_slack, typed
from tests.journeys.test_incident_slack import take, text_of
from tests.journeys.test_incident_terminal import take as take_typed
from tests.journeys.test_incident_terminal import talk
from tests.journeys.world import World, world
from workflows.incident.terms import State

TOLD, LEGAL = "own.supplier-told", "own.legal-view"
CRITERIA = """
criteria:
  added:
    - id: supplier-told
      leaving: contain
      question_en: Has the supplier been told?
      question_de: Ist der Lieferant informiert?
      hint_en: Who, when, and by which way.
      hint_de: Wer, wann und auf welchem Weg.
    - id: staff-trained
      leaving: review
      question_en: Has the staff been told?
      question_de: Sind die Beschäftigten unterrichtet?
  tightened:
    never_exempt: [supplier-told]
"""
BY_DPO = """
criteria:
  added:
    - id: legal-view
      leaving: contain
      question_en: What does data protection say?
      question_de: Was sagt der Datenschutz?
      by: [dpo]
"""
ASKED = {
    "en": ("Has the supplier been told?", "What does data protection say?", "Has the staff been told"),
    "de": ("Ist der Lieferant informiert?", "Was sagt der Datenschutz?", "Sind die Beschäftigten unterrichtet"),
}
NEVER = {"en": "the policy demands an answer", "de": "die Richtlinie verlangt eine Antwort"}
LET_OFF = {"en": "Recorded as not applicable:", "de": "Als nicht zutreffend eingetragen:"}
COMMAND = {"en": "/incident", "de": "/vorfall"}


def asking(step: Step, **more: str) -> Step:
    """The step with further fields, which stand before the exemption."""
    fields = {name: value for name, value in step.fields.items() if not name.startswith("skip")}
    named = {name.replace("__", ".").replace("_", "-"): value for name, value in more.items()}
    added = {f"{name}~text": value for name, value in named.items()}
    return replace(step, fields={**fields, **added, "skip": "", "skip_because": ""})


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(sqlite_url: str, language: str) -> Iterator[World]:
    with world(sqlite_url, language=language, decided=decided(language, CRITERIA)) as made:
        yield made


@pytest.fixture
def guarded(sqlite_url: str, language: str) -> Iterator[World]:
    """Where the data protection officer has a say."""
    with world(sqlite_url, language=language, decided=decided(language, BY_DPO)) as made:
        yield made


def decided(language: str, criteria: str) -> Loaded:
    return load_texts({"policy.yaml": (policy_text(language) + criteria).encode()})


def labels(view: dict[str, Any]) -> dict[str, str]:
    """What a modal asks, by field."""
    return {one["block_id"]: one["label"]["text"] for one in view["blocks"] if one["type"] == "input"}


def reported_in_slack(office: World, language: str) -> None:
    office.say("jana", COMMAND[language])
    office.fill("jana", in_slack(REPORT, office.clock.now))


def test_in_slack_it_is_asked_refused_and_answered(office: World, language: str) -> None:
    reported_in_slack(office, language)
    for step in STEPS[:3]:
        take(office, language, step)
    # The lead leaves it out: named among what is missing, and asked alone.
    told = take(office, language, asking(STEPS[3], own__supplier_told=""))
    assert office.incident().state is State.CONTAIN
    assert ASKED[language][0].rstrip("?") in told
    asked = labels(office.view("tom"))
    assert asked == {f"{TOLD}~text": ASKED[language][0]}, "it alone, and no way around it"
    # Left out once more: under its field. Not applicable: not here.
    told = office.fill("tom", {})["errors"][f"{TOLD}~text"]
    assert told.startswith(ASKED[language][0].rstrip("?"))
    told = office.fill("tom", {f"{TOLD}~text": "n/a: keiner"})["errors"][f"{TOLD}~text"]
    assert NEVER[language] in told
    assert office.incident().state is State.CONTAIN
    told = text_of(office.fill("tom", {f"{TOLD}~text": "Angerufen um 9:12"}))
    assert office.incident().state is State.ERADICATE
    office.proves(told, "incident.answered", "incident.moved")
    assert office.incident().answers[own_criterion("supplier-told")].text == "Angerufen um 9:12"
    office.intact()


def test_whom_it_is_left_to_answers_it_and_nothing_else(guarded: World, language: str) -> None:
    office = guarded
    reported_in_slack(office, language)
    for step in (*STEPS[:2], replace(STEPS[2], fields={**STEPS[2].fields, "personal_data": "unknown"})):
        take(office, language, step)
    line = STEPS[3].line(language)
    told = take(office, language, STEPS[3])
    assert office.incident().state is State.CONTAIN
    assert ASKED[language][1].rstrip("?") in told
    assert "Dora Schulz" in told, "who can answer it is named"
    assert "Dora" not in office.say("rita", COMMAND[language], line).text, "who does not see the case hears nothing"
    office.say("dora", COMMAND[language], line)
    asked = labels(office.view("dora"))
    assert list(asked) == [f"{LEGAL}~text", "skip", "skip_because"]
    assert asked[f"{LEGAL}~text"] == ASKED[language][1]
    told = text_of(office.fill("dora", {f"{LEGAL}~text": "Keine Meldung nötig"}))
    office.proves(told, "incident.answered")
    assert office.incident().state is State.CONTAIN, "she answers, the lead goes on"
    refused = office.say("dora", COMMAND[language], line)
    assert "Tom Berger" in refused.text, "there is nothing more for her to do"
    office.say("tom", COMMAND[language], line)
    assert office.incident().state is State.ERADICATE
    office.intact()


def test_at_the_terminal_up_to_the_page_before_closing(office: World, language: str) -> None:
    talk(office, "jana", [{"en": "report", "de": "melden"}[language], *typed(REPORT, office.clock.now)], language)
    for step in STEPS[:3]:
        take_typed(office, step, language)
    told = take_typed(office, asking(STEPS[3], own__supplier_told=""), language)
    assert office.incident().state is State.CONTAIN
    assert ASKED[language][0] in told, "the question"
    assert f"• {ASKED[language][0].rstrip('?')}: " in told, "and the refusal"
    take_typed(office, replace(STEPS[3], fields={"text": "Angerufen um 9:12"}), language)
    assert office.incident().state is State.ERADICATE
    for step in (*STEPS[4:6], asking(STEPS[6], own__staff_trained="n/a: niemand betroffen")):
        take_typed(office, step, language)
    told = take_typed(office, STEPS[7], language)
    assert office.incident().state is State.CLOSED
    assert LET_OFF[language] in told
    assert f"• {ASKED[language][2]}: niemand betroffen (Tom Berger)" in told
    office.intact()
