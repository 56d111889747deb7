"""Long work shows that it goes on; on standard error, and only to people."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def working(text: str, *, quiet: bool = False) -> Iterator[None]:
    """A spinner with a text, while the block runs; nothing when nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(text):
        yield
