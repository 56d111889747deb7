"""Finds what looks like a secret in a policy file, so that it is refused before it is stored or shown anywhere."""

import re
from collections.abc import Iterator
from typing import Final

from config.policy.faults import Fault, Path
from config.policy.tree import Node

HIDDEN: Final = "…"

_KEY: Final = re.compile(
    r"(^|[_.-])(pass(word|wd|phrase)?|secrets?|tokens?|api_?key|private_?key|signing_?key|credentials?)$", re.IGNORECASE
)
_VALUE: Final = re.compile(
    r"""
      \bxox[a-z](\.[a-z]+)?-[A-Za-z0-9-]{8,}           # Slack tokens
    | \bxapp-[0-9A-Za-z-]{8,}
    | hooks\.slack\.com/(services|workflows)/
    | \bgh[a-z]_[A-Za-z0-9]{16,} | \bgithub_pat_\w{16,} # GitHub
    | \bgl[a-z]{2,8}-[A-Za-z0-9_.-]{16,}               # GitLab
    | \b(AKIA|ASIA)[0-9A-Z]{16}\b                      # AWS
    | \beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.   # JSON web tokens
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    | \bAGE-SECRET-KEY-1
    | \bPRIVATE\+KEY\+                                 # note signing keys
    | ://[^/\s:@]+:[^/\s@]+@                           # password in an address
    """,
    re.VERBOSE,
)


def looks_secret(value: object) -> bool:
    """Whether a value has the form of a well-known kind of secret."""
    return isinstance(value, str) and _VALUE.search(value) is not None


def secret_faults(node: Node, path: Path = ()) -> Iterator[Fault]:
    """A fault for each key or value that looks like a secret; never shows the value."""
    if looks_secret(node.value):
        yield Fault.at(node.at, "secret_value", path)
    for index, item in enumerate(node.items()):
        yield from secret_faults(item, (*path, index))
    for key, entry in node.entries().items():
        below = (*path, HIDDEN if looks_secret(key) else key)
        if looks_secret(key):
            yield Fault.at(entry.at, "secret_value", below)
        elif _KEY.search(key) and isinstance(entry.node.value, str):
            yield Fault.at(entry.at, "secret_key", below)
        else:
            yield from secret_faults(entry.node, below)
