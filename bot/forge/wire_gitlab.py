"""GitLab put together: its webhooks, its reader, and the jobs that write to it."""

from functools import partial
from typing import Final
from urllib.parse import urlsplit

from bot.forge.gitlab import GitLabReader, GitLabReporter
from bot.forge.gitlab_check import CHECK, StatusCheck
from bot.forge.gitlab_deploys import GitLabApprovals
from bot.forge.gitlab_intake import DEPLOYMENT, REPORT, GitLabIntake
from bot.forge.holds_gitlab import GitLabHolds
from bot.forge.own import OwnLogin
from bot.forge.watch_gitlab import GitLabWatcher
from bot.forge.wired import Bench, WiredForge
from bot.jobs.port import Handlers
from bot.links import StoredLinks
from bot.web.webhooks import Sender
from config.settings import Settings
from integrations.gitlab.client import URL, Client
from integrations.gitlab.issues import GitLabIssues
from integrations.gitlab.webhook import delivery_of, payload_of, verify
from integrations.observed import Observe, unobserved
from workflows.change.seen import Forge

KEPT_HEADERS: Final = (
    "content-type",
    "x-gitlab-event",
    "x-gitlab-webhook-uuid",
    "idempotency-key",
    "webhook-id",
)


def wire_gitlab(bench: Bench) -> WiredForge:
    """GitLab, as far as the settings reach. Opens no connection."""
    core, settings = bench.core, bench.settings
    own, policy = OwnLogin(Forge.GITLAB, StoredLinks(core.store)), core.policy.policy
    client = gitlab_client(settings, partial(core.meter.forge_called, Forge.GITLAB.value))
    understand = GitLabIntake(own, policy, reads=client is not None)
    sender = _sender(settings)
    if client is None:
        return WiredForge(Forge.GITLAB, understand, understand.alerts, understand.issue, sender)
    reporter = GitLabReporter(client, core.store, policy, bench.texts, core.moment.now)

    def register(handlers: Handlers) -> None:
        handlers.outbox(REPORT, reporter.report)
        handlers.outbox("gitlab.comment", reporter.comment)
        handlers.outbox(DEPLOYMENT, reporter.deployment)
        handlers.outbox(CHECK, StatusCheck(client, core.store, core.moment.now))

    return WiredForge(
        Forge.GITLAB,
        understand,
        understand.alerts,
        understand.issue,
        sender,
        GitLabReader(client, core.store, policy, core.moment.now),
        watcher=GitLabWatcher(client, policy, GitLabHolds(client, policy, settings.public_url or ""), core.moment.now),
        register=register,
        starters=(lambda: own.learn(lambda: client.account().username),),
        closers=(client.close,),
        answerer=GitLabApprovals(client),
        issues=GitLabIssues(client, urlsplit(settings.gitlab_url or URL).path.strip("/")),
    )


def _sender(settings: Settings) -> Sender | None:
    signing, token = settings.gitlab_signing_token, settings.gitlab_webhook_token
    if signing is None and token is None:
        return None
    return gitlab_sender(
        signing.get_secret_value() if signing else "",
        token.get_secret_value() if token else "",
    )


def gitlab_sender(signing: str, token: str = "") -> Sender:
    """How GitLab's calls are known: signed, or with the older token where no signing token is set."""
    proof = "webhook-signature of the signing token, within five minutes" if signing else "X-Gitlab-Token"
    return Sender(
        source=Forge.GITLAB.value,
        kept=KEPT_HEADERS,
        genuine=lambda headers, body, now: verify(headers, body, now, signing=signing, token=token),
        delivery=delivery_of,
        payload=payload_of,
        proof=proof,
    )


def gitlab_client(settings: Settings, observe: Observe = unobserved) -> Client | None:
    """The client for the token that is set, None without one."""
    if settings.gitlab_token is None:
        return None
    return Client(settings.gitlab_url or URL, settings.gitlab_token.get_secret_value(), observe=observe)
