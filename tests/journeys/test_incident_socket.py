"""The same story by Socket Mode: the same answers, the same bytes; and what only connections can do wrong."""

import json
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.slack.sender import SlackSender, envelope_of
from tests.journeys.payloads import slack_posts
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_same_bytes import Written, tell
from tests.journeys.world import World, fixed_moment, moment_of, opened, started, world

NUMBER = "INC-2026-0001"


def told(url: str, *, by_socket: bool) -> tuple[Written, list[object]]:
    """The whole story, and everything that was answered to people on the way."""
    with world(url, moment=fixed_moment, by_socket=by_socket) as office:
        tell(office)
        office.intact()
        assert not office.slack.sockets.violations
        shown = [view["blocks"] for view in office.slack.state()["views"].values()]
        with office.store.reading() as reads:
            held = Written(reads.head(), tuple(reads.entries()), tuple(reads.disclosures()), tuple(reads.all_cases()))
        return held, shown


def test_a_story_by_socket_mode_is_the_same_to_the_byte(tmp_path: object) -> None:
    over_http, by_socket = (told(f"sqlite:///{tmp_path}/{way}.db", by_socket=way) for way in (False, True))
    assert len(over_http[0].entries) > 40
    assert by_socket == over_http


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, by_socket=True) as made:
        yield made
        assert not made.slack.sockets.violations


def reports(office: World) -> int:
    return office.kinds().count("incident.reported")


def test_no_signing_secret_is_needed_and_requests_over_http_are_refused(office: World) -> None:
    assert NUMBER in office.say("jana", "/vorfall", "melden Laptop weg").text
    http = SlackSender(office.door, office.slack.url)
    answer = http.command("/vorfall", "melden Laptop weg", user=slack_id("jana"))
    assert (answer.status, reports(office)) == (503, 1)
    assert "SLACK_APP_TOKEN" in answer.text


def test_an_envelope_that_comes_twice_is_carried_out_once(office: World) -> None:
    office.slack.sockets.twice = 2
    first = office.say("jana", "/vorfall", "melden Laptop weg")
    mention = {"type": "app_mention", "channel": INTAKE, "ts": "1.1", "user": slack_id("jana"), "text": "hilf"}
    assert office.sender.event(mention, event_id="Ev1").status == 200
    assert office.sender.event(mention, event_id="Ev2", retry=1).status == 200
    assert NUMBER in first.text
    assert (reports(office), office.inbox()) == (1, 1)


def test_a_connection_that_breaks_between_commit_and_acknowledgement_costs_nothing(office: World) -> None:
    cut = threading.Event()

    def cut_once() -> None:
        if not cut.is_set():
            cut.set()
            office.slack.socket_cut()

    office.store.on_jobs(cut_once)
    answer = office.say("jana", "/vorfall", "melden Laptop weg")
    assert cut.is_set()
    assert reports(office) == 1
    office.proves(answer.json()["text"], "incident.reported")
    office.intact()


@pytest.mark.parametrize("seed", [3])
def test_every_real_body_as_an_envelope_twice_gets_no_error_and_is_stored_once(office: World, seed: int) -> None:
    posts = slack_posts()
    first: set[str] = set()
    for post in [*posts, *posts]:
        before = office.inbox()
        kind, payload = envelope_of(post.body, post.headers["content-type"])
        assert office.slack.deliver(kind, payload)["acknowledged"], post.name
        assert post.name not in first or office.inbox() == before, post.name
        first.add(post.name)
    assert 0 < office.inbox() < len(posts)
    office.work()
    office.intact()


@pytest.fixture
def shared(postgres_url: str) -> Iterator[World]:
    """Two services on one PostgreSQL, one Slack."""
    with world(postgres_url, by_socket=True) as one, opened(postgres_url, one.clock) as store:
        app = started(postgres_url, store, moment_of(one.clock), "de", one.slack, one.github, by_socket=True)
        try:
            yield one
        finally:
            for closer in app.closers:
                closer()


def test_replicas_share_the_envelopes_and_carry_each_out_once(shared: World) -> None:
    slack, sender = shared.slack, shared.sender
    _until_connected(shared, 2)
    answers = [sender.command("/vorfall", f"melden Laptop {number}", user=slack_id("jana")) for number in range(4)]
    assert len({one.number for one in slack.sockets.open}) == 2
    assert all("ist aufgenommen" in answer.text for answer in answers)
    issued = slack.issue(slack_id("jana"))
    asked = {"command": "/vorfall", "text": "melden Doppelt", "user_id": slack_id("jana"), "channel_id": "D0JANA"}
    both = [slack.deliver("slash_commands", {**asked, **issued}) for _ in range(2)]
    assert both[0]["payload"] == both[1]["payload"], "the other replica answers what the first one did"
    assert "INC-2026-0005" in json.dumps(both[1])
    assert reports(shared) == 5
    shared.work()
    shared.intact()


def _until_connected(office: World, count: int) -> None:
    with office.slack.sockets._changed:
        assert office.slack.sockets._changed.wait_for(lambda: len(office.slack.sockets.open) == count, 15)


def test_forms_opened_at_one_replica_are_submitted_at_the_other(shared: World) -> None:
    _until_connected(shared, 2)
    for _ in range(2):
        shared.say("jana", "/vorfall")
        done = shared.fill("jana", {"what": "Seltsame Mail", "personal_data": "unknown"})
        assert done["response_action"] == "update"
    assert reports(shared) == 2
