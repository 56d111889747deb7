"""Calls that somebody counts."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
Observe = Callable[[str, int | None, float], None]
"""Told of every call: `ok` or the name of its error, the calls left where the forge said so, and how many seconds."""


def unobserved(_result: str, _remaining: int | None, _seconds: float) -> None:
    """Nobody counts."""


def observed(call: Callable[[], Result], observe: Observe, remaining: Callable[[], int | None]) -> Result:
    """Make a call and tell how it went, whatever comes of it."""
    began, result = time.perf_counter(), "ok"
    try:
        return call()
    except Exception as error:
        result = type(error).__name__
        raise
    finally:
        observe(result, remaining(), time.perf_counter() - began)
