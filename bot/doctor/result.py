"""One thing that was looked at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from config.i18n import Translator
from config.policy.loader import Loaded
from config.settings import Settings


class Level(StrEnum):
    """How it is: well; worth knowing; to be looked at; broken."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


class Group(StrEnum):
    """What it belongs to, in the order of showing."""

    PROGRAM = "program"
    SETTINGS = "settings"
    POLICY = "policy"
    DATA = "data"
    LEDGER = "ledger"
    WORK = "work"
    SERVICE = "service"
    SLACK = "slack"
    FORGES = "forges"


SURROUNDINGS = frozenset({Group.PROGRAM, Group.SETTINGS, Group.POLICY, Group.DATA})
"""Without these nothing runs: a fault here is one of the surroundings."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, why it matters, and what to do about it; `id` is for machines. Never holds a secret."""

    group: Group
    id: str
    level: Level
    what: str
    why: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at. `texts` are the reader's; every look has a time-out of its own."""

    environ: Mapping[str, str] = field(repr=False)
    settings: Settings
    policy: Loaded | None
    texts: Translator
    now: Callable[[], datetime]


Check = Callable[[Patient], Iterable[Result]]
