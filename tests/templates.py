"""Migrated, empty SQLite files, copied: migrating takes longer than most of what a test then does."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from tests.postgres import scratch
from workflows.store.store import Store


def laid_out(url: str) -> str:
    """The same address; where it names an SQLite file that is not there yet, the file is, with its tables."""
    named = make_url(url)
    if named.get_backend_name() == "sqlite" and named.database and not Path(named.database).exists():
        shutil.copy(Path(_template().name) / "empty.db", named.database)
    return url


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    home = tempfile.TemporaryDirectory(prefix="wachbuch-empty-", dir=scratch(), ignore_cleanup_errors=True)
    with Store.open(f"sqlite:///{home.name}/empty.db", origin="empty", runner=True, clock_tolerance=None) as store:
        store.migrate()
    return home
