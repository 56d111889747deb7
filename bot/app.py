"""The only composition root: settings, policy and a database become a service that listens, works and talks."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.alarm import ALARM, PART_ALARM, alarm_handler, dead_hook, part_alarm_handler, part_teller, untold
from bot.chat.directory import PolicyDirectory
from bot.chat.port import Directory, Reach
from bot.correctives import Correctives
from bot.evidence.folder import EvidenceFolder
from bot.evidence.upkeep import EvidenceUpkeep
from bot.forge.wire_gate import gate_api
from bot.forge.wired import Bench
from bot.forge.wiring import wire_forges
from bot.injects import Injects
from bot.jobs.port import Handlers
from bot.jobs.runner import Runner, upkeep
from bot.ladder import Ladder
from bot.merging import Merging
from bot.metrics.exposed import CONTENT_TYPE, Metrics
from bot.pager import Paging, pager_of
from bot.parts import Core
from bot.reminders import Reminders
from bot.replicas.judging import Judging
from bot.replicas.presence import Presence, rhythm_for
from bot.services import announce_routes
from bot.signin.address import console_address
from bot.signin.kept import forget_over
from bot.slack.app import SlackEdge
from bot.slack.heard import hear
from bot.slack.socket.watch import Watch
from bot.slack.stored import SOURCE as SLACK
from bot.slack.wiring import Workspace, wire_slack
from bot.startup import decides_by, record_start
from bot.timers import Timers
from bot.web.console.front import Front
from bot.web.console.routes import Console
from bot.web.console.signing import Signing
from bot.web.group_commit import GroupCommit
from bot.web.inbox import store_deliveries
from bot.web.metrics import MetricsEndpoint
from bot.web.server import Edge
from bot.web.slack import SlackEndpoint
from bot.web.webhooks import Sender, Webhook
from config.i18n import translator
from config.policy.loader import Loaded
from config.settings import Settings
from workflows.errors import Conflict
from workflows.moment import Moment
from workflows.service import Service
from workflows.store.errors import Unavailable
from workflows.store.rows import Delivery
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class App:
    """A composed process. Nothing runs before `start`."""

    core: Core
    settings: Settings
    handlers: Handlers
    runner: Runner
    presence: Presence
    metrics: Metrics
    slack: SlackEdge | None = None
    people: Directory | None = None
    """Finds people beyond those of the policy."""
    senders: Mapping[str, Sender] = field(default_factory=dict)
    closers: list[Callable[[], object]] = field(default_factory=list)
    starters: list[Callable[[], object]] = field(default_factory=list)
    probes: list[Callable[[], dict[str, str]]] = field(default_factory=list)
    """What else has to be well for this process to be ready: parts that are not, each with the reason."""
    leavers: list[Callable[[], object]] = field(default_factory=list)
    """Called when the process is asked to end: take nothing new."""
    language: str = "en"
    is_leaving: bool = False

    @property
    def edge(self) -> Edge:
        """What the process offers over HTTP."""
        store, now = self.core.store, self.core.moment.now
        token = self.settings.metrics_token
        commit: GroupCommit[Delivery, bool] = GroupCommit(lambda batch: store_deliveries(store, batch))
        return Edge(
            ready=self._missing,
            slack=SlackEndpoint(self.slack.handle) if self.slack else None,
            webhooks={source: Webhook(sender, commit, now) for source, sender in self.senders.items()},
            start=self.start,
            leave=self.leave,
            stop=self.stop,
            metrics=MetricsEndpoint(self.metrics.text, CONTENT_TYPE, token.get_secret_value() if token else None),
            meter=self.core.meter,
            gate=gate_api(self.core),
            console=self._console(),
        )

    def _console(self) -> Console:
        address = self.core.console
        front = Front(address.origin if address.reach is Reach.ANYWHERE else "")
        chat = self.core.chat(self.people or PolicyDirectory(self.core.policy.policy))
        signing = Signing(self.core.sign_in, front, self.language)
        return Console(signing, chat, signing)

    def start(self) -> None:
        """Record the start, then work."""
        announce_routes(self.core.store, self.core.service.routes)
        record_start(self.core.service, self.core.policy)
        for starter in self.starters:
            # Asking the outside who we are there must not hold up the start: it may be slow, or down.
            threading.Thread(target=starter, daemon=True).start()
        self.presence.start()
        self.runner.start()

    def leave(self) -> bool:
        """Asked to end: not ready from now on, nothing new is taken. Whether others are there to send requests to."""
        self.is_leaving = True
        self.runner.leave()
        for leaver in self.leavers:
            leaver()
        self.presence.leave()
        return self.presence.others > 0

    def stop(self) -> None:
        """Let the work in hand end, then let go."""
        self.runner.stop()
        for closer in self.closers:
            closer()
        self.presence.stop()

    def _missing(self) -> dict[str, str]:
        found = {"process": "is about to end"} if self.is_leaving else {}
        found |= self._database()
        for probe in self.probes:
            found |= probe()
        return found

    def _database(self) -> dict[str, str]:
        try:
            with self.core.store.reading() as reads:
                if not reads.schema():
                    return {"database": "no schema"}
                current = decides_by(reads.links, self.core.policy)
        except (Unavailable, Conflict):
            return {"database": "does not answer"}
        if self.presence.is_unseen:
            return {"database": "takes no writes"}
        return {} if current else {"policy": "another policy was loaded since: restart"}


def routes_of(settings: Settings) -> frozenset[str]:
    """What this process delivers."""
    routes = {"timer", "forge"}
    if settings.slack_bot_token:
        routes.add("slack")
    if settings.github_token or settings.github_app_id:
        routes.add("github")
    if settings.gitlab_token:
        routes.add("gitlab")
    if settings.paging_url:
        routes.add("pager")
    return frozenset(routes)


def _upkeep(uow: UnitOfWork, now: datetime) -> None:
    """Once a day."""
    upkeep(uow, now)
    forget_over(uow.links, now)


def compose(settings: Settings, policy: Loaded, store: Store, moment: Moment) -> App:
    """Wire everything. Opens no connection to the outside."""
    service = Service(store, policy.policy, policy.sha256, moment, routes_of(settings))
    metrics = Metrics(store, moment.now)
    store.on_append(metrics.meter.appended)
    core = Core(store, policy, moment, service, metrics.meter, console_address(settings))
    handlers = Handlers()
    language = settings.language or policy.policy.language
    alarm = settings.alarm_url.get_secret_value() if settings.alarm_url else ""
    judging = Judging(policy, handlers)
    runner = Runner(store, handlers, clock=moment.now, on_dead=dead_hook(service, alarm), closed=judging.closed,
                    meter=metrics.meter, upkeep=_upkeep)  # fmt: skip
    presence = Presence(
        store, runner.owner, policy.sha256, moment.now(),
        may_sign=settings.ledger_key is not None, rhythm=rhythm_for(store),
    )  # fmt: skip
    app = App(core, settings, handlers, runner, presence, metrics, language=language)
    heard = {SLACK: hear} if settings.slack_bot_token else {}
    forges = wire_forges(Bench(core, settings, translator(language)), handlers, heard)
    app.senders = forges.senders
    app.starters.extend(forges.starters)
    app.closers.extend(forges.closers)
    if settings.slack_bot_token:
        _slack(app, settings.slack_bot_token.get_secret_value())
    Timers(service).register(handlers)
    Ladder(service).register(handlers)
    Merging(service).register(handlers)
    Injects(service).register(handlers)
    Reminders(service).register(handlers)
    Correctives(service).register(handlers)
    pager = pager_of(settings)
    if pager is not None:
        Paging(pager, service, translator).register(handlers)
    upkeep = EvidenceUpkeep(service, EvidenceFolder(settings.evidence_dir))
    upkeep.register(handlers)
    app.starters.append(upkeep.begin)
    handlers.outbox(ALARM, alarm_handler(alarm), judges=False)
    handlers.outbox(PART_ALARM, part_alarm_handler(alarm), judges=False)
    return app


def _slack(app: App, token: str) -> None:
    secret, own = app.settings.slack_signing_secret, app.settings.slack_app_token
    workspace = Workspace(
        token=token,
        api_url=app.settings.slack_api_url,
        signing_secret=secret.get_secret_value() if secret else "",
        language=app.language,
        app_token=own.get_secret_value() if own else "",
        evidence=app.settings.evidence_dir,
    )
    wired = wire_slack(app.core, workspace, app.handlers)
    app.slack, app.people = wired.edge, wired.people
    app.starters.append(wired.refresh)
    if wired.socket:
        alarm = app.settings.alarm_url is not None
        watch = Watch(wired.socket, part_teller(app.core.store, app.runner.owner) if alarm else untold)
        app.probes.append(watch.missing)
        app.metrics.ask(wired.socket.figures)
        app.starters.append(wired.socket.start)
        app.leavers.append(wired.socket.leave)
    app.closers.append(wired.close)
