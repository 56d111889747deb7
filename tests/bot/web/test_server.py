"""The edge as others see it: health, what is not connected, and what happens when the database is gone."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import compose
from bot.web.group_commit import GroupCommit
from bot.web.server import Edge, create_app
from config.settings import load_settings
from tests.journeys.door import Door
from tests.journeys.payloads import GITHUB_PATH, GITLAB_PATH, SLACK_PATH, github_post
from tests.journeys.policies import policy
from tests.journeys.world import Clock, World, moment_of, opened, world
from workflows.store.errors import Unavailable
from workflows.store.rows import Delivery


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def test_a_service_without_connections_says_what_they_take(sqlite_url: str) -> None:
    clock = Clock()
    with opened(sqlite_url, clock) as store:
        settings = load_settings({"WACHBUCH_DATABASE_URL": sqlite_url})
        door = Door(create_app(compose(settings, policy(), store, moment_of(clock)).edge))
        assert door.get("/healthz").json() == {"status": "ok"}
        assert door.get("/readyz").status == 200
        for path, setting in (
            (GITHUB_PATH, "GITHUB_WEBHOOK_SECRET"),
            (GITLAB_PATH, "GITLAB_SIGNING_TOKEN"),
            (SLACK_PATH, "SLACK_SIGNING_SECRET"),
        ):
            answer = door(path, {}, b"{}")
            assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
            assert setting in answer.text
        door.close()


def test_only_what_is_offered_is_there(shop: World) -> None:
    for path in ("/docs", "/openapi.json", "/redoc", "/webhooks", "/webhooks/other"):
        assert shop.door.get(path).status == 404
    assert shop.door.get(GITHUB_PATH).status == 405
    assert shop.door("/healthz", {}, b"").status == 405


def test_a_database_that_is_not_ready_is_said_to_be(shop: World) -> None:
    edge = replace(shop.app.edge, ready=lambda: {"database": "does not answer"})
    door = Door(create_app(edge))
    answer = door.get("/readyz")
    assert (answer.status, answer.json()["parts"]) == (503, {"database": "does not answer"})
    assert door.get("/healthz").status == 200, "the process itself is well"
    door.close()


def test_a_delivery_that_cannot_be_stored_is_not_acknowledged(shop: World) -> None:
    def gone(_: object) -> list[bool]:
        raise Unavailable("the database is gone")

    edge, post = shop.app.edge, github_post("ping", "ping", b'{"zen": "x"}')
    group: GroupCommit[Delivery, bool] = GroupCommit(gone)
    door = Door(create_app(replace(edge, webhooks={"github": replace(edge.webhooks["github"], store=group)})))
    waiting = [door.send("POST", GITHUB_PATH, post.signed(), post.body) for _ in range(8)]
    wait(waiting, timeout=60)
    assert {one.result().status for one in waiting} == {503}
    assert "the database is gone" not in waiting[0].result().text
    assert shop.inbox() == 0
    assert shop.door(GITHUB_PATH, post.signed(), post.body).status == 202
    door.close()


def test_a_database_that_is_stuck_collects_no_deliveries(shop: World) -> None:
    begun, goes_on = threading.Event(), threading.Event()
    written: list[str] = []

    def hangs(batch: Sequence[Delivery]) -> list[bool]:
        begun.set()
        assert goes_on.wait(60)
        written.extend(one.delivery_id for one in batch)
        return [True] * len(batch)

    edge = shop.app.edge
    group: GroupCommit[Delivery, bool] = GroupCommit(hangs)
    hook = replace(edge.webhooks["github"], store=group, patience=0.3)
    door = Door(create_app(replace(edge, webhooks={"github": hook})))
    posts = [github_post(f"ping{number}", "ping", b'{"zen": "x"}') for number in range(4)]
    under_way = door.send("POST", GITHUB_PATH, posts[0].signed(), posts[0].body)
    assert begun.wait(60)
    behind = [door.send("POST", GITHUB_PATH, post.signed(), post.body) for post in posts[1:]]
    assert [one.result(60).status for one in (under_way, *behind)] == [503] * 4
    goes_on.set()
    for _ in range(20):  # a slow machine may miss the short patience again
        if door.send("POST", GITHUB_PATH, posts[0].signed(), posts[0].body).result(60).status == 202:
            break
    door.close()
    assert set(written) == {posts[0].headers["x-github-delivery"]}, "whoever gave up waiting behind it is not kept"
    assert len(written) > 1


def test_one_delivery_twenty_times_at_once_is_stored_once(shop: World) -> None:
    post = github_post("ping", "ping", b'{"zen": "x"}')
    waiting = [shop.door.send("POST", GITHUB_PATH, post.signed(), post.body) for _ in range(20)]
    statuses = sorted(one.result(60).status for one in waiting)
    assert statuses == [200] * 19 + [202]
    assert shop.inbox() == 1


def test_a_delivery_without_an_id_is_known_by_its_body(shop: World) -> None:
    post = github_post("ping", "ping", b'{"zen": "x"}')
    for given in ("", "x" * 300):
        headers = {**post.signed(), "x-github-delivery": given}
        assert shop.door(GITHUB_PATH, headers, post.body).status in {200, 202}
    assert shop.inbox() == 1


def test_a_body_that_breaks_off_is_no_failure_of_ours(shop: World) -> None:
    post = github_post("ping", "ping", b'{"zen": "x"}')
    scope = Door._scope("POST", GITHUB_PATH, post.signed())
    said: list[Any] = []

    async def half() -> dict[str, Any]:
        await asyncio.sleep(0)
        if not said and not getattr(half, "told", False):
            half.told = True  # type: ignore[attr-defined]
            return {"type": "http.request", "body": post.body[:4], "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(create_app(shop.app.edge)(scope, half, send))
    assert said[0]["status"] == 400
    assert shop.inbox() == 0


def test_the_life_of_the_server_is_the_life_of_the_workers() -> None:
    told: list[str] = []
    edge = Edge(dict, None, {}, lambda: told.append("start"), lambda: False, lambda: told.append("stop"))
    app = create_app(edge)

    async def live(*, breaks: bool) -> None:
        async with app.router.lifespan_context(app):
            told.append("serving")
            if breaks:
                raise RuntimeError

    asyncio.run(live(breaks=False))
    with pytest.raises(RuntimeError):
        asyncio.run(live(breaks=True))
    assert told == ["start", "serving", "stop"] * 2


def test_a_database_that_does_not_answer_is_said_not_to(sqlite_url: str, tmp_path: Path) -> None:
    """Its file is gone, as on a volume that was taken away."""
    clock = Clock()
    with opened(sqlite_url, clock) as store:
        settings = load_settings({"WACHBUCH_DATABASE_URL": sqlite_url})
        door = Door(create_app(compose(settings, policy(), store, moment_of(clock)).edge))
        assert door.get("/readyz").status == 200
        store._engine.dispose()
        for file in tmp_path.glob("wachbuch.db*"):
            file.unlink()
        (tmp_path / "wachbuch.db").mkdir()
        assert door.get("/readyz").status == 503
        assert door.get("/healthz").status == 200
        door.close()
