"""The forges put together: whoever calls us, whoever is read and written, and the two jobs that they share."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.forge.alerts import ALERT, Alerts
from bot.forge.bypasses import Bypasses
from bot.forge.evaluate import Evaluator
from bot.forge.held import ANSWER, HeldDeployments
from bot.forge.intake import Intake, Understand
from bot.forge.issue_reading import IssueReading
from bot.forge.issues import ISSUE, Issues
from bot.forge.rounds import Rounds
from bot.forge.upkeep import Upkeep
from bot.forge.wire_alertmanager import ALERTMANAGER, AlertmanagerIntake, alertmanager_sender
from bot.forge.wire_github import wire_github
from bot.forge.wire_gitlab import wire_gitlab
from bot.forge.wired import Bench, WiredForge
from bot.jobs.port import Handlers
from bot.web.inbox import INBOX_JOB
from bot.web.webhooks import Sender
from config.settings import ForgeMode
from workflows.change.effects import HELD
from workflows.factbook import PUSH
from workflows.incident.issue_effects import ISSUE_READ

FORGES: Final[tuple[Callable[[Bench], WiredForge], ...]] = (wire_github, wire_gitlab)
"""One entry per forge."""


@dataclass(frozen=True, slots=True)
class WiredForges:
    """What came of it. `senders` by source: those that can call us."""

    forges: tuple[WiredForge, ...]
    evaluator: Evaluator
    rounds: Rounds
    monitoring: Sender | None = None

    @property
    def senders(self) -> Mapping[str, Sender]:
        """Whoever may call us, by the last part of the path."""
        callers = (*(one.sender for one in self.forges), self.monitoring)
        return {one.source: one for one in callers if one is not None}

    @property
    def starters(self) -> tuple[Callable[[], object], ...]:
        """What runs beside the start."""
        return (*(starter for one in self.forges for starter in one.starters), self.rounds.begin)

    @property
    def closers(self) -> tuple[Callable[[], object], ...]:
        """What lets go at the end."""
        return tuple(closer for one in self.forges for closer in one.closers)


def forges_of(bench: Bench) -> tuple[WiredForge, ...]:
    """Every forge by itself, for commands that ask it something. Opens no connection."""
    return tuple(wire(bench) for wire in FORGES)


def wire_forges(bench: Bench, handlers: Handlers, others: Mapping[str, Understand] | None = None) -> WiredForges:
    """Every forge, and its jobs registered. Opens no connection. `others` understand deliveries that are no forge's."""
    forges = forges_of(bench)
    readers = {one.forge: one.reader for one in forges if one.reader is not None}
    evaluator = Evaluator(bench.core.service, readers)
    alarms = AlertmanagerIntake()
    understand: dict[str, Understand] = {one.forge.value: one.understand for one in forges}
    understand |= {**(others or {}), ALERTMANAGER: alarms}
    handlers.inbox(INBOX_JOB, Intake(understand, bench.core.meter), judges=False)
    handlers.outbox("forge.evaluate", evaluator)
    telling = {ALERTMANAGER: alarms.alerts, **{one.forge.value: one.alerts for one in forges}}
    handlers.inbox(ALERT, Alerts(bench.core.service, bench.texts, telling))
    issues = Issues(bench.core.service, {one.forge.value: one.issue for one in forges})
    handlers.inbox(ISSUE, issues)
    reading = {one.forge: one.issues for one in forges if one.issues is not None}
    handlers.outbox(ISSUE_READ, IssueReading(issues, reading))
    answerers = {one.forge: one.answerer for one in forges if one.answerer is not None}
    held = HeldDeployments(bench.core.service, bench.texts, answerers)
    handlers.inbox(HELD, held.mark)
    handlers.outbox(ANSWER, held.answer)
    handlers.inbox(PUSH, Bypasses(bench.core.service))
    for one in forges:
        one.register(handlers)
    watchers = {one.forge: one.watcher for one in forges if one.watcher is not None}
    mode, service = bench.settings.forge_mode, bench.core.service
    upkeep = Upkeep(service, told=mode is ForgeMode.WEBHOOK)
    rounds = Rounds(service, mode, watchers, readers, upkeep, random.random)
    rounds.register(handlers)
    return WiredForges(forges, evaluator, rounds, alertmanager_sender(bench.settings))
