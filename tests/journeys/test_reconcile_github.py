"""What webhooks do not tell is found: the verdict is the one that they would have led to, and the log says so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.policies import LAB, SHOP
from tests.journeys.test_change_github import Request
from tests.journeys.world import World, world
from workflows.change.codes import VerdictStatus
from workflows.continuity import EVENTS, Effect, ForgeReconciled, Gap, GateStanding, Part, intervals
from workflows.events import Recorded
from workflows.record import read_entry, to_recorded

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

HOUR = 4000


def told(shop: World, kind: type[Any]) -> list[Any]:
    """The entries of one kind about gates."""
    return [one.event for one in recorded(shop) if isinstance(one.event, kind)]


def recorded(shop: World) -> list[Recorded]:
    with shop.store.reading() as reads:
        opened = list(reads.disclosures())
        entries = [one for one in reads.entries() if one.kind in {kind.value for kind in EVENTS}]
    fields = {
        one.index: read_entry(
            one.body, [(field.name, field.disclosure) for field in opened if field.index == one.index]
        )
        for one in entries
    }
    return [to_recorded(entry, EVENTS) for entry in fields.values()]


def standing(shop: World, repository: str = SHOP) -> GateStanding:
    """What the gate of a repository was last said to be worth."""
    found = [one for one in told(shop, GateStanding) if one.repository == repository and one.until is None]
    assert isinstance(found[-1], GateStanding)
    return found[-1]


@pytest.fixture
def quiet(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        made.work(seconds=1)
        yield made


@pytest.fixture
def by_token(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, as_app=False) as made:
        made.work(seconds=1)
        yield made


def test_a_lost_delivery_with_no_later_event_is_found(database_url: str) -> None:
    with world(database_url) as shop:
        shop.work(seconds=1)
        request = Request(shop)
        request.green()
        shop.github.hook.active = False
        request.review("lena")
        shop.github.hook.active = True
        assert request.shown == "pending", "nobody told us"
        shop.work(seconds=HOUR)
        assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")
        (repaired,) = told(shop, ForgeReconciled)
        assert (repaired.repository, repaired.requests, repaired.parts) == (SHOP, (1,), (Part.REVIEWS,))
        shop.intact()


@pytest.mark.full
def test_where_everything_was_told_nothing_is_said_to_be_repaired(quiet: World) -> None:
    request = Request(quiet)
    request.green()
    request.review("lena")
    quiet.work(seconds=HOUR)
    request.step("merge", SHOP, request.number, "max")
    quiet.work(seconds=HOUR)
    quiet.work(seconds=HOUR)
    assert told(quiet, ForgeReconciled) == []
    quiet.intact()


@pytest.mark.full
def test_a_check_that_turned_red_unheard_holds_the_request_again(quiet: World) -> None:
    request = Request(quiet)
    request.green()
    request.review("lena")
    quiet.github.hook.active = False
    request.check("build", "failure")
    assert request.shown == "success"
    quiet.work(seconds=HOUR)
    assert request.shown == "failure"
    assert told(quiet, ForgeReconciled)[0].parts == (Part.CHECKS,)


def test_deliveries_that_failed_are_sent_again_and_each_counts_once(quiet: World) -> None:
    request = Request(quiet)
    request.green()
    quiet.github.lose(1)
    request.review("lena")
    assert request.shown == "pending"
    quiet.work(seconds=HOUR)
    quiet.work(seconds=5)
    assert request.shown == "success"
    tries = [one for one in quiet.github.hook.deliveries if one.event == "pull_request_review"]
    assert [(one.redelivery, one.status_code) for one in tries] == [(False, 0), (True, 202)]
    assert sum(one.redelivered for one in told(quiet, ForgeReconciled)) == 1
    quiet.work(seconds=HOUR)
    assert sum(one.redelivered for one in told(quiet, ForgeReconciled)) == 1
    quiet.intact()


@pytest.mark.full
def test_a_hook_that_is_off_is_found_recorded_and_switched_on_where_that_is_allowed(by_token: World) -> None:
    by_token.github.hook.active = False
    by_token.work(seconds=HOUR)
    assert by_token.github.hook.active
    assert [one.parts for one in told(by_token, ForgeReconciled)] == [(Part.HOOK,)]
    by_token.github.fail("hooks.update", times=9, status=403, error="Resource not accessible")
    by_token.github.hook.active = False
    by_token.work(seconds=HOUR)
    assert not by_token.github.hook.active
    assert Gap.HOOK_OFF in standing(by_token).gaps
    by_token.github.hook.active = True
    by_token.work(seconds=HOUR)
    assert Gap.HOOK_OFF not in standing(by_token).gaps


def test_an_outage_is_recorded_with_what_was_merged_meanwhile(quiet: World) -> None:
    request = Request(quiet)
    request.green()
    request.review("lena")
    began = quiet.clock.now
    quiet.github.hook.transport = None
    quiet.clock.move(hours=2)
    quiet.github.merge(SHOP, request.number, "max")
    quiet.clock.move(hours=3)
    quiet.work(seconds=1)
    outages = [one for one in told(quiet, GateStanding) if one.until is not None]
    assert {one.repository: one.merges for one in outages}[SHOP] == (1,)
    assert {one.repository: one.merges for one in outages}[LAB] == ()
    assert {one.gaps for one in outages} == {(Gap.SERVICE_DOWN,)}
    assert all(one.since <= began and (one.until - began).total_seconds() > 4 * 3600 for one in outages)
    quiet.work(seconds=60)
    assert len([one for one in told(quiet, GateStanding) if one.until is not None]) == len(outages), "once"
    quiet.intact()


def test_when_a_rule_goes_and_comes_back_the_history_holds_both_times(quiet: World) -> None:
    repository = quiet.github.world.repository(SHOP)
    repository.required["main"] = {("wachbuch/gate", "wachbuch")}
    quiet.work(seconds=HOUR)
    assert (standing(quiet).effect, standing(quiet).gaps) == (Effect.EFFECTIVE, (Gap.BYPASS_UNSEEN,))
    request = Request(quiet)
    repository.enforcement = "evaluate"
    quiet.work(seconds=HOUR)
    assert (standing(quiet).effect, standing(quiet).gaps) == (Effect.OFF, (Gap.NOT_REQUIRED,))
    request.step("merge", SHOP, request.number, "max", bypass=True)
    repository.enforcement = "active"
    quiet.work(seconds=HOUR)
    down = (Gap.SERVICE_DOWN,)
    history = [one for one in intervals(recorded(quiet)) if one.repository == SHOP and one.gaps != down]
    assert [one.effect for one in history[-3:]] == [Effect.EFFECTIVE, Effect.OFF, Effect.EFFECTIVE]
    assert [one.merges for one in history[-3:]] == [(), (1,), ()]
    assert history[-2].until == history[-1].since
    assert json.dumps([one.since.isoformat() for one in history])
    quiet.intact()


@pytest.mark.full
def test_a_repository_that_is_not_reached_any_more_is_no_silence(quiet: World) -> None:
    lab = quiet.github.world.repositories.pop(LAB)
    quiet.work(seconds=HOUR)
    assert standing(quiet, LAB).gaps == (Gap.UNREACHED,)
    quiet.work(seconds=HOUR)
    assert [one.gaps for one in told(quiet, GateStanding) if one.repository == LAB].count((Gap.UNREACHED,)) == 1
    quiet.github.world.repositories[LAB] = lab
    quiet.work(seconds=HOUR)
    quiet.work(seconds=5)
    assert Gap.UNREACHED not in standing(quiet, LAB).gaps


@pytest.mark.full
def test_lost_permissions_are_said_until_they_are_back(quiet: World) -> None:
    assert Gap.PERMISSIONS not in standing(quiet).gaps
    granted = quiet.github.gate.granted
    held = granted.pop("deployments")
    quiet.work(seconds=HOUR)
    assert Gap.PERMISSIONS in standing(quiet).gaps
    granted["deployments"] = held
    quiet.work(seconds=HOUR)
    assert Gap.PERMISSIONS not in standing(quiet).gaps
    granted.pop("deployments")
    quiet.github.expire_tokens()
    quiet.work(seconds=HOUR)
    assert standing(quiet).gaps == (Gap.UNREACHED,), "no token is given out that holds a permission we lack"
    granted["deployments"] = held
    quiet.work(seconds=HOUR)
    quiet.work(seconds=5)
    assert Gap.UNREACHED not in standing(quiet).gaps
    quiet.intact()
