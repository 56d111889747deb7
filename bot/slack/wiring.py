"""Slack put together: the edge that answers, and the deliveries that follow commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from slack_sdk import WebClient

from bot.jobs.port import Handlers
from bot.parts import Core
from bot.slack.alerts import Alerts
from bot.slack.app import SlackEdge
from bot.slack.calls import Calls
from bot.slack.delivery import Delivery
from bot.slack.desk import Desk
from bot.slack.installation import StoredInstallation
from bot.slack.people import People
from bot.slack.stored import StoredCases, StoredLinks, accept_into
from config.i18n import translator

SLACK_TIMEOUT: Final = 3
"""Seconds for calls that somebody waits for; those of jobs may take longer."""
DELIVERY_TIMEOUT: Final = 15
THREADS: Final = 16


@dataclass(frozen=True, slots=True)
class Workspace:
    """How to reach a workspace, and how it proves who it is. No signing secret: it cannot call us over HTTP."""

    token: str
    api_url: str
    signing_secret: str
    language: str


@dataclass(frozen=True, slots=True)
class WiredSlack:
    """What came of it. `refresh` asks Slack once who we are there; `close` lets the work in hand end."""

    edge: SlackEdge | None
    refresh: Callable[[], object]
    close: Callable[[], object]


def wire_slack(core: Core, workspace: Workspace, handlers: Handlers) -> WiredSlack:
    """Register the deliveries and build the edge. Opens no connection."""
    client = WebClient(workspace.token, base_url=workspace.api_url, timeout=SLACK_TIMEOUT, retry_handlers=[])
    people = People(core.policy.policy, client)
    links, cases = StoredLinks(core.store), StoredCases(core.store)
    installation = StoredInstallation(links)
    # No handler of retries: the SDK's own would post again what may have been posted before the connection broke.
    calls = Calls(WebClient(workspace.token, base_url=workspace.api_url, timeout=DELIVERY_TIMEOUT, retry_handlers=[]))
    Delivery(
        calls=calls,
        links=links,
        read_case=cases.case,
        read_entry=cases.entry,
        people=people,
        policy=core.policy.policy,
        translator=translator,
        now=core.moment.now,
        bot_user=lambda: installation().bot_user_id,
    ).register(handlers)
    Alerts(calls, links, cases.case, cases.entry, people, core.policy.policy, translator).register(handlers)
    if not workspace.signing_secret:
        return WiredSlack(None, lambda: installation.refresh(client), lambda: None)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="slack")
    edge = SlackEdge(
        signing_secret=workspace.signing_secret,
        desk=Desk(core.chat(people), people, client, pool, translator, workspace.language),
        accept_event=accept_into(core.store, core.moment.now),
        installation=installation,
    )
    return WiredSlack(edge, lambda: installation.refresh(client), edge.close)
