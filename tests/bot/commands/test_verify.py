"""`wachbuch verify`: 0 intact, 1 tampered, 2 unreadable, 3 weak; and what stands in an export."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, make_url, text, update

from tests.bot.commands.conftest import Terminal
from tests.office import Office, office
from tests.tampering import tampering
from workflows.incident.commands import Note
from workflows.ledger.receipt import Receipt
from workflows.store.tables import CASE, ENTRY


def url_of(terminal: Terminal) -> str:
    return f"sqlite:///{terminal.database}"


def test_intact_says_what_was_proven_and_what_not(terminal: Terminal, place: Office) -> None:
    place.assess(place.report())
    done = terminal.run("verify")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Ledger intact: ")
    assert "✗" not in done.out
    assert "✓ 1 case rows say what their entries say" in done.out
    assert "Not proven:\n  – that nobody rewrote log and head together" in done.out
    assert "--deep checks it" in done.out
    assert "--deep checks it" not in terminal.run("verify", "--deep").out


def test_without_an_anchor_intact_is_weak_when_one_is_required(terminal: Terminal, place: Office) -> None:
    place.report()
    assert [terminal.run("verify").code, terminal.run("verify", "--require-anchor").code] == [0, 3]


def test_an_altered_case_row_is_named(terminal: Terminal, place: Office) -> None:
    place.report()
    with tampering(url_of(terminal)) as connection:
        connection.execute(update(CASE).values(state="closed"))
    done = terminal.run("verify", language="de")
    assert done.code == 1
    assert "✗ FÄLLE WIDERSPRECHEN DEM LEDGER: 1" in done.out
    assert "state: erwartet identify, gefunden closed" in done.out
    assert terminal.run("verify", "--require-anchor").code == 1


def test_an_altered_entry_is_named_with_its_index(terminal: Terminal, place: Office) -> None:
    place.report()
    with tampering(url_of(terminal)) as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.idx == 2).values(kind="incident.noted"))
    done = terminal.run("verify", "--json")
    data = json.loads(done.out)
    assert (done.code, data["intact"], data["first_bad"]) == (1, False, 2)
    assert data["checks"]["copies"] == 1
    assert data["findings"][0]["index"] == 2
    assert "entry #2 · copies: expected kind incident.reported, found incident.noted" in terminal.run("verify").out


def test_json_of_an_intact_ledger(terminal: Terminal, place: Office) -> None:
    place.report()
    done = terminal.run("verify", "--json")
    data = json.loads(done.out)
    assert done.code == 0
    assert (data["intact"], data["cases"], data["case_findings"], data["findings"]) == (True, 1, [], [])
    assert set(data["checks"].values()) == {0}
    assert "no_checkpoint" in data["not_proven"]


def test_receipts_are_looked_up(terminal: Terminal, place: Office) -> None:
    number = place.report()
    receipt = place.tell("jana", Note(case=number, text="More")).receipts[0]
    assert terminal.run("verify", "--receipt", str(receipt), "--receipt", str(receipt).lower()).code == 0
    forged = terminal.run("verify", "--receipt", str(Receipt(receipt.index, bytes(10))))
    assert forged.code == 1
    assert "✗ the receipts are in the log (1)" in forged.out
    assert forged.out.startswith("Ledger intact in itself, but a receipt does not fit it: ")
    assert "It is mistyped, or of another log or case" in forged.out
    verified = next(
        one for one in json.loads(terminal.run("doctor", "--json").out)["results"] if one["id"] == "verified"
    )
    assert verified["level"] == "ok", "whoever mistypes a receipt alarms nobody else"
    assert "✓ the receipts" in terminal.run("verify", "--receipt", str(receipt)).out
    alone = terminal.run("verify").out
    assert "the receipts" not in alone, "what was compared with nothing is not called fine"
    assert "the checkpoints" not in alone


def cut(connection: Connection) -> None:
    connection.execute(text("DROP TABLE ledger_entry"))


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: path.unlink(),
    "another file": lambda path: path.write_bytes(b"my diary"),
    "an empty file": lambda path: path.write_bytes(b""),
    "a damaged file": lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 40_000),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_neither_intact_nor_tampered_with(name: str, terminal: Terminal) -> None:
    with office(url_of(terminal)) as place:
        place.report()
    UNREADABLE[name](terminal.database)
    done = terminal.run("verify")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("The database cannot be ")


def test_a_broken_policy_makes_unreadable_too(terminal: Terminal, place: Office) -> None:
    place.report()
    (terminal.folder / "policy" / "policy.yaml").write_text("nonsense: 1\n")
    assert terminal.run("verify").code == 2


# --- exported files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(terminal: Terminal, place: Office) -> Path:
    number = place.report("Somebody clicked")
    place.assess(number)
    file = terminal.folder / "case.json"
    assert terminal.run("export", "--case", number, "-o", str(file)).code == 0
    return file


def test_an_exported_file_verifies_without_database_and_policy(
    exported: Path, terminal: Terminal, place: Office
) -> None:
    place.store.close()
    terminal.database.unlink()
    (terminal.folder / "policy" / "policy.yaml").unlink()
    done = terminal.run("verify", str(exported))
    assert (done.code, done.err) == (3, "")
    assert done.out.startswith("Ledger intact: ")
    assert "that the case has no later entries than those shown" in done.out


def alter_text(document: dict[str, Any]) -> None:
    entry = next(entry for entry in document["entries"] if "what" in entry["disclosures"])
    entry["disclosures"]["what"] = entry["disclosures"]["what"][:-4] + "AAAA"


def alter_body(document: dict[str, Any]) -> None:
    document["entries"][0]["body"] = document["entries"][0]["body"].replace('"cli"', '"api"')


def alter_root(document: dict[str, Any]) -> None:
    document["root"] = "00" * 32


def drop_entry(document: dict[str, Any]) -> None:
    del document["entries"][1]


def rename_text(document: dict[str, Any]) -> None:
    fields = document["entries"][0]["disclosures"]
    fields["title"], fields["what"] = fields["what"], fields["title"]


@pytest.mark.parametrize("alter", [alter_text, alter_body, alter_root, drop_entry, rename_text])
def test_an_altered_export_is_found(
    alter: Callable[[dict[str, Any]], None], exported: Path, terminal: Terminal
) -> None:
    document = json.loads(exported.read_text())
    alter(document)
    exported.write_text(json.dumps(document))
    done = terminal.run("verify", str(exported), language="de")
    assert done.code == 1
    assert done.out.startswith("LEDGER VERÄNDERT")
    assert json.loads(terminal.run("verify", str(exported), "--json").out)["intact"] is False


def test_receipts_are_looked_up_in_a_file(exported: Path, terminal: Terminal, place: Office) -> None:
    with place.store.reading() as reads:
        entries = {entry.index: entry for entry in reads.entries()}
    inside = json.loads(exported.read_text())["entries"][0]["index"]
    receipt = str(Receipt(inside, entries[inside].leaf))
    assert terminal.run("verify", str(exported), "--receipt", receipt).code == 3
    outside = str(Receipt(0, entries[0].leaf))
    odd = terminal.run("verify", str(exported), "--receipt", outside)
    assert (odd.code, "TAMPERED" in odd.out) == (1, False), "it is of another case"


@pytest.mark.parametrize(
    "content", [b"not JSON", b"\xff\xfe", b"[]", b'{"format": "other/1"}', b'{"a": 1, "a": 2}', b"", b"[" * 100_000]
)
def test_a_file_of_another_kind_is_unreadable(content: bytes, terminal: Terminal) -> None:
    file = terminal.folder / "case.json"
    file.write_bytes(content)
    done = terminal.run("verify", str(file))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{file} is not a file made by “wachbuch export”.\n")


def test_a_missing_file_and_a_folder_are_unreadable(terminal: Terminal) -> None:
    for name in ("missing.json", "policy"):
        done = terminal.run("verify", str(terminal.folder / name))
        assert (done.code, done.out) == (2, "")
        assert "cannot be read." in done.err


def test_postgresql_is_verified_as_well(postgres_url: str, terminal: Terminal) -> None:
    terminal.set("WACHBUCH_DATABASE_URL", postgres_url)
    with office(postgres_url) as place:
        place.assess(place.report())
    assert terminal.run("verify", "--deep").code == 0
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(update(CASE).values(severity="S1"))
    engine.dispose()
    done = terminal.run("verify")
    assert done.code == 1
    assert "severity: expected S4, found S1" in done.out


def test_whoever_may_only_read_can_verify_all_the_same(postgres_url: str, terminal: Terminal) -> None:
    reader = f"reader_{uuid4().hex[:12]}"
    with office(postgres_url) as place:
        place.report()
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE ROLE "{reader}" LOGIN'))
        connection.execute(text(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{reader}"'))
    try:
        url = make_url(postgres_url).set(username=reader).render_as_string(hide_password=False)
        terminal.set("WACHBUCH_DATABASE_URL", url)
        done = terminal.run("verify")
        assert (done.code, done.err) == (0, "")
        terminal.set("WACHBUCH_DATABASE_URL", postgres_url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM link WHERE scope = 'verification'")) == 0
        assert terminal.run("verify").code == 0
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM link WHERE scope = 'verification'")) == 1
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP OWNED BY "{reader}"'))
            connection.execute(text(f'DROP ROLE "{reader}"'))
        engine.dispose()
