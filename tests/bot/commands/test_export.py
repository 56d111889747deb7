"""`wachbuch export`: whole or not at all, and only what one may see."""

import json

from config.policy.ids import Visibility
from tests.bot.commands.conftest import Terminal
from tests.office import Office
from workflows.incident.commands import Report
from workflows.ledger.exportcheck import verify_export


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
    assert json.loads(file.read_text()) == document


def test_an_erased_case_can_be_exported_and_verified(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    asked = json.loads(terminal.run("erase", "request", number, "--basis", "gdpr_17", "--json").out)
    assert terminal.run("erase", "confirm", asked["id"], user="dora").code == 0
    document = json.loads(terminal.run("export", "--case", number).out)
    assert verify_export(document) == ()
    kinds = [json.loads(entry["body"])["kind"] for entry in document["entries"]]
    assert kinds[-1] == "ledger.erased"
    assert "Somebody" not in json.dumps(document)


def test_what_one_may_not_see_does_not_exist(terminal: Terminal, place: Office) -> None:
    named = (place.person("petra"), place.person("lena"))
    sealed = place.do("petra", Report(what="Quiet", visibility=Visibility.SEALED, named=named)).number
    for number, user in (("INC-2026-0099", "petra"), (sealed, "jana"), (sealed, "ada")):
        done = terminal.run("export", "--case", number, user=user)
        assert (done.code, done.out, done.err) == (1, "", f"I cannot show anything on {number}.\n")
    assert terminal.run("export", "--case", sealed).code == 0


def test_a_file_that_cannot_be_written_is_told(terminal: Terminal, place: Office) -> None:
    number = place.report()
    for target in (terminal.folder / "missing" / "case.json", terminal.folder / "policy"):
        done = terminal.run("export", "--case", number, "-o", str(target))
        assert (done.code, done.out) == (3, "")
        assert done.err.startswith(f"{target} cannot be written.\n")
    assert sorted(path.name for path in terminal.folder.iterdir()) == ["data", "policy"]
