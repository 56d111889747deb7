import threading

import pytest

from integrations.errors import NotPermitted, NotThere, RateLimited, Rejected, Unexpected, Unreachable
from integrations.gitlab.client import Account, Client
from tests.fakes.gitlab import BOT, FakeGitLab
from tests.integrations.gitlab.conftest import PROJECT


def _path(forge: FakeGitLab, below: str = "") -> str:
    return f"/projects/{forge.world.project(PROJECT).id}{below}"


def test_reads_below_a_path_prefix_and_by_graphql(forge: FakeGitLab, client: Client) -> None:
    assert client.get(_path(forge)).body["path_with_namespace"] == PROJECT
    asked = client.query("query Q($p: ID!) { project(fullPath: $p) { fullPath } }", {"p": PROJECT})
    assert asked == {"project": {"fullPath": PROJECT}}


def test_who_we_are_is_asked_once(forge: FakeGitLab, client: Client) -> None:
    assert {client.account() for _ in range(3)} == {Account(forge.world.account(BOT).id, BOT)}
    assert forge.calls.total() == 1


def test_a_project_token_and_a_personal_one_work_alike(forge: FakeGitLab) -> None:
    own = Client(forge.web, forge.personal_token("max"))
    assert own.account().username == "max"
    own.close()


def test_an_unchanged_answer_has_no_body(forge: FakeGitLab, client: Client) -> None:
    first = client.get(_path(forge))
    again = client.get(_path(forge), etag=first.etag)
    assert first.etag
    assert (again.unchanged, again.body) == (True, None)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, NotPermitted), (403, NotPermitted), (404, NotThere), (409, Rejected), (422, Rejected), (400, Rejected)],
)
def test_each_refusal_is_its_own_error(forge: FakeGitLab, client: Client, status: int, error: type[Exception]) -> None:
    forge.fail("projects.get", status=status, error="no such luck", times=1)
    with pytest.raises(error, match="no such luck") as caught:
        client.get(_path(forge))
    assert "glpat" not in str(caught.value)
    assert client.get(_path(forge)).body["path_with_namespace"] == PROJECT


def test_a_rate_limit_is_told_and_never_slept_through(forge: FakeGitLab, client: Client) -> None:
    forge.exhaust(0, reset_in=50)
    with pytest.raises(RateLimited) as caught:
        client.get(_path(forge))
    assert 1 <= caught.value.retry_after <= 50
    assert forge.calls.total() <= 1, "asked once, and not again"


def test_a_read_is_tried_again_and_a_write_never(forge: FakeGitLab, client: Client) -> None:
    forge.fail("projects.get", status=502, times=2)
    assert client.get(_path(forge)).body["path_with_namespace"] == PROJECT
    assert forge.calls["projects.get"] == 3
    sha = forge.push(PROJECT, "feature", "lena")
    forge.fail("statuses.create", status=502, times=1)
    with pytest.raises(Unreachable):
        client.write("POST", _path(forge, f"/statuses/{sha}"), {"state": "pending", "name": "x"})
    assert forge.calls["statuses.create"] == 1


def test_an_answer_that_does_not_come_is_waited_for_once(forge: FakeGitLab) -> None:
    hasty = Client(forge.web, "glpat-of-the-fake", timeout=1)
    forge.fail("projects.get", hang_ms=20_000, times=1)
    with pytest.raises(Unreachable) as caught:
        hasty.get(_path(forge))
    assert caught.value.timed_out
    assert forge.calls["projects.get"] == 1
    hasty.close()


def test_nobody_there_and_no_json_are_told_apart(forge: FakeGitLab) -> None:
    nobody = Client("http://127.0.0.1:9", "x", timeout=1)
    with pytest.raises(Unreachable, match="no connection"):
        nobody.write("POST", "/x", {})
    nobody.close()


def test_a_list_that_is_none_and_a_query_that_fails_are_unexpected(forge: FakeGitLab, client: Client) -> None:
    with pytest.raises(Unexpected, match="expected a list"):
        list(client.pages(_path(forge)))
    with pytest.raises(Unexpected, match="shoe"):
        client.query("query Q { shoe }", {})


def test_many_threads_have_a_connection_each(forge: FakeGitLab, client: Client) -> None:
    found: list[str] = []

    def read() -> None:
        found.extend(client.get(_path(forge)).body["path_with_namespace"] for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [PROJECT] * 20
