"""Every code has its words, in both languages; what people typed cannot pass for ours."""

import ast
from enum import StrEnum
from pathlib import Path

import pytest

from bot.chat.forms import change_ask, change_read, incident_ask, incident_read
from bot.chat.forms.parts import ANSWERS, ASSESSED, BY_OTHERS
from bot.chat.forms.phases import TARGETS
from bot.chat.texts import (
    change_events,
    common,
    criteria,
    fields,
    helping,
    incident_events,
    refusal,
    requirements,
    terms,
)
from bot.chat.verbs import CHANGE_WORDS, INCIDENT_WORDS
from config.i18n import translator
from config.i18n.catalogues import check
from config.policy.criteria import CriterionId
from config.policy.ids import Criterion, Requirement
from workflows.change import codes as change_codes
from workflows.change.events import EVENTS as CHANGE_EVENTS
from workflows.incident.answers import TAKERS
from workflows.incident.codes import Code
from workflows.incident.criteria.registry import EXIT
from workflows.incident.every_event import EVENTS

ROOT = Path(__file__).resolve().parents[3]


def test_every_criterion_and_requirement_has_its_words() -> None:
    assert set(criteria.WORDINGS) == set(Criterion)
    assert set(requirements.LABELS) == set(Requirement)
    assert set(requirements.FOUND) == set(change_codes.ResultCode)
    assert set(requirements.HELPS) == set(change_codes.Remedy)
    assert set(requirements.ANSWERS) == set(change_codes.Answer)
    assert set(requirements.FINDINGS) == set(change_codes.Finding)


def test_every_code_of_a_refusal_has_its_line() -> None:
    assert {code.value for code in Code} | {code.value for code in change_codes.Refusal} <= set(refusal.LINES)


def test_no_rule_refuses_with_a_code_beside_the_lists() -> None:
    """Codes are members of the lists; a bare string would have no words."""
    files = [file for name in ("incident", "change") for file in (ROOT / "workflows" / name).rglob("*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                code = node.args[0]
                assert not isinstance(code, ast.Constant) or code.value in refusal.LINES, f"{file}:{node.lineno}"


@pytest.mark.parametrize("closed", list(terms.NAMES), ids=lambda one: one.__name__)
def test_every_term_has_a_name(closed: type[StrEnum]) -> None:
    assert set(terms.NAMES[closed]) == set(closed)


def test_every_event_has_its_sentence() -> None:
    assert set(incident_events.SENTENCES) == set(EVENTS)
    assert set(change_events.SENTENCES) == set(CHANGE_EVENTS)


def test_every_criterion_can_be_supplied_or_is_done_by_others() -> None:
    assert set(ANSWERS) | set(ASSESSED) | BY_OTHERS == set(Criterion)
    assert set(ANSWERS) == set(TAKERS)


def test_the_way_out_of_a_refusal_supplies_what_is_missing() -> None:
    """A verb of its own only where it records exactly that; else the form that asks for it."""
    own: dict[CriterionId, str] = {
        Criterion.LEAD: "role lead", Criterion.CONTAINMENT_ACTION: "action", Criterion.EVIDENCE: "evidence",
        Criterion.DUTIES_DECIDED: "duty",
    }  # fmt: skip
    supplied = [rule for rules in EXIT.values() for rule in rules if rule.criterion not in BY_OTHERS]
    wrong = [rule.criterion for rule in supplied if rule.remedy not in ("answer", "assess", own.get(rule.criterion))]
    assert wrong == []


def test_every_form_is_asked_and_read() -> None:
    assert set(incident_read.READ) == set(incident_ask.ASK) | {"incident.report", "incident.backfill"}
    assert set(change_read.READ) == set(change_ask.ASK) | {"change.plan"}
    assert set(fields.TITLES) == set(incident_read.READ) | set(change_read.READ) | set(TARGETS)


def test_every_verb_is_explained() -> None:
    assert set(helping.INCIDENT) == set(INCIDENT_WORDS)
    assert set(helping.CHANGE) == set(CHANGE_WORDS)


@pytest.mark.parametrize("language", ["de", "en"])
def test_titles_fit_over_a_modal(language: str) -> None:
    t = translator(language)
    assert not [title for title in map(t.gettext, fields.TITLES.values()) if len(title) > 24]


def test_every_text_of_the_conversation_is_translated() -> None:
    ours = ("bot/chat", "bot/slack", "bot/terminal", "chat.po")
    assert not [problem for problem in check(ROOT) if problem.where.startswith(ours)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("one\ntwo\tthree", "one two three"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("x" * 200, "x" * 149 + "…"),
        ("\u202edesrever", "desrever"),
    ],
)
def test_typed_text_stays_one_line_of_ours(typed: str, shown: str) -> None:
    assert common.one_line(typed) == shown


def test_several_receipts_are_receipts() -> None:
    for language, one, several in (("en", "Receipt #1", "Receipts #1 #2"), ("de", "Beleg #1", "Belege #1 #2")):
        t = translator(language)
        assert [common.receipts(t, ["#1"]), common.receipts(t, ["#1", "#2"])] == [one, several]
