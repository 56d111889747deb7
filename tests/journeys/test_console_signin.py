"""Into the console: a link for one person, a page with one button, a session that is theirs for as long as it may."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.web.server import create_app
from tests.fakes.client import Answer
from tests.journeys.browser import PUBLIC, Browser, path_of
from tests.journeys.door import Door
from tests.journeys.pages import read
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_incident_terminal import talk
from tests.journeys.test_mentions import mention
from tests.journeys.world import World, moment_of, started, world
from tests.properties.catalog import actor
from workflows.actors import Source
from workflows.incident.commands import Report
from workflows.leavers import LEFT
from workflows.ledger.disclosure import open_disclosure
from workflows.outcome import Accepted, Refused

HOST_COOKIE = "__Host-wachbuch"
WORDS = {
    "de": ("konsole", "Konsole öffnen", "Anmelden", "Sie sind nicht angemeldet", "Dieser Link gilt nicht"),
    "en": ("console", "Open the console", "Sign in", "You are not signed in", "This link does not work"),
}


def button_of(answer: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for block in answer["blocks"] for one in block.get("elements", ()) if "url" in one]
    assert isinstance(found, dict)
    return found


def link_for(office: World, who: str = "jana", language: str = "de") -> str:
    """The path of a new link."""
    answer = office.say(who, "/vorfall", WORDS[language][0]).json()
    return path_of(button_of(answer)["url"])


def signed_in(office: World, who: str = "jana", door: Door | None = None) -> Browser:
    browser = Browser(door or office.door)
    assert browser.post(link_for(office, who)).status == 303
    return browser


def is_in(browser: Browser) -> bool:
    return "/sign-out" in browser.get("/").text


def ended(office: World) -> list[tuple[str, str, str]]:
    """Each end of a session that is on record: how, whose, and who did it (empty: nobody but the service)."""
    found = []
    with office.store.reading() as reads:
        disclosures = [(one.index, one.disclosure) for one in reads.disclosures() if one.disclosure]
    for entry in office.entries():
        if entry.kind == "console.signed_out":
            told = {(one := open_disclosure(text)).name: one.value for at, text in disclosures if at == entry.index}
            who = told.get("actor")
            by = str(who["id"]) if isinstance(who, dict) else ""
            found.append((json.loads(entry.body)["data"]["how"], str(told["person"]), by))
    return found


def test_a_link_from_slack_lets_one_person_in_once(office: World) -> None:
    language = office.app.language
    word, open_it, sign_in, signed_out, not_good = WORDS[language]
    said = office.say("jana", "/vorfall", word).json()
    button = button_of(said)
    assert said["response_type"] == "ephemeral"
    assert button["text"]["text"] == open_it
    assert button["url"].startswith(f"{PUBLIC}/sign-in/wbl_")
    assert "wbl_" not in said["text"]
    assert "10 " in said["text"]
    browser, path = Browser(office.door, language=f"fr, {language}-AT;q=0.8"), path_of(button["url"])
    assert signed_out in browser.get("/").text
    for _ in range(2):
        page = browser.get(path)
        assert (page.status, browser.get(path, "HEAD").status) == (200, 200)
        assert sign_in in page.text
        assert "Jana" in page.text
        assert page.text.count("<button>") == 1
        assert "wbl_" not in page.text
        assert page.headers["cache-control"] == "no-store"
    assert not browser.cookies, "looking at it changes nothing"
    done = browser.post(path)
    assert "Jana" in browser.follow(done).text
    assert done.headers["location"] == "/"
    assert done.headers["cache-control"] == "no-store"
    (cookie,) = browser.said
    assert cookie.startswith(f"{HOST_COOKIE}=wbs_")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(cookie.split("; "))
    assert office.kinds()[-1] == "console.signed_in"
    other = Browser(office.door, language=language)
    again = other.post(path)
    assert (again.status, other.cookies) == (404, {})
    assert not_good in again.text
    assert office.kinds().count("console.signed_in") == 1
    office.intact()


def test_the_entry_tells_who_and_from_where(shop: World) -> None:
    signed_in(shop, "tom")
    entry = shop.entries()[-1]
    with shop.store.reading() as reads:
        (who,) = [one.disclosure for one in reads.disclosures() if one.index == entry.index]
    assert who is not None
    assert open_disclosure(who).value == {"id": "tom", "name": "Tom Berger"}
    assert b'"asked_in":"slack"' in entry.body
    assert b'"source":"console"' in entry.body
    assert b"A.5.15" in entry.body


def test_unknown_used_and_expired_links_get_the_same_page(shop: World) -> None:
    browser = Browser(shop.door)
    used, late = link_for(shop), link_for(shop, "tom")
    assert Browser(shop.door).post(used).status == 303
    shop.clock.move(minutes=10)
    pages = [
        answer.body
        for path in (used, late, "/sign-in/wbl_unknown", "/sign-in/x")
        for answer in (browser.get(path), browser.post(path))
        if answer.status == 404
    ]
    assert len(pages) == 8
    assert len(set(pages)) == 1
    assert "/vorfall konsole" in pages[0].decode()
    assert not browser.cookies
    in_time = link_for(shop, "tom")
    shop.clock.move(minutes=9, seconds=58)
    assert browser.post(in_time).status == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(shop: World) -> None:
    browser = signed_in(shop)
    thief = Browser(shop.door, cookies=dict(browser.cookies))
    assert is_in(browser)
    assert is_in(thief)
    assert browser.get("/sign-out").status == 405
    assert not is_in(Browser(shop.door, cookies={HOST_COOKIE: "wbs_guessed"}))
    assert "Sie sind nicht angemeldet" in browser.follow(browser.post("/sign-out")).text
    assert not browser.cookies
    assert not is_in(thief)
    assert ended(shop) == [("signed_out", "jana", "jana")]
    thief.post("/sign-out")
    assert len(ended(shop)) == 1, "it was over already"
    assert b"wbs_" not in b"".join(one.body for one in shop.entries())
    shop.intact()


def test_a_session_rests_an_hour_and_lasts_twelve(shop: World) -> None:
    browser, resting = signed_in(shop), signed_in(shop, "tom")
    for _ in range(13):
        assert is_in(browser)
        shop.clock.move(minutes=54)
    assert is_in(browser)
    assert not is_in(resting)
    shop.clock.move(minutes=15)
    assert is_in(browser), "eleven hours and 57 minutes"
    shop.clock.move(minutes=4)
    assert not is_in(browser)
    assert ended(shop) == [], "its time was over: nobody ended it"
    assert is_in(signed_in(shop))


def test_who_signs_in_as_another_is_that_one_alone(shop: World) -> None:
    browser = signed_in(shop, "jana")
    before = Browser(shop.door, cookies=dict(browser.cookies))
    path = link_for(shop, "tom")
    assert "Zurzeit ist Jana" in browser.get(path).text
    assert "Tom Berger" in browser.follow(browser.post(path)).text
    assert not is_in(before)
    assert ended(shop) == [("replaced", "jana", "tom")]
    used = browser.get(path)
    assert "Sie sind angemeldet" in used.text


CROSS = (
    {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
    {"sec_fetch_site": "same-site", "origin": "https://other.wachbuch.example"},
    {"sec_fetch_site": "none"},
    {"sec_fetch_site": "", "origin": "null"},
    {"sec_fetch_site": "", "origin": ""},
    {"sec_fetch_site": "", "origin": "https://wachbuch.example.evil.example"},
    {"sec_fetch_site": "", "origin": "http://wachbuch.example"},
    {"sec_fetch_site": "same-origin", "origin": "https://evil.example"},
)


def test_only_pages_of_the_console_sign_in_and_out(shop: World) -> None:
    browser, path = signed_in(shop), link_for(shop, "tom")
    for headers in CROSS:
        for target in (path, "/sign-out"):
            refused = browser.post(target, **headers)
            assert refused.status == 403, headers
            assert refused.headers["content-type"] == "application/problem+json"
            for language, said in {"de": "nicht zur Konsole gehört", "en": "does not belong to the console"}.items():
                page = read(browser.post(target, accept="text/html,*/*;q=0.8", accept_language=language, **headers))
                assert (page.answer.status, page.answer.headers["cache-control"]) == (403, "no-store")
                assert said in page.text
                assert [one.get("href") for one in page.links()] == ["/"]
    assert is_in(browser)
    assert browser.post(path, sec_fetch_site="", origin=PUBLIC).status == 303, "a browser that tells its origin alone"
    assert browser.post("/sign-out", origin=PUBLIC).status == 303


def test_a_browser_that_tells_its_origin_alone_gets_in_and_out(shop: World) -> None:
    browser, path = Browser(shop.door), link_for(shop)
    page = browser.get(path)
    assert page.headers["referrer-policy"] == "strict-origin", "its origin is told, the address with the secret is not"
    assert browser.post(path, sec_fetch_site="").status == 303
    assert is_in(browser)
    assert browser.post("/sign-out", sec_fetch_site="").status == 303
    assert not is_in(browser)


def test_a_slash_too_many_sends_no_link_over_plain_http(shop: World) -> None:
    path = link_for(shop)
    for wrong in (f"{path}/", "/incidents/", "/report/"):
        answer = Browser(shop.door).get(wrong)
        assert (answer.status, answer.headers.get("location")) == (404, None), wrong
    assert Browser(shop.door).post(path).status == 303


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_session_makes_no_links_that_would_outlast_it(shop: World, language: str) -> None:
    browser = Browser(shop.door)
    (url,) = re.findall(rf"{PUBLIC}/sign-in/wbl_\S+", talk(shop, "tom", [WORDS[language][0]], language))
    assert browser.post(path_of(url)).status == 303
    told = browser.post("/press", {"action": "incident.console", "value": ""})
    assert told.status == 200
    assert "/sign-in/" not in told.text
    assert {"de": "bereits in der Konsole", "en": "in the console already"}[language] in told.text
    assert kept(shop) == (0, 1)


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused_and_use_nothing_up(shop: World, verb: str) -> None:
    browser, path = Browser(shop.door), link_for(shop)
    assert browser.get(path, verb).status == 405
    assert browser.post(path).status == 303


def test_plain_http_lets_nobody_in_and_says_what_to_do(shop: World) -> None:
    path, good = link_for(shop), signed_in(shop, "tom")
    ways: tuple[tuple[str, dict[str, str]], ...] = (
        ("http://10.0.0.5:8080", {}),
        ("http://evil.example", {}),
        ("http://wachbuch.example", {"x_forwarded_proto": "http"}),
        ("http://127.0.0.1:8080", {"x_forwarded_for": "10.0.0.9"}),
        ("http://127.0.0.1.evil.example", {}),
        ("http://10.0.0.5", {"host": "[::1"}),
    )
    for base, headers in ways:
        browser = Browser(shop.door, base, cookies={**good.cookies, "wachbuch": good.cookies[HOST_COOKIE]})
        for answer in (browser.get(path, **headers), browser.get("/", **headers), browser.post(path, **headers)):
            assert answer.status == 403, base
            assert "WACHBUCH_PUBLIC_URL" in answer.text
    assert Browser(shop.door).post(path).status == 303


@pytest.fixture
def at_home(sqlite_url: str) -> Iterator[World]:
    """Without a public address."""
    with world(sqlite_url, more={"WACHBUCH_PUBLIC_URL": ""}) as made:
        yield made


def test_without_public_address_it_opens_on_the_machine_itself(at_home: World) -> None:
    said = at_home.say("jana", "/vorfall", "konsole").json()
    url = button_of(said)["url"]
    assert url.startswith("http://127.0.0.1:8080/sign-in/wbl_")
    assert "WACHBUCH_PUBLIC_URL" in said["text"]
    browser = Browser(at_home.door, "http://127.0.0.1:8080")
    assert browser.post(path_of(url), sec_fetch_site="", origin="http://127.0.0.1:8080").status == 303
    assert list(browser.cookies) == ["wachbuch"]
    assert "Secure" not in browser.said[0]
    assert is_in(browser)


def test_where_no_address_would_work_there_is_no_link(sqlite_url: str) -> None:
    for more in ({"WACHBUCH_HOST": "10.0.0.5"}, {"WACHBUCH_PORT": "0"}):
        with world(sqlite_url, more={"WACHBUCH_PUBLIC_URL": "", **more}) as office:
            said = office.say("jana", "/vorfall", "konsole").json()
            assert "url" not in str(said["blocks"])
            assert "WACHBUCH_PUBLIC_URL" in said["text"]


def test_a_mention_tells_how_to_ask_instead(shop: World) -> None:
    for word in ("konsole", "console 1"):
        told = mention(shop, "jana", word)
        assert "/vorfall konsole" in told["text"]
        assert "wbl_" not in str(told)
    direct = shop.slack.world.direct(slack_id("jana"))
    shop.sender.message(direct.id, slack_id("jana"), "konsole")
    shop.work(seconds=1)
    assert "/vorfall konsole" in shop.slack.messages(direct.id)[-1].text
    with shop.store.reading() as reads:
        assert not reads.links.of("console.link")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_terminal_gives_the_same_link(shop: World, language: str) -> None:
    told = talk(shop, "tom", [WORDS[language][0]], language)
    (url,) = re.findall(rf"^{WORDS[language][1]}: ({PUBLIC}/sign-in/wbl_\S+)$", told, re.MULTILINE)
    browser = Browser(shop.door)
    assert browser.post(path_of(url)).status == 303
    assert f'lang="{language}"' in browser.get("/").text


def test_who_left_is_out_at_once_and_gets_no_link(shop: World) -> None:
    browser, unused = signed_in(shop, "jana"), link_for(shop, "jana")
    with shop.store.transaction() as uow:
        uow.links.put(LEFT, slack_id("jana"), "")
    assert not is_in(browser)
    assert ended(shop) == [("left", "jana", "")], "at the first request after it"
    assert Browser(shop.door).post(unused).status == 404
    report, at_the_door = Report(what="x"), actor("jana", Source.CONSOLE)
    assert isinstance(shop.app.core.service.handle(report, at_the_door), Refused), "also what was on its way already"
    said = shop.say("jana", "/vorfall", "konsole").json()
    assert "url" not in str(said["blocks"])
    with shop.store.transaction() as uow:
        uow.links.remove(LEFT, slack_id("jana"))
    assert not is_in(browser), "who comes back signs in again"
    assert is_in(signed_in(shop, "jana"))
    assert isinstance(shop.app.core.service.handle(report, at_the_door), Accepted)


def test_following_the_link_in_slack_is_no_press_of_a_button(shop: World) -> None:
    said = shop.say("jana", "/vorfall", "konsole").json()
    path, sent, before = path_of(button_of(said)["url"]), len(shop.slack.world.sent), shop.kinds()
    payload = {
        "type": "block_actions", "team": {"id": "T0WACHBUCH"},
        "user": {"id": slack_id("jana"), "username": "jana", "team_id": "T0WACHBUCH"},
        "channel": {"id": INTAKE}, "trigger_id": "1.2.3", "response_url": f"{shop.slack.url}/respond",
        "actions": [{**button_of(said), "block_id": "b"}],
    }  # fmt: skip
    assert shop.sender.interaction(payload).status == 200
    assert (len(shop.slack.world.sent), shop.kinds()) == (sent, before)
    assert Browser(shop.door).get(path).status == 200


def test_whom_the_policy_does_not_name_is_in_the_console_what_they_are_in_slack(shop: World) -> None:
    shop.slack.add_user("U0FREMD", "fremd", real_name="Franka Fremd", locale="en-US")
    said = shop.sender.command("/incident", "console", user="U0FREMD").json()
    browser = Browser(shop.door)
    page = browser.follow(browser.post(path_of(button_of(said)["url"])))
    assert "Franka Fremd" in page.text
    assert 'lang="en"' in page.text
    with shop.store.transaction() as uow:
        uow.links.put(LEFT, "U0FREMD", "")
    assert not is_in(browser)


def test_of_many_clicks_in_two_replicas_exactly_one_gets_in(database_url: str) -> None:
    with world(database_url) as office:
        second = started(database_url, office.store, moment_of(office.clock), "de", office.slack, office.github)
        other = Door(create_app(second.edge))
        try:
            path = link_for(office)
            doors = (office.door, other) * 4
            with ThreadPoolExecutor(len(doors)) as pool:
                answers: list[Answer] = list(pool.map(lambda door: Browser(door).post(path), doors))
            assert sorted(one.status for one in answers) == [303] + [404] * 7
            assert office.kinds().count("console.signed_in") == 1
            (cookie,) = [one.headers["set-cookie"] for one in answers if one.status == 303]
            name, _, value = cookie.partition(";")[0].partition("=")
            assert is_in(Browser(other, cookies={name: value}))
            assert is_in(Browser(office.door, cookies={name: value}))
        finally:
            other.close()
            for closer in second.closers:
                closer()


def test_link_and_session_stand_in_no_log_and_no_database(shop: World, sqlite_url: str) -> None:
    with capture_logs() as logs:
        unused, path = link_for(shop, "tom"), link_for(shop)
        browser = Browser(shop.door)
        browser.get(path)
        assert browser.post(path).status == 303
        browser.post(path)
        browser.get("/")
        shop.work(seconds=5)
    told = str(logs)
    assert "console.link_not_good" in told
    secrets = [one.rpartition("/")[2] for one in (unused, path)] + [browser.cookies[HOST_COOKIE]]
    assert all(len(one) > 40 for one in secrets)
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    contents = [file.read_bytes() for file in database.parent.glob(f"{database.name}*")]
    assert any(b"console.session" in data for data in contents)
    for secret in secrets:
        assert secret not in told
        assert not [data for data in contents if secret.encode() in data]
        assert secret.partition("_")[2] not in told


def kept(office: World) -> tuple[int, int]:
    """How many links and sessions are stored."""
    with office.store.reading() as reads:
        return len(reads.links.of("console.link")), len(reads.links.of("console.session"))


def test_what_is_over_is_forgotten(shop: World) -> None:
    signed_in(shop)
    link_for(shop)
    assert kept(shop) == (1, 1)
    shop.clock.move(hours=12)
    link_for(shop)
    assert kept(shop) == (1, 0), "whenever a link is made"
    shop.clock.move(minutes=10)
    with shop.store.transaction() as uow:
        shop.app.runner._upkeep(uow, shop.clock.now)
    assert kept(shop) == (0, 0), "and once a day"
