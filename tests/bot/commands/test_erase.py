"""`wachbuch erase`: two people at two terminals."""

import json

import pytest

from tests.bot.commands.conftest import Terminal
from tests.office import Office

SECRET = "QXJZVWKPLMNBQXJZ"


def ask(terminal: Terminal, number: str, *more: str) -> str:
    done = terminal.run("erase", "request", number, "--basis", "gdpr_17", *more, "--json")
    assert done.code == 0, done.text
    return str(json.loads(done.out)["id"])


def test_request_by_one_confirm_by_another(terminal: Terminal, place: Office) -> None:
    number = place.report(f"{SECRET} clicked")
    asked = terminal.run("erase", "request", number, "--basis", "gdpr_17")
    assert asked.code == 0
    lines = asked.out.splitlines()
    assert lines[0] == "Recorded: 3 fields are to be erased."
    assert lines[1].startswith("A second person confirms with: wachbuch erase confirm ")
    assert lines[2].startswith("#")
    assert place.case(number).what == f"{SECRET} clicked"
    done = terminal.run("erase", "confirm", lines[1].split()[-1], user="dora", language="de")
    assert done.code == 0
    assert done.out.startswith("3 Felder sind gelöscht.\n#")
    assert terminal.run("verify", "--deep").code == 0
    place.store.close()
    assert not [data for data in terminal.contents() if SECRET.encode() in data]


def test_the_receipt_of_an_erasure_is_in_the_log(terminal: Terminal, place: Office) -> None:
    erasure = ask(terminal, place.report())
    done = terminal.run("erase", "confirm", erasure, "--json", user="dora")
    receipt = json.loads(done.out)["receipt"]
    assert terminal.run("verify", "--receipt", receipt).code == 0


def test_one_person_and_one_field(terminal: Terminal, place: Office) -> None:
    number = place.report()
    asked = terminal.run("erase", "request", number, "--person", "max", "--basis", "gdpr_17", "--json")
    assert json.loads(asked.out)["fields"] == [[2, "person_p1"]]
    asked = terminal.run("erase", "request", number, "--field", "2:what", "--basis", "gdpr_5_1_c")
    assert asked.out.startswith("Recorded: 1 field is to be erased.\n")


def test_the_same_person_is_refused(terminal: Terminal, place: Office) -> None:
    number = place.report()
    erasure = ask(terminal, number)
    done = terminal.run("erase", "confirm", erasure)
    assert done.code == 1
    assert done.out.startswith("You asked for it yourself; somebody else confirms: ")
    assert "Dora Däubler" in done.out
    german = terminal.run("erase", "confirm", erasure, language="de")
    assert german.out.startswith("Den Antrag haben Sie selbst gestellt; bestätigen muss jemand anderes: ")
    assert json.loads(terminal.run("erase", "confirm", erasure, "--json").out)["refused"] == "second_person"
    assert place.case(number).what == "Phishing mail clicked"


@pytest.mark.parametrize("user", ["max", "nobody"])
def test_without_a_role_it_is_refused(user: str, terminal: Terminal, place: Office) -> None:
    erasure = ask(terminal, place.report())
    for arguments in (("request", place.numbers[0], "--basis", "gdpr_17"), ("confirm", erasure)):
        done = terminal.run("erase", *arguments, user=user, language="de")
        assert done.code == 1
        assert done.out.startswith("Ihre Rollen erlauben das nicht. Möglich ist es für: ")
    assert place.case(place.numbers[0]).what == "Phishing mail clicked"


def test_what_is_not_there(terminal: Terminal, place: Office) -> None:
    number = place.report()
    missing = terminal.run("erase", "request", "INC-2026-0099", "--basis", "gdpr_17")
    assert (missing.code, missing.err) == (1, "I cannot show anything on INC-2026-0099.\n")
    nothing = terminal.run("erase", "request", number, "--basis", "gdpr_17", "--person", "tom")
    assert (nothing.code, nothing.out) == (1, "There is nothing left to erase.\n")
    unknown = terminal.run("erase", "confirm", "0", user="dora")
    assert unknown.code == 1
    assert unknown.err == "There is no open erasure with this id.\nIt may have been confirmed already.\n"
