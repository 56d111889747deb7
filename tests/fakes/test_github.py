import json
from collections.abc import Iterator, Mapping

import pytest

from tests.fakes.client import Answer, Controls, request
from tests.fakes.github import PERSONAL_TOKEN, FakeGitHub
from tests.fakes.github.world import GitHubError

REPO = "acme/shop"


@pytest.fixture
def forge() -> Iterator[FakeGitHub]:
    with FakeGitHub() as fake:
        fake.add_repository(REPO, required=["gate"])
        yield fake


def _get(forge: FakeGitHub, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    named = {"authorization": f"token {PERSONAL_TOKEN}", **(headers or {})}
    return request(forge.url, "GET", f"/api/v3{path}", named)


def _post(forge: FakeGitHub, path: str, body: object) -> Answer:
    headers = {"authorization": f"Bearer {PERSONAL_TOKEN}"}
    return request(forge.url, "POST", f"/api/v3{path}", headers, json.dumps(body).encode())


def test_only_known_credentials_are_served(forge: FakeGitHub) -> None:
    assert _get(forge, f"/repos/{REPO}").status == 200
    assert _get(forge, f"/repos/{REPO}", {"authorization": "token nobody"}).status == 401
    assert _get(forge, "/app").status == 401, "the App's own routes want its JWT"
    assert _get(forge, "/repos/acme/other").status == 404


def test_lists_come_in_pages_with_links(forge: FakeGitHub) -> None:
    for number in range(7):
        forge.push(REPO, f"b{number}", "lena")
        forge.open_pull(REPO, f"b{number}", "lena")
    first = _get(forge, f"/repos/{REPO}/pulls?per_page=3")
    assert [one["number"] for one in first.json()] == [7, 6, 5]
    assert 'page=2>; rel="next"' in first.headers["link"]
    assert 'page=3>; rel="last"' in first.headers["link"]
    last = _get(forge, f"/repos/{REPO}/pulls?per_page=3&page=3")
    assert [one["number"] for one in last.json()] == [1]
    assert 'rel="next"' not in last.headers["link"]


def test_what_is_unchanged_is_not_counted(forge: FakeGitHub) -> None:
    first = _get(forge, f"/repos/{REPO}/pulls")
    again = _get(forge, f"/repos/{REPO}/pulls", {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]


def test_the_required_check_decides_about_the_merge(forge: FakeGitHub) -> None:
    sha = forge.push(REPO, "work", "lena")
    number = forge.open_pull(REPO, "work", "lena")
    for state, words in ((None, "is expected"), ("pending", "is pending"), ("failure", "is failure")):
        if state:
            forge.set_status(REPO, sha, "gate", state)
        with pytest.raises(GitHubError, match=words) as caught:
            forge.merge(REPO, number, "max")
        assert caught.value.status == 405
    forge.set_status(REPO, sha, "gate", "success")
    merged = forge.merge(REPO, number, "max")
    assert forge.world.repository(REPO).branches["main"] == merged
    assert _get(forge, f"/repos/{REPO}/pulls/{number}").json()["merge_commit_sha"] == merged


def test_a_forced_merge_is_possible_and_tells_of_itself(forge: FakeGitHub) -> None:
    forge.push(REPO, "work", "lena")
    number = forge.open_pull(REPO, "work", "lena")
    forge.merge(REPO, number, "admin", bypass=True)
    told = [(one.event, one.action) for one in forge.hook.deliveries]
    assert told[-2:] == [("pull_request", "closed"), ("push", None)]


def test_nobody_approves_their_own_request(forge: FakeGitHub) -> None:
    forge.push(REPO, "work", "lena")
    number = forge.open_pull(REPO, "work", "lena")
    assert forge.review(REPO, number, "max")
    with pytest.raises(GitHubError, match="own pull request"):
        forge.review(REPO, number, "lena")


def test_deliveries_are_sent_lost_and_sent_again() -> None:
    received: list[Mapping[str, str]] = []
    answers = [202, 500, 202]

    def service(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        received.append(headers)
        return Answer(answers[len(received) - 1], {}, b"")

    forge = FakeGitHub(transport=service)
    forge.add_repository(REPO)
    forge.push(REPO, "work", "lena")
    forge.push(REPO, "work", "lena")
    forge.settle()
    forge.lose(1)
    forge.push(REPO, "work", "lena")
    forge.settle()
    assert [one.status for one in forge.hook.deliveries] == [
        "OK",
        "Invalid HTTP Response: 500",
        "failed to connect to host",
    ]
    forge.redeliver()
    forge.settle()
    assert forge.hook.deliveries[-1].status == "OK"
    assert received[-1]["x-github-delivery"] == forge.hook.deliveries[-2].guid
    assert received[0]["x-hub-signature-256"].startswith("sha256=")


def test_statuses_keep_githubs_limits(forge: FakeGitHub) -> None:
    sha = forge.world.repository(REPO).branches["main"]
    assert _post(forge, f"/repos/{REPO}/statuses/{sha}", {"state": "success", "description": "x" * 140}).status == 201
    long = _post(forge, f"/repos/{REPO}/statuses/{sha}", {"state": "success", "description": "x" * 141})
    assert long.status == 422
    assert _post(forge, f"/repos/{REPO}/check-runs", {"name": "x", "head_sha": sha}).status == 403


def test_queries_are_read_as_strictly_as_github_does(forge: FakeGitHub) -> None:
    def asked(query: str, **variables: object) -> Answer:
        body = json.dumps({"query": query, "variables": {"o": "acme", "n": "shop", **variables}}).encode()
        return request(forge.url, "POST", "/api/graphql", {"authorization": f"Bearer {PERSONAL_TOKEN}"}, body)

    forge.push(REPO, "work", "lena")
    forge.open_pull(REPO, "work", "lena")
    head = "query Q($o: String!, $n: String!) { repository(owner: $o, name: $n) { "
    good = asked(head + "pullRequest(number: 1) { t: title commits(first: 1) { totalCount } } } }").json()
    assert good["data"]["repository"]["pullRequest"] == {"t": "A change", "commits": {"totalCount": 1}}
    for wrong, words in (
        ("pullRequest(number: 1) { shoe } } }", "doesn't exist"),
        ("pullRequest(number: 1) { commits { totalCount } } } }", "first"),
        ("pullRequest(number: 1) { commits(first: 101) { totalCount } } } }", "limit of 100"),
        ("pullRequest(number: 1) } }", "must have selections"),
        ("pullRequest(number: 1) { title }", "Expected"),
        ("pullRequest(number: $x) { title } } }", "not declared"),
    ):
        assert words in asked(head + wrong).json()["errors"][0]["message"]
    missing = asked(head + "pullRequest(number: 9) { title } } }").json()
    assert missing["errors"][0]["type"] == "NOT_FOUND"


def test_everything_can_be_controlled_from_outside(forge: FakeGitHub) -> None:
    controls = Controls(forge.url)
    sha = controls.do("push", repo=REPO, branch="work", by="lena", files=["a.py"])
    number = controls.do("open_pull", repo=REPO, head="work", by="lena", title="From outside")
    controls.do("review", repo=REPO, number=number, by="max", state="approved")
    state = controls.state()[REPO]
    assert state["pulls"][str(number)]["head"]["sha"] == sha
    controls.fail("repo.get", status=404, error="Not Found")
    assert _get(forge, f"/repos/{REPO}").status == 404
    assert _get(forge, f"/repos/{REPO}").status == 200
    assert controls.calls() == {"repo.get": 2}
    assert controls.do("credentials")["api_url"] == forge.api
