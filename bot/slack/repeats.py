"""The same request once more: a proxy or Slack repeats what it got no answer to. It is answered, and not done again."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Final, Generic, TypeVar

KEPT_SECONDS: Final = 600.0
"""Longer than a signature is taken: after that, the same bytes are refused anyhow."""
MOST: Final = 2000
WAIT_SECONDS: Final = 10.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Known(Generic[T]):
    answer: "Future[T]"
    until: float


class Repeats(Generic[T]):
    """Remembers answers for a while, in this process only. A repeat gets the answer of the first, also while it works.

    `keep` False: only while it works. For what is told anew from the record: "not yet" is no answer for long.

    Another process, or this one after a start, does not know them; what was carried out it knows by the mark that was
    written with it (`workflows.requests`), and answers with that.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Known[T]] = {}
        self._lock = Lock()

    def once(self, key: str, work: Callable[[], T], *, keep: bool = True) -> T:
        """Do the work for the first request with this key; the answer of the first for every later one."""
        answer, is_first = self._claim(key)
        if not is_first:
            return answer.result(WAIT_SECONDS)
        try:
            answer.set_result(work())
        except BaseException as error:
            # What failed may be tried again.
            self._drop(key)
            answer.set_exception(error)
            raise
        if not keep:
            self._drop(key)
        return answer.result()

    def _drop(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)

    def _claim(self, key: str) -> tuple["Future[T]", bool]:
        now = self._clock()
        with self._lock:
            self._forget(now)
            known = self._known.get(key)
            if known is not None:
                return known.answer, False
            fresh: Future[T] = Future()
            self._known[key] = _Known(fresh, now + KEPT_SECONDS)
            return fresh, True

    def _forget(self, now: float) -> None:
        """Oldest first: entries are in the order in which they came."""
        while self._known:
            oldest = next(iter(self._known))
            if self._known[oldest].until > now and len(self._known) < MOST:
                return
            del self._known[oldest]
