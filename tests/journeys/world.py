"""The whole service in one process: the real composition on a real database, between a fake Slack and a fake GitHub.

Requests go in signed through the real edge; jobs run only when a test says so; the clock moves only by hand.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import rsa

from bot.app import App, compose
from bot.moment import uuid7
from bot.services import announce_routes
from bot.slack.app import SlackEdge
from bot.slack.socket.mode import SocketMode
from bot.startup import record_start
from bot.web.server import create_app
from config.policy.loader import Loaded
from config.settings import Settings, load_settings
from tests.fakes.client import Answer
from tests.fakes.github import WEBHOOK_SECRET, FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, FakeSlack, SlackSender, over_socket
from tests.fakes.slack.blocks import smuggled
from tests.journeys.door import Door
from tests.journeys.policies import (
    DEPOT,
    DIGEST,
    INTAKE,
    LAB,
    PEOPLE,
    SHOP,
    TILL,
    github_id,
    gitlab_id,
    policy,
    slack_id,
)
from tests.templates import laid_out
from tests.unhurried import TIME_ENOUGH, Settling, edge_of, settling, unhurried
from workflows.change.state import ChangeCase
from workflows.incident.state import IncidentCase
from workflows.ledger.receipt import Receipt
from workflows.ledger.stored import StoredEntry
from workflows.moment import Moment
from workflows.registry import read_case
from workflows.store.store import Store
from workflows.verification import verify_store
from workflows.workflow import Case

ALERT_TOKEN = "what-only-alertmanager-knows"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ORIGIN = "wachbuch.example/wachbuch"
RECEIPT = re.compile(r"#\d+·[A-Z2-7]{16}")
RANGE = re.compile(rf"({RECEIPT.pattern}) (?:to|bis) ({RECEIPT.pattern})")
"""Many entries at once are told by the first and the last of them."""
LOCALES = {"de": "de-DE", "en": "en-US"}


@dataclass
class Clock:
    """Moves only by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Later by so much (arguments of timedelta)."""
        self.now += timedelta(**by)
        return self.now


@dataclass
class World:
    """One installation with its surroundings."""

    app: App
    store: Store
    clock: Clock
    door: Door
    slack: FakeSlack
    github: FakeGitHub
    sender: SlackSender
    gitlab: FakeGitLab
    desks: tuple[Settling, ...] = ()

    # time and work --------------------------------------------------------------------------------------------

    def work(self, **later: float) -> int:
        """Deliver what is on its way to us, move the clock, and work off everything due. Returns the tries."""
        self._arrive()
        tries = self.app.runner.drain(self.clock.move(**later))
        self._arrive()
        tries += self.app.runner.drain(self.clock.now)
        return tries

    def _arrive(self) -> None:
        for desk in self.desks:
            desk.settle()
        self.github.settle()
        self.gitlab.settle()

    # Slack ----------------------------------------------------------------------------------------------------

    def say(self, who: str, command: str, text: str = "", channel: str = "") -> Answer:
        """A slash command."""
        self.clock.move(seconds=1)
        answer = self.sender.command(command, text, user=slack_id(who), channel=channel)
        assert answer.status == 200, answer.text
        return answer

    def fill(self, who: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Submit the open modal; what the service answers."""
        self.clock.move(seconds=1)
        answer = self.sender.submit(values, user=slack_id(who))
        assert answer.status == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def view(self, who: str) -> dict[str, Any]:
        """The modal that somebody sees."""
        return self.sender.view(slack_id(who))

    # looking --------------------------------------------------------------------------------------------------

    def case(self, number: str) -> Case:
        """A case as its row holds it."""
        with self.store.reading() as reads:
            row = reads.case(number)
        assert row is not None, f"no {number}"
        return read_case(row)

    def incident(self, number: str = "INC-2026-0001") -> IncidentCase:
        """An incident."""
        found = self.case(number)
        assert isinstance(found, IncidentCase)
        return found

    def change(self, number: str = "CHG-2026-0001") -> ChangeCase:
        """A change."""
        found = self.case(number)
        assert isinstance(found, ChangeCase)
        return found

    def entries(self) -> list[StoredEntry]:
        """The whole log."""
        with self.store.reading() as reads:
            return list(reads.entries())

    def kinds(self) -> list[str]:
        """Kinds of all entries, in order."""
        return [entry.kind for entry in self.entries()]

    def inbox(self) -> int:
        """How many deliveries are stored."""
        with self.store.reading() as reads:
            return sum(reads.inbox.counts().values())

    def dead(self) -> list[Any]:
        """Jobs that were given up."""
        with self.store.reading() as reads:
            return list(reads.jobs.dead())

    # proofs ---------------------------------------------------------------------------------------------------

    def receipts_in(self, said: str) -> list[StoredEntry]:
        """The entries whose receipts stand in a text, and those between; each receipt must be genuine."""
        log = self.entries()
        for text in RECEIPT.findall(said):
            receipt = Receipt.parse(text)
            assert receipt.matches(log[receipt.index].leaf), f"{text}: another entry"
        found = {Receipt.parse(text).index for text in RECEIPT.findall(said)}
        for first, last in RANGE.findall(said):
            found |= set(range(Receipt.parse(first).index, Receipt.parse(last).index))
        return [log[index] for index in sorted(found)]

    def proves(self, said: str, *kinds: str) -> None:
        """A reply ends with receipts, of entries of at least these kinds."""
        entries = self.receipts_in(said)
        assert entries, f"no receipt in {said!r}"
        missing = set(kinds) - {entry.kind for entry in entries}
        assert not missing, f"no receipt of {missing} in {said!r}: {[entry.kind for entry in entries]}"

    def intact(self) -> None:
        """Log and case rows verify, field by field."""
        found = verify_store(self.store, deep=True)
        assert found.intact, (found.log.findings, found.cases)
        assert not self.dead(), self.dead()


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def evidence_folder(url: str) -> Path:
    """Where the world on this database keeps evidence."""
    return Path(gettempdir()) / f"wachbuch-evidence-{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def settings(url: str, slack: FakeSlack | None, github: FakeGitHub | None, gitlab: FakeGitLab | None = None, *,
             as_app: bool = True, by_socket: bool = False, polls: bool = False,
             more: Mapping[str, str] | None = None) -> Settings:  # fmt: skip
    """What an administrator would set for these.

    `by_socket`: Slack by Socket Mode, with no signing secret at all. `polls`: the forges are asked, and never call.
    `more`: whatever else is set.
    """
    environ = {"WACHBUCH_DATABASE_URL": url, "WACHBUCH_PUBLIC_URL": "https://wachbuch.example", **(more or {})}
    environ |= {"ALERTMANAGER_TOKEN": ALERT_TOKEN}
    # A folder beside the database, whichever that is: what one test keeps no other finds.
    environ |= {"WACHBUCH_EVIDENCE_DIR": str(evidence_folder(url))}
    if slack is not None:
        environ |= {"SLACK_BOT_TOKEN": BOT_TOKEN}
        environ |= {"SLACK_APP_TOKEN": APP_TOKEN} if by_socket else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        environ |= {"SLACK_API_URL": f"{slack.url}/api/"}
    if github is not None:
        given = github.credentials()
        environ |= {"GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET, "GITHUB_API_URL": given["api_url"]}
        if as_app:
            environ |= {"GITHUB_APP_ID": str(given["app_id"]), "GITHUB_PRIVATE_KEY": given["private_key"]}
        else:
            environ |= {"GITHUB_TOKEN": given["token"]}
    if polls:
        environ |= {"WACHBUCH_FORGE_MODE": "poll"}
    if gitlab is not None:
        given = gitlab.credentials()
        environ |= {"GITLAB_URL": given["url"], "GITLAB_TOKEN": given["token"]}
        environ |= {"GITLAB_SIGNING_TOKEN": given["signing_token"]}
    return load_settings(environ)


def moment_of(clock: Clock) -> Moment:
    """Real ids and salts at a made-up time."""
    return Moment(clock, uuid7(clock), lambda: secrets.token_bytes(16))


def fixed_moment(clock: Clock) -> Moment:
    """Ids and salts that are counted: the same story has the same bytes wherever it is told."""
    ids, salts = count(1), count(1)
    return Moment(
        clock,
        lambda: UUID(f"01900000-0000-7000-8000-{next(ids):012x}"),
        lambda: hashlib.sha256(str(next(salts)).encode()).digest()[:16],
    )


@contextmanager
def opened(url: str, clock: Clock) -> Iterator[Store]:
    """A migrated database that lives in the made-up time."""
    with Store.open(laid_out(url), origin=ORIGIN, runner=True, clock_tolerance=None) as store:
        store._clock = clock
        store.migrate()
        yield store


def people_join(slack: FakeSlack, github: FakeGitHub, language: str, gitlab: FakeGitLab | None = None) -> None:
    """Everybody of the policy has accounts; the channels and repositories exist."""
    for person, (name, _) in PEOPLE.items():
        slack.add_user(slack_id(person), person, real_name=name, locale=LOCALES[language])
        github.add_user(person, github_id(person), f"{person}@beispiel.example", name)
        if gitlab is not None:
            gitlab.add_user(person, gitlab_id(person), email=f"{person}@beispiel.example", name=name)
    slack.add_channel(INTAKE, "vorfaelle")
    slack.add_channel(DIGEST, "lage")
    github.add_repository(SHOP, required=["wachbuch/gate"])
    github.add_repository(LAB)
    github.add_repository(DEPOT, required=["wachbuch/gate"])
    if gitlab is not None:
        gitlab.add_project(TILL)


def started(url: str, store: Store, moment: Moment, language: str, slack: FakeSlack | None, github: FakeGitHub,
            gitlab: FakeGitLab | None = None, *, as_app: bool = True, by_socket: bool = False, polls: bool = False,
            decided: Loaded | None = None, more: Mapping[str, str] | None = None) -> App:  # fmt: skip
    """The composed service, started as far as it is without threads (those of Socket Mode excepted).

    `decided`: another policy than that of the journeys.
    """
    chosen = settings(url, slack, github, gitlab, as_app=as_app, by_socket=by_socket, polls=polls, more=more)
    app = compose(chosen, decided or policy(language), store, moment)
    announce_routes(store, app.core.service.routes)
    record_start(app.core.service, app.core.policy)
    for starter in app.starters:
        starter()
    app.runner.recover()
    return app


def edges_of(app: App) -> Iterator[SlackEdge]:
    """What answers Slack: by signed requests, or over the connections of Socket Mode."""
    if app.slack is not None:
        yield app.slack
    modes = (getattr(starter, "__self__", None) for starter in app.starters)
    yield from (edge_of(mode) for mode in modes if isinstance(mode, SocketMode))


@contextmanager
def world(
    url: str, *, language: str = "de", as_app: bool = True, moment: Callable[[Clock], Moment] = moment_of,
    by_socket: bool = False, polls: bool = False, more: Mapping[str, str] | None = None, decided: Loaded | None = None,
) -> Iterator[World]:  # fmt: skip
    """A world that has just started."""
    clock = Clock()
    with (
        FakeSlack() as slack,
        FakeGitHub(clock=clock) as github,
        FakeGitLab(clock=clock, prefix="/git") as gitlab,
        opened(url, clock) as store,
    ):
        github.gate._key = _key()
        slack.world.trigger_seconds = slack.sockets.ack_seconds = TIME_ENOUGH
        people_join(slack, github, language, gitlab)
        app = started(
            url, store, moment(clock), language, slack, github, gitlab, as_app=as_app, by_socket=by_socket, polls=polls,
            more=more, decided=decided,
        )  # fmt: skip
        edges = tuple(edges_of(app))
        for edge in edges:
            unhurried(edge)
        desks = tuple(map(settling, edges))
        door = Door(create_app(app.edge))
        github.hook.transport = gitlab.hooks.transport = None if polls else door
        try:
            sender = SlackSender(over_socket(slack.url) if by_socket else door, slack.url)
            yield World(app, store, clock, door, slack, github, sender, gitlab, desks)
            assert smuggled(list(slack.world.sent), (INTAKE, DIGEST)) == [], "what people typed calls somebody"
        finally:
            door.close()
            for closer in app.closers:
                closer()
            rmtree(evidence_folder(url), ignore_errors=True)
