"""Slack put together: the edge that answers, and the deliveries that follow commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from bot.chat.exporting import SCOPE
from bot.chat.port import Reach
from bot.evidence.folder import EvidenceFolder
from bot.jobs.port import Handlers
from bot.links import StoredLinks
from bot.parts import Core
from bot.slack.agreeing import Agreeing
from bot.slack.alerts import Alerts
from bot.slack.app import SlackEdge
from bot.slack.bookmarking import Bookmarking
from bot.slack.calling import Calling
from bot.slack.calls import Calls
from bot.slack.client import Client
from bot.slack.correcting import Correcting
from bot.slack.delivery import Delivery
from bot.slack.departing import Departing
from bot.slack.desk import Desk
from bot.slack.disposing import Disposing
from bot.slack.fetching import Fetching
from bot.slack.given import Given
from bot.slack.giving import Giving
from bot.slack.going_on import GoingOn
from bot.slack.groups import Groups
from bot.slack.handing import Handing
from bot.slack.heard import Heard
from bot.slack.home import HomeTab
from bot.slack.installation import StoredInstallation
from bot.slack.keeping import Keeping
from bot.slack.leaving import Leaving
from bot.slack.mentioned import Mentioned
from bot.slack.people import People
from bot.slack.privacy import Privacy
from bot.slack.reminding import Reminding
from bot.slack.resync import Resync
from bot.slack.rollcall import Rollcall
from bot.slack.scopes import Scopes
from bot.slack.socket.line import Pace
from bot.slack.socket.mode import SocketMode
from bot.slack.socket.opening import Issuer
from bot.slack.stored import StoredCases, accept_into
from bot.slack.unanswered import Unanswered
from bot.slack.unpaged import Unpaged
from bot.slack.verification import Verification
from bot.web.console.links import INCIDENTS
from config.i18n import translator

SLACK_TIMEOUT: Final = 3
"""Seconds for calls that somebody waits for; those of jobs may take longer."""
DELIVERY_TIMEOUT: Final = 15
THREADS: Final = 16
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Workspace:
    """How to reach a workspace, and how we hear of it: with an app token by Socket Mode, else by signed requests.

    With neither we only write there.
    """

    token: str
    api_url: str
    signing_secret: str
    language: str
    app_token: str = ""
    pace: Pace = field(default_factory=Pace)
    evidence: Path = Path("data/evidence")
    """The folder that files are kept in."""


@dataclass(frozen=True, slots=True)
class WiredSlack:
    """What came of it. `edge` takes requests over HTTP, `socket` keeps connections of our own; at most one is there.

    `people` finds persons in Slack, beside those of the policy. `refresh` asks Slack once who we are there, and for
    user groups from then on; `close` lets the work in hand end.
    """

    edge: SlackEdge | None
    socket: SocketMode | None
    people: People
    refresh: Callable[[], object]
    close: Callable[[], object]


TELLERS: Final = (
    *(Calling, Unpaged, Unanswered, Handing, Agreeing, Reminding, Correcting, Privacy),
    *(GoingOn, Leaving, Alerts, Disposing),
)
"""Whatever tells people something after a commit, beside the places of a case."""


def _tellers(
    core: Core,
    handlers: Handlers,
    stored: tuple[Calls, StoredLinks, StoredCases],
    people: People,
    bot_id: Callable[[], str],
) -> None:
    calls, links, cases = stored
    policy, now = core.policy.policy, core.moment.now
    for teller in TELLERS:
        teller(calls, links, cases.case, cases.entry, people, policy, translator, now, bot_id).register(handlers)
    given = Given(calls, links, cases.case, cases.entry, people, policy, translator, now, bot_id)
    given.register(handlers)
    Departing(calls, core.service, people, translator, now).register(handlers)
    Bookmarking(calls, links, cases.case, policy).register(handlers)
    Resync(calls, links, cases.case).register(handlers)
    Giving(calls, people, cases.case, cases.entry, core.case_texts, translator, given).register(handlers)


def _all_incidents(core: Core) -> str:
    """The page with all incidents, where others than this machine can reach it."""
    return f"{core.console.url}{INCIDENTS}" if core.console.reach is Reach.ANYWHERE else ""


def wire_slack(core: Core, workspace: Workspace, handlers: Handlers) -> WiredSlack:
    """Register the deliveries and build the edge. Opens no connection."""
    scopes = Scopes()
    clients = partial(Client, workspace.token, base_url=workspace.api_url, meter=core.meter, scopes=scopes)
    client = clients(timeout=SLACK_TIMEOUT)
    links, cases = StoredLinks(core.store), StoredCases(core.store)
    people = People(core.policy.policy, client, core.moment.now, links)
    installation = StoredInstallation(links)
    calls = Calls(clients(timeout=DELIVERY_TIMEOUT))
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
    _tellers(core, handlers, (calls, links, cases), people, lambda: installation().bot_id)
    groups, rollcall = Groups(calls, core.service), Rollcall(calls, core.service)
    groups.register(handlers)
    rollcall.register(handlers)

    def refresh() -> None:
        groups.begin()
        rollcall.begin()
        installation.refresh(client)

    chat = replace(core.chat(people), may_send=lambda: not scopes.lacks(SCOPE))
    HomeTab(calls, links, people, chat, translator, core.moment.now, _all_incidents(core)).register(handlers)
    Mentioned(calls, core.store, people, chat, translator, lambda: installation().bot_user_id).register(handlers)
    Heard(core.service).register(handlers)
    fetching = Fetching(calls, EvidenceFolder(workspace.evidence), core.policy.policy.evidence.largest_mb * MEGABYTE)
    Keeping(calls, links, core.service, people, fetching, cases.case, cases.entry, translator).register(handlers)
    if not workspace.signing_secret and not workspace.app_token:
        return WiredSlack(None, None, people, refresh, lambda: None)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="slack")
    edge = SlackEdge(
        desk=Desk(chat, people, client, pool, translator, workspace.language),
        accept_event=accept_into(core.store, core.moment.now),
        installation=installation,
        verification=Verification(workspace.signing_secret) if not workspace.app_token else None,
    )
    if not workspace.app_token:
        return WiredSlack(edge, None, people, refresh, edge.close)
    opener = Client(None, base_url=workspace.api_url, timeout=SLACK_TIMEOUT, meter=core.meter)
    issuer = Issuer(opener, workspace.app_token)
    socket = SocketMode(issuer, edge.take, pace=workspace.pace, meter=core.meter)

    def close() -> None:
        socket.stop()
        edge.close()

    return WiredSlack(None, socket, people, refresh, close)
