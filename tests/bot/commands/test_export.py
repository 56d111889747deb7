"""`wachbuch export`: on record first, whole or not at all, and only what one may see."""

import json
from pathlib import Path
from typing import Any

from config.policy.ids import Visibility
from tests.bot.commands.conftest import Terminal, planned_change
from tests.office import Office
from workflows.incident.commands import Report
from workflows.ledger.exportcheck import verify_export


def kinds(document: dict[str, Any]) -> list[str]:
    return [json.loads(entry["body"])["kind"] for entry in document["entries"]]


def test_a_case_to_standard_output_and_to_a_file(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    done = terminal.run("export", "--case", number)
    document = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert document["extra"] == {"number": number, "workflow": "incident", "state": "identify"}
    assert verify_export(document) == ()
    file = terminal.folder / "case.json"
    written = terminal.run("export", "--case", number, "--output", str(file), language="de")
    assert written.out == f"Geschrieben nach {file}. Prüfen mit: wachbuch verify {file}\n"
    again = json.loads(file.read_text())
    assert verify_export(again) == ()
    assert file.stat().st_mode & 0o777 == 0o600
    assert kinds(document) == ["incident.reported", "case.exported"], "the export itself is the last entry in it"
    assert kinds(again) == [*kinds(document), "case.exported"]


def test_who_exported_what_for_is_on_record_and_nothing_else_changes(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    before = place.case(number)
    assert terminal.run("export", "--case", number, "--purpose", " Audit 2026 ").code == 0
    after = place.case(number)
    (item,) = after.exports
    assert (item.form, item.purpose, after.name_of(item.by)) == ("proof", "Audit 2026", "Petra Meier-Schmidt")
    assert after.model_copy(update={"exports": (), "people": before.people}) == before
    assert terminal.run("verify").code == 0
    status = terminal.run("chat", f"status {number}")
    assert "Given out once" in status.out


def test_a_change_is_exported_and_recorded_alike(terminal: Terminal, place: Office) -> None:
    number = planned_change(terminal)
    document = json.loads(terminal.run("export", "--case", number, "--purpose", "audit").out or "{}")
    assert verify_export(document) == ()
    assert kinds(document)[-1] == "case.exported"
    assert terminal.run("verify").code == 0


def test_an_erased_case_can_be_exported_and_verified(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    asked = json.loads(terminal.run("erase", "request", number, "--basis", "gdpr_17", "--json").out)
    assert terminal.run("erase", "confirm", asked["id"], user="dora").code == 0
    document = json.loads(terminal.run("export", "--case", number).out)
    assert verify_export(document) == ()
    assert kinds(document)[-2:] == ["ledger.erased", "case.exported"]
    assert "Somebody" not in json.dumps(document)


def test_what_one_may_not_see_does_not_exist(terminal: Terminal, place: Office) -> None:
    named = (place.person("petra"), place.person("lena"))
    sealed = place.do("petra", Report(what="Quiet", visibility=Visibility.SEALED, named=named)).number
    for number, user in (("INC-2026-0099", "petra"), (sealed, "jana"), (sealed, "ada")):
        done = terminal.run("export", "--case", number, user=user)
        assert (done.code, done.out, done.err) == (1, "", f"I cannot show anything on {number}.\n")
    assert place.case(sealed).exports == ()
    assert terminal.run("export", "--case", sealed).code == 0
    assert len(place.case(sealed).exports) == 1


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_recorded(terminal: Terminal, place: Office) -> None:
    number = place.report()
    named = ("missing/case.json", "policy", "policy/policy.yaml/case.json", "x" * 300)
    for target in (*(terminal.folder / one for one in named), Path("/")):
        done = terminal.run("export", "--case", number, "-o", str(target))
        assert (done.code, done.out) == (3, "")
        assert done.err.startswith(f"{target} cannot be written.\n")
    assert sorted(path.name for path in terminal.folder.iterdir()) == ["data", "policy"]
    assert place.case(number).exports == ()
