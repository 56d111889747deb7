"""A stage per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Stage, stage


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as standing:
        yield standing
