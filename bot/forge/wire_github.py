"""GitHub put together: its webhooks, its reader, and the jobs that write to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from bot.forge.github import GitHubReader, GitHubReporter
from bot.forge.holds_github import GitHubHolds
from bot.forge.intake import GitHubIntake
from bot.forge.own import OwnLogin
from bot.forge.protection import GitHubProtection
from bot.forge.queue_github import QUEUE
from bot.forge.watch_github import GitHubWatcher
from bot.forge.wired import Bench, WiredForge
from bot.jobs.port import Handlers
from bot.links import StoredLinks
from bot.web.webhooks import Sender
from config.settings import ReportAs, Settings
from integrations.github import issues, protection
from integrations.github.client import PERMISSIONS, AppCredentials, Client, Credentials, TokenCredentials
from integrations.github.gate import Way
from integrations.github.webhook import delivery_of, payload_of, verify
from integrations.observed import Observe, unobserved
from workflows.change.seen import Forge

KEPT_HEADERS: Final = ("content-type", "x-github-event", "x-github-delivery", "x-github-hook-id")


def wire_github(bench: Bench) -> WiredForge:
    """GitHub, as far as the settings reach. Opens no connection."""
    core, settings = bench.core, bench.settings
    own = OwnLogin(Forge.GITHUB, StoredLinks(core.store))
    secret = settings.github_webhook_secret
    understand = GitHubIntake(own, settings.github_api_url)
    sender = github_sender(secret.get_secret_value()) if secret else None
    observe = partial(core.meter.forge_called, Forge.GITHUB.value)
    client = github_client(settings, core.moment.now, observe)
    if client is None:
        return WiredForge(Forge.GITHUB, understand, understand.alerts, understand.issue, sender)
    policy, now = core.policy.policy, core.moment.now
    way = Way.CHECK_RUN if settings.github_report_as is ReportAs.CHECK_RUN else Way.COMMIT_STATUS
    reporter = GitHubReporter(client, core.store, policy, bench.texts, way, now)

    # A token of its own: an App that was not granted this still judges requests.
    deploys = github_client(settings, now, observe, protection.PERMISSIONS)
    answerer = GitHubProtection(deploys, core.store) if deploys is not None and deploys.is_app else None
    asking = github_client(settings, now, observe, issues.PERMISSIONS)
    closers = tuple(one.close for one in (client, deploys, asking) if one is not None)

    def register(handlers: Handlers) -> None:
        handlers.outbox("github.report", reporter.report)
        handlers.outbox("github.comment", reporter.comment)
        handlers.outbox(QUEUE, reporter.queue)

    return WiredForge(
        Forge.GITHUB,
        understand,
        understand.alerts,
        understand.issue,
        sender,
        GitHubReader(client, core.store, policy, now),
        GitHubWatcher(client, policy, own, GitHubHolds(client, policy, settings.public_url or "")),
        register,
        (lambda: own.learn(client.own_login),),
        closers,
        answerer,
        issues.GitHubIssues(asking) if asking is not None else None,
    )


def github_sender(secret: str) -> Sender:
    """How GitHub's calls are known, with this secret."""
    return Sender(
        source=Forge.GITHUB.value,
        kept=KEPT_HEADERS,
        genuine=lambda headers, body, _: verify(headers, body, secret),
        delivery=lambda headers: (delivery_of(headers)[2], delivery_of(headers)[1]),
        payload=payload_of,
        proof="X-Hub-Signature-256 over the raw body, HMAC-SHA256",
    )


def github_client(
    settings: Settings,
    now: Callable[[], datetime],
    observe: Observe = unobserved,
    permissions: Mapping[str, str] = PERMISSIONS,
) -> Client | None:
    """The client for the credentials that are set, None without any. `permissions`: those of an App's tokens."""
    credentials: Credentials
    if settings.github_app_id and settings.github_private_key:
        credentials = AppCredentials(settings.github_app_id, settings.github_private_key.get_secret_value())
    elif settings.github_token:
        credentials = TokenCredentials(settings.github_token.get_secret_value())
    else:
        return None
    return Client(
        credentials,
        base_url=settings.github_api_url,
        permissions=permissions,
        clock=lambda: now().timestamp(),
        observe=observe,
    )
