"""Deployments in conversation: may it go there, whoever may is asked and approves by a button, and the way back."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from tests.journeys.deploys import Release
from tests.journeys.policies import DIGEST, slack_id
from tests.journeys.replica import Line, another
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from tests.waiting import until
from workflows.change.codes import ChangeState, DeploymentOutcome

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

WORDS = {
    "de": {
        "change": "/aenderung", "deploy": "ausrollen", "deployed": "ausgerollt", "failed": "fehlgeschlagen",
        "rollback": "zurücknehmen", "link": "verknüpfen", "asked": "Um Freigabe gebeten: Ralf Mehl.",
        "again": "Bereits gebeten: Ralf Mehl.", "merge": "noch nicht gemergt",
    },
    "en": {
        "change": "/change", "deploy": "deploy", "deployed": "deployed", "failed": "failed",
        "rollback": "rollback", "link": "link", "asked": "Asked for the approval: Ralf Mehl.",
        "again": "Asked already: Ralf Mehl.", "merge": "not merged yet",
    },
}  # fmt: skip


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def words(request: pytest.FixtureRequest) -> dict[str, str]:
    return WORDS[request.param]


@pytest.fixture
def office(words: dict[str, str], sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de" if words is WORDS["de"] else "en") as made:
        yield made


def said(office: World, who: str, command: str, line: str) -> str:
    """What somebody is answered."""
    answer = office.say(who, command, line).json()
    return json.dumps(answer["blocks"], ensure_ascii=False)


def asking(office: World) -> list[Any]:
    """The messages that ask for an approval."""
    messages = [one for one in office.slack.world.channels[DIGEST].messages if not one.deleted]
    return [one for one in messages if "change.approve" in json.dumps(one.blocks)]


def test_the_verdict_is_shown_and_whoever_may_is_asked(office: World, words: dict[str, str]) -> None:
    release = Release(office)
    release.deploy("dev")
    told = said(office, "max", words["change"], f"{words['deploy']} production 1")
    assert words["asked"] in told
    office.proves(told, "deploy.asked")
    assert "change.approve" not in told, "who asked for it gets no button"
    office.work(seconds=2)
    (message,) = asking(office)
    assert f"<@{slack_id('ralf')}>" in json.dumps(message.blocks)
    assert words["again"] in said(office, "jana", words["change"], f"{words['deploy']} 1 prod")
    office.work(seconds=2)
    assert len(asking(office)) == 1, "nobody is asked twice within half an hour"
    refused = office.sender.click("change.approve:0", user=slack_id("max"), channel=DIGEST, ts=message.ts)
    assert refused.status == 200
    assert office.change().deploy_approvals == (), "nobody approves their own"
    office.work(seconds=2)
    office.sender.click("change.approve:0", user=slack_id("ralf"), channel=DIGEST, ts=message.ts)
    office.work(seconds=2)
    assert [office.change().name_of(one.by) for one in office.change().deploy_approvals] == ["Ralf Mehl"]
    assert words["again"] not in said(office, "max", words["change"], f"{words['deploy']} prod 1")
    release.deploy("production")
    assert office.change().stands is ChangeState.DONE
    office.intact()


def test_a_press_that_comes_again_much_later_asks_nobody_twice(
    office: World, words: dict[str, str], sqlite_url: str
) -> None:
    Release(office).deploy("dev")
    choice = office.say("max", words["change"], f"{words['deploy']} 1").json()
    (button,) = [one for block in choice["blocks"] for one in block.get("elements", ()) if "prod" in str(one)]
    office.sender.transport = line = Line(office.door)

    def answers() -> list[str]:
        replies = [reply for one in office.slack.world.responses.values() for reply in one.replies]
        return [json.dumps(one, ensure_ascii=False) for one in replies]

    office.sender.click(button["action_id"], user=slack_id("max"), blocks=choice["blocks"])
    until(answers)
    office.work(minutes=45)
    with another(office, sqlite_url, "de" if words is WORDS["de"] else "en") as elsewhere:
        office.sender.transport = elsewhere
        assert office.sender.send(line.body, "application/x-www-form-urlencoded").status == 200
        until(lambda: len(answers()) > 1)
    first, again = answers()
    assert words["asked"] in first
    assert words["asked"] in again
    assert office.kinds().count("deploy.asked") == 1
    office.intact()


def test_who_is_asked_finds_it_on_their_home_tab(office: World, words: dict[str, str]) -> None:
    release = Release(office)
    release.deploy("dev")
    said(office, "max", words["change"], f"{words['deploy']} production 1")
    for who in ("ralf", "max"):
        office.sender.home(slack_id(who))
    office.work(seconds=2)
    shown = {who: office.slack.home_of(slack_id(who)) for who in ("ralf", "max")}
    assert shown["ralf"] is not None
    assert shown["max"] is not None
    assert "change.approve" in str(shown["ralf"].view)
    assert "change.approve" not in str(shown["max"].view)
    office.sender.click("change.approve:0", user=slack_id("ralf"), home=True)
    assert [office.change().name_of(one.by) for one in office.change().deploy_approvals] == ["Ralf Mehl"]
    for _ in range(3):
        office.work(seconds=10)
    after = office.slack.home_of(slack_id("ralf"))
    assert after is not None
    assert "change.approve" not in str(after.view)


def test_what_went_back_is_recorded_and_its_successor_named(office: World, words: dict[str, str]) -> None:
    release = Release(office)
    release.deploy("dev")
    release.approve()
    change = words["change"]
    office.say("ralf", change, f"{words['deployed']} prod 1 {words['failed']}")
    assert (release.outcome(), office.change().stands) == (DeploymentOutcome.FAILED, ChangeState.DEPLOY)
    done = said(office, "ralf", change, f"{words['deployed']} prod 1")
    office.proves(done, "deployment.seen")
    assert office.change().stands is ChangeState.DONE
    refused = said(office, "jana", change, f"{words['rollback']} prod 1 Kasse rechnet falsch")
    assert (office.change().stands, "deployment.rolled_back" in office.kinds()) == (ChangeState.DONE, False), refused
    back = said(office, "ralf", change, f"{words['rollback']} prod 1 Kasse rechnet falsch")
    office.proves(back, "deployment.rolled_back", "change.moved")
    assert f"`{words['link']} {NUMBER} CHG-…`" in back
    assert office.change().stands is ChangeState.ROLLED_BACK
    office.say("max", change, "plan Rundung")
    office.say("max", change, f"{words['link']} 1 CHG-2026-0002")
    assert office.change().successor == "CHG-2026-0002"
    office.intact()


def test_the_form_asks_for_the_reason(office: World, words: dict[str, str]) -> None:
    release = Release(office)
    release.deploy("dev")
    office.say("ralf", words["change"], f"{words['rollback']} dev 1")
    office.fill("ralf", in_slack({"environment": "dev", "reason": "Kasse rechnet falsch"}, office.clock.now))
    assert release.outcome("dev") is DeploymentOutcome.ROLLED_BACK


def test_what_cannot_go_there_yet_says_so(office: World, words: dict[str, str]) -> None:
    Release(office, merge=False)
    waits = said(office, "max", words["change"], f"{words['deploy']} prod 1")
    assert words["merge"] in waits
    Release(office, number="CHG-2026-0002", branch="more")
    assert "dev, prod" in said(office, "max", words["change"], f"{words['deploy']} mars 2")
    assert "deploy.asked" not in office.kinds()
    assert "change.deploy" in said(office, "max", words["change"], f"{words['deploy']} 2"), "a choice"


def test_at_the_terminal_it_reads_the_same(office: World) -> None:
    release = Release(office)
    release.deploy("dev")
    core = office.app.core
    chat = core.chat(PolicyDirectory(core.policy.policy))
    out = io.StringIO()
    run_once(chat, actor("jana"), "change deploy prod 1", io.StringIO(), out, "en")
    assert "Asked for the approval: Ralf Mehl." in out.getvalue()
    run_once(chat, actor("ralf"), "aenderung freigeben 1 ausrollen prod", io.StringIO(), out, "de")
    assert len(office.change().deploy_approvals) == 1


def test_why_it_went_back_is_asked_where_the_forge_told_of_it(office: World) -> None:
    first = Release(office)
    second = Release(office, number="CHG-2026-0002", branch="more")
    for release in (first, second):
        release.deploy("dev")
        release.approve()
        release.deploy("production")
    first.deploy("production")
    assert office.change(second.change).stands is ChangeState.ROLLED_BACK
    (message,) = [one for one in office.slack.world.channels[DIGEST].messages if "change.rollback" in str(one.blocks)]
    assert f"<@{slack_id('ralf')}>" in json.dumps(message.blocks)
    office.sender.click("change.rollback:0", user=slack_id("ralf"), channel=DIGEST, ts=message.ts)
    office.fill("ralf", in_slack({"environment": "prod", "reason": "Kasse rechnet falsch"}, office.clock.now))
    stage = office.change(second.change).requests[0].stage("prod")
    assert stage is not None
    assert (stage.unexplained, stage.outcome) == (False, DeploymentOutcome.ROLLED_BACK)
    office.intact()
