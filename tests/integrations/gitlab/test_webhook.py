import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.gitlab import webhook
from integrations.gitlab.webhook import Facts
from integrations.parsing import Ignored
from tests import corpora
from tests.fakes.gitlab import SIGNING_TOKEN, WEBHOOK_TOKEN
from tests.fakes.gitlab.hooks import standard_signature
from tests.integrations.gitlab.conftest import NOW
from workflows.change.seen import (
    BranchPushed,
    CheckSeen,
    CheckStatus,
    PushSeen,
    RepositorySeen,
    RequestKey,
    RequestSeen,
    RequestState,
    Stirred,
)

HEAD, OLD = "da1560886d4f094c3e6c9ef40349f7d38b5d27d7", "6ef047571374c96a2bf13c361efd1fb008b0063e"
BODY = b'{"object_kind": "push"}'


def _body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((corpora.folder("gitlab") / f"{name}.json").read_bytes())
    return found


def _facts(payload: dict[str, Any], **more: str) -> Facts:
    parsed = webhook.parse(payload, NOW, **more)
    assert isinstance(parsed, Facts), parsed
    return parsed


def _request(**attributes: Any) -> dict[str, Any]:
    body = _body("merge_request/1")
    body["object_attributes"] |= attributes
    return body


def _signed(
    body: bytes = BODY, at: datetime = NOW, token: str = SIGNING_TOKEN, delivery: str = "d-1"
) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    signature = standard_signature(token, delivery, stamp, body)
    return {"webhook-id": delivery, "webhook-timestamp": stamp, "webhook-signature": signature}


# genuine ----------------------------------------------------------------------------------------------------------


def test_a_signature_counts_and_nothing_in_its_place() -> None:
    def genuine(headers: dict[str, str], body: bytes = BODY, **known: str) -> bool:
        return webhook.verify(
            headers, body, NOW, **(known or {"signing": SIGNING_TOKEN, "token": WEBHOOK_TOKEN})
        ).genuine

    plain = {"X-Gitlab-Token": WEBHOOK_TOKEN}
    assert genuine(_signed())
    assert genuine({**_signed(), "webhook-signature": "v1,AAAA " + _signed()["webhook-signature"]}), "any of several"
    assert genuine(_signed(at=NOW - timedelta(minutes=4)))
    assert not genuine(_signed(at=NOW - timedelta(minutes=6)))
    assert not genuine(_signed(at=NOW + timedelta(minutes=6)))
    assert not genuine(_signed(), BODY + b" ")
    assert not genuine({**_signed(), "webhook-id": "d-2"})
    assert not genuine(plain), "a signing token is set: only signatures count"
    assert not genuine({**_signed(token="whsec_" + "QUJD" * 8), **plain})
    assert genuine(plain, token=WEBHOOK_TOKEN)
    assert not genuine({"X-Gitlab-Token": WEBHOOK_TOKEN + "x"}, token=WEBHOOK_TOKEN)
    assert not genuine({}, token=WEBHOOK_TOKEN)
    assert not genuine({**_signed(), **plain}, token=WEBHOOK_TOKEN), "a signature that nobody here can check"
    assert not genuine({"X-Gitlab-Token": ""}, token="")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"webhook-id": "a", "Idempotency-Key": "b", "X-Gitlab-Webhook-UUID": "h"}, ("", "a")),
        ({"Idempotency-Key": "b", "X-Gitlab-Webhook-UUID": "h"}, ("h", "b")),
        ({"Idempotency-Key": "b"}, ("", "b")),
        ({"X-Gitlab-Event-UUID": "shared by several"}, ("", "")),
    ],
)
def test_a_delivery_is_known_by_what_stays_when_it_is_sent_again(
    headers: dict[str, str], expected: tuple[str, str]
) -> None:
    assert webhook.delivery_of(headers) == expected


# every body -------------------------------------------------------------------------------------------------------


TELLING = {"push": 2, "merge_request": 3, "pipeline": 2, "job": 3, "deployment": 1, "note": 2}
"""How many bodies of each kind tell facts; one merge request and one deployment are too old or too odd."""


def test_every_real_body_is_understood_or_let_be() -> None:
    found: dict[str, int] = {}
    for file in sorted(corpora.folder("gitlab").glob("*/*.json")):
        payload, kind = webhook.payload_of(file.read_bytes()), file.parent.name
        assert payload is not None
        system = kind == "system"
        parsed = webhook.parse(payload, NOW, event="System Hook" if system else "")
        assert isinstance(parsed, Ignored) if system else isinstance(parsed, webhook.Parsed), file
        found[kind] = found.get(kind, 0) + isinstance(parsed, Facts)
    assert {kind: count for kind, count in found.items() if count} == TELLING


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("object_attributes", "project", "merge_request", "user", "builds", "labels", "changes", "ref", "sha", "after")


@given(kind=st.sampled_from(sorted(webhook._READERS)), parts=st.dictionaries(st.sampled_from(PARTS), JSON))
def test_no_body_breaks_it(kind: str, parts: dict[str, Any]) -> None:
    parsed = webhook.parse({**parts, "object_kind": kind}, NOW)
    assert isinstance(parsed, webhook.Parsed)


def test_the_kind_stands_in_the_body_and_not_in_the_header() -> None:
    assert isinstance(webhook.parse(_request(), NOW, event="Push Hook"), Facts)
    for kind in ("tag_push", "emoji", "wiki_page", "", "something_new"):
        assert isinstance(webhook.parse({"object_kind": kind}, NOW, event="Merge Request Hook"), Ignored)


# merge requests ---------------------------------------------------------------------------------------------------


def test_an_opened_request_tells_the_request_and_its_project() -> None:
    facts = _facts(_request())
    repository, request = facts.updates
    assert isinstance(repository, RepositorySeen)
    assert isinstance(request, RequestSeen)
    assert (facts.repository, facts.repository_id, repository.private) == ("gitlabhq/gitlab-test", "14", False)
    core = request.core
    assert (core.state, core.draft, core.base, core.head_ref, core.fork) == (
        RequestState.OPEN,
        False,
        "master",
        "ms-viewport",
        False,
    )
    assert (core.head, core.labels, core.author.id, core.author.login) == (HEAD, ("API",), "51", None)
    assert core.updated_at == datetime(2013, 12, 3, 17, 23, 34, tzinfo=UTC)


def test_the_author_is_told_with_the_login_where_the_author_acts() -> None:
    (_, request) = _facts(_request(author_id=1)).updates
    assert isinstance(request, RequestSeen)
    assert (request.core.author.id, request.core.author.login) == ("1", "root")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"work_in_progress": True}, {"draft": True}),
        ({"draft": True}, {"draft": True}),
        ({"source_project_id": 99}, {"fork": True}),
        ({"source_project_id": None}, {"fork": True}),
        ({"state": "closed"}, {"state": RequestState.CLOSED}),
        ({"state": "locked"}, {"state": RequestState.OPEN}),
        ({"updated_at": "2017-09-15 16:50:55 UTC"}, {"updated_at": datetime(2017, 9, 15, 16, 50, 55, tzinfo=UTC)}),
        ({"updated_at": "2021-04-28 21:50:00 +0200"}, {"updated_at": datetime(2021, 4, 28, 19, 50, tzinfo=UTC)}),
        ({"state": "merged", "merge_commit_sha": OLD}, {"state": RequestState.MERGED, "merge_commit": OLD}),
        ({"state": "merged", "merge_commit_sha": None}, {"state": RequestState.MERGED, "merge_commit": None}),
    ],
)
def test_each_field_in_our_terms(attributes: dict[str, Any], expected: dict[str, Any]) -> None:
    (request,) = [one for one in _facts(_request(**attributes)).updates if isinstance(one, RequestSeen)]
    assert {name: getattr(request.core, name) for name in expected} == expected


@pytest.mark.parametrize("action", ["approved", "approval", "unapproved", "unapproval"])
@pytest.mark.parametrize("system", [{}, {"system": True, "system_action": "approvals_reset_on_push"}])
def test_approvals_derived_by_changing_the_action_only_ask_for_a_reading(action: str, system: dict[str, Any]) -> None:
    told, stirred = _facts(_request(action=action, **system)).updates
    assert isinstance(told, RequestSeen)
    assert isinstance(stirred, Stirred)
    assert (stirred.number, stirred.seen_at) == (1, NOW)


def test_what_an_update_leaves_open_is_read() -> None:
    def stirs(changes: dict[str, Any], **attributes: Any) -> bool:
        body = _request(**{"action": "update", **attributes}) | {"changes": changes}
        return any(isinstance(one, Stirred) for one in _facts(body).updates)

    assert stirs({"reviewers": {}})
    assert stirs({}), "reviewers' states change without any"
    assert not stirs({"title": {}})
    assert stirs({"state_id": {}}, action="merge", state="merged", merge_commit_sha=None), "squashed or fast-forward"
    assert not stirs({"state_id": {}}, action="merge", state="merged", merge_commit_sha=OLD)


def test_a_push_to_a_request_tells_who_pushed_what_over_what() -> None:
    body = _body("merge_request/4")
    (pushed,) = [one for one in _facts(body).updates if isinstance(one, PushSeen)]
    assert (pushed.before, pushed.after, pushed.pusher.id) == (
        OLD,
        "0ab96a10266b95b4b533dcfd98738015fbe70889",
        "2",
    )
    assert not [one for one in _facts(_request(action="update")).updates if isinstance(one, PushSeen)]


# checks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "allowed", "expected"),
    [
        ("created", False, (CheckStatus.QUEUED, None)),
        ("manual", True, (CheckStatus.QUEUED, None)),
        ("scheduled", False, (CheckStatus.QUEUED, None)),
        ("running", False, (CheckStatus.IN_PROGRESS, None)),
        ("success", False, (CheckStatus.COMPLETED, "success")),
        ("failed", False, (CheckStatus.COMPLETED, "failure")),
        ("failed", True, (CheckStatus.COMPLETED, "failure_allowed")),
        ("canceled", False, (CheckStatus.COMPLETED, "cancelled")),
        ("skipped", False, (CheckStatus.COMPLETED, "skipped")),
        ("something_new", False, (CheckStatus.QUEUED, None)),
    ],
)
def test_jobs_derived_by_changing_the_status(
    status: str, allowed: bool, expected: tuple[CheckStatus, str | None]
) -> None:
    body = _body("job/1") | {"build_status": status, "build_allow_failure": allowed}
    (told,) = _facts(body).updates
    assert isinstance(told, CheckSeen)
    assert (told.check.status, told.check.conclusion) == expected
    assert (told.check.name, told.check.source, told.check.id) == ("test", "gitlab-ci", "1977")
    assert told.sha == body["sha"], "and not the id of its pipeline"


def test_a_pipeline_tells_its_jobs_and_where_the_verdict_belongs() -> None:
    body = _body("pipeline/1")
    facts = _facts(body)
    assert {one.check.name for one in facts.updates if isinstance(one, CheckSeen)} == {
        one["name"] for one in body["builds"]
    }
    told = facts.pipeline
    assert told is not None
    assert (told.id, told.ref, told.ended) == (31, "refs/merge-requests/1/head", True)
    assert told.request == RequestKey(facts.updates[0].forge, "1", 1)
    body["object_attributes"] |= {"source": "push", "status": "running"}
    body["merge_request"] = None
    told = _facts(body).pipeline
    assert told is not None
    assert (told.ref, told.request, told.ended) == ("master", None, False)


def test_jobs_of_a_fork_are_told_apart_and_take_no_verdict() -> None:
    body = _body("pipeline/1")
    body["merge_request"] |= {"target_project_id": 7}
    facts = _facts(body)
    assert (facts.repository_id, facts.pipeline, facts.repository) == ("7", None, "")
    assert {one.check.source for one in facts.updates if isinstance(one, CheckSeen)} == {"gitlab-ci-fork"}


# the rest ---------------------------------------------------------------------------------------------------------


def test_pushes_tell_the_branch_and_who_pushed() -> None:
    (told,) = _facts(_body("push/1")).updates
    assert isinstance(told, BranchPushed)
    assert (told.branch, told.sha, told.before, told.pusher.id) == (
        "master",
        HEAD,
        "95790bf891e76fee5e1747ab589903a6a1f80f22",
        "4",
    )
    gone = _body("push/1") | {"after": "0" * 40}
    assert isinstance(webhook.parse(gone, NOW), Ignored)
    fresh = _body("push/1") | {"before": "0" * 40}
    (told,) = _facts(fresh).updates
    assert isinstance(told, BranchPushed)
    assert told.before is None


def test_a_note_on_a_request_asks_for_a_reading_unless_it_is_ours() -> None:
    (told,) = _facts(_body("note/3")).updates
    assert isinstance(told, Stirred)
    assert (told.repository_id, told.number) == ("5", 1)
    assert isinstance(webhook.parse(_body("note/3"), NOW, own="root"), Ignored)
    assert isinstance(webhook.parse(_body("note/2"), NOW), Ignored), "on an issue"


def test_a_deployment_is_read_since_it_names_its_commit_in_short() -> None:
    facts = _facts(_body("deployment/1"))
    assert (facts.updates, facts.repository_id, facts.deployment) == ((), "30", 15)
