"""`wachbuch console`: a link for the person at this terminal, and the end of sessions."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import compose
from bot.credentials import digest_of
from bot.moment import real_moment
from bot.signin.kept import LINKS, PendingLink
from bot.web.server import create_app
from config.settings import load_settings
from tests.bot.commands.conftest import OURS, Done, Terminal
from tests.journeys.browser import Browser, path_of
from tests.journeys.door import Door
from tests.office import Office
from workflows.actors import Source
from workflows.ledger.stored import StoredEntry
from workflows.store.processes import ProcessRow, ProcessState

HERE = "http://127.0.0.1:8080"


def announce(place: Office, state: ProcessState = ProcessState.SERVING) -> None:
    now = datetime.now(UTC)
    row = ProcessRow(id="one", host="here", pid=1, version="1", policy="", every=60, started=now, seen=now)
    with place.store.transaction() as uow:
        uow.processes.announce(replace(row, state=state))


@pytest.fixture
def served(terminal: Terminal, place: Office) -> Iterator[Door]:
    """The service that runs on the terminal's database, beside it."""
    announce(place)
    settings = load_settings({name: value for name, value in os.environ.items() if name.startswith(OURS)})
    door = Door(create_app(compose(settings, place.policy, place.store, real_moment()).edge))
    yield door
    door.close()


def login(terminal: Terminal, *arguments: str, **more: str) -> Done:
    return terminal.run("console", "login", *arguments, **more)


def test_the_link_signs_in_the_person_at_the_terminal(terminal: Terminal, place: Office, served: Door) -> None:
    done = login(terminal, user="tom", language="de")
    assert (done.code, done.err) == (0, "")
    url, about, here = done.out.splitlines()
    assert url.startswith(f"{HERE}/sign-in/wbl_")
    assert "als Tom Li" in about
    assert "WACHBUCH_PUBLIC_URL" in here
    browser = Browser(served, HERE)
    page = browser.follow(browser.post(path_of(url)))
    assert "Tom Li" in page.text
    entry = last_entry(place)
    assert entry.kind == "console.signed_in"
    assert b'"asked_in":"cli"' in entry.body


def test_for_scripts_it_is_json_and_a_token_says_who(terminal: Terminal, served: Door) -> None:
    terminal.set("WACHBUCH_PUBLIC_URL", "https://wachbuch.example/")
    terminal.set("WACHBUCH_API_TOKEN", terminal.run("token", "create", "--person", "dora", user="ada").out.strip())
    told = json.loads(login(terminal, "--json").out)
    assert told["url"].startswith("https://wachbuch.example/sign-in/wbl_")
    assert (told["person"], told["reach"]) == ("dora", "anywhere")
    left = datetime.fromisoformat(told["expires"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


def test_whom_the_policy_does_not_name_is_an_engineer(terminal: Terminal, served: Door) -> None:
    browser = Browser(served, HERE)
    url = json.loads(login(terminal, "--json", user="gast").out)["url"]
    assert "gast" in browser.follow(browser.post(path_of(url))).text


def test_without_a_service_there_is_no_link(terminal: Terminal, place: Office) -> None:
    for state in (None, ProcessState.ENDED):
        if state is not None:
            announce(place, state)
        done = login(terminal)
        assert (done.code, done.out) == (3, "")
        assert done.err == (
            "No service runs on this database, so nobody would answer the link.\n"
            "Start it with ./run (or wachbuch serve) and try again.\n"
        )
    announce(place)
    assert login(terminal).code == 0


def test_where_it_would_open_nowhere_there_is_no_link(terminal: Terminal, place: Office) -> None:
    announce(place)
    terminal.set("WACHBUCH_HOST", "192.0.2.1")
    done = login(terminal)
    assert (done.code, done.out) == (3, "")
    assert "WACHBUCH_PUBLIC_URL" in done.err


def last_entry(place: Office) -> StoredEntry:
    with place.store.reading() as reads:
        return list(reads.entries())[-1]


def test_sessions_are_ended_by_their_person_and_by_an_admin(terminal: Terminal, place: Office, served: Door) -> None:
    def browser_of(user: str) -> Browser:
        browser = Browser(served, HERE)
        assert browser.post(path_of(json.loads(login(terminal, "--json", user=user).out)["url"])).status == 303
        return browser

    def is_in(browser: Browser) -> bool:
        return "/sign-out" in browser.get("/").text

    first, second, other = browser_of("tom"), browser_of("tom"), browser_of("petra")
    unused = path_of(json.loads(login(terminal, "--json", user="tom").out)["url"])
    refused = terminal.run("console", "logout", "--person", "tom", user="petra")
    assert (refused.code, refused.out) == (1, "")
    assert is_in(first)
    done = terminal.run("console", "logout", "--person", "tom", user="ada")
    assert (done.code, done.out) == (0, "2 sessions ended.\n")
    assert b'"how":"ended"' in last_entry(place).body
    assert b'"sessions":2' in last_entry(place).body
    assert b'"source":"cli"' in last_entry(place).body
    assert not is_in(first)
    assert not is_in(second)
    assert Browser(served, HERE).post(unused).status == 404
    assert is_in(other)
    own = terminal.run("console", "logout", "--json", user="petra")
    assert json.loads(own.out) == {"person": "petra", "ended": 1}
    assert not is_in(other)
    before = last_entry(place)
    assert before.kind == "console.signed_out"
    assert "0 sessions ended" in terminal.run("console", "logout", user="petra").out
    assert last_entry(place) == before, "nothing was ended"


def test_a_session_from_before_the_policy_named_them_is_theirs_too(
    terminal: Terminal, place: Office, served: Door
) -> None:
    browser, expires = Browser(served, HERE), datetime.now(UTC) + timedelta(minutes=5)
    before = PendingLink(person="os:tom", name="tom", language="en", asked_in=Source.CLI, expires=expires)
    with place.store.transaction() as uow:
        uow.links.put(LINKS, digest_of("wbl_before"), before.model_dump_json())
    assert "Tom Li" in browser.follow(browser.post("/sign-in/wbl_before")).text
    done = terminal.run("console", "logout", "--person", "tom", user="ada")
    assert (done.code, done.out) == (0, "1 session ended.\n")
    assert "Tom Li" not in browser.get("/").text


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"WACHBUCH_PUBLIC_URL": "https://wachbuch.invalid"}, "ok"),
        ({}, "note"),
        ({"WACHBUCH_PUBLIC_URL": "http://localhost:8080"}, "note"),
        ({"WACHBUCH_HOST": "192.0.2.1"}, "warning"),
        ({"WACHBUCH_PUBLIC_URL": "http://10.0.0.1", "WACHBUCH_ALLOW_PLAIN_HTTP": "true"}, "warning"),
    ],
)
def test_doctor_tells_where_the_console_opens(terminal: Terminal, given: dict[str, str], level: str) -> None:
    for name, value in given.items():
        terminal.set(name, value)
    told = json.loads(terminal.run("doctor", "--json").out)["results"]
    assert [one["level"] for one in told if one["id"] == "console"] == [level]
