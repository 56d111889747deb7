"""Payloads of other projects, kept outside this repository (data only)."""

import os
from pathlib import Path

import pytest

VARIABLE = "WACHBUCH_TEST_CORPORA"


def folder(name: str) -> Path:
    """A folder of the corpora, or a single file. Not set: failed in CI, skipped aloud elsewhere."""
    root = os.environ.get(VARIABLE, "")
    found = Path(root) / name
    if not root or not found.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the corpora belong to the tests: set {VARIABLE}")
        pytest.skip(f"NOT TESTED against real payloads: {VARIABLE} is not set", allow_module_level=True)
    return found
