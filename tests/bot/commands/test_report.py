"""`wachbuch report lessons`: as the terminal prints it."""

import csv
import io
import json
from datetime import UTC, datetime

from tests.bot.commands.conftest import Terminal
from tests.office import Office

YEAR = str(datetime.now(UTC).year)
PERIOD = ("--from", f"{YEAR}-01-01", "--to", f"{YEAR}-12-31")


def test_markdown_csv_and_json(terminal: Terminal, place: Office) -> None:
    number = place.report("Max clicked")
    place.assess(number)
    english = terminal.run("report", "lessons", *PERIOD)
    german = terminal.run("report", "lessons", *PERIOD, language="de")
    assert (english.code, german.code, english.err) == (0, 0, "")
    assert english.out.startswith("# Lessons learned, 1 Jan ")
    assert german.out.startswith("# Lessons Learned, 01.01.")
    assert rf"## {number} \[Person\] clicked" in german.out
    rows = list(csv.reader(io.StringIO(terminal.run("report", "lessons", *PERIOD, "--format", "csv").out, newline="")))
    assert [row[0] for row in rows] == ["Number", number]
    data = json.loads(terminal.run("report", "lessons", *PERIOD, "--format", "json").out)
    assert [(one["number"], one["category"]) for one in data["incidents"]] == [(number, "phishing")]


def test_an_admin_sees_no_case(terminal: Terminal, place: Office) -> None:
    place.report()
    done = terminal.run("report", "lessons", *PERIOD, user="ada")
    assert "0 incidents." in done.out
