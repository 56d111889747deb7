"""The way in, whatever happens in whichever order: one entry per link, nobody in without one or for too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.port import Reach, Speaker
from bot.signin.address import Address
from bot.signin.door import SignIn
from config.policy.ids import Role
from tests.office import POLICY, START, Office, office
from workflows.actors import Actor, Person, PersonId, Source
from workflows.leavers import LEFT

ADDRESS = Address("https://wachbuch.example", Reach.ANYWHERE)
ACCOUNTS = {"jana": "U0JANA", "slack:U0FREMD": "U0FREMD", "tom": ""}
"""Somebody with an account in Slack, somebody whom the policy does not name, and somebody without an account."""
STEPS = st.one_of(
    st.tuples(st.sampled_from(["ask", "left", "back"]), st.sampled_from(sorted(ACCOUNTS))),
    st.tuples(st.sampled_from(["open", "enter", "use", "leave"]), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 6, 9, 11, 54, 61, 300])),
)


@dataclass
class Seen:
    """A link as a person would count on it: minutes since it was made, and what became of it."""

    who: str
    secret: str
    made: datetime
    session: str = ""
    opened: datetime | None = None
    used: datetime | None = None
    over: bool = False


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(f"sqlite:///{tmp_path_factory.mktemp('door')}/wachbuch.db") as made:
        yield made


class Play:
    """Carries steps out, and says beforehand how each has to end."""

    def __init__(self, house: Office) -> None:
        self.house, self.door = house, SignIn(house.service, ADDRESS)
        self.links: list[Seen] = []
        self.gone: set[str] = set()

    def entries(self) -> int:
        with self.house.store.reading() as reads:
            return sum(one.kind == "console.signed_in" for one in reads.entries())

    def ask(self, who: str) -> None:
        role = frozenset({Role.ENGINEER})
        made = self.door.link(Speaker(Actor(Person(PersonId(who), who), role, Source.SLACK), "de"))
        assert bool(made.url) == (who not in self.gone)
        if made.url:
            self.links.append(Seen(who, made.url.rpartition("/")[2], self.house.clock()))

    def left(self, who: str) -> None:
        if ACCOUNTS[who]:
            self.gone.add(who)
            with self.house.store.transaction() as uow:
                uow.links.put(LEFT, ACCOUNTS[who], "")

    def back(self, who: str) -> None:
        self.gone.discard(who)
        with self.house.store.transaction() as uow:
            uow.links.remove(LEFT, ACCOUNTS[who])

    def all_back(self) -> None:
        for who in ACCOUNTS:
            self.back(who)

    def is_good(self, link: Seen) -> bool:
        young = self.house.clock() - link.made < timedelta(minutes=10)
        return young and not link.session and not link.over and link.who not in self.gone

    def open(self, link: Seen) -> None:
        assert (self.door.invited(link.secret) is not None) == self.is_good(link)

    def enter(self, link: Seen) -> None:
        good, before, now = self.is_good(link), self.entries(), self.house.clock()
        session = self.door.enter(link.secret)
        assert (session is not None) == good
        assert self.entries() == before + good
        if session is not None:
            link.session, link.opened, link.used = session, now, now

    def use(self, link: Seen) -> None:
        if not link.session or link.opened is None or link.used is None:
            return
        now, speaker = self.house.clock(), self.door.who(link.session)
        rested, lasted = now - link.used, now - link.opened
        if link.over or link.who in self.gone or rested >= timedelta(hours=1) or lasted >= timedelta(hours=12):
            assert speaker is None
            link.over = True
            return
        if speaker is None:
            assert rested > timedelta(minutes=55), "five minutes early at most"
            link.over = True
            return
        assert speaker.actor.source is Source.CONSOLE
        assert speaker.actor.person is not None
        assert speaker.actor.person.id == link.who
        link.used = now

    def leave(self, link: Seen) -> None:
        if link.session:
            self.door.leave(link.session)
            link.over = True

    def wait(self, minutes: int) -> None:
        self.house.clock.forward(minutes=minutes)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEPS, min_size=3, max_size=16))
def test_nobody_is_in_without_a_link_or_for_too_long(house: Office, steps: list[tuple[str, str | int]]) -> None:
    play = Play(house)
    play.all_back()
    begin: list[tuple[str, str | int]] = [("ask", "jana"), ("enter", 0)]
    for what, about in [*begin, *steps]:
        if what in {"ask", "left", "back"}:
            getattr(play, what)(about)
        elif what == "wait":
            play.wait(int(about))
        elif play.links:
            getattr(play, what)(play.links[int(about) % len(play.links)])
    for link in play.links:
        play.use(link)
        play.open(link)


def speaker_of(house: Office, who: str, name: str = "Name") -> Speaker | None:
    door = SignIn(house.service, ADDRESS)
    actor = Actor(Person(PersonId(who), name), frozenset({Role.ISB, Role.ADMIN}), Source.SLACK)
    session = door.enter(door.link(Speaker(actor, "de")).url.rpartition("/")[2])
    return door.who(session) if session else None


def test_roles_come_from_today_and_never_from_the_link(house: Office) -> None:
    Play(house).all_back()
    expected = {
        "petra": {Role.ISB}, "max": {Role.ENGINEER}, "slack:U0FREMD": {Role.ENGINEER}, "os:gast": {Role.ENGINEER},
    }  # fmt: skip
    for who, roles in expected.items():
        found = speaker_of(house, who)
        assert found is not None
        assert roles <= found.actor.roles <= roles | {Role.ENGINEER}, who
    assert speaker_of(house, "nobody-of-the-policy") is None
    mapped = speaker_of(house, "slack:U0JANA")
    assert mapped is not None
    assert mapped.actor.person == Person(PersonId("jana"), "Jana Kowalski")
    assert mapped.actor.on_duty


def test_whoever_tries_it_without_people_in_the_policy_can_do_what_takes_one_person(sqlite_url: str) -> None:
    with office(sqlite_url, policy="organisation: Nobody yet\n") as made:
        found = speaker_of(made, "os:gast")
        assert found is not None
        assert found.actor.has(Role.ISB)


def test_a_new_policy_counts_for_open_sessions(sqlite_url: str) -> None:
    with office(sqlite_url) as made:
        door = SignIn(made.service, ADDRESS)
        actor = Actor(made.person("petra"), frozenset(), Source.CLI)
        session = door.enter(door.link(Speaker(actor, "de")).url.rpartition("/")[2])
        assert session is not None
    without = "\n".join(line for line in POLICY.splitlines() if "petra" not in line)
    with office(sqlite_url, policy=without, start=START + timedelta(minutes=5)) as made:
        assert SignIn(made.service, ADDRESS).who(session) is None


def test_the_language_of_the_policy_goes_before_the_one_of_the_link(sqlite_url: str) -> None:
    known = POLICY.replace("name: Petra Meier-Schmidt,", "name: Petra Meier-Schmidt, locale: en,")
    with office(sqlite_url, policy=known) as made:
        spoken = [speaker_of(made, who) for who in ("petra", "max")]
        assert [one.language for one in spoken if one is not None] == ["en", "de"]
