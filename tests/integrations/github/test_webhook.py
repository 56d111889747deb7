import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.github import webhook
from integrations.github.client import Client
from integrations.github.read import read_request
from integrations.github.webhook import Asked, Facts
from integrations.parsing import Ignored, Incomplete
from tests import corpora
from tests.fakes.github import WEBHOOK_SECRET, FakeGitHub
from tests.fakes.github.hooks import Hook
from tests.integrations.github.conftest import NOW, REPO
from workflows.change.facts import RequestFacts, merge
from workflows.change.seen import (
    BranchPushed,
    CheckSeen,
    CheckStatus,
    DeploymentSeen,
    DeploymentState,
    DeploymentStatusSeen,
    PushSeen,
    RepositorySeen,
    RequestSeen,
    RequestState,
    ReviewSeen,
    ReviewState,
    StatusSeen,
    StatusState,
)

_EVENTS = {
    "pull-request": "pull_request",
    "pull-request-review": "pull_request_review",
    "pull-request-review-edited": "pull_request_review",
    "pull-request-dequeued": "pull_request",
    "pull-request-enqueued": "pull_request",
    "check-run": "check_run",
    "check-suite": "check_suite",
    "deployment-status": "deployment_status",
    "repository-edited": "repository",
}


def _bodies() -> list[Path]:
    try:
        root = corpora.folder("github")
    except pytest.skip.Exception:
        return []
    return sorted(root.glob("*/*.json"))


def _event(file: Path) -> str:
    return _EVENTS.get(file.stem, file.stem)


def _body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((corpora.folder("github/bodies") / f"{name}.json").read_bytes())
    return found


def _facts(event: str, payload: dict[str, Any], **more: str) -> Facts:
    parsed = webhook.parse(event, payload, NOW, **more)
    assert isinstance(parsed, Facts), parsed
    return parsed


def test_the_corpora_are_there() -> None:
    assert len(list(corpora.folder("github").glob("*/*.json"))) == 71


@pytest.mark.parametrize("file", _bodies(), ids=lambda file: file.stem)
def test_every_real_body_is_verified_and_survived_as_json_and_as_form(file: Path) -> None:
    raw = file.read_bytes()
    for form in (False, True):
        hook = Hook(lambda: datetime.now(UTC), lambda: 1, form_encoded=form)
        delivery = hook.emit(_event(file), json.loads(raw))
        body = urlencode({"payload": raw.decode()}).encode() if form else raw
        headers = hook.headers(delivery, body)

        assert webhook.verify(headers, body, WEBHOOK_SECRET).genuine
        assert not webhook.verify(headers, body, "another").genuine
        event, delivery_id, hook_id = webhook.delivery_of(headers)
        assert (event, delivery_id, hook_id) == (_event(file), delivery.guid, "77")
        payload = webhook.payload_of(body, headers["content-type"])
        assert payload is not None
        assert payload == json.loads(raw)
        parsed = webhook.parse(event, payload, NOW)
        assert isinstance(parsed, webhook.Parsed)
        if file.parent.name == "bodies":
            assert not isinstance(parsed, Incomplete), parsed


def test_an_opened_request_tells_the_request_and_its_repository() -> None:
    facts = _facts("pull_request", _body("pull-request"))

    repository, request = facts.updates
    assert isinstance(repository, RepositorySeen)
    assert isinstance(request, RequestSeen)
    assert (facts.repository, facts.repository_id, facts.installation_id) == (
        "baxterthehacker/public-repo",
        "35129377",
        234,
    )
    core = request.core
    assert (core.state, core.draft, core.base, core.fork) == (RequestState.OPEN, False, "master", False)
    assert (core.author.id, core.author.login) == ("6752317", "baxterthehacker")
    assert core.updated_at == datetime(2015, 5, 5, 23, 40, 27, tzinfo=UTC)


def test_a_closed_request_derived_from_the_opened_one_keeps_no_test_merge() -> None:
    body = _body("pull-request") | {"action": "closed"}
    body["pull_request"] |= {"state": "closed", "merge_commit_sha": "a" * 40}
    (request,) = _facts("pull_request", body).updates
    assert isinstance(request, RequestSeen)
    assert (request.core.state, request.core.merge_commit) == (RequestState.CLOSED, None)

    body["pull_request"] |= {"merged": True, "merged_at": "2015-05-06T10:00:00Z"}
    (request,) = _facts("pull_request", body).updates
    assert isinstance(request, RequestSeen)
    assert (request.core.state, request.core.merge_commit) == (RequestState.MERGED, "a" * 40)


def test_reviews_approved_and_changes_requested_derived_from_it_by_changing_the_state() -> None:
    body = _body("pull-request-review")
    body["review"]["commit_id"] = "b" * 40
    for told, kept in (("approved", ReviewState.APPROVED), ("CHANGES_REQUESTED", ReviewState.CHANGES_REQUESTED)):
        body["review"]["state"] = told
        _, review = _facts("pull_request_review", body).updates
        assert isinstance(review, ReviewSeen)
        assert (review.review.state, review.review.commit) == (kept, "b" * 40)
        assert review.review.reviewer.login == "baxterthehacker"

    dismissed = body | {"action": "dismissed"}
    _, review = _facts("pull_request_review", dismissed).updates
    assert isinstance(review, ReviewSeen)
    assert review.review.state is ReviewState.DISMISSED


def test_a_deleted_reviewer_is_nobody_that_could_be_resolved() -> None:
    body = _body("pull-request-review")
    body["review"]["user"] = None
    _, review = _facts("pull_request_review", body).updates
    assert isinstance(review, ReviewSeen)
    assert (review.review.reviewer.id, review.review.reviewer.login) == (None, None)


def test_statuses_checks_and_deployments_are_told_by_commit() -> None:
    (status,) = _facts("status", _body("status")).updates
    assert isinstance(status, StatusSeen)
    assert (status.context, status.state, status.creator.login) == (
        "default",
        StatusState.SUCCESS,
        "baxterthehacker",
    )
    body = _body("check-run") | {"action": "completed"}
    body["check_run"]["app"]["slug"] = "super-duper"
    (check,) = _facts("check_run", body).updates
    assert isinstance(check, CheckSeen)
    assert (check.check.name, check.check.source, check.check.conclusion) == ("randscape", "super-duper", "neutral")
    (deployment,) = _facts("deployment", _body("deployment")).updates
    assert isinstance(deployment, DeploymentSeen)
    assert deployment.environment == "production"
    (reached,) = _facts("deployment_status", _body("deployment-status")).updates
    assert isinstance(reached, DeploymentStatusSeen)
    assert (reached.state, reached.deployment_id) == (DeploymentState.SUCCESS, "710692")


def test_what_we_wrote_ourselves_is_no_news_but_a_forgery_of_it_is_answered() -> None:
    body = _body("status") | {"context": "wachbuch/gate"}
    body["sender"] |= {"login": "wachbuch[bot]", "type": "Bot"}
    assert isinstance(webhook.parse("status", body, NOW, own="wachbuch"), Ignored)
    body["sender"] |= {"login": "mallory", "type": "User"}
    forged = webhook.parse("status", body, NOW, own="wachbuch")
    assert isinstance(forged, Asked)
    assert forged.forged
    assert isinstance(webhook.parse("status", body, NOW), Ignored), "who we are is not known: it could be ours"
    (status,) = _facts("status", body | {"context": "build"}, own="wachbuch").updates
    assert isinstance(status, StatusSeen)
    assert status.as_check().source == "mallory"


def test_a_push_tells_who_pushed_which_branch_and_a_tag_or_a_deletion_nothing() -> None:
    body: dict[str, Any] = {
        "ref": "refs/heads/feature/kasse",
        "before": "0" * 40,
        "after": "a" * 40,
        "deleted": False,
        "repository": _body("status")["repository"],
        "sender": {"id": 12, "login": "lena", "type": "User"},
    }
    (pushed,) = _facts("push", body).updates
    assert isinstance(pushed, BranchPushed)
    assert (pushed.branch, pushed.before, pushed.sha, pushed.pusher.login) == (
        "feature/kasse",
        None,
        "a" * 40,
        "lena",
    )
    for other in ({"ref": "refs/tags/v1"}, {"deleted": True, "after": "0" * 40}, {"sender": None}):
        assert isinstance(webhook.parse("push", body | other, NOW), Ignored)


def test_asking_for_our_check_again_is_an_order_to_look_again() -> None:
    body = _body("check-run")
    assert body["action"] == "rerequested"
    body["check_run"]["name"] = "wachbuch/gate"
    asked = webhook.parse("check_run", body, NOW, own="wachbuch")
    assert asked == Asked("github/hello-world", "526", "d6fde92930d4715a2b49857d24b940956b26d2d3", 1)
    suite = _body("check-suite") | {"action": "rerequested"}
    assert isinstance(webhook.parse("check_suite", suite, NOW), Asked)


def test_a_body_that_lacks_what_is_needed_says_what_it_lacks() -> None:
    body = _body("pull-request")
    del body["pull_request"]["head"]
    body["repository"] = None
    assert webhook.parse("pull_request", body, NOW) == Incomplete("pull_request", ("repository", "pull_request.head"))


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", ""),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b'{"a":', "application/json"),
        (b"nothing=here", "application/x-www-form-urlencoded"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_what_is_no_json_object_has_no_payload(raw: bytes, content_type: str) -> None:
    assert webhook.payload_of(raw, content_type) is None
    assert webhook.payload_of(b"{}", "application/json") == {}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
_KEYS = (
    "action",
    "repository",
    "pull_request",
    "review",
    "check_run",
    "deployment",
    "deployment_status",
    "sha",
    "sender",
)


@given(st.sampled_from(("pull_request", "pull_request_review", "check_run", "status", "deployment_status")), st.data())
def test_no_payload_whatever_raises(event: str, data: st.DataObject) -> None:
    payload = {key: data.draw(_JSON) for key in _KEYS}
    payload["action"] = data.draw(st.sampled_from(("opened", "synchronize", "rerequested", "x")))
    assert isinstance(webhook.parse(event, payload, NOW), webhook.Parsed)


def test_what_the_fake_sends_adds_up_to_the_request(forge: FakeGitHub, client: Client, pull: int) -> None:
    review = forge.review(REPO, pull, "max")
    before = forge.world.repository(REPO).pull(pull).head
    after = forge.push(REPO, "feature", "tom", author="lena")
    forge.dismiss(REPO, pull, review, "lena")
    forge.settle()
    updates = [
        update
        for delivery in forge.hook.deliveries
        if isinstance(parsed := webhook.parse(delivery.event, json.loads(delivery.body), NOW), Facts)
        for update in parsed.updates
        if update.scope == "request"
    ]
    doc: Any = None
    for update in (*reversed(updates), *updates):
        doc = merge(doc, update)

    assert isinstance(doc, RequestFacts)
    assert doc.contested, "all of this happened within a second, so only a reading settles which head is the last"
    doc = merge(doc, read_request(client, REPO, pull, datetime.now(UTC)).request)
    assert isinstance(doc, RequestFacts)
    assert doc.head == after
    assert [(one.state, one.commit) for one in doc.reviews] == [(ReviewState.DISMISSED, before)]
    assert [(push.before, push.after, push.pusher.login) for push in doc.pushes] == [(before, after, "tom")]
    assert any(isinstance(update, PushSeen) for update in updates)


def test_a_running_check_is_told_as_running_and_queued_ones_as_not_begun(forge: FakeGitHub, pull: int) -> None:
    sha = forge.world.repository(REPO).pull(pull).head
    forge.run_check(REPO, sha, "ci", None)
    forge.run_check(REPO, sha, "ci", "failure")
    forge.settle()
    payloads = [json.loads(one.body) for one in forge.hook.deliveries if one.event == "check_run"]
    checks = [
        update.check for one in payloads for update in _facts("check_run", one).updates if isinstance(update, CheckSeen)
    ]
    assert [(one.status, one.conclusion) for one in checks] == [
        (CheckStatus.IN_PROGRESS, None),
        (CheckStatus.COMPLETED, "failure"),
    ]
    payloads[0]["check_run"]["status"] = "waiting"
    (waiting,) = _facts("check_run", payloads[0]).updates
    assert isinstance(waiting, CheckSeen)
    assert waiting.check.status is CheckStatus.QUEUED
