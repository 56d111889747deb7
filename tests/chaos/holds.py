"""What must hold after everything: nothing promised is missing, nothing is there twice, the log verifies."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from tests.chaos.load import Promises
from tests.chaos.outside import Outside, Sent
from tests.journeys.policies import SHOP, TILL
from tests.properties.audit import audit
from workflows.ledger.receipt import Receipt
from workflows.store.metadata import to_micros
from workflows.store.store import Store
from workflows.verification import verify_store

MARK = "wachbuch/gate"
QUIET_SECONDS = 400.0
"""A dead process's jobs lie still for 30 s, a job that failed a few times waits for about a minute."""
UNDONE = text("""
    SELECT id, kind, state, attempts, error FROM job
    WHERE state = 'running' OR state = 'ready' AND (run_at IS NULL OR run_at <= :now OR error <> '') ORDER BY id
""")
"""In hand, due, or to be tried again. What waits without an error is a timer, or the next round of something."""


def verified(store: Store) -> None:
    """Log and rows agree at this moment."""
    found = verify_store(store)
    assert found.intact, (found.log.findings, found.cases)


def quiet(store: Store) -> None:
    """Wait until all jobs have ended."""
    until = time.monotonic() + QUIET_SECONDS
    while undone := _undone(store):
        assert time.monotonic() < until, f"jobs that do not end: {undone[:20]}"
        time.sleep(0.3)


def delivered_again(outside: Outside) -> None:
    """The forges send nothing again by themselves; an administrator, or the reconciliation, asks them to."""
    until = time.monotonic() + QUIET_SECONDS
    while open_ones := _not_taken(outside):
        assert time.monotonic() < until, f"deliveries that nobody takes: {open_ones[:5]}"
        for one in open_ones:
            if not one.waits:
                one.forge.do("redeliver", number=one.place)
        time.sleep(0.3)


def came_about(outside: Outside, promises: Promises) -> bool:
    """Whether there is something of each kind of which nothing may be lost or doubled."""
    if not (promises.deliveries and promises.events and promises.receipts):
        return False
    slack = outside.slack.state()["channels"]
    requests = outside.github.state()[SHOP]["pulls"], outside.gitlab.state()[TILL]["requests"]
    return all(requests) and any(_intents(slack)) and bool(_rooms(slack))


def nothing_is_lost(store: Store, outside: Outside, promises: Promises) -> None:
    """Every acknowledged delivery and event is stored, every receipt is genuine, no job was given up."""
    audit(store, [Receipt.parse(one) for one in promises.receipts])
    with store.reading() as reads:
        assert not reads.jobs.dead(), reads.jobs.dead()
        assert reads.inbox.oldest_waiting() is None
        ids = set(reads.connection.scalars(text("SELECT delivery_id FROM inbox")))
    assert promises.deliveries, "sanity: there was a load"
    assert promises.events
    assert promises.receipts
    assert promises.deliveries - ids == set(), "acknowledged deliveries that are lost"
    assert promises.events - ids == set(), "acknowledged events that are lost"
    assert {one.id for one in outside.sent() if one.taken} - ids == set(), "deliveries of the forges that are lost"


def nothing_is_there_twice(outside: Outside) -> None:
    """No effect came about twice that its intent id, its marker or its name could have told."""
    slack = outside.slack.state()["channels"]
    intents = Counter(_intents(slack))
    assert intents, "sanity: something was posted"
    assert {intent: count for intent, count in intents.items() if count > 1} == {}
    rooms = _rooms(slack)
    assert rooms, "sanity: there are rooms"
    assert [name for name in rooms if name.count("-") != 2] == [], "a second room for one case"
    _github_shows_each_once(outside.github.state()[SHOP])
    _gitlab_shows_each_once(outside.gitlab.state()[TILL])


def _gitlab_shows_each_once(till: dict[str, Any]) -> None:
    assert till["requests"], "sanity: there are requests"
    for number, request in till["requests"].items():
        told = [one for one in request["notes"] if MARK in one["body"]]
        assert len(told) == 1, f"{len(told)} notes on {number}"
    shown = {one["sha"] for one in till["statuses"] if one["name"] == MARK}
    assert {one["sha"] for one in till["requests"].values()} - shown == set(), "merge requests without a verdict"


def _github_shows_each_once(shop: dict[str, Any]) -> None:
    assert shop["pulls"], "sanity: there are requests"
    for number, pull in shop["pulls"].items():
        told = [one for one in pull["comment_list"] if MARK in one["body"]]
        assert len(told) == 1, f"{len(told)} comments on {number}"
    runs = Counter(one["head_sha"] for one in shop["checks"] if one["name"] == MARK)
    assert {head: count for head, count in runs.items() if count > 1} == {}
    _no_status_repeats(shop["statuses"])
    heads = {pull["head"]["sha"] for pull in shop["pulls"].values()}
    shown = {one["sha"] for one in shop["statuses"] if one["context"] == MARK} | set(runs)
    assert heads - shown == set(), "requests without a verdict"


def _no_status_repeats(statuses: list[dict[str, Any]]) -> None:
    """One status per head and verdict: never the same one twice in a row."""
    last: dict[str, tuple[str, str]] = {}
    for one in sorted(statuses, key=lambda status: int(status["id"])):
        if one["context"] == MARK:
            said = (one["state"], one["description"])
            assert last.get(one["sha"]) != said, f"{said} twice on {one['sha']}"
            last[one["sha"]] = said


def _rooms(channels: dict[str, Any]) -> list[str]:
    return [one["name"] for one in channels.values() if one["name"].startswith("inc-")]


def _intents(channels: dict[str, Any]) -> Iterator[str]:
    for channel in channels.values():
        for message in channel["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if "intent" in payload:
                yield payload["intent"]


def _undone(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as reads:
        now = to_micros(datetime.now(UTC))
        return [tuple(row) for row in reads.connection.execute(UNDONE, {"now": now})]


def _not_taken(outside: Outside) -> list[Sent]:
    """The last attempt at each delivery of which none was taken yet."""
    sent = outside.sent()
    taken = {one.id for one in sent if one.taken}
    return list({one.id: one for one in sent if one.id not in taken}.values())
