import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import gitlab
import pytest
import requests
from gitlab.exceptions import GitlabError

from tests.fakes.client import Answer, Controls, request
from tests.fakes.gitlab import BOT, SIGNING_TOKEN, TOKEN, FakeGitLab
from tests.fakes.gitlab.hooks import standard_signature
from tests.fakes.gitlab.world import GitLabError

SHOP = "acme/shop"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forge(clock: Clock) -> Iterator[FakeGitLab]:
    with FakeGitLab(clock=clock, prefix="/git") as fake:
        fake.add_project(SHOP)
        yield fake


def sdk(forge: FakeGitLab, token: str = TOKEN) -> gitlab.Gitlab:
    return gitlab.Gitlab(forge.web, private_token=token, timeout=30)


def opened(forge: FakeGitLab, branch: str = "work", by: str = "lena", **details: object) -> tuple[int, str]:
    sha = forge.push(SHOP, branch, by)
    return forge.open_request(SHOP, branch, by, **details), sha  # type: ignore[arg-type]


def refused(status: int) -> "pytest.RaisesExc[GitlabError]":
    return pytest.raises(GitlabError, check=lambda error: error.response_code == status)


def test_the_sdk_reads_requests_and_what_belongs_to_them(forge: FakeGitLab) -> None:
    iid, sha = opened(forge, title="Round up", draft=True)
    project = sdk(forge).projects.get(SHOP)
    found = project.mergerequests.get(iid)
    assert (found.title, found.draft, found.sha, found.state) == ("Draft: Round up", True, sha, "opened")
    assert [one.id for one in found.commits()] == [sha]
    assert [one.head_commit_sha for one in found.diffs.list()] == [sha]
    assert found.reviewer_details.list() == []
    assert found.head_pipeline is None
    forge.push(SHOP, "work", "max")
    versions = found.diffs.list()
    assert [one.head_commit_sha == sha for one in versions] == [False, True]
    assert [one["author_name"] for one in found.diffs.get(versions[0].id).commits] == ["Max", "Lena"]
    assert [one.push_data["ref"] for one in project.events.list(action="pushed")] == ["work", "work"]


def test_only_known_credentials_with_the_right_scope_are_served(forge: FakeGitLab) -> None:
    iid, _ = opened(forge)
    with refused(401):
        sdk(forge, "glpat-unknown").projects.list()
    reader = sdk(forge, forge.personal_token("tom", scopes=("read_api",)))
    note = reader.projects.get(SHOP).mergerequests.get(iid).notes
    with refused(403):
        note.create({"body": "x"})
    assert sdk(forge).projects.get(SHOP).mergerequests.get(iid).notes.create({"body": "x"}).body == "x"
    with refused(403):
        reader.projects.get(SHOP).hooks.list()
    with refused(404):
        reader.projects.get("acme/other")


def test_lists_come_in_pages(forge: FakeGitLab) -> None:
    for number in range(5):
        opened(forge, f"b{number}")
    headers = {"private-token": TOKEN}
    first = request(forge.url, "GET", "/git/api/v4/projects/acme%2Fshop/merge_requests?per_page=2", headers)
    assert [one["iid"] for one in first.json()] == [5, 4]
    assert (first.headers["x-next-page"], first.headers["x-total-pages"]) == ("2", "3")
    assert 'page=2>; rel="next"' in first.headers["link"]
    same = {**headers, "if-none-match": first.headers["etag"]}
    again = request(forge.url, "GET", "/git/api/v4/projects/acme%2Fshop/merge_requests?per_page=2", same)
    assert (again.status, again.body) == (304, b"")
    for number in range(3):
        forge.add_project(f"acme/p{number}")
    listed = sdk(forge).projects.list(pagination="keyset", order_by="id", per_page=2, iterator=True)
    assert len(list(listed)) == 4


def test_changes_since_a_moment_are_found(forge: FakeGitLab, clock: Clock) -> None:
    opened(forge, "one")
    clock.tick(minutes=5)
    since = clock.now.isoformat()
    clock.tick(minutes=5)
    second, _ = opened(forge, "two")
    project = sdk(forge).projects.get(SHOP)
    assert [one.iid for one in project.mergerequests.list(updated_after=since)] == [second]
    forge.deploy(SHOP, "main", "prod", "ci")
    assert len(project.deployments.list(updated_after=since, order_by="updated_at")) == 1
    with refused(400):
        project.deployments.list(updated_after=since, order_by="id")


def test_approvals_end_with_a_push_that_changes_something(forge: FakeGitLab) -> None:
    iid, _ = opened(forge)
    found = sdk(forge, forge.personal_token("max")).projects.get(SHOP).mergerequests.get(iid)
    found.approve()
    with refused(401):
        found.approve()
    with refused(401):
        sdk(forge, forge.personal_token("lena")).projects.get(SHOP).mergerequests.get(iid).approve()
    with refused(409):
        found.approve(sha="0" * 40)
    assert [one["user"]["username"] for one in found.approvals.get().approved_by] == ["max"]
    forge.push(SHOP, "main", "tom", files=["other.py"])
    forge.rebase(SHOP, iid, "lena")
    assert found.approvals.get().approved_by, "the same changes on another base"
    forge.push(SHOP, "work", "lena", files=["more.py"])
    assert not found.approvals.get().approved_by
    told = [
        json.loads(one.body)["object_attributes"] for one in forge.hooks.deliveries if b'"system_action"' in one.body
    ]
    assert [(one["action"], one["system_action"]) for one in told] == [("unapproved", "approvals_reset_on_push")]
    forge.set_rules(SHOP, reset_approvals_on_push=False, author_approval=True)
    forge.approve(SHOP, iid, "lena")
    forge.push(SHOP, "work", "lena")
    assert found.approvals.get().approved_by


def test_pipelines_must_succeed_before_the_merge(forge: FakeGitLab) -> None:
    iid, sha = opened(forge)
    found = sdk(forge).projects.get(SHOP).mergerequests.get(iid)
    forge.set_rules(SHOP, pipelines_must_succeed=True)
    with refused(405):
        found.merge()
    forge.run_job(SHOP, sha, "build", "running")
    with refused(405):
        found.merge()
    forge.run_job(SHOP, sha, "build", "failed")
    with refused(405):
        found.merge()
    forge.run_job(SHOP, sha, "build", "success")
    with refused(409):
        found.merge(sha="0" * 40)
    found.merge(sha=sha)
    merged = sdk(forge).projects.get(SHOP).mergerequests.get(iid)
    assert (merged.state, merged.merge_commit_sha) == ("merged", forge.world.project(SHOP).branches["main"])


@pytest.mark.parametrize(("method", "squash"), [("merge", False), ("ff", False), ("ff", True)])
def test_each_way_of_merging_names_its_commit(forge: FakeGitLab, method: str, *, squash: bool) -> None:
    iid, sha = opened(forge)
    forge.set_rules(SHOP, merge_method=method)
    found = sdk(forge).projects.get(SHOP).mergerequests.get(iid)
    found.merge(should_remove_source_branch=False, squash=squash)
    merged = sdk(forge).projects.get(SHOP).mergerequests.get(iid)
    tip = forge.world.project(SHOP).branches["main"]
    assert (merged.merge_commit_sha == tip, merged.squash_commit_sha == tip) == (method == "merge", squash)
    assert (tip == sha) is (method == "ff" and not squash)


def test_a_status_goes_on_until_it_is_finished(forge: FakeGitLab) -> None:
    iid, sha = opened(forge)
    project = sdk(forge).projects.get(SHOP)
    statuses = project.commits.get(sha).statuses
    first = statuses.create({"state": "pending", "name": "gate"})
    with pytest.raises(GitlabError, match="Cannot transition status via :enqueue"):
        statuses.create({"state": "pending", "name": "gate"})
    assert statuses.create({"state": "running", "name": "gate"}).id == first.id
    with pytest.raises(GitlabError, match="Cannot transition status via :run"):
        statuses.create({"state": "running", "name": "gate"})
    done = statuses.create({"state": "success", "name": "gate"})
    assert done.id == first.id
    later = statuses.create({"state": "success", "name": "gate"})
    assert later.id != done.id
    assert [one.id for one in statuses.list()] == [later.id]
    assert {one.id for one in statuses.list(query_parameters={"all": "true"})} == {later.id, done.id}
    pipeline = project.mergerequests.get(iid).head_pipeline
    assert (pipeline["source"], pipeline["status"]) == ("external", "success")
    with refused(404):
        statuses.create({"state": "failed", "name": "gate", "pipeline_id": 1})
    run = forge.run_pipeline(SHOP, sha, request=iid)
    assert statuses.create({"state": "failed", "name": "gate", "pipeline_id": run}).pipeline_id == run
    assert project.mergerequests.get(iid).head_pipeline["id"] == run
    assert project.pipelines.get(run).status == "failed"
    assert [one.name for one in project.pipelines.get(run).jobs.list()] == ["build"], "a status is no job"


def test_a_request_from_a_fork_moves_with_its_branch_there(forge: FakeGitLab) -> None:
    forge.add_project("max/shop", fork_of=SHOP)
    forge.push("max/shop", "work", "max")
    iid = forge.open_request(SHOP, "work", "max", source="max/shop")
    told = len(forge.hooks.deliveries)
    sha = forge.push("max/shop", "work", "max")
    project = sdk(forge).projects.get(SHOP)
    found = project.mergerequests.get(iid)
    assert (found.sha, found.source_project_id == found.target_project_id) == (sha, False)
    kinds = [json.loads(one.body)["object_kind"] for one in forge.hooks.deliveries[told:]]
    assert kinds == ["merge_request"], "the fork's push is none of ours"
    with refused(404):
        project.commits.get(sha).statuses.create({"state": "success", "name": "gate"})
    assert project.commits.get(sha).statuses.list() == []


def test_a_job_that_may_fail_does_not_fail_its_pipeline(forge: FakeGitLab) -> None:
    _, sha = opened(forge)
    run = forge.run_pipeline(SHOP, sha, jobs={"build": "success", "lint": "failed"}, allow_failure=["lint"])
    pipeline = sdk(forge).projects.get(SHOP).pipelines.get(run)
    assert pipeline.status == "success"
    failed = next(one for one in pipeline.jobs.list() if one.status == "failed")
    assert failed.allow_failure
    forge.retry_job(SHOP, failed.id, "success")
    assert {one.status for one in pipeline.jobs.list()} == {"success"}
    assert len(pipeline.jobs.list(include_retried=True)) == 3


def test_deployments_wait_for_somebody_else_where_wanted(forge: FakeGitLab) -> None:
    iid, _ = opened(forge)
    project = sdk(forge, forge.personal_token("ralf")).projects.get(SHOP)
    forge.deploy(SHOP, "main", "prod", "lena")
    tip = forge.merge(SHOP, iid, "lena")
    forge.protect_environment(SHOP, "prod", 1)
    number = forge.deploy(SHOP, tip, "prod", "lena")
    deployment = project.deployments.get(number)
    assert (deployment.status, deployment.sha) == ("blocked", tip)
    with refused(400):
        sdk(forge, forge.personal_token("lena")).projects.get(SHOP).deployments.get(number).approval("approved")
    deployment.approval("approved", comment="checked")
    assert project.deployments.get(number).status == "created"
    assert [one.iid for one in deployment.mergerequests.list()] == [iid]
    with refused(400):
        deployment.approval("approved")


def test_external_status_checks_are_answered_for_the_head_only(forge: FakeGitLab, clock: Clock) -> None:
    iid, sha = opened(forge)
    forge.set_rules(SHOP, tier="ultimate", status_checks_must_pass=True)
    check = forge.add_status_check(SHOP, "wachbuch/gate")
    server = sdk(forge)
    found = server.projects.get(SHOP).mergerequests.get(iid)
    path = f"/projects/acme%2Fshop/merge_requests/{iid}/status_check_responses"
    assert [one.status for one in found.status_checks.list()] == ["pending"]
    clock.tick(minutes=3)
    assert [one.status for one in found.status_checks.list()] == ["failed"]
    given = {"external_status_check_id": check, "status": "passed"}
    with refused(409):
        server.http_post(path, post_data={**given, "sha": "0" * 40})
    with refused(405):
        found.merge()
    server.http_post(path, post_data={**given, "sha": sha})
    assert [one.status for one in found.status_checks.list()] == ["passed"]
    forge.push(SHOP, "work", "lena")
    assert [one.status for one in found.status_checks.list()] == ["pending"]


def test_the_rate_limit_says_when_to_come_again(forge: FakeGitLab) -> None:
    forge.exhaust(1, reset_in=30)
    headers = {"private-token": TOKEN}
    assert request(forge.url, "GET", "/git/api/v4/version", headers).headers["ratelimit-remaining"] == "0"
    limited = request(forge.url, "GET", "/git/api/v4/version", headers)
    assert (limited.status, limited.text) == (429, "Retry later\n")
    assert 0 < int(limited.headers["retry-after"]) <= 30


def test_answers_lag_get_lost_or_fail(forge: FakeGitLab) -> None:
    iid, before = opened(forge)
    project = sdk(forge).projects.get(SHOP)
    forge.lag(1, ["requests.get"])
    after = forge.push(SHOP, "work", "lena")
    assert [project.mergerequests.get(iid).sha for _ in range(2)] == [before, after]
    notes = project.mergerequests.get(iid).notes
    forge.fail("notes.create", after_effect=True)
    with pytest.raises(requests.ConnectionError):
        notes.create({"body": "once"})
    forge.fail("notes.create", status=502)
    with refused(502):
        notes.create({"body": "twice"})
    assert [one.body for one in notes.list() if not one.system] == ["once"]


def test_a_query_is_answered_as_strictly_as_gitlab_does(forge: FakeGitLab) -> None:
    iid, sha = opened(forge)
    forge.request_changes(SHOP, iid, "max")
    forge.set_status(SHOP, sha, "scan", "success")

    def asked(fields: str) -> dict[str, object]:
        query = f"query Q($p: ID!, $i: String!) {{ project(fullPath: $p) {{ mergeRequest(iid: $i) {{ {fields} }} }} }}"
        body = json.dumps({"query": query, "variables": {"p": SHOP, "i": str(iid)}}).encode()
        answer = request(forge.url, "POST", "/git/api/graphql", {"authorization": f"Bearer {TOKEN}"}, body)
        found: dict[str, object] = answer.json()
        return found

    def one(fields: str) -> object:
        return asked(fields)["data"]["project"]["mergeRequest"]  # type: ignore[index]

    assert one("diffHeadSha commits { nodes { sha author { username bot } } }") == {
        "diffHeadSha": sha,
        "commits": {"nodes": [{"sha": sha, "author": {"username": "lena", "bot": False}}]},
    }
    reviewers = "reviewers { nodes { username mergeRequestInteraction { reviewState } } }"
    assert one(reviewers) == {
        "reviewers": {"nodes": [{"username": "max", "mergeRequestInteraction": {"reviewState": "REQUESTED_CHANGES"}}]}
    }
    jobs = one("headPipeline { source jobs(first: 500, retried: false) { nodes { id status } } }")
    assert "gid://gitlab/GenericCommitStatus/" in str(jobs)
    assert "doesn't exist on type 'MergeRequest'" in str(asked("shoe")["errors"])


# webhooks ---------------------------------------------------------------------------------------------------------


class Receiver:
    """Answers with a status each, 202 when they are used up."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.got: list[tuple[Mapping[str, str], bytes]] = []

    def __call__(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.got.append((headers, body))
        return Answer(self.answers.pop(0) if self.answers else 202, {}, b"")


def test_webhooks_are_signed_and_can_be_sent_again(forge: FakeGitLab) -> None:
    forge.hooks.transport = receiver = Receiver(500)
    forge.push(SHOP, "work", "lena")
    forge.settle()
    project = sdk(forge).projects.get(SHOP)
    (hook,) = project.hooks.list()
    path = f"/projects/{project.id}/hooks/{hook.id}/events"
    (failed,) = sdk(forge).http_list(path, status="server_failure")
    sdk(forge).http_post(f"{path}/{failed['id']}/resend")
    (first, body), (second, _) = receiver.got
    assert first["idempotency-key"] == second["idempotency-key"] == first["webhook-id"]
    assert (first["x-gitlab-event"], json.loads(body)["object_kind"]) == ("Push Hook", "push")
    key = base64.b64decode(SIGNING_TOKEN.removeprefix("whsec_"))
    signed = f"{first['webhook-id']}.{first['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert first["webhook-signature"] == f"v1,{mac}"
    assert "x-gitlab-token" not in first
    assert [one["response_status"] for one in sdk(forge).http_list(path)] == ["202", "500"]


def test_the_signature_is_that_of_standard_webhooks() -> None:
    token = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    signed = standard_signature(token, "evt-1", "1700000000", b'{"object_kind":"merge_request"}')
    assert signed == "v1,cibIPdvZzqbr6wxoxY4tG0IY0pIwx4YiL+F/YnohPbw="


def test_a_hook_that_keeps_failing_is_paused_and_woken_by_a_good_answer(forge: FakeGitLab, clock: Clock) -> None:
    forge.hooks.transport = receiver = Receiver(500, 500, 404, 500)
    project = sdk(forge).projects.get(SHOP)
    for number in range(4):
        assert project.hooks.list()[0].alert_status == "executable"
        forge.push(SHOP, f"b{number}", "lena")
        forge.settle()
    (hook,) = project.hooks.list()
    assert hook.alert_status == "temporarily_disabled"
    forge.push(SHOP, "quiet", "lena")
    forge.settle()
    assert len(receiver.got) == 4, "nothing is sent meanwhile, nor kept for later"
    hook.test("push_events")
    assert project.hooks.get(hook.id).alert_status == "executable"
    receiver.answers = [500] * 4
    for number in range(4):
        forge.push(SHOP, f"c{number}", "lena")
        forge.settle()
    assert project.hooks.get(hook.id).alert_status == "temporarily_disabled"
    clock.tick(minutes=1)
    assert project.hooks.get(hook.id).alert_status == "executable"


def test_a_push_to_many_branches_tells_nobody(forge: FakeGitLab) -> None:
    forge.push_many(SHOP, ["a", "b", "c"], "lena")
    assert len(forge.hooks.deliveries) == 3
    forge.push_many(SHOP, ["d", "e", "f", "g"], "lena")
    assert len(forge.hooks.deliveries) == 3


def test_group_hooks_with_the_older_token_get_what_they_listen_to(forge: FakeGitLab) -> None:
    forge.hooks.transport = receiver = Receiver()
    forge.add_hook(group="acme", token="plain", events={"merge_requests_events"})
    opened(forge)
    forge.settle()
    groups = [headers for headers, _ in receiver.got if "x-gitlab-token" in headers]
    assert [(one["x-gitlab-event"], one["x-gitlab-token"]) for one in groups] == [("Merge Request Hook", "plain")]


def test_hooks_of_a_group_are_its_owners_and_come_with_premium(forge: FakeGitLab) -> None:
    forge.hooks.transport = receiver = Receiver(*[500] * 7)
    forge.hooks.hooks.clear()
    forge.keep_hooks_on()
    forge.add_hook(group="acme", url="https://other.example/", events=set())
    forge.add_hook(group="acme", events={"push_events"})
    forge.set_rules(SHOP, tier="free")
    forge.push(SHOP, "free", "lena")
    forge.settle()
    assert not receiver.got, "there a group has none"
    with refused(404):
        sdk(forge).http_list("/groups/acme/hooks")
    forge.set_rules(SHOP, tier="premium")
    with refused(403):
        sdk(forge).http_list("/groups/acme/hooks")
    forge.own_group("acme", BOT)
    with refused(404):
        sdk(forge).http_list("/groups/nobody/hooks")
    for number in range(7):
        forge.push(SHOP, f"b{number}", "lena")
    forge.settle()
    group = sdk(forge).groups.get("acme", lazy=True)
    (first,), (second,) = (group.hooks.list(per_page=1, page=page) for page in (1, 2))
    assert (first.url, second.push_events) == ("https://other.example/", True)
    path = f"/groups/acme/hooks/{second.id}/events"
    failed = list(sdk(forge).http_list(path, status="server_failure", get_all=True))
    assert [event["request_data"]["project_id"] for event in failed] == [forge.world.project(SHOP).id] * 7
    for event in failed[:5]:
        sdk(forge).http_post(f"{path}/{event['id']}/resend")
    with refused(429):
        sdk(forge).http_post(f"{path}/{failed[5]['id']}/resend", obey_rate_limit=False)


def test_everything_can_be_controlled_from_outside(forge: FakeGitLab) -> None:
    controls = Controls(forge.url)
    sha = controls.do("push", project=SHOP, branch="work", by="lena", files=["a.py"])
    iid = controls.do("open_request", project=SHOP, branch="work", by="lena", title="From outside")
    controls.do("approve", project=SHOP, iid=iid, by="max")
    assert controls.state()[SHOP]["requests"][str(iid)]["sha"] == sha
    with pytest.raises(GitLabError, match="405"):
        forge.set_draft(SHOP, iid, "lena", draft=True)
        forge.merge(SHOP, iid, "lena")
    assert controls.do("credentials")["url"] == forge.web
