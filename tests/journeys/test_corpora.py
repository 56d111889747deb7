"""Every real payload, signed, twice, shuffled; and everything that must not get in."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.forge.wire_github import github_sender
from bot.forge.wire_gitlab import gitlab_sender
from bot.slack.app import SlackEdge
from bot.slack.verification import Verification
from bot.web.body import SLACK_LIMIT, WEBHOOK_LIMIT
from bot.web.server import create_app
from bot.web.slack import SlackEndpoint
from tests import corpora
from tests.fakes.client import Answer
from tests.fakes.gitlab import WEBHOOK_TOKEN
from tests.journeys.door import Door
from tests.journeys.payloads import (
    FORM,
    GITHUB_PATH,
    GITLAB_PATH,
    JSON,
    SLACK_PATH,
    Post,
    github_post,
    github_posts,
    gitlab_post,
    gitlab_posts,
    slack_posts,
)
from tests.journeys.world import START, World, world
from workflows.store.rows import InboxId

GITHUB = github_post("ping", "ping", b'{"zen": "Keep it logically awesome."}')
GITLAB = gitlab_post("wiki", "Wiki Page Hook", b'{"object_kind": "wiki_page"}')
MENTION = {"type": "app_mention", "channel": "C1", "ts": "1.1"}
SLACK = Post(
    "event",
    SLACK_PATH,
    json.dumps({"type": "event_callback", "event_id": "Ev1", "event": MENTION}).encode(),
    {"content-type": JSON},
)


@pytest.fixture
def everywhere(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def send(world: World, post: Post) -> Answer:
    return world.door(post.path, post.signed(), post.body)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 8))])
def test_every_body_signed_twice_and_shuffled_is_stored_once(everywhere: World, seed: int) -> None:
    github, gitlab, slack = github_posts(), gitlab_posts(), slack_posts()
    posts = [*github, *gitlab, *slack] * 2
    random.Random(seed).shuffle(posts)
    first: set[str] = set()
    for post in posts:
        before, answer = everywhere.inbox(), send(everywhere, post)
        assert answer.status < 300, (post.name, answer.text)
        if post.path != SLACK_PATH:
            assert answer.status == (200 if post.name in first else 202), post.name
        if post.name in first:
            assert everywhere.inbox() == before, f"{post.name} was stored twice"
        first.add(post.name)
    stored = _stored(everywhere)
    assert stored["github"] == len(github) == 71
    assert stored["gitlab"] == len(gitlab) == 78
    assert stored["slack"] > 0
    everywhere.work()
    everywhere.intact()
    assert _waiting(everywhere) == 0, "everything was worked off"
    for post in posts:
        send(everywhere, post)
    assert _stored(everywhere) == stored
    everywhere.intact()


def _stored(everywhere: World) -> dict[str, int]:
    with everywhere.store.reading() as reads:
        found = [reads.inbox.get(InboxId(number)) for number in range(1, 1000)]
    sources = [row.source for row in found if row is not None]
    return {source: sources.count(source) for source in set(sources)}


def _waiting(everywhere: World) -> int:
    with everywhere.store.reading() as reads:
        return sum(count for state, count in reads.inbox.counts().items() if state.value == "received")


def large(post: Post, limit: int) -> Post:
    padded = json.dumps({"pad": "x" * limit}).encode()
    return replace(post, body=padded)


REFUSED = {
    "github unsigned": (GITHUB, GITHUB.headers, 401),
    "github wrongly signed": (GITHUB, GITHUB.signed(secret="another"), 401),
    "github signed over another body": (replace(GITHUB, body=b'{"zen": "!"}'), GITHUB.signed(), 401),
    "github empty signature": (GITHUB, {**GITHUB.headers, "x-hub-signature-256": ""}, 401),
    "gitlab unsigned": (GITLAB, GITLAB.headers, 401),
    "gitlab wrongly signed": (GITLAB, GITLAB.signed(secret="whsec_" + "QUJD" * 8), 401),
    "gitlab signed over another body": (replace(GITLAB, body=b'{"object_kind": "push"}'), GITLAB.signed(), 401),
    "gitlab signed for another delivery": (GITLAB, {**GITLAB.signed(), "webhook-id": "another"}, 401),
    "gitlab with a token in place of the signature": (GITLAB, {**GITLAB.headers, "x-gitlab-token": WEBHOOK_TOKEN}, 401),
    "gitlab too old": (GITLAB, GITLAB.signed(at=START.timestamp() - 301), 401),
    "gitlab from the future": (GITLAB, GITLAB.signed(at=START.timestamp() + 301), 401),
    "slack unsigned": (SLACK, SLACK.headers, 401),
    "slack wrongly signed": (SLACK, SLACK.signed(secret="another"), 401),
    "slack too old": (SLACK, SLACK.signed(at=time.time() - 400), 401),
    "slack from the future": (SLACK, SLACK.signed(at=time.time() + 86_400), 401),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_not_genuine_leaves_no_row(shop: World, case: str) -> None:
    post, headers, status = REFUSED[case]
    assert shop.door(post.path, headers, post.body).status == status
    assert shop.inbox() == 0
    genuine = {GITHUB_PATH: GITHUB, GITLAB_PATH: GITLAB, SLACK_PATH: SLACK}[post.path]
    assert send(shop, genuine).status < 300
    assert shop.inbox() == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"3", b'{"a":' * 9000])
def test_what_is_no_json_object_leaves_no_row(shop: World, body: bytes) -> None:
    for post in (GITHUB, GITLAB, SLACK):
        broken = replace(post, body=body)
        assert send(shop, broken).status in ({400} if _is_text(body) else {400, 401}), post.path
    for path in (GITHUB_PATH, SLACK_PATH):
        form = Post("form", path, b"payload=%7B", {"content-type": FORM, "x-github-event": "push"})
        assert send(shop, form).status == 400
    assert shop.inbox() == 0
    assert send(shop, GITHUB).status == 202


def _is_text(body: bytes) -> bool:
    """Slack signs text; what is none cannot even be checked."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(("declared", "pieces"), [(True, 1), (False, 40)])
def test_what_is_too_large_leaves_no_row(shop: World, declared: bool, pieces: int) -> None:
    for post in (large(GITHUB, WEBHOOK_LIMIT), large(GITLAB, WEBHOOK_LIMIT), large(SLACK, SLACK_LIMIT)):
        headers = post.signed() | ({"content-length": str(len(post.body))} if declared else {})
        answer = shop.door.send("POST", post.path, headers, post.body, pieces=pieces).result(30)
        assert answer.status == 413
    assert shop.inbox() == 0
    biggest = large(GITHUB, WEBHOOK_LIMIT - 100)
    assert shop.door.send("POST", GITHUB_PATH, biggest.signed(), biggest.body, pieces=pieces).result(30).status == 202


def test_the_published_signatures_pass_through_the_edge(shop: World) -> None:
    published = json.loads(corpora.folder("signatures.json").read_bytes())
    assert _github_vector(shop, published["github"]) == [401, 400], "genuine, but no JSON"
    assert _gitlab_vector(shop, published["standard_webhooks"]) == [401, 202]
    assert _slack_vector(shop, published["slack"]) == [401, 200]
    assert shop.inbox() == 1


def _gitlab_vector(shop: World, vector: dict[str, str]) -> list[int]:
    """The example is of 2021: only an edge whose clock stands there takes it."""
    then = datetime.fromtimestamp(int(vector["webhook-timestamp"]), UTC)
    edge = shop.app.edge
    published = replace(edge.webhooks["gitlab"], sender=gitlab_sender(vector["secret"]), now=lambda: then)
    door = Door(create_app(replace(edge, webhooks={"gitlab": published})))
    headers = {name: vector[name] for name in ("webhook-id", "webhook-timestamp")} | {vector["header"]: vector["value"]}
    statuses = [door(GITLAB_PATH, headers, (vector["body"] + more).encode()).status for more in (" ", "")]
    door.close()
    return statuses


def _github_vector(shop: World, vector: dict[str, str]) -> list[int]:
    edge = shop.app.edge
    published = replace(edge.webhooks["github"], sender=github_sender(vector["secret"]))
    door = Door(create_app(replace(edge, webhooks={"github": published})))
    headers = {**GITHUB.headers, vector["header"]: vector["value"]}
    statuses = [door(GITHUB_PATH, headers, (vector["body"] + more).encode()).status for more in ("!", "")]
    door.close()
    return statuses


def _slack_vector(shop: World, vector: dict[str, str]) -> list[int]:
    """The example is of 2018: only an edge whose clock stands there takes it."""
    known = shop.app.slack
    assert known is not None
    verification = Verification(vector["signing_secret"], now=lambda: float(vector["timestamp"]))
    edge = SlackEdge(
        desk=known._desk,
        accept_event=known._accept,
        installation=known._installation,
        verification=verification,
    )
    door = Door(create_app(replace(shop.app.edge, slack=SlackEndpoint(edge.handle))))
    headers = {"content-type": FORM, vector["header"]: vector["value"]}
    headers |= {"X-Slack-Request-Timestamp": vector["timestamp"]}
    statuses = [door(SLACK_PATH, headers, (vector["body"] + more).encode()).status for more in ("!", "")]
    door.close()
    return statuses
