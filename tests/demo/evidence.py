"""The ledger: verified beside the running service, altered in a copy behind its back, found."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.demo.stage import Stage
from tests.demo.telling import Telling, Unexpected

DATABASE: Final = "wachbuch.db"
COMMAND: Final = "wachbuch verify"
_GUARD: Final = "ledger_entry_no_update"
_INTACT: Final = 0
_FOUND: Final = 1
_SHOWN: Final = 4
"""Lines of a finding that are worth showing."""


def verified(stage: Stage, tell: Telling) -> None:
    """Every entry, in the order in which it was written, and every case against its entries."""
    shown = _verify(stage, _INTACT)
    tell.output(COMMAND, shown)
    tell.found(exit=_INTACT, said=shown.splitlines()[0])


def altered(stage: Stage, tell: Telling) -> None:
    """In a copy: who has the file can switch its guards off. The entry that closed the case names somebody else."""
    t = stage.t
    copy = stage.folder / "copy"
    copy.mkdir()
    index = _alter(stage.service.data / DATABASE, copy / DATABASE)
    text = t.gettext(
        "A copy of the database. Its guards are switched off, then entry #{index} is changed: who closed the incident."
    )
    tell.note(text.format(index=index))
    shown = _verify(stage, _FOUND, copy)
    report = json.loads(_verify(stage, _FOUND, copy, "--json"))
    found = [line for line in shown.splitlines() if not line.lstrip().startswith(("✓", "–"))]
    tell.output(f"{COMMAND}  → {_FOUND}", "\n".join(found[:_SHOWN]))
    tell.found(exit=_FOUND, altered=index, first_bad=report["first_bad"])
    if report["first_bad"] != index:
        raise Unexpected(f"entry #{index} was changed, #{report['first_bad']} was found")


def ended(stage: Stage, tell: Telling) -> None:
    """The real one is as it was."""
    shown = _verify(stage, _INTACT)
    tell.output(COMMAND, "\n".join([shown.splitlines()[0], shown.splitlines()[-1]]))
    tell.found(exit=_INTACT, said=shown.splitlines()[0])


def _alter(source: Path, target: Path) -> int:
    """Copy the database and change one entry in it; the index of that entry."""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        index, body = _closing_entry(copy)
        by = json.loads(body)["by"]
        changed = body.replace(f'"by":"{by}"'.encode(), b'"by":"p1"', 1)
        if changed == body:
            raise Unexpected(f"entry #{index} has nobody to exchange: {by}")
        copy.execute(f"DROP TRIGGER {_GUARD}")
        copy.execute("UPDATE ledger_entry SET body = ? WHERE idx = ?", (changed, index))
        copy.commit()
        return index


def _closing_entry(database: sqlite3.Connection) -> tuple[int, bytes]:
    rows = database.execute("SELECT idx, body FROM ledger_entry ORDER BY idx")
    for index, body in rows:
        if json.loads(body).get("to") == "closed":
            return index, body
    raise Unexpected("no entry closes a case")


def _verify(stage: Stage, code: int, data: Path | None = None, *options: str) -> str:
    """What `wachbuch verify` prints. Unexpected with another exit code."""
    elsewhere = {"WACHBUCH_DATA_DIR": str(data)} if data else {}
    done = stage.wachbuch("verify", *options, **elsewhere)
    if done.returncode != code:
        raise Unexpected(f"{COMMAND}: exit code {done.returncode}, expected {code}\n{done.stdout}{done.stderr}")
    return done.stdout
