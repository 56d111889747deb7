"""Emoji on GitLab: stored and named, and nothing follows from them."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.bot.metrics.test_metrics import figure
from tests.journeys.policies import TILL
from tests.journeys.test_change_gitlab import Request
from tests.journeys.world import World, world
from workflows.store.rows import InboxState


@pytest.fixture
def till(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def kept(shop: World) -> int:
    """How many deliveries are stored as ignored."""
    with shop.store.reading() as reads:
        return reads.inbox.counts()[InboxState.IGNORED]


def test_an_emoji_changes_no_verdict_and_is_named_among_what_is_ignored(till: World) -> None:
    request = Request(till)
    request.green()
    (note,) = request.request.notes
    ignored = kept(till)
    with capture_logs() as logged:
        for told in ({}, {"note": note.id}, {"name": "thumbsdown"}, {"revoked": True}):
            before = till.change(), till.entries()
            request.step("award", TILL, request.iid, "lena", **told)
            assert (till.change(), till.entries()) == before
            assert not till.gitlab.calls, "nothing is read or written for it"
    codes = [one["told"] for one in logged if one["event"] == "delivery_ignored"]
    assert codes == ["emoji.award", "emoji.award", "emoji.award", "emoji.revoke"]
    assert kept(till) == ignored + 4
    assert figure(till, "webhook_ignored_total", source="gitlab", kind="emoji") == 4
    assert request.shown == "pending"
    request.approve("lena")
    assert request.shown == "success", "an approval does"
    till.intact()
