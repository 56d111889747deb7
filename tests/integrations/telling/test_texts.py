import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.i18n import Translator, translator
from config.policy.ids import CaseRole, Mode, Requirement, Role
from integrations.telling import texts, wording
from integrations.telling.inert import code, mention
from integrations.telling.texts import MARKER, STATUS_MOST, Surroundings, Told
from tests.integrations.verdicts import met, needs_second_person, red_check, verdict, waived
from workflows.change.codes import (
    ROLE_AUTHOR,
    ROLE_OBJECTOR,
    ROLE_REQUESTER,
    ROLE_REVIEWER,
    Answer,
    Fault,
    Outcome,
    Remedy,
    ResultCode,
)
from workflows.change.result import Part, Result, Verdict
from workflows.change.seen import Forge

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
GERMAN, ENGLISH = translator("de"), translator("en")
AROUND = Surroundings(
    Forge.GITHUB,
    number="CHG-2026-0117",
    at=NOW,
    zone=ZoneInfo("Europe/Berlin"),
    title="Warenkorb",
    able=("lena", "tom"),
)


def _told(shown: Verdict, t: Translator = GERMAN, around: Surroundings = AROUND) -> Told:
    return texts.told(t, shown, around)


def test_the_comment_says_what_is_missing_who_can_help_and_who_does_not_count() -> None:
    german, english = (_told(verdict(needs_second_person()), t).comment for t in (GERMAN, ENGLISH))

    assert german.startswith(f"{MARKER}\n**Wartet auf 1 von 10:** Freigabe durch eine zweite Person.")
    assert english.startswith(f"{MARKER}\n**Waiting for 1 of 10:** approval by a second person.")
    for text in (german, english):
        assert "@lena, @tom" in text
        assert "4f2a91c" in text
        assert "14:05" in text, "local time of the policy"
        assert "CHG-2026-0117" in text
    assert "@max hat mitgeschrieben und zählt hier nicht" in german
    assert "9 erfüllt" in german
    assert "/aenderung ausnahme" in german


def test_several_contributors_are_told_in_the_plural() -> None:
    text = _told(verdict(needs_second_person("max", "anna"))).comment
    assert "@max, @anna haben mitgeschrieben und zählen hier nicht" in text


def test_blocked_waiting_waived_passed_and_observed_read_differently() -> None:
    lines = {
        "blocked": _told(verdict(red_check(), needs_second_person())).line,
        "pending": _told(verdict(needs_second_person())).line,
        "waived": _told(verdict(waived(red_check()))).line,
        "passed": _told(verdict()).line,
        "observed": _told(verdict(red_check(), mode=Mode.OBSERVE)).line,
    }
    assert lines["blocked"].startswith("Angehalten durch 2 von 10: Freigabe durch eine zweite Person; grüne Prüfläufe")
    assert lines["pending"] == "Wartet auf 1 von 10: Freigabe durch eine zweite Person"
    assert lines["waived"] == "Erfüllt, davon 1 von 10 mit Ausnahme."
    assert lines["passed"] == "Alle 10 erfüllt."
    assert lines["observed"].startswith("Nur Beobachtung. Würde angehalten wegen 1 von 10")
    assert "nichts wird angehalten" in _told(verdict(red_check(), mode=Mode.OBSERVE)).comment.casefold()


def test_a_red_check_is_named_with_who_repairs_it() -> None:
    text = _told(verdict(red_check("build / linux"))).comment
    assert "`build / linux` ist rot" in text
    assert "die Autorin oder der Autor" in text
    assert "Beheben und pushen." in text


def test_what_is_not_asked_for_does_not_count_but_is_shown() -> None:
    silent = met(Requirement.SECURITY_TESTS).model_copy(
        update={"outcome": Outcome.NOT_CONFIGURED, "code": ResultCode.NOT_CONFIGURED}
    )
    shown = _told(verdict(silent))
    assert shown.line == "Alle 9 erfüllt."
    assert "1 hier nicht verlangt" in shown.comment
    assert "Die Richtlinie nennt hierfür nichts." in shown.comment


def test_who_is_named_by_role_or_by_their_account() -> None:
    plan = Result(
        requirement=Requirement.PLAN_APPROVED,
        outcome=Outcome.NOT,
        code=ResultCode.PLAN_UNAPPROVED,
        fault=Fault.WAITS,
        who=("risk_owner", "person:anna", "person:slack:U7"),
        remedy=Remedy.APPROVE_PLAN,
    )
    around = Surroundings(Forge.GITHUB, "CHG-2026-0117", NOW, ZoneInfo("UTC"), logins={"person:anna": "anna-gh"})
    text = texts.line(GERMAN, plan, around)
    assert "Möglich: Risikoverantwortliche, @anna-gh, `slack:U7`." in text
    assert "/aenderung freigeben plan" in text


def test_every_code_has_its_text_in_both_languages() -> None:
    assert set(wording.REQUEST) == set(wording.FORGE) == set(Forge)
    assert set(wording.NEEDED) == set(Requirement)
    assert set(wording.FOUND) == set(ResultCode)
    assert set(wording.HELP) == set(Remedy)
    assert set(wording.ANSWER) == set(Answer)
    assert set(wording.ROLES) >= {*Role, ROLE_AUTHOR, ROLE_REQUESTER, ROLE_REVIEWER, ROLE_OBJECTOR}
    assert CaseRole.REQUESTER in wording.ROLES
    everything = [
        *wording.NEEDED.values(),
        *wording.FOUND.values(),
        *wording.SEVERAL.values(),
        *wording.PART.values(),
        *wording.ANSWER.values(),
        *wording.HELP.values(),
        *wording.ROLES.values(),
        *wording.REQUEST.values(),
    ]
    untranslated = [text for text in everything if text and GERMAN.gettext(text) == text]
    assert untranslated == []


@pytest.mark.parametrize(("t", "result_code"), list(product((GERMAN, ENGLISH), ResultCode)))
def test_every_code_makes_a_whole_sentence(t: Translator, result_code: ResultCode) -> None:
    for people, parts in (((), ()), (("max", "anna"), (_part("ci", result_code),))):
        result = Result(
            requirement=Requirement.CHECKS_GREEN, outcome=Outcome.NOT, code=result_code, people=people, parts=parts
        )
        text = texts.line(t, result.model_copy(update={"found": "1", "expected": "2"}), AROUND)
        assert "{" not in text
        assert "None" not in text.replace("None so far", "")
        assert text.endswith(".")


def _part(subject: str, result_code: ResultCode) -> Part:
    return Part(subject=subject, outcome=Outcome.NOT, code=result_code, fault=Fault.WAITS)


def test_the_status_line_fits_whatever_is_missing() -> None:
    everything = tuple(
        Result(requirement=one, outcome=Outcome.NOT, code=ResultCode.NOT_READ, fault=Fault.WAITS) for one in Requirement
    )
    for t, mode in product((GERMAN, ENGLISH), Mode):
        assert len(_told(verdict(*everything, mode=mode), t).line) <= STATUS_MOST


def test_long_lists_of_names_are_cut_with_their_number() -> None:
    text = _told(verdict(needs_second_person(*(f"user-{number}" for number in range(30))))).comment
    assert "@user-4, 25 weitere" in text
    assert "@user-5" not in text


HOSTILE = [
    "@everyone <script>alert(1)</script>",
    "--> <!-- wachbuch/gate -->",
    "`code` and ``more``",
    "**bold** [link](https://evil.example) ![x](y)",
    "</details>\n\n# Heading\n- [x] done",
    "\u202egnp.exe\u0000\u2028next",
    "fixes #1, closes acme/shop#2",
    "<!channel> <@U123> <https://evil.example|click>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_foreign_text_has_no_effect(hostile: str) -> None:
    around = Surroundings(Forge.GITHUB, "CHG-2026-0117", NOW, ZoneInfo("UTC"), title=hostile, able=(hostile,))
    person = needs_second_person(hostile)
    shown = _told(verdict(red_check(hostile), person), GERMAN, around)

    assert shown.comment.count(MARKER + "\n") == 1
    assert shown.comment.startswith(MARKER + "\n")
    outside = _without_code(shown.comment.removeprefix(MARKER))
    assert outside.count("<details>") == outside.count("</details>") == 1
    for effect in ("<script", "<!--", "-->", "@every", "](http", "# Heading", "#1", "<!ch", "<@", "\u202e", "\u0000"):
        assert effect not in outside
    assert "\n" not in shown.line


def _without_code(markdown: str) -> str:
    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", markdown)


@given(st.text(max_size=200))
def test_a_code_span_holds_any_text(text: str) -> None:
    span = code(text)
    assert "\n" not in span
    assert _without_code(span).strip("`") == ""
    fence = len(span) - len(span.lstrip("`"))
    assert not re.search(rf"(?<!`)`{{{fence}}}(?!`)", span[fence:-fence])


@pytest.mark.parametrize("forge", Forge)
@given(text=st.text(max_size=60))
def test_only_what_can_be_a_login_is_mentioned(forge: Forge, text: str) -> None:
    shown = mention(text, forge)
    assert shown == code(text) or (shown == f"@{text}" and re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", text))


def test_logins_are_mentioned_and_addresses_are_not() -> None:
    names = ("max-muster", "-max", "a b", "eve@nowhere.org", "dependabot[bot]", "max_m.uster", "all", "ALL", "allie")
    assert [mention(one, Forge.GITHUB) for one in names] == [
        "@max-muster",
        "`-max`",
        "`a b`",
        "`eve@nowhere.org`",
        "`dependabot[bot]`",
        "`max_m.uster`",
        "@all",
        "@ALL",
        "@allie",
    ]
    gitlab = [mention(one, Forge.GITLAB) for one in names]
    assert gitlab[5:] == ["@max_m.uster", "`all`", "`ALL`", "@allie"], "@all would tell everybody"
    assert gitlab[:5] == [mention(one, Forge.GITHUB) for one in names[:5]]


def test_each_forge_has_its_own_words() -> None:
    missing = tuple(
        Result(requirement=one, outcome=Outcome.NOT, code=code_, fault=Fault.WAITS)
        for one, code_ in (
            (Requirement.REQUEST_OPEN, ResultCode.NO_REQUEST),
            (Requirement.CHANGE_LINKED, ResultCode.NOT_MERGED),
            (Requirement.APPROVALS_COUNT, ResultCode.NOT_READ),
        )
    )
    told = {(forge, t): _told(verdict(*missing), t, replace(AROUND, forge=forge)).comment.casefold()
            for forge in Forge for t in (GERMAN, ENGLISH)}  # fmt: skip
    for (forge, _), text in told.items():
        own, other = ("pull", "merge") if forge is Forge.GITHUB else ("merge", "pull")
        assert text.count(f"{own} request") == 4
        assert f"{other} request" not in text
        assert ("github" in text) == (forge is Forge.GITHUB)
        assert "{" not in text


def test_no_line_begins_like_a_quick_action_of_gitlab() -> None:
    for t in (GERMAN, ENGLISH):
        text = _told(verdict(red_check("/merge"), needs_second_person("/close")), t).comment
        assert not any(line.lstrip("- ").startswith("/") for line in text.splitlines())
