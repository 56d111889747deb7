import threading
import time
from statistics import median

import pytest

from integrations.errors import NotPermitted, NotThere, RateLimited, Rejected, Unexpected, Unreachable
from integrations.github.client import PERMISSIONS, AppCredentials, Client, TokenCredentials
from tests.fakes.github import APP_ID, INSTALLATION_ID, PERSONAL_TOKEN, FakeGitHub
from tests.integrations.github.conftest import REPO

PAUSE_OF_THE_SDK = 0.25


def test_the_app_asks_for_an_installation_and_a_token_once(forge: FakeGitHub, client: Client) -> None:
    for _ in range(3):
        assert client.get(REPO, "").body["full_name"] == REPO

    assert forge.calls == {"app.installation": 1, "app.token": 1, "repo.get": 3}


def test_a_token_carries_the_permissions_we_ask_for_and_no_other(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")

    (issued,) = forge.gate._tokens.values()
    assert issued.permissions == dict(PERMISSIONS)
    with pytest.raises(NotPermitted, match="not accessible"):
        client.get(REPO, "/hooks")


def test_what_a_webhook_told_of_the_installation_spares_the_look_up(forge: FakeGitHub, client: Client) -> None:
    client.know_installation(REPO, INSTALLATION_ID)
    client.get(REPO, "")

    assert forge.calls == {"app.token": 1, "repo.get": 1}


def test_a_token_that_ended_early_is_renewed_once(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")
    forge.expire_tokens()

    assert client.get(REPO, "").body["full_name"] == REPO
    assert forge.calls["app.token"] == 2


def test_a_token_is_renewed_before_it_ends(forge: FakeGitHub) -> None:
    now = [time.time()]
    client = Client(AppCredentials(APP_ID, forge.gate.private_key), base_url=forge.api, clock=lambda: now[0])
    client.get(REPO, "")
    now[0] += 3600 - 200
    client.get(REPO, "")

    assert forge.calls["app.token"] == 2
    client.close()


def test_wrong_credentials_are_told_apart_from_lacking_permissions(forge: FakeGitHub, client: Client) -> None:
    wrong = Client(TokenCredentials("ghp_wrong"), base_url=forge.api)
    with pytest.raises(NotPermitted, match="credentials are refused") as caught:
        wrong.get(REPO, "")
    assert "ghp_wrong" not in str(caught.value)
    with pytest.raises(NotPermitted, match="takes a GitHub App"):
        wrong.as_app("GET", "/app")
    wrong.close()
    with pytest.raises(NotThere):
        client.get("acme/nothing", "/pulls/1")


def test_a_text_that_is_no_key_is_said_so_before_anything_is_sent(forge: FakeGitHub) -> None:
    lost = Client(AppCredentials(APP_ID, "-----BEGIN NOTHING-----"), base_url=forge.api)
    with pytest.raises(NotPermitted, match="private key"):
        lost.as_app("GET", "/app")
    assert not forge.calls
    lost.close()


def test_many_threads_share_one_token_and_wait_for_nothing(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")
    took: list[float] = []

    def read() -> None:
        for _ in range(5):
            start = time.perf_counter()
            client.get(REPO, "")
            took.append(time.perf_counter() - start)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert forge.calls["repo.get"] == 21
    assert forge.calls["app.token"] == 1
    assert median(took) < PAUSE_OF_THE_SDK, "its own pauses are off: with them each call would take so long"


@pytest.mark.parametrize(
    ("settings", "at_least", "at_most"),
    [
        ({"error": "primary", "status": 403, "retry_after": 90}, 85, 95),
        ({"error": "secondary", "status": 403, "retry_after": 30}, 30, 30),
        ({"error": "secondary", "status": 429, "retry_after": 7}, 7, 7),
        ({"error": "secondary", "status": 403}, 60, 60),
    ],
)
def test_a_rate_limit_tells_when_to_come_back_and_is_not_slept_through(
    forge: FakeGitHub, client: Client, settings: dict[str, object], at_least: float, at_most: float
) -> None:
    client.get(REPO, "")
    forge.fail("repo.get", **settings)
    start = time.perf_counter()
    with pytest.raises(RateLimited) as caught:
        client.get(REPO, "")

    assert at_least <= caught.value.retry_after <= at_most
    assert time.perf_counter() - start < at_least
    assert forge.calls["repo.get"] == 2, "a rate limit is never asked again at once"
    assert client.get(REPO, "").body["full_name"] == REPO


def test_the_exhausted_quota_of_the_fake_is_a_rate_limit_too(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")
    forge.exhaust(reset_in=40)
    with pytest.raises(RateLimited) as caught:
        client.get(REPO, "")
    assert 30 < caught.value.retry_after <= 40


def test_the_quota_of_queries_tells_as_well_when_to_come_back(forge: FakeGitHub, client: Client) -> None:
    query = 'query Q { repository(owner: "acme", name: "shop") { databaseId } }'
    assert client.query(REPO, query, {})["repository"]
    forge.exhaust(reset_in=400, resource="graphql")
    with pytest.raises(RateLimited) as caught:
        client.query(REPO, query, {})
    assert 390 < caught.value.retry_after <= 400


def test_a_failing_read_is_repeated_and_a_failing_write_is_not(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")
    sha = forge.world.repository(REPO).branches["main"]
    forge.fail("repo.get", status=502, times=2)
    assert client.get(REPO, "").body["full_name"] == REPO

    forge.fail("statuses.create", status=502)
    with pytest.raises(Unreachable):
        client.write(REPO, "POST", f"/statuses/{sha}", {"state": "success"})
    assert forge.calls["statuses.create"] == 1
    forge.fail("repo.get", status=503, times=3)
    with pytest.raises(Unreachable, match="503"):
        client.get(REPO, "")


def test_no_answer_in_time_is_said_so(forge: FakeGitHub, client: Client) -> None:
    assert client.get(REPO, "").body["full_name"] == REPO
    impatient = Client(TokenCredentials(PERSONAL_TOKEN), base_url=forge.api, timeout=1)
    forge.fail("repo.get", after_effect=True, hang_ms=20_000)
    with pytest.raises(Unreachable, match="no answer within 1 s") as caught:
        impatient.get(REPO, "")
    assert caught.value.timed_out
    impatient.close()


def test_no_server_at_all_is_unreachable() -> None:
    client = Client(TokenCredentials("t"), base_url="http://127.0.0.1:9", timeout=1)
    with pytest.raises(Unreachable, match="no connection"):
        client.get(REPO, "")
    client.close()


def test_a_refusal_carries_githubs_own_words(forge: FakeGitHub, client: Client) -> None:
    sha = forge.world.repository(REPO).branches["main"]
    with pytest.raises(Rejected, match="maximum is 140") as caught:
        client.write(REPO, "POST", f"/statuses/{sha}", {"state": "success", "description": "x" * 141})
    assert caught.value.status == 422


def test_an_unchanged_answer_costs_nothing(forge: FakeGitHub, client: Client) -> None:
    first = client.get(REPO, "/pulls")
    before = forge.quota.remaining
    again = client.get(REPO, "/pulls", etag=first.etag)
    assert again.unchanged
    assert again.body is None
    assert forge.quota.remaining == before

    forge.push(REPO, "feature", "lena")
    forge.open_pull(REPO, "feature", "lena")
    changed = client.get(REPO, "/pulls", etag=first.etag)
    assert not changed.unchanged
    assert len(changed.body) == 1


def test_lists_are_read_to_their_end(forge: FakeGitHub, client: Client, pull: int) -> None:
    for number in range(250):
        forge.comment(REPO, pull, "tom", f"note {number}")

    found = list(client.pages(REPO, f"/issues/{pull}/comments"))
    assert [one["body"] for one in found] == [f"note {number}" for number in range(250)]
    assert forge.calls["comments.list"] == 3
    with pytest.raises(Unexpected, match="expected a list"):
        list(client.pages(REPO, ""))


def test_graphql_errors_are_typed(forge: FakeGitHub, client: Client) -> None:
    good = "query Q($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { databaseId } }"
    place = {"owner": "acme", "name": "shop"}
    assert client.query(REPO, good, place)["repository"]["databaseId"] == forge.world.repository(REPO).id

    with pytest.raises(NotThere):
        client.query(REPO, good, {"owner": "acme", "name": "nothing"})
    with pytest.raises(Unexpected, match="doesn't exist"):
        client.query(REPO, good.replace("databaseId", "shoeSize"), place)
    forge.fail("graphql", status=200, error="RATE_LIMITED")
    with pytest.raises(RateLimited):
        client.query(REPO, good, place)
    forge.fail("graphql", status=502)
    assert client.query(REPO, good, place)["repository"]


def test_the_app_reads_its_deliveries_and_asks_for_one_again(forge: FakeGitHub, client: Client) -> None:
    forge.push(REPO, "feature", "lena")
    forge.settle()
    (delivery,) = client.as_app("GET", "/app/hook/deliveries")
    client.as_app("POST", f"/app/hook/deliveries/{delivery['id']}/attempts")
    forge.settle()

    first, second = forge.hook.deliveries
    assert second.redelivery
    assert first.guid == second.guid
