"""An emergency as people live it: asked for in Slack, confirmed by button, shut by a push, reviewed, done."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_terminal
from config.policy.ids import ChangeKind
from tests.journeys.policies import DIGEST, SHOP, slack_id
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.change.codes import ChangeState, Finding, VerdictStatus

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

WORDS = {
    "de": {
        "change": "/aenderung", "emergency": "notfall", "review": "nachbetrachten", "settle": "erledigen",
        "open": "NOTFALL durch Tom Berger", "shown": "NOTFALL: nur für diesen Commit frei", "late": "überfällig",
    },
    "en": {
        "change": "/change", "emergency": "emergency", "review": "review", "settle": "settle",
        "open": "EMERGENCY by Tom Berger", "shown": "EMERGENCY: open for this commit alone", "late": "is late",
    },
}  # fmt: skip
REVIEW = {"account": "Kasse stand", "justified": "yes", "prevention": "Probe vor dem Fest", "follow_up": ""}


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def office(request: pytest.FixtureRequest, language: str) -> Iterator[World]:
    """In German on SQLite, in English on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if language == "de" else "postgres_url")
    with world(url, language=language) as made:
        yield made


def posted(office: World) -> list[Any]:
    """What stands where changes are announced."""
    return [one for one in office.slack.world.channels[DIGEST].messages if not one.deleted]


def told(office: World) -> str:
    return json.dumps([one.blocks for one in posted(office)], ensure_ascii=False)


def asks(office: World, who: str, command: str, line: str, values: dict[str, Any]) -> None:
    """A verb, and the form that comes."""
    office.say(who, command, line)
    office.fill(who, in_slack(values, office.clock.now))
    office.work(seconds=2)


def test_one_breaks_the_glass_a_second_confirms_and_a_third_reviews(office: World, language: str) -> None:
    words = WORDS[language]
    request = Request(office)
    office.say("max", words["change"], f"{words['emergency']} {NUMBER}")
    asks(office, "tom", words["change"], f"{words['emergency']} {NUMBER}", {"reason": "Kasse steht", "incident": ""})
    assert (request.status, request.shown) == (VerdictStatus.EMERGENCY, "success")
    (comment,) = request.pull.comments
    assert words["shown"] in comment.body
    alert = next(one for one in posted(office) if words["open"] in json.dumps(one.blocks, ensure_ascii=False))
    assert f"<@{slack_id('petra')}>" in json.dumps(alert.blocks)
    assert f"<@{slack_id('tom')}>" not in json.dumps(alert.blocks)
    office.proves(json.dumps(alert.blocks, ensure_ascii=False), "emergency.opened")
    assert office.change().incidents == ("INC-2026-0001",), "a report was opened for it"
    assert [link.number for link in office.incident().links] == [NUMBER]
    office.sender.click("change.emergency:0", user=slack_id("tom"), channel=DIGEST, ts=alert.ts)
    assert office.change().emergencies[0].second is None, "nobody confirms themselves"
    office.sender.click("change.emergency:0", user=slack_id("petra"), channel=DIGEST, ts=alert.ts)
    office.work(seconds=2)
    assert office.change().emergencies[0].second is not None
    request.step("merge", SHOP, request.number, "max")
    case = office.change()
    assert (case.stands, case.kind, case.findings) == (ChangeState.DEPLOY, ChangeKind.EMERGENCY, ())
    asks(office, "tom", words["change"], f"{words['review']} {NUMBER}", REVIEW)
    assert office.change().review is not None, "who broke the glass does not review it"
    asks(office, "petra", words["change"], f"{words['review']} {NUMBER}", REVIEW)
    assert office.change().review is None
    assert office.change().stands is ChangeState.DEPLOY, "what was skipped is still due"
    for item in office.change().open_owed:
        office.say("max", words["change"], f"{words['settle']} {NUMBER} {item.requirement} done siehe Anhang")
    assert office.change().stands is ChangeState.DONE
    office.intact()


def test_a_push_shuts_it_and_nothing_but_the_next_emergency_opens_it(office: World) -> None:
    request = Request(office)
    office.say("tom", "/change", f"emergency {NUMBER} Kasse steht")
    office.work(seconds=2)
    assert request.shown == "success"
    request.push()
    assert request.shown == "pending"
    office.say("petra", "/change", f"emergency {NUMBER} confirm")
    office.work(seconds=2)
    assert request.shown == "pending", "what is confirmed is the commit before"
    office.intact()


def test_an_address_of_the_request_is_enough(office: World, language: str) -> None:
    request = Request(office)
    words = WORDS[language]
    unknown = f"{words['emergency']} <https://github.com/acme/other/pull/1> Kasse steht"
    office.say("tom", words["change"], unknown)
    assert not office.change().emergencies
    office.say("tom", words["change"], f"{words['emergency']} <https://github.com/{SHOP}/pull/1> Kasse steht")
    office.work(seconds=2)
    assert request.shown == "success"


def test_the_isb_hears_of_a_missing_second_person_and_of_a_late_review(office: World, language: str) -> None:
    request = Request(office)
    office.say("tom", "/change", f"emergency {NUMBER} Kasse steht")
    office.work(seconds=2)
    office.work(days=4)
    assert [one.found for one in office.change().findings] == [Finding.EMERGENCY_UNCONFIRMED]
    assert request.shown == "pending"
    assert f"<@{slack_id('petra')}>" in json.dumps(posted(office)[-1].blocks)
    office.work(days=5)
    assert WORDS[language]["late"] in told(office)
    before = len(posted(office))
    office.work(days=5)
    assert len(posted(office)) == before + 1, "once to the owner, once to the ISB"
    assert f"<@{slack_id('petra')}>" in json.dumps(posted(office)[-1].blocks)
    listed = json.dumps(office.say("petra", "/change", "list").json(), ensure_ascii=False)
    assert NUMBER in listed
    office.intact()


def test_what_is_over_stays_listed_until_it_is_reviewed(office: World) -> None:
    request = Request(office)
    request.step("merge", SHOP, request.number, "max", bypass=True)
    case = office.change()
    assert [one.found for one in case.findings] == [Finding.MERGED_UNPASSED]
    assert case.stands is ChangeState.DEPLOY, "not done before the review"
    assert case.review is not None
    assert case.review.due - office.clock.now > timedelta(days=6), "five working days"
    assert NUMBER in json.dumps(office.say("petra", "/change", "list").json())
    asks(office, "petra", "/change", f"review {NUMBER}", {**REVIEW, "justified": "no"})
    assert office.change().stands is ChangeState.DONE
    assert NUMBER not in json.dumps(office.say("petra", "/change", "list").json())
    office.intact()


def test_the_terminal_speaks_the_same(office: World, language: str) -> None:
    request, words, core = Request(office), WORDS[language], office.app.core
    chat, said = core.chat(PolicyDirectory(core.policy.policy)), io.StringIO()
    lines = f"{words['change'][1:]} {words['emergency']} 1 Kasse steht\n{words['change'][1:]} status 1\n"
    run_terminal(chat, actor("tom"), io.StringIO(lines), said)
    office.work(seconds=2)
    assert request.shown == "success"
    assert words["open"] in said.getvalue()
    office.proves(said.getvalue(), "emergency.opened")
