"""Public test vectors, which lie outside the repository."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).parents[4] / "shared" / "vectors"


def vectors(name: str) -> Any:
    """One file of vectors. Missing: skipped, but a failure in CI, where they must be."""
    folder = Path(os.environ.get("WACHBUCH_TEST_VECTORS", _BESIDE_THE_REPOSITORY))
    path = folder / name
    if path.exists():
        return json.loads(path.read_text("utf-8"))
    reason = f"no {name}: point WACHBUCH_TEST_VECTORS at the folder of public vectors"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
