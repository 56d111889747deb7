"""The only composition root: settings, policy and a database become a service that listens, works and talks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.alarm import ALARM, alarm_handler, dead_hook
from bot.forge.bypasses import Pushes
from bot.forge.evaluate import Evaluator
from bot.forge.github import GitHubReader, GitHubReporter, remember_own_login
from bot.forge.intake import OWN_LOGIN, GitHubIntake, Intake
from bot.jobs.port import Handlers
from bot.jobs.runner import Runner
from bot.parts import Core
from bot.services import announce_routes
from bot.slack.app import SlackEdge
from bot.slack.stored import StoredLinks
from bot.slack.wiring import Workspace, wire_slack
from bot.startup import policy_in_force, record_start
from bot.timers import Timers
from bot.web.group_commit import GroupCommit
from bot.web.inbox import INBOX_JOB, store_deliveries
from bot.web.server import Edge
from bot.web.slack import SlackEndpoint
from bot.web.webhooks import GitHubWebhook
from config.i18n import translator
from config.policy.loader import Loaded
from config.settings import ReportAs, Settings
from integrations.github.client import AppCredentials, Client, TokenCredentials
from integrations.github.gate import Way
from workflows.change.seen import Forge
from workflows.factbook import PUSH
from workflows.moment import Moment
from workflows.service import Service
from workflows.store.errors import Unavailable
from workflows.store.rows import Delivery
from workflows.store.store import Store

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class App:
    """A composed process. Nothing runs before `start`."""

    core: Core
    settings: Settings
    handlers: Handlers
    runner: Runner
    slack: SlackEdge | None = None
    closers: list[Callable[[], object]] = field(default_factory=list)
    starters: list[Callable[[], object]] = field(default_factory=list)
    language: str = "en"

    @property
    def edge(self) -> Edge:
        """What the process offers over HTTP."""
        secret = self.settings.github_webhook_secret
        store, now = self.core.store, self.core.moment.now
        commit: GroupCommit[Delivery, bool] = GroupCommit(lambda batch: store_deliveries(store, batch))
        return Edge(
            ready=self._missing,
            slack=SlackEndpoint(self.slack.handle) if self.slack else None,
            github=GitHubWebhook(secret.get_secret_value(), commit, now) if secret else None,
            start=self.start,
            stop=self.stop,
        )

    def start(self) -> None:
        """Record the start, then work."""
        announce_routes(self.core.store, self.core.service.routes)
        record_start(self.core.service, self.core.policy)
        for starter in self.starters:
            # Asking the outside who we are there must not hold up the start: it may be slow, or down.
            threading.Thread(target=starter, daemon=True).start()
        self.runner.start()

    def stop(self) -> None:
        """Let the work in hand end, then let go."""
        self.runner.stop()
        for closer in self.closers:
            closer()

    def _missing(self) -> dict[str, str]:
        try:
            with self.core.store.reading() as reads:
                if not reads.schema():
                    return {"database": "no schema"}
                in_force = policy_in_force(reads)
        except Unavailable:
            return {"database": "does not answer"}
        if in_force not in {None, self.core.policy.sha256}:
            return {"policy": "another policy was loaded since: restart"}
        return {}


def routes_of(settings: Settings) -> frozenset[str]:
    """What this process delivers."""
    routes = {"timer", "forge"}
    if settings.slack_bot_token:
        routes.add("slack")
    if settings.github_token or settings.github_app_id:
        routes.add("github")
    return frozenset(routes)


def compose(settings: Settings, policy: Loaded, store: Store, moment: Moment) -> App:
    """Wire everything. Opens no connection to the outside."""
    service = Service(store, policy.policy, policy.sha256, moment, routes_of(settings))
    core = Core(store, policy, moment, service)
    handlers = Handlers()
    language = settings.language or policy.policy.language
    alarm = settings.alarm_url.get_secret_value() if settings.alarm_url else ""
    runner = Runner(store, handlers, clock=moment.now, on_dead=dead_hook(service, alarm))
    app = App(core, settings, handlers, runner, language=language)
    _forge(app)
    if settings.slack_bot_token:
        _slack(app, settings.slack_bot_token.get_secret_value())
    Timers(service).register(handlers)
    handlers.outbox(ALARM, alarm_handler(alarm))
    return app


def _forge(app: App) -> None:
    core, settings, handlers = app.core, app.settings, app.handlers
    client = _github_client(settings)
    links = StoredLinks(core.store)
    handlers.inbox(PUSH, Pushes(core.service))
    handlers.inbox(INBOX_JOB, Intake({"github": GitHubIntake(lambda: links.get(*OWN_LOGIN) or "")}))
    if client is None:
        handlers.outbox("forge.evaluate", Evaluator(core.service, {}))
        return
    reader = GitHubReader(client, core.store, core.policy.policy, core.moment.now)
    reporter = GitHubReporter(
        client, core.store, core.policy.policy, translator(app.language),
        Way.CHECK_RUN if settings.github_report_as is ReportAs.CHECK_RUN else Way.COMMIT_STATUS,
        core.moment.now,
    )  # fmt: skip
    handlers.outbox("forge.evaluate", Evaluator(core.service, {Forge.GITHUB: reader}))
    handlers.outbox("github.report", reporter.report)
    handlers.outbox("github.comment", reporter.comment)
    app.starters.append(lambda: remember_own_login(client, links))
    app.closers.append(client.close)


def _github_client(settings: Settings) -> Client | None:
    if settings.github_app_id and settings.github_private_key:
        app = AppCredentials(settings.github_app_id, settings.github_private_key.get_secret_value())
        return Client(app, base_url=settings.github_api_url)
    if settings.github_token:
        return Client(TokenCredentials(settings.github_token.get_secret_value()), base_url=settings.github_api_url)
    return None


def _slack(app: App, token: str) -> None:
    secret = app.settings.slack_signing_secret
    workspace = Workspace(
        token=token,
        api_url=app.settings.slack_api_url,
        signing_secret=secret.get_secret_value() if secret else "",
        language=app.language,
    )
    wired = wire_slack(app.core, workspace, app.handlers)
    app.slack = wired.edge
    app.starters.append(wired.refresh)
    app.closers.append(wired.close)
