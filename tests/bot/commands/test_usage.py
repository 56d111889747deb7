"""Wrong calls: what, why, what next; the code 2 or 3; and nothing changed."""

from pathlib import Path

import pytest

from tests.bot.commands.conftest import Terminal
from tests.office import Office

CALLS: list[tuple[tuple[str, ...], str, str]] = [
    (("nix",), "There is no command nix.", "Den Befehl nix gibt es nicht."),
    (("verify", "--nix"), "There is no option --nix.", "Die Option --nix gibt es nicht."),
    (("verify", "--receipt"), "--receipt needs a value.", "--receipt braucht einen Wert."),
    (("erase", "request"), "case is missing.", "case fehlt."),
    (("erase", "request", "INC-2026-0001"), "--basis is missing.", "--basis fehlt."),
    (("jobs", "requeue", "x"), "job needs a whole number.", "job muss eine ganze Zahl sein."),
    (
        ("gate", "record"),
        "It is not clear what is to be deployed: --env is missing.\n", "Es ist nicht klar, was ausgerollt werden soll",
    ),
    (("migrate", "x"), "Too much was given: x\n", "Zu viel angegeben: x\n"),
    (("jobs", "list", "--limit", "0"), "--limit has to be at least 1.\n", "--limit muss mindestens 1 sein.\n"),
    (("jobs", "list", "--limit", "1001"), "--limit can be 1000 at most.\n", "--limit darf höchstens 1000 sein.\n"),
    (
        ("slack", "manifest", "--url", "http://x"),
        "Slack does not take this address.\nIt takes a public https address, such as https://wachbuch.example.org.\n",
        "Diese Adresse nimmt Slack nicht an.\nNötig",
    ),
    (
        ("report", "lessons", "--from", "31.04.2026", "--to", "2026-06-30"),
        "“31.04.2026” is not a day; expected YYYY-MM-DD.\n", "„31.04.2026“ ist kein Tag; erwartet wird JJJJ-MM-TT.",
    ),
    (
        ("report", "lessons", "--from", "2026-07-01", "--to", "2026-06-30"),
        "The period ends before it begins: 2026-07-01 to 2026-06-30.\n", "Der Zeitraum endet vor seinem Beginn",
    ),
    (
        ("report", "lessons", "--from", "2026-04-01", "--to", "2026-06-30", "--format", "pdf"),
        "“pdf” is not a format.\nExpected one of: md, csv, json\n", "„pdf“ ist kein Format.",
    ),
    (
        ("erase", "request", "INC-2026-0001", "--basis", "because"),
        "“because” is not a legal basis we know.\nExpected one of: gdpr_17, gdpr_5_1_c, gdpr_5_1_e\n",
        "„because“ ist keine bekannte Rechtsgrundlage.",
    ),
    (
        ("erase", "request", "INC-2026-0001", "--basis", "gdpr_17", "--field", "text"),
        "“text” is not a field; expected INDEX:NAME, such as 17:text.\n", "„text“ ist kein Feld",
    ),
    (
        ("erase", "request", "INC-2026-0001", "--basis", "gdpr_17", "--field", "1:text", "--person", "max"),
        "A person or single fields, not both.\n", "Eine Person oder einzelne Felder, nicht beides.",
    ),
    (("verify", "--receipt", "x"), "“x” is not a receipt.\n", "„x“ ist kein Beleg."),
    (
        ("token", "create", "--person", "nobody"),
        "“nobody” is not in the policy.\n", "„nobody“ steht nicht in der Richtlinie.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "english", "german"), CALLS, ids=[" ".join(call[0]) for call in CALLS])
def test_a_wrong_call_says_what_is_wrong_and_changes_nothing(
    arguments: tuple[str, ...], english: str, german: str, terminal: Terminal, place: Office
) -> None:
    place.report()
    place.store.close()
    before = terminal.database.read_bytes()
    done = terminal.run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(english)
    assert "\nHelp: wachbuch" in done.err or english.endswith("\n") or arguments[-1] == "x"
    translated = terminal.run(*arguments, language="de")
    assert translated.code == 2
    assert translated.err.startswith(german)
    assert terminal.database.read_bytes() == before


READERS = [
    ("jobs", "list"), ("report", "lessons", "--from", "2026-01-01", "--to", "2026-12-31"),
    ("export", "--case", "INC-2026-0001"), ("erase", "request", "INC-2026-0001", "--basis", "gdpr_17"),
    ("erase", "confirm", "x"), ("token", "create"), ("token", "revoke"), ("jobs", "requeue", "1"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_without_a_database_nothing_is_created(arguments: tuple[str, ...], terminal: Terminal) -> None:
    done = terminal.run(*arguments)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("The database cannot be opened.\nexpected a database at ")
    assert done.err.endswith("The service creates it at its first start: ./run\n")
    assert "expected" not in terminal.run(*arguments, language="de").err
    assert not list(terminal.database.parent.iterdir())


@pytest.mark.parametrize("arguments", [*READERS, ("migrate",)], ids=" ".join)
def test_a_file_that_is_no_database_is_left_alone(arguments: tuple[str, ...], terminal: Terminal) -> None:
    terminal.database.write_bytes(b"my diary")
    done = terminal.run(*arguments)
    assert (done.code, done.out) == (3, "")
    assert "found a file of another kind" in done.err
    assert terminal.contents()[0] == b"my diary"


def test_settings_and_policy_faults_are_all_told(terminal: Terminal) -> None:
    terminal.set("WACHBUCH_PORT", "99999")
    terminal.set("WACHBUCH_PUBLIC_URL", "nowhere")
    done = terminal.run("jobs", "list")
    assert done.code == 3
    assert done.err.startswith("The settings cannot be used:\n")
    assert "WACHBUCH_PORT" in done.err
    assert "WACHBUCH_PUBLIC_URL" in done.err
    assert done.err.endswith("See docs/settings.md.\n")


def test_a_broken_policy_is_told_with_its_places(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "policy" / "policy.yaml").write_text("langage: de\ntimezone: Mars\n")
    done = terminal.run("jobs", "list", language="de")
    assert done.code == 3
    assert done.err.startswith("Die Richtlinie ist so nicht brauchbar:\n")
    assert "policy.yaml:1:1" in done.err
    assert "policy.yaml:2:" in done.err
    assert done.err.endswith("Prüfen mit: wachbuch policy check\n")
