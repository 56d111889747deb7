"""Ways around the gate of a deployment that were tried: each is held, and what is allowed next to it passes."""

import socket
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bot.commands.gate_client import TRIES, GateClient, Unreachable
from bot.credentials import sealed
from bot.notices import sealed_bytes
from tests.journeys.deploys import Release, ask, token
from tests.journeys.policies import DEPOT
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, Finding, ResultCode

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

SECOND = "CHG-2026-0002"
REVIEW = {"account": "Es brannte", "justified": "yes", "prevention": "Notfallweg nutzen"}


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def question(sha: str, environment: str = "prod") -> dict[str, str]:
    return {"repository": DEPOT, "environment": environment, "sha": sha}


def test_what_was_merged_past_the_gate_is_held_until_its_review(shop: World) -> None:
    request, secret = Request(shop, repo=DEPOT), token(shop)
    request.plan()
    sha = str(request.step("merge", DEPOT, request.number, "max", bypass=True))
    held = ask(shop, secret, **question(sha, "dev")).json()
    (result,) = (one for one in held["changes"][0]["requirements"] if one["held"])
    assert (held["passed"], held["status"], result["code"]) == (False, "blocked", ResultCode.MERGED_UNPASSED)
    later = Release(shop, number=SECOND, branch="more")
    assert ask(shop, secret, **question(later.sha, "dev")).json()["passed"] is False, "it would go along"
    shop.say("petra", "/change", f"review {NUMBER}")
    shop.fill("petra", in_slack(REVIEW, shop.clock.now))
    shop.work(seconds=2)
    assert ask(shop, secret, **question(sha, "dev")).json()["passed"] is True
    request.step("deploy", DEPOT, later.sha, "dev", "max")
    assert {one.found for one in shop.change().findings} == {Finding.MERGED_UNPASSED}
    shop.intact()


def test_a_rollback_that_passes_is_no_finding(shop: World) -> None:
    first, secret = Release(shop), token(shop)
    second = Release(shop, number=SECOND, branch="more")
    second.deploy("dev")
    first.approve()
    second.approve()
    second.deploy("production")
    assert ask(shop, secret, **question(first.sha)).json()["back"] is True
    first.deploy("production")
    assert [shop.change(one).stands for one in (NUMBER, SECOND)] == [ChangeState.DONE, ChangeState.ROLLED_BACK]
    assert shop.change().findings == ()
    shop.intact()


def test_what_left_with_a_rollback_comes_back_through_the_gate_alone(shop: World) -> None:
    base, secret = Release(shop), token(shop)
    first = Release(shop, number=SECOND, branch="more")
    second = Release(shop, number="CHG-2026-0003", branch="most")
    base.deploy("dev")
    second.deploy("dev")
    for one in (base, first, second):
        one.approve()
    base.deploy("production")
    second.deploy("production")
    base.deploy("production")
    held = ask(shop, secret, **question(first.sha)).json()
    assert (held["passed"], held["back"]) == (False, False), "this commit was never deployed anywhere"
    first.deploy("production")
    assert {one.found for one in shop.change(SECOND).findings} == {Finding.DEPLOYED_UNPASSED}
    shop.intact()


def test_the_head_of_a_merged_request_is_not_its_merge(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    head = ask(shop, secret, **question(release.pull.head, "dev")).json()
    assert (head["passed"], head["uncovered"]) == (False, [release.pull.head])
    assert ask(shop, secret, **question(release.sha, "dev")).json()["passed"] is True


def test_two_requests_of_one_merge_are_both_judged(shop: World) -> None:
    first, second = Release(shop, merge=False), Release(shop, number=SECOND, branch="more", merge=False)
    secret = token(shop)
    sha = str(first.step("merge", DEPOT, first.number, "max"))
    second.step("merged_along", DEPOT, second.number, "max", sha)
    both = ask(shop, secret, **question(sha, "dev")).json()
    assert (both["passed"], len(both["changes"])) == (True, 2)
    first.deploy("dev", sha=sha)
    first.approve()
    assert ask(shop, secret, **question(sha)).json()["passed"] is False, "one of two is approved"
    second.approve()
    assert ask(shop, secret, **question(sha)).json()["passed"] is True
    first.deploy("production", sha=sha)
    assert [shop.change(one).stands for one in (NUMBER, SECOND)] == [ChangeState.DONE, ChangeState.DONE]
    shop.intact()


def test_a_merge_into_a_branch_without_rules_is_no_way_to_production(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    release.step("push", DEPOT, "feature", "max")
    release.step("push", DEPOT, "aside", "max")
    aside = int(release.step("open_pull", DEPOT, "aside", "max", base="feature"))
    sha = str(release.step("merge", DEPOT, aside, "max"))
    assert ask(shop, secret, **question(sha)).json()["uncovered"] == [sha]
    release.deploy("production", sha=sha)
    shop.work(minutes=11)
    (finding,) = shop.change(SECOND).findings
    assert (finding.found, finding.commit) == (Finding.DEPLOYED_UNCOVERED, sha)
    release.deploy("dev")
    shop.work(minutes=11)
    assert shop.change().findings == (), "a merge that the policy covers is none"
    shop.intact()


def test_where_both_forges_have_the_repository_it_is_said_which(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    asked = question(release.sha, "dev")
    assert ask(shop, secret, **asked).json()["passed"] is True
    shop.gitlab.add_project(DEPOT)
    shop.gitlab.push(DEPOT, "work", "max")
    shop.gitlab.open_request(DEPOT, "work", "max", title="Rechnung", description="")
    shop.work(seconds=2)
    unclear = ask(shop, secret, **asked)
    assert (unclear.status, unclear.json()["title"]) == (422, "both forges have a repository of this name")
    assert ask(shop, secret, **asked, forge="github").json()["passed"] is True
    assert ask(shop, secret, **asked, forge="gitlab").json()["passed"] is False
    told = notice(secret, release.sha, forge="github")
    assert ask(shop, secret, "offline", notices=[told]).json()["notices"][0]["outcome"] == "recorded"


def notice(secret: str, sha: str, **more: str) -> dict[str, Any]:
    """A notice as a pipeline writes it."""
    told = {
        "version": 1, "id": str(uuid4()), "repository": DEPOT, "environment": "prod", "sha": sha,
        "at": "2026-03-02T09:00:00Z", "reason": "Dienst nicht erreichbar", "run": "", **more,
    }  # fmt: skip
    return {**told, "seal": sealed(secret, sealed_bytes(told))}


def outcome(shop: World, secret: str, told: dict[str, Any]) -> str:
    return str(ask(shop, secret, "offline", notices=[told]).json()["notices"][0]["outcome"])


def test_a_notice_takes_no_other_ones_place(shop: World) -> None:
    release, ours, theirs = Release(shop), token(shop), token(shop)
    real = notice(ours, release.sha)
    first = notice(theirs, release.sha, id=real["id"], environment="dev", reason="harmlos")
    assert outcome(shop, theirs, first) == "recorded"
    assert outcome(shop, theirs, first) == "known"
    assert outcome(shop, ours, real) == "another notice has this id", "the pipeline keeps it"
    assert outcome(shop, ours, notice(ours, release.sha)) == "recorded"


def test_every_notice_of_a_commit_without_a_change_is_taken(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    stray = str(release.step("push", DEPOT, "main", "max"))
    assert [outcome(shop, secret, notice(secret, stray)) for _ in range(2)] == ["recorded", "recorded"]
    assert len([one for one in shop.change(SECOND).findings if one.found is Finding.DEPLOYED_OFFLINE]) == 1


@pytest.mark.parametrize(
    ("at", "status"),
    [("2026-03-02T10:00:00+01:00", 200), ("2999-01-01T00:00:00-14:00", 200), ("0001-01-01T00:00:00+14:00", 422),
     ("9999-12-31T23:59:59-14:00", 422)],
)  # fmt: skip
def test_the_clock_of_a_pipeline(shop: World, at: str, status: int) -> None:
    release, secret = Release(shop), token(shop)
    assert ask(shop, secret, "offline", notices=[notice(secret, release.sha, at=at)]).status == status
    assert len(shop.change().findings) == (status == 200)
    shop.intact()


@pytest.mark.full
def test_what_is_no_http_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            for _ in range(TRIES):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"no http at all\r\n\r\n")

        thread = threading.Thread(target=babble, daemon=True)
        thread.start()
        with pytest.raises(Unreachable, match="BadStatusLine"):
            GateClient(f"http://127.0.0.1:{listener.getsockname()[1]}", "wbg_x").post("/api/v1/gate/check", {})
        thread.join(20)
