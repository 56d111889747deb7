"""Ways past the gate that GitLab leaves open, each tried once: what holds must stay held, and be seen to."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import TILL
from tests.journeys.test_change_gitlab import GATE, Request
from tests.journeys.world import World, world
from workflows.change.codes import VerdictStatus

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

GREEN = {"build": "success", "scan": "success"}


@pytest.fixture
def till(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        made.gitlab.set_rules(TILL, pipelines_must_succeed=True)
        yield made


def mergeable(request: Request) -> bool:
    """Whether GitLab's button is there."""
    return bool(request.till.gitlab.status_of(request.request) == "mergeable")


@pytest.mark.parametrize("foreign", [{"ref": "other"}, {"ref": "work", "source": "parent_pipeline"}])
def test_a_pipeline_that_is_not_the_head_pipeline_does_not_draw_the_verdict_away(
    till: World, foreign: dict[str, str]
) -> None:
    request = Request(till)
    head = request.request.head
    request.step("run_pipeline", TILL, head, ref="work", jobs=GREEN)
    request.step("run_pipeline", TILL, head, jobs=GREEN, **foreign)
    assert request.shown == "pending"
    request.plan()
    request.approve("lena")
    assert request.shown == "success"
    assert mergeable(request)
    request.step("request_changes", TILL, request.iid, "tom")
    assert request.shown == "failed"
    assert not mergeable(request)


def test_two_requests_with_one_head_are_both_held_in_their_own_pipelines(till: World) -> None:
    first = Request(till)
    body = "Change: CHG-2026-0001"
    second = int(first.step("open_request", TILL, "work", "max", title="Noch einmal", description=body))
    both, head = (first.iid, second), first.request.head
    for iid in both:
        first.step("run_pipeline", TILL, head, request=iid, jobs=GREEN)
    assert [in_pipeline_of(till, iid) for iid in both] == [["pending"], ["pending"]]
    first.plan()
    first.approve("lena")
    assert [in_pipeline_of(till, iid) for iid in both] == [["pending"], ["pending"]], "the worse of the two"
    first.step("approve", TILL, second, "lena")
    assert [in_pipeline_of(till, iid) for iid in both] == [["success"], ["success"]]
    till.intact()


def in_pipeline_of(till: World, iid: int) -> list[str]:
    """What is shown in the head pipeline of a request."""
    project = till.gitlab.world.project(TILL)
    pipeline = project.head_pipeline(project.request(iid))
    return [one.status for one in pipeline.latest if one.name == GATE] if pipeline else []


def test_a_red_job_is_not_outshone_by_one_of_the_same_name_elsewhere(till: World) -> None:
    request = Request(till)
    head = request.request.head
    request.plan()
    red = {**GREEN, "scan": "failed"}
    request.step("run_pipeline", TILL, head, ref="work", jobs=red, allow_failure=["scan"])
    request.approve("lena")
    assert request.status is VerdictStatus.BLOCKED
    request.step("run_pipeline", TILL, head, ref="other", jobs=GREEN)
    assert request.status is VerdictStatus.BLOCKED
    assert request.shown == "failed"
    request.step("run_pipeline", TILL, head, ref="work", source="parent_pipeline", jobs=GREEN)
    assert request.status is VerdictStatus.BLOCKED
    request.step("run_pipeline", TILL, head, ref="work", jobs=GREEN)
    assert request.shown == "success", "a new head pipeline counts"


def test_a_forged_status_is_answered_at_once(till: World) -> None:
    request = Request(till)
    pipeline = request.step("run_pipeline", TILL, request.request.head, request=request.iid, jobs=GREEN)
    assert request.shown == "pending"
    request.step("set_status", TILL, request.request.head, GATE, "success", by="mallory", pipeline_id=pipeline)
    assert request.shown == "pending"
    assert not mergeable(request)
    request.plan()
    request.approve("lena")
    request.step("request_changes", TILL, request.iid, "tom")
    assert request.shown == "failed"
    request.step("set_status", TILL, request.request.head, GATE, "success", by="mallory", pipeline_id=pipeline)
    assert request.shown == "failed"
    till.intact()


def test_an_approval_counts_for_the_target_that_it_was_given_for(till: World) -> None:
    till.gitlab.set_rules(TILL, reset_approvals_on_push=False)
    till.gitlab.push(TILL, "side", "jana", files=["src/unseen.py"])
    branches = till.gitlab.world.project(TILL).branches
    branches["work"] = branches["side"]
    request = Request(till)
    request.step("retarget", TILL, request.iid, "max", "side")
    request.approve("lena")
    request.step("retarget", TILL, request.iid, "max", "main")
    request.green()
    assert Requirement.APPROVALS_COUNT in request.open_points
    assert request.shown == "pending"
    request.step("unapprove", TILL, request.iid, "lena")
    request.approve("lena")
    assert request.shown == "success"


def test_removing_a_reviewer_does_not_remove_the_objection(till: World) -> None:
    request = Request(till)
    request.green()
    request.step("request_changes", TILL, request.iid, "tom")
    request.step("remove_reviewer", TILL, request.iid, "max", "tom")
    request.approve("lena")
    assert request.status is VerdictStatus.BLOCKED
    assert "Changes requested by @tom" in request.note
    request.step("review", TILL, request.iid, "tom", "unreviewed")
    assert request.shown == "success"


def test_a_genuine_delivery_counts_once_whatever_hook_it_claims_to_come_from(till: World) -> None:
    Request(till)
    stored, taken = till.inbox(), till.gitlab.hooks.deliveries[-1]
    taken.hook.uuid = "00000000-0000-4000-8000-000000000000"
    till.gitlab.hooks.send(taken)
    assert taken.response_status == "200"
    assert till.inbox() == stored


def test_where_only_jobs_are_told_their_pipeline_is_looked_for(till: World) -> None:
    request = Request(till)
    request.plan()
    request.approve("lena")
    for hook in till.gitlab.hooks.hooks.values():
        hook.events.discard("pipeline_events")
    request.push(files=["src/other.py"])
    request.approve("lena")
    request.jobs()
    assert request.shown == "success"


def test_half_a_character_and_a_time_beyond_the_calendar_are_no_trouble(till: World) -> None:
    request = Request(till)
    (opened,) = [one for one in till.gitlab.hooks.deliveries if b'"action": "open"' in one.body]
    for change in ((b'"title": "Rechnung"', b'"title": "Rechnung \\ud800"'),
                   (b'"updated_at": "2026', b'"updated_at": "9999-12-31T23:59:59-12:00", "was": "2026')):  # fmt: skip
        assert change[0] in opened.body
        odd = replace(opened, id=opened.id + 1000, key=str(change), body=opened.body.replace(*change))
        till.gitlab.hooks.send(odd)
        assert odd.response_status == "202"
    till.work(seconds=2)
    request.green()
    request.approve("lena")
    assert request.shown == "success"
    till.intact()
