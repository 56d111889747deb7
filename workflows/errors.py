"""Errors of the core. A refusal by a rule is a result (`decisions.Refused`), never one of these.

WachbuchError
├── BrokenInput     the caller sent something that cannot be read
├── NotFound        no such case (or not visible: the answer is the same)
├── Conflict        somebody else was faster; `handle` tries again
├── Unseen          the case has entries that whoever decided did not know of
└── Tampered        what is stored contradicts itself
"""


class WachbuchError(Exception):
    """Root of all errors raised on purpose."""


class BrokenInput(WachbuchError):
    """Input that cannot be parsed. The message says what was expected and what was found."""


class NotFound(WachbuchError):
    """A case that does not exist, or that this person may not see."""


class Conflict(WachbuchError):
    """A row changed between reading and writing."""


class Unseen(WachbuchError):
    """A case has newer entries than the one up to which it was read; nothing was done. Read it again and decide."""


class Tampered(WachbuchError):
    """Stored evidence that does not hold together. The message says what was expected and what was found."""
