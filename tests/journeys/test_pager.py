"""A pager wakes people: each step of the ladder, taken back when somebody looks after it, with the number only."""

from collections.abc import Iterator

import pytest

from config.policy.ids import CaseRole, Visibility
from config.policy.loader import load_texts
from config.settings import load_settings
from tests.fakes.pager import GATEWAY_TOKEN, PATHS, TOKENS, FakePager
from tests.journeys.mailbox import direct
from tests.journeys.policies import INTAKE, PEOPLE, slack_id
from tests.journeys.test_paging import NUMBER, give
from tests.journeys.world import World, world
from tests.properties.catalog import person
from workflows.incident.commands import Acknowledge, Advance, Assess, AssignRole, Report
from workflows.incident.terms import Kind, State
from workflows.pointers import PAGER_FAILED

KINDS = ("pagerduty", "opsgenie", "ntfy", "json")
CALL = {"pagerduty": "POST /v2/enqueue", "opsgenie": "POST /v2/alerts", "ntfy": "POST /oncall", "json": "POST /sms"}
NOT_ASSESSED = {"pagerduty": "error", "opsgenie": "P2", "ntfy": "5", "json": "unknown"}


@pytest.fixture
def pager() -> Iterator[FakePager]:
    with FakePager() as fake:
        yield fake


@pytest.fixture
def office(request: pytest.FixtureRequest, sqlite_url: str, pager: FakePager) -> Iterator[World]:
    with world(sqlite_url, more=pager.environment(request.param)) as made:
        made.clock.move(hours=18)
        yield made


def report(office: World, what: str = "Drucker druckt von selbst") -> None:
    office.say("max", "/vorfall", f"melden {what}")
    office.work()


def failed(office: World) -> str:
    with office.store.reading() as reads:
        return reads.links.get(PAGER_FAILED, "last") or ""


@pytest.mark.parametrize("office", KINDS, indirect=True)
def test_a_report_rings_until_somebody_looks_after_it_and_says_only_its_number(
    office: World, pager: FakePager, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["office"]
    report(office)
    assert pager.world.rings == [f"{NUMBER} wartet auf jemanden, der übernimmt."]
    assert pager.world.urgencies == {NUMBER: NOT_ASSESSED[kind]}
    office.work(minutes=11)
    rings = 1 if kind in {"pagerduty", "opsgenie"} else 2
    assert len(pager.world.rings) == rings, "PagerDuty and Opsgenie keep one alert for one case"
    assert pager.calls[CALL[kind]] == 2
    give(office, "tom", Acknowledge(case=NUMBER))
    office.work(hours=1)
    assert len(pager.world.rings) == rings
    if kind != "ntfy":
        assert pager.world.alerts == {NUMBER: "acknowledged"}
        end = Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Warteschlange")
        give(office, "tom", Advance(case=NUMBER, to=State.DISMISSED, assess=end))
        assert pager.world.alerts == {NUMBER: "resolved"}
    assert "Drucker" not in str(pager.bodies)
    assert "Max" not in str(pager.bodies)
    office.intact()


@pytest.mark.parametrize("office", ["pagerduty"], indirect=True)
def test_a_pager_that_fails_is_tried_again_and_the_thread_says_to_phone(office: World, pager: FakePager) -> None:
    pager.fail("POST /v2/enqueue", status=429, retry_after=90)
    pager.fail("POST /v2/enqueue", status=503)
    report(office)
    assert failed(office) == "pager_busy"
    office.work(seconds=60)
    assert pager.calls["POST /v2/enqueue"] == 1, "not before it wants to be asked again"
    assert "Pager" not in str([one.blocks for one in office.slack.messages(INTAKE)])
    office.work(seconds=40)
    told = str(office.slack.messages(INTAKE)[-1].blocks)
    assert "Bitte anrufen." in told
    assert slack_id("jana") in told or slack_id("tom") in told
    assert failed(office) == "pager_unreachable"
    office.work(minutes=2)
    assert len(pager.world.rings) == 1
    assert failed(office) == ""
    assert sum("Bitte anrufen." in str(one.blocks) for one in office.slack.messages(INTAKE)) == 1
    office.intact()


@pytest.mark.parametrize("office", ["opsgenie"], indirect=True)
def test_a_lost_answer_rings_once_and_is_called_off_all_the_same(office: World, pager: FakePager) -> None:
    pager.fail("POST /v2/alerts", after_effect=True)
    report(office)
    give(office, "tom", Acknowledge(case=NUMBER))
    office.work(minutes=1)
    assert len(pager.world.rings) == 1
    assert pager.world.alerts == {NUMBER: "acknowledged"}
    office.intact()


def test_what_the_pager_refuses_is_given_up_at_once_and_told(sqlite_url: str, pager: FakePager) -> None:
    more = {**pager.environment("json"), "WACHBUCH_PAGING_TOKEN": "another"}
    with world(sqlite_url, more=more) as office:
        report(office)
        assert [job.kind for job in office.dead()] == ["pager.call"]
        assert "Bitte anrufen." in str(office.slack.messages(INTAKE)[-1].blocks)
        assert "job.dead" in office.kinds()
        assert "another" not in str(office.dead())


@pytest.mark.parametrize("office", ["json"], indirect=True)
def test_a_confidential_report_rings_and_a_strictly_confidential_one_does_not(office: World, pager: FakePager) -> None:
    office.say("max", "/vorfall", "")
    office.fill("max", {"what": "Verdacht gegen Kollegen", "visibility": "restricted"})
    office.work()
    office.say("max", "/vorfall", "")
    named = [slack_id("petra"), slack_id("gerda")]
    office.fill("max", {"what": "Verdacht gegen Leitung", "visibility": "sealed", "named": named})
    office.work()
    give(office, "petra", Acknowledge(case="INC-S-2026-0001"))
    assert pager.world.rings == [f"{NUMBER} wartet auf jemanden, der übernimmt."]
    assert pager.calls["POST /sms"] == 1
    office.intact()


@pytest.mark.parametrize("office", ["json"], indirect=True)
def test_a_drill_rings_only_when_it_is_to_and_says_that_it_is_one(office: World, pager: FakePager) -> None:
    office.say("petra", "/vorfall", "übung Drucker druckt von selbst")
    office.work(minutes=30)
    assert pager.world.rings == []
    office.say("petra", "/vorfall", "übung --rufen Drucker druckt von selbst")
    office.work()
    assert pager.world.rings == ["ÜBUNG · INC-2026-0002 wartet auf jemanden, der übernimmt."]
    office.intact()


def test_it_rings_though_the_policy_has_no_roster(sqlite_url: str, pager: FakePager) -> None:
    empty = load_texts({"policy.yaml": b"organisation: Beispiel GmbH\nlanguage: de\n"})
    with world(sqlite_url, more=pager.environment("json"), decided=empty) as office:
        report(office)
        assert len(pager.world.rings) == 1


def test_a_secret_of_the_pager_is_one_everywhere(pager: FakePager) -> None:
    settings = load_settings(pager.environment("json"))
    assert {GATEWAY_TOKEN, f"{pager.url}{PATHS['json']}"} <= set(settings.secrets())
    assert TOKENS["json"] not in repr(settings)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_confidential_report_without_a_channel_tells_those_who_may_see_it_to_phone(
    sqlite_url: str, pager: FakePager, language: str
) -> None:
    more = {**pager.environment("json"), "WACHBUCH_PAGING_TOKEN": "another"}
    with world(sqlite_url, more=more, language=language) as office:
        give(office, "max", Report(what="Verdacht gegen Kollegen", visibility=Visibility.RESTRICTED))
        asks = "Bitte anrufen." if language == "de" else "Please call by phone."
        told = {who: [str(one.blocks) for one in direct(office, who) if asks in str(one.blocks)] for who in PEOPLE}
        assert {who for who, said in told.items() if said} == {"petra", "max"}, "the next one, and who recorded it"
        for (said,) in (told["petra"], told["max"]):
            assert NUMBER in said
            assert slack_id("tom") in said, "whom to call"
            assert "Verdacht" not in said
        give(office, "petra", AssignRole(case=NUMBER, role=CaseRole.LEAD, person=person("paul")))
        office.work(minutes=11)
        assert sum(asks in str(one.blocks) for one in direct(office, "paul")) == 1, "who leads hears it too"
        assert not any(asks in str(one.blocks) for one in office.slack.messages(INTAKE))
