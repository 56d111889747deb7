"""`wachbuch evidence`: kept files at the terminal, each access an entry."""

import json
from pathlib import Path

from config.policy.ids import Visibility
from tests.bot.commands.conftest import Terminal
from tests.office import Office
from workflows.incident.commands import SetVisibility
from workflows.incident.terms import PersonalData


def added(terminal: Terminal, place: Office) -> tuple[str, str]:
    """A case, and the number of a file kept for it."""
    number = place.report(personal_data=PersonalData.UNKNOWN)
    file = terminal.folder / "mail.txt"
    file.write_bytes(b"From: x")
    done = terminal.run("evidence", "add", number, str(file))
    assert done.code == 0, done.text
    listed = json.loads(terminal.run("evidence", "list", number, "--json").out)["evidence"]
    assert (listed[0]["size"], listed[0]["stored"]) == (7, True)
    return number, str(listed[0]["number"])


def findings(terminal: Terminal) -> str:
    told = json.loads(terminal.run("doctor", "--json").out)
    return str([one for one in told["results"] if (one["id"], one["level"]) == ("evidence", "fault")])


def steps(terminal: Terminal, number: str) -> list[str]:
    listed = json.loads(terminal.run("evidence", "list", number, "--json").out)["evidence"]
    return [one.split()[1] for one in listed[0]["custody"]]


def test_the_chain_of_custody_at_the_terminal(terminal: Terminal, place: Office) -> None:
    number, evidence = added(terminal, place)
    copy = terminal.folder / "copy.txt"
    assert terminal.run("evidence", "get", evidence, "-o", str(copy), "--purpose", "analysis").code == 0
    assert copy.read_bytes() == b"From: x"
    assert terminal.run("evidence", "recheck", evidence).code == 0
    done = terminal.run("evidence", "handover", evidence, "--to", "LKA", "--purpose", "Anzeige", language="de")
    assert "von Petra Meier-Schmidt an LKA, Zweck: Anzeige" in done.out
    assert steps(terminal, number) == ["exported", "checked", "handed_over"]
    assert terminal.run("verify", "--deep").code == 0


def test_who_may_not_see_the_case_sees_no_evidence(terminal: Terminal, place: Office) -> None:
    number, evidence = added(terminal, place)
    for arguments in (("list", number), ("get", evidence), ("recheck", evidence), ("get", "EV-2026-0999")):
        done = terminal.run("evidence", *arguments, user="ada")
        assert (done.code, done.err) == (1, f"I cannot show anything on {arguments[1]}.\n")
    assert steps(terminal, number) == []


def test_an_altered_file_is_a_finding_and_not_handed_out(terminal: Terminal, place: Office) -> None:
    number, evidence = added(terminal, place)
    (kept,) = [one for one in (terminal.folder / "data" / "evidence").rglob("*") if one.is_file()]
    kept.chmod(0o640)
    kept.write_bytes(b"From: y")
    assert terminal.run("evidence", "get", evidence, "-o", str(Path(terminal.folder, "x"))).code == 1
    done = terminal.run("evidence", "recheck", evidence)
    assert (done.code, "ALTERED" in done.out) == (1, True)
    assert evidence in findings(terminal)
    named = (place.person("petra"), place.person("dora"))
    place.do("petra", SetVisibility(case=number, visibility=Visibility.SEALED, named=named))
    told = findings(terminal)
    assert "Kept evidence is not what it was." in told
    assert evidence not in told, "whoever looks after the machine learns nothing of a strictly confidential case"


def test_two_persons_destroy_a_file(terminal: Terminal, place: Office) -> None:
    number, evidence = added(terminal, place)
    assert terminal.run("evidence", "dispose", evidence, "--confirm").code == 1
    assert terminal.run("evidence", "dispose", evidence, "--reason", "kept long enough").code == 0
    assert terminal.run("evidence", "dispose", evidence, "--confirm").code == 1
    assert terminal.run("evidence", "dispose", evidence, "--confirm", user="lena").code == 1, "cannot see it"
    done = terminal.run("evidence", "dispose", evidence, "--confirm", user="dora")
    assert (done.code, "destroyed" in done.out) == (0, True), done.text
    assert steps(terminal, number) == ["disposal_asked", "disposed"]
    late = terminal.run("evidence", "dispose", evidence, "--withdraw", "--reason", "wrong file")
    assert (late.code, "is destroyed already (agreed to by Dora Däubler" in late.err) == (1, True), late.text
    assert terminal.run("evidence", "get", evidence, "-o", str(terminal.folder / "x")).code == 1


def test_a_request_is_refused_or_withdrawn_with_a_reason(terminal: Terminal, place: Office) -> None:
    number, evidence = added(terminal, place)
    ask = ("evidence", "dispose", evidence)
    assert terminal.run(*ask, "--reason", "kept long enough").code == 0
    assert "destruction asked for" in terminal.run("evidence", "list", number).out
    assert terminal.run(*ask, "--refuse", "--withdraw", "--reason", "x").code == 2, "one of them"
    assert terminal.run(*ask, "--refuse", user="dora").code == 1, "no reason"
    done = terminal.run(*ask, "--refuse", "--reason", "noch gebraucht", user="dora", language="de")
    assert "Dora Däubler lehnt die von Petra Meier-Schmidt beantragte Vernichtung ab: noch gebraucht." in done.out
    refused = terminal.run(*ask, "--confirm", user="dora")
    assert (refused.code, "Dora Däubler refused to have it destroyed" in refused.err) == (1, True), refused.text
    assert terminal.run(*ask, "--reason", "now then").code == 0
    assert "withdraws the request to destroy it" in terminal.run(*ask, "--withdraw", "--reason", "wrong file").out
    assert steps(terminal, number) == ["disposal_asked", "disposal_refused", "disposal_asked", "disposal_withdrawn"]
    assert terminal.run("evidence", "get", evidence, "-o", str(terminal.folder / "still.txt")).code == 0
    assert terminal.run("verify", "--deep").code == 0
