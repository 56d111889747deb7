"""The report as Markdown, CSV and JSON, with texts that want to be more than texts."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.i18n import translator
from config.policy.ids import Visibility
from workflows.incident.terms import CorrectiveState, Kind, State
from workflows.reports.lessons import ActionRow, Heard, LessonRow, LessonsReport, Period, Recurrence, Spread
from workflows.reports.lessons_render import FORMULA, as_csv, as_json, as_markdown

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PERIOD = Period(date(2026, 4, 1), date(2026, 6, 30), ZONE)
HOUR = timedelta(hours=1)
TITLES: Mapping[str, str] = {"phishing": "Phishing mail"}


def a_report(text: str, *, category: str = "phishing") -> LessonsReport:
    """A report in which every free text is this one."""
    action = ActionRow(text, CorrectiveState.OPEN, NOW - HOUR, overdue=True, finding=text, reopened=2)
    row = LessonRow(
        "INC-2026-0001", text, Kind.INCIDENT, State.REVIEW, "S3", category, NOW - 50 * HOUR, text, text, text, text,
        (action,), {State.IDENTIFY: HOUR, State.REVIEW: 2 * HOUR}, 50 * HOUR, feedback=(text, text),
    )  # fmt: skip
    figures = {"mttd": None, "mtta": Spread(4, 2 * HOUR, HOUR, 3 * HOUR), "mttc": None, "mttrecover": None}
    return LessonsReport(
        PERIOD, NOW, (row,), (Recurrence(text, ("INC-2026-0001", "INC-2026-0002")),), {category: (1, 3)},
        {**figures, "mttclose": None, "ageing": None}, {"drill": 2}, 1, 1, 0, 0, 0,
        heard=(Heard("INC-2026-0007", (text,)),),
    )  # fmt: skip


def empty() -> LessonsReport:
    names = ("mttd", "mtta", "mttc", "mttrecover", "mttclose", "ageing")
    return LessonsReport(PERIOD, NOW, (), (), {}, dict.fromkeys(names), {}, 0, 0, 0, 0, 0)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_markdown_in_german() -> None:
    text = as_markdown(a_report("Kein zweiter Faktor"), translator("de"), TITLES)
    assert text.startswith("# Lessons Learned, 01.04.2026 bis 30.06.2026\n\n1 Vorfall. Niemand wird genannt")
    for line in (
        "Nicht mitgezählt: 2 Übungen.",
        "| Meldung bis Kenntnisnahme (MTTA) | 4 | 1 h | 3 h | 2 h |",
        "- Kein zweiter Faktor: INC-2026-0001, INC-2026-0002",
        "| Phishing mail | 1 | 3 |",
        "1 offen, davon 1 überfällig; 0 erledigt, Wirksamkeit noch nicht geprüft; 0 wirksam, 0 nicht wirksam.",
        "## INC-2026-0001 Kein zweiter Faktor",
        "- **Was gut lief:** Kein zweiter Faktor",
        "- **Zeiten je Phase:** Erkennen 1 h, Auswerten 2 h",
        "- **Am Ablauf mühsam:** Kein zweiter Faktor",
        "## Am Ablauf mühsam, in nicht mitgezählten Fällen",
        "- INC-2026-0007: Kein zweiter Faktor",
        "- **Offen seit:** 2 Tage 2 h",
    ):
        assert line in text.splitlines(), text
    action = "(offen; fällig am 01.07.2026; überfällig; Kein zweiter Faktor; 2-mal wieder geöffnet)"
    assert f"- **Maßnahme:** Kein zweiter Faktor {action}" in text.splitlines()


def test_markdown_in_english() -> None:
    text = as_markdown(a_report("No second factor"), translator("en"), TITLES)
    assert "- **What worked:** No second factor" in text.splitlines()
    assert "- **Open for:** 2 days 2 h" in text.splitlines()
    assert text.count("- **Tedious about the process:** No second factor") == 2
    assert text.splitlines()[-1] == "- INC-2026-0007: No second factor"


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_period_without_incidents(language: str) -> None:
    report, texts = empty(), translator(language)
    assert as_markdown(report, texts, TITLES).count("##") == 5
    assert len(cells(as_csv(report, texts, TITLES))) == 1
    assert json.loads(as_json(report))["incidents"] == []


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("![x](http://evil.example/p.png)", r"!\[x\](http\://evil.example/p.png)"),
        ("[click](javascript:alert(1))", r"\[click\](javascript:alert(1))"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("https://evil.example and www.evil.example", r"https\://evil.example and www\.evil.example"),
        ("a | b\n# head\n- item", r"a \| b \# head - item"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("**bold** _it_ `code` ~~gone~~ &lt;", r"\*\*bold\*\* \_it\_ \`code\` \~\~gone\~\~ \&lt;"),
        ("gpj.exe\u202e\u200b\x00", "gpj.exe"),
    ],
)
def test_texts_stay_texts_in_markdown(hostile: str, shown: str) -> None:
    lines = as_markdown(a_report(hostile), translator("en"), TITLES).splitlines()
    assert f"- **Cause:** {shown}" in lines
    assert f"## INC-2026-0001 {shown}" in lines
    assert f"- {shown}: INC-2026-0001, INC-2026-0002" in lines


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_keeps_to_its_line_in_markdown(text: str, category: str) -> None:
    usual = as_markdown(a_report("x"), translator("en"), TITLES)
    found = as_markdown(a_report(text, category=category), translator("en"), {})
    assert len(found.splitlines()) == len(usual.splitlines())
    bars = [line.replace("\\|", "").count("|") for line in found.splitlines() if line.startswith("|")]
    assert bars == [6] * 8 + [4] * 3


@given(st.text(max_size=60) | st.sampled_from(FORMULA).map("{}cmd|' /C calc'!A0".format))
def test_no_cell_is_a_formula_and_every_line_is_whole(text: str) -> None:
    rows = cells(as_csv(a_report(text, category=text), translator("en"), {}))
    assert [len(row) for row in rows] == [16, 16]
    assert not [cell for row in rows for cell in row if cell.lstrip(" ").startswith(FORMULA)]


@pytest.mark.parametrize("start", FORMULA)
@pytest.mark.parametrize("blank", ["", " ", "  "])
def test_what_would_be_a_formula_is_quoted(start: str, blank: str) -> None:
    rows = cells(as_csv(a_report(f"{blank}{start}1+1"), translator("en"), TITLES))
    assert rows[1][1].startswith("'")


def test_csv_keeps_texts_as_they_are() -> None:
    rows = cells(as_csv(a_report('C:\\temp; "quoted", with\nnew line'), translator("de"), TITLES))
    assert rows[1][1] == 'C:\\temp; "quoted", with\nnew line'
    assert rows[0][:4] == ["Nummer", "Titel", "Art", "Status"]
    assert rows[1][5] == "Phishing mail"


def test_json_is_the_same_every_time_and_complete() -> None:
    text = as_json(a_report("Kein zweiter Faktor"))
    assert text == as_json(a_report("Kein zweiter Faktor"))
    data: dict[str, Any] = json.loads(text)
    assert sorted(data) == [
        "actions", "categories", "changes", "feedback_not_counted", "figures", "from", "generated", "incidents",
        "left_out", "recurrences", "to",
    ]  # fmt: skip
    assert data["figures"]["mtta"] == {"n": 4, "mean": 7200.0, "median": 3600.0, "p90": 10800.0}
    assert data["figures"]["mttd"] == {"n": 0, "mean": None, "median": None, "p90": None}
    assert data["incidents"][0]["phases"] == {"identify": 3600.0, "review": 7200.0}
    assert data["incidents"][0]["feedback"] == ["Kein zweiter Faktor"] * 2
    assert data["feedback_not_counted"] == [
        {"number": "INC-2026-0007", "feedback": ["Kein zweiter Faktor"], "visibility": "team"}
    ]
    assert data["incidents"][0]["actions"][0]["due"] == "2026-07-01T07:00:00+00:00"
    assert data["actions"] == {"open": 1, "overdue": 1, "done": 0, "effective": 0, "not_effective": 0}


@pytest.mark.parametrize(
    ("language", "told", "seen"),
    [
        ("de", "Nicht für alle bestimmt: INC-2026-0001. Vor der Weitergabe bitte herausnehmen.", "streng vertraulich"),
        ("en", "Not for everybody: INC-2026-0001. Take them out before you pass this on.", "strictly confidential"),
    ],
)
def test_what_not_everybody_may_see_says_so_before_it_is_passed_on(language: str, told: str, seen: str) -> None:
    report, t = a_report("Text"), translator(language)
    quiet = replace(report, rows=(replace(report.rows[0], visibility=Visibility.SEALED),))
    assert told in as_markdown(quiet, t, TITLES)
    assert f" · {seen}\n" in as_markdown(quiet, t, TITLES)
    assert told not in as_markdown(report, t, TITLES)
    assert [cells(as_csv(one, t, TITLES))[1][-1] for one in (report, quiet)][1] == seen
    assert json.loads(as_json(quiet))["incidents"][0]["visibility"] == "sealed"
