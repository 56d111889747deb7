"""`wachbuch report case`: for people and for machines, on record first."""

import json

import pytest

from config.policy.ids import Visibility
from tests.bot.commands.conftest import Terminal, planned_change
from tests.office import Office
from workflows.incident.commands import Report


def test_a_case_for_people_in_both_languages_and_for_machines(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    english = terminal.run("report", "case", number)
    german = terminal.run("report", "case", number, language="de")
    assert (english.code, german.code, english.err) == (0, 0, "")
    assert english.out.startswith(f"# Incident report {number}\n")
    assert german.out.startswith(f"# Vorfallsbericht {number}\n")
    file = terminal.folder / "case.json"
    done = terminal.run("report", "case", number, "--format", "json", "-o", str(file), "--purpose", "Audit")
    assert done.out == f"Written to {file}.\n"
    data = json.loads(file.read_text())
    assert (data["number"], data["case"]["what"]) == (number, "Somebody clicked")
    assert [one["kind"] for one in data["entries"]] == ["incident.reported", *["case.exported"] * 3]
    assert [one.purpose for one in place.case(number).exports] == [None, None, "Audit"]
    assert {one.form.value for one in place.case(number).exports} == {"report"}


def test_an_unseen_case_is_as_an_absent_one(terminal: Terminal, place: Office) -> None:
    named = (place.person("petra"), place.person("lena"))
    sealed = place.do("petra", Report(what="Quiet", visibility=Visibility.SEALED, named=named)).number
    file = terminal.folder / "report.md"
    for number, user in (("INC-2026-0099", "petra"), (sealed, "jana"), (sealed, "ada")):
        done = terminal.run("report", "case", number, "-o", str(file), user=user)
        assert (done.code, done.out, done.err) == (1, "", f"I cannot show anything on {number}.\n")
    assert not file.exists()
    assert "Quiet" in terminal.run("report", "case", sealed).out


@pytest.mark.parametrize("form", ["pdf", ""])
def test_a_format_that_is_none_is_wrong_use(terminal: Terminal, place: Office, form: str) -> None:
    number = place.report()
    done = terminal.run("report", "case", number, "--format", form)
    assert (done.code, done.out) == (2, "")
    assert "Expected one of: md, json" in done.err
    assert place.case(number).exports == ()


def test_a_change_has_no_report_but_entries(terminal: Terminal, place: Office) -> None:
    number = planned_change(terminal)
    done = terminal.run("report", "case", number)
    assert done.code == 2
    assert f"wachbuch export --case {number}" in done.err
