"""A window lay open in Slack while somebody else decided: it comes back with what was decided, and what was typed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from config.policy.ids import Severity
from tests.journeys.policies import slack_id
from tests.journeys.world import World
from workflows.incident.terms import DutyDecision, PersonalData

WORDS = {
    "de": ("Inzwischen haben andere dazu entschieden:", "Petra Maurer, ", "Schwere S1.", "bitte noch einmal absenden"),
    "en": ("Others have decided on this meanwhile:", "Petra Maurer, ", "Severity S1.", "send it again"),
}
NEWER = {
    "de": ("Inzwischen von anderen beantwortet; dabei bleibt es:", "(Petra Maurer, ", "bei Ihnen: nein"),
    "en": ("Answered by others meanwhile; that stands:", "(Petra Maurer, ", "with you: no"),
}


@pytest.fixture
def language(office: World) -> str:
    """A report is there, in a workspace of this language."""
    office.say("jana", "/incident", "report Anhang geöffnet")
    return office.app.language


def told(answer: Mapping[str, Any]) -> str:
    """What stands in the window that answers a form."""
    return json.dumps(answer["view"]["blocks"], ensure_ascii=False)


def test_a_decision_of_somebody_else_is_not_taken_back_by_a_window_from_before(office: World, language: str) -> None:
    office.say("tom", "/incident", "severity 1")
    office.say("petra", "/incident", "severity 1 S1 Kundendaten betroffen")
    before = len(office.entries())
    again = office.fill("tom", {"severity": "S3", "severity_reason": "Nur ein Konto"})
    for words in WORDS[language]:
        assert words in told(again)
    assert (office.incident().severity, len(office.entries())) == (Severity.S1, before)
    assert "Nur ein Konto" in told(again), "what was typed stands in the window"
    done = office.fill("tom", {})
    office.proves(told(done), "incident.severity_set")
    assert office.incident().severity is Severity.S3
    office.intact()


def test_what_others_answered_of_a_step_stays_and_the_window_asks_for_the_rest(office: World, language: str) -> None:
    office.say("tom", "/incident", "contain 1")
    office.say("petra", "/incident", "assess 1")
    office.fill("petra", {"personal_data": "yes"})
    assert office.incident().personal_data is PersonalData.YES
    again = office.fill("tom", {"reason": "Schadcode", "category": "phishing", "personal_data": "no"})
    for words in NEWER[language]:
        assert words in told(again)
    assert "Schadcode" in told(again)
    office.fill("tom", {})
    case = office.incident()
    assert (case.personal_data, case.category) == (PersonalData.YES, "phishing")
    office.intact()


def test_who_cannot_see_the_case_any_more_reads_nothing_of_what_was_decided(office: World, language: str) -> None:
    office.say("petra", "/incident", "duty 1")
    office.say("tom", "/incident", "severity 1")
    office.say("dora", "/incident", "status 1")
    office.say("paul", "/incident", "restrict 1")
    office.fill(
        "paul", {"visibility": "sealed", "named": [slack_id("petra"), slack_id("paul")], "reason": "Täter intern"}
    )
    hidden = told(office.fill("tom", {"severity": "S3", "severity_reason": "Nur ein Konto"}))
    assert "Nur ein Konto" in hidden
    for word in (WORDS[language][0], "Paul Deppe", "Täter"):
        assert word not in hidden
    office.fill("petra", {"regime": "gdpr_33_1", "required": "no", "reason": "verschlüsselt"})
    duty = office.incident().duty("gdpr_33_1")
    assert duty is not None
    assert duty.decision is DutyDecision.NOT_REQUIRED, "what nobody else decided is taken at once"
