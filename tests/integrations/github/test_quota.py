"""A share of the quota: never more than it, never blind for the rest of the hour."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.answers import after
from integrations.errors import RateLimited
from integrations.github.client import Client
from integrations.github.quota import SHARE, WINDOW, Quota
from tests.fakes.github import FakeGitHub
from tests.integrations.github.conftest import REPO

LIMIT = 5000


def test_the_first_calls_of_an_hour_wait_for_nothing_and_half_of_it_stays() -> None:
    fresh = Quota(LIMIT, LIMIT, WINDOW)
    assert fresh.pause(0.0) == 0
    assert Quota(LIMIT, LIMIT // 2, WINDOW).pause(3000.0) == 600, "nothing more before the hour is over"
    assert Quota(LIMIT, 0, WINDOW).pause(WINDOW) == 0, "a new hour has begun"


@given(st.integers(60, 15_000), st.floats(0.5, 120.0), st.floats(0.1, 0.9))
def test_whoever_keeps_the_pauses_spends_the_share_and_is_never_blind_for_long(
    limit: int, interval: float, share: float
) -> None:
    now, remaining, longest = 0.0, limit, 0.0
    while now < WINDOW:
        pause = Quota(limit, remaining, WINDOW).pause(now, share)
        if pause == 0:
            remaining -= 1
        longest = max(longest, pause)
        now += max(interval, pause)
    assert limit - remaining <= limit * share + 1
    assert longest <= 2 * WINDOW / (limit * share) + WINDOW * 0.2 + 1


def test_the_client_tells_what_is_left_of_the_quota_of_its_installation(forge: FakeGitHub, client: Client) -> None:
    assert client.quota(REPO) is None
    client.get(REPO, "")
    told = client.quota("acme/another")
    assert told is not None
    assert (told.limit, told.remaining) == (LIMIT, forge.quota.remaining)
    assert client.pause(REPO) == 0
    forge.exhaust(remaining=int(LIMIT * SHARE) - 1, reset_in=600)
    client.get(REPO, "")
    assert 590 < client.pause(REPO) <= 600
    assert client.pause(REPO, share=1.0) == 0, "verdicts go on"


def test_after_a_refusal_nobody_asks_before_the_time_github_named(forge: FakeGitHub, client: Client) -> None:
    client.get(REPO, "")
    forge.fail("repo.get", error="secondary", status=403, retry_after=90)
    with pytest.raises(RateLimited):
        client.get(REPO, "")
    assert 80 < client.pause(REPO, share=1.0) <= 90


def test_an_unchanged_answer_leaves_the_quota_as_it_was(forge: FakeGitHub, client: Client) -> None:
    forge.quota.reset_at = int(time.time()) + 1800
    first = client.get(REPO, "/pulls")
    left = forge.quota.remaining
    assert client.get(REPO, "/pulls", etag=first.etag).unchanged
    told = client.quota(REPO)
    assert told is not None
    assert told.remaining == forge.quota.remaining == left


@pytest.mark.parametrize(
    ("link", "next_one"),
    [
        ("", ""),
        ('<https://api.example/a?per_page=1&page=2>; rel="next", <https://api.example/a?page=9>; rel="last"', "2"),
        ('<https://api.example/a?page=1>; rel="first", <https://api.example/a?cursor=v1_7>; rel="next"', "v1_7"),
        ('<https://api.example/a?after=Y3Vyc29y>; rel="next"', "Y3Vyc29y"),
        ('<https://api.example/a?page=1>; rel="prev"', ""),
    ],
)
def test_the_next_page_is_the_one_the_answer_names(link: str, next_one: str) -> None:
    assert after(link) == next_one
