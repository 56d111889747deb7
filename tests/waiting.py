"""Waiting for what has to happen: for the thing itself, and never for a time in which it should have."""

import time
from collections.abc import Callable
from typing import Final

ENOUGH_SECONDS: Final = 90.0
"""A limit against hanging. On a machine that does ten other things as well, slow is no finding."""
LOOK_EVERY_SECONDS: Final = 0.005


def until(happened: Callable[[], object], seconds: float = ENOUGH_SECONDS) -> None:
    """Return as soon as it has happened. AssertionError when it does not."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain"
        time.sleep(LOOK_EVERY_SECONDS)
