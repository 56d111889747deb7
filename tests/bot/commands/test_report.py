"""`wachbuch report lessons`: as the terminal prints it."""

import csv
import io
import json

from tests.bot.commands.conftest import Terminal
from tests.office import Office


def year(place: Office) -> tuple[str, ...]:
    """The year of its cases, where they are counted: in the last hour of December in UTC it is the next one."""
    here = place.clock.at.astimezone(place.policy.policy.zone).year
    return ("--from", f"{here}-01-01", "--to", f"{here}-12-31")


def test_markdown_csv_and_json(terminal: Terminal, place: Office) -> None:
    number = place.report("Max clicked")
    place.assess(number)
    period = year(place)
    english = terminal.run("report", "lessons", *period)
    german = terminal.run("report", "lessons", *period, language="de")
    assert (english.code, german.code, english.err) == (0, 0, "")
    assert english.out.startswith("# Lessons learned, 1 Jan ")
    assert german.out.startswith("# Lessons Learned, 01.01.")
    assert rf"## {number} \[Person\] clicked" in german.out
    rows = list(csv.reader(io.StringIO(terminal.run("report", "lessons", *period, "--format", "csv").out, newline="")))
    assert [row[0] for row in rows] == ["Number", number]
    data = json.loads(terminal.run("report", "lessons", *period, "--format", "json").out)
    assert [(one["number"], one["category"]) for one in data["incidents"]] == [(number, "phishing")]


def test_an_admin_sees_no_case(terminal: Terminal, place: Office) -> None:
    place.report()
    done = terminal.run("report", "lessons", *year(place), user="ada")
    assert "0 incidents." in done.out
