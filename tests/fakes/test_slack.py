import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.client import Answer, Controls, request
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, SlackSender
from tests.fakes.slack.blocks import smuggled
from tests.fakes.slack.filling import NotThere
from tests.fakes.slack.sender import signature

PLAIN = {"type": "plain_text", "text": "Text"}
INPUT = {"type": "input", "block_id": "what", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "v"}}
SELECT = {
    "type": "static_select",
    "action_id": "severity",
    "options": [{"text": {"type": "plain_text", "text": one}, "value": one.lower()} for one in ("S1", "S2")],
}
BUTTON = {"type": "button", "action_id": "go", "text": PLAIN, "value": "42"}


def _view(**changes: Any) -> dict[str, Any]:
    return {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [INPUT], **changes}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add_user("U1", "lena", locale="en-GB")
        fake.add_user("U2", "max")
        fake.add_channel("C1", "general")
        yield fake


@pytest.fixture
def api(slack: FakeSlack) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=f"{slack.url}/api/", timeout=30)


class Service:
    """Stands for our service: keeps what Slack sends, answers what the test wants."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Any = None

    def __call__(self, path: str, headers: Any, body: bytes) -> Answer:
        self.requests.append((path, dict(headers), body))
        return Answer(200, {}, b"" if self.answer is None else json.dumps(self.answer).encode())


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def sender(slack: FakeSlack, service: Service) -> SlackSender:
    return SlackSender(service, slack.url)


def _error(caught: pytest.ExceptionInfo[SlackApiError]) -> str:
    code: str = caught.value.response["error"]
    return code


def test_only_the_bots_token_is_accepted(slack: FakeSlack, api: WebClient) -> None:
    assert api.auth_test()["user_id"] == "U0BOT"
    for token, code in (("xoxb-other", "invalid_auth"), ("", "not_authed")):
        with pytest.raises(SlackApiError) as caught:
            WebClient(token=token, base_url=f"{slack.url}/api/").auth_test()
        assert _error(caught) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("general", "name_taken"),
        ("Vorfall", "invalid_name_specials"),
        ("zwei worte", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("", "invalid_name_required"),
    ],
)
def test_channel_names_follow_slacks_rules(api: WebClient, name: str, code: str) -> None:
    assert api.conversations_create(name="inc-2026-0001")["ok"]
    with pytest.raises(SlackApiError) as caught:
        api.conversations_create(name=name)
    assert _error(caught) == code


def test_a_channel_lives_and_is_archived(slack: FakeSlack, api: WebClient) -> None:
    channel = api.conversations_create(name="inc-1", is_private=True)["channel"]["id"]
    api.conversations_setTopic(channel=channel, topic="S1")
    api.conversations_invite(channel=channel, users="U1,U2")
    first = api.chat_postMessage(channel=channel, text="one")
    api.chat_postMessage(channel=channel, text="reply", thread_ts=first["ts"])
    api.chat_update(channel=channel, ts=first["ts"], text="two")
    api.pins_add(channel=channel, timestamp=first["ts"])
    api.bookmarks_add(channel_id=channel, title="Page", type="link", link="https://example.org")

    assert [one["text"] for one in api.conversations_history(channel=channel)["messages"]] == ["two"]
    replies = api.conversations_replies(channel=channel, ts=first["ts"])["messages"]
    assert [one["text"] for one in replies] == ["two", "reply"]
    assert slack.channel_named("inc-1").pins == [first["ts"]]
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: api.pins_add(channel=channel, timestamp=first["ts"]), "already_pinned"),
        (lambda: api.conversations_invite(channel=channel, users="U1"), "already_in_channel"),
        (lambda: api.chat_update(channel=channel, ts="1.0", text="x"), "message_not_found"),
        (lambda: api.chat_postMessage(channel="C404", text="x"), "channel_not_found"),
    ]
    for repeat, code in refused:
        with pytest.raises(SlackApiError) as caught:
            repeat()
        assert _error(caught) == code
    api.conversations_archive(channel=channel)
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel=channel, text="late")
    assert _error(caught) == "is_archived"


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "👩" * 1501}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [
            {
                "type": "actions",
                "elements": [SELECT | {"options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]}],
            }
        ],
        [{"type": "actions", "elements": [BUTTON | {"url": "javascript:alert(1)"}]}],
        [{"type": "actions", "elements": [BUTTON | {"action_id": str(number)} for number in range(26)]}],
        [{"type": "actions", "elements": [BUTTON | {"text": {"type": "plain_text", "text": "x" * 76}}]}],
        [{"type": "actions", "elements": [BUTTON | {"value": "x" * 2001}]}],
        [{"type": "actions", "elements": [BUTTON, BUTTON]}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        [{"type": "actions", "elements": [SELECT | {"options": [{"text": PLAIN, "value": "x" * 151}]}]}],
        [INPUT],
        [{"type": "nonsense"}],
        [{"type": "divider", "unknown": 1}],
    ],
)
def test_messages_with_wrong_blocks_are_refused(api: WebClient, blocks: list[dict[str, Any]]) -> None:
    good: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}},
        {"type": "actions", "elements": [BUTTON]},
    ]
    assert api.chat_postMessage(channel="C1", text="x", blocks=good)["ok"]
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert _error(caught) == "invalid_blocks"


def test_the_length_of_a_message_and_its_metadata(api: WebClient) -> None:
    metadata = {"event_type": "case", "event_payload": {"intent": "1"}}
    ts = api.chat_postMessage(channel="C1", text="x" * 40_000, metadata=metadata)["ts"]
    (shown,) = api.conversations_history(channel="C1", include_all_metadata=True)["messages"]
    assert (shown["ts"], shown["metadata"]) == (ts, metadata)
    assert "metadata" not in api.conversations_history(channel="C1")["messages"][0]
    for text, code in (("x" * 40_001, "msg_too_long"), (None, "no_text")):
        with pytest.raises(SlackApiError) as caught:
            api.api_call("chat.postMessage", json={"channel": "C1", "text": text})
        assert _error(caught) == code


@pytest.mark.parametrize(
    "view",
    [
        _view(title={"type": "plain_text", "text": "x" * 25}),
        _view(blocks=[{"type": "divider"}] * 101),
        _view(blocks=[INPUT, INPUT]),
        _view(private_metadata="x" * 3001),
        _view(submit={"type": "plain_text", "text": "x" * 25}),
        {"type": "modal", "title": PLAIN, "blocks": [INPUT]},
        _view(blocks=[INPUT | {"element": BUTTON}]),
        _view(blocks=[INPUT | {"element": SELECT | {"initial_option": {"text": PLAIN, "value": "s3"}}}]),
    ],
)
def test_views_with_a_wrong_shape_are_refused(slack: FakeSlack, api: WebClient, view: dict[str, Any]) -> None:
    assert api.views_open(trigger_id=slack.issue("U1")["trigger_id"], view=_view())["view"]["id"]
    with pytest.raises(SlackApiError) as caught:
        api.views_open(trigger_id=slack.issue("U1")["trigger_id"], view=view)
    assert _error(caught) == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"]


def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: FakeSlack, api: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = slack.issue("U1")["trigger_id"]
    opened = api.views_open(trigger_id=trigger, view=_view())
    late = slack.issue("U1")["trigger_id"]
    now = time.monotonic()
    monkeypatch.setattr("tests.fakes.slack.world.time.monotonic", lambda: now + 3.1)
    for given, code in (
        (trigger, "exchanged_trigger_id"),
        ("1.2.x", "invalid_trigger_id"),
        (late, "expired_trigger_id"),
    ):
        with pytest.raises(SlackApiError) as caught:
            api.views_open(trigger_id=given, view=_view())
        assert _error(caught) == code
    with pytest.raises(SlackApiError) as caught:
        api.views_update(view_id=opened["view"]["id"], hash="0.x", view=_view())
    assert _error(caught) == "hash_conflict"
    assert api.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=_view())["ok"]


def test_people_show_their_language_only_when_asked(api: WebClient) -> None:
    assert api.users_info(user="U1", include_locale=True)["user"]["locale"] == "en-GB"
    assert "locale" not in api.users_info(user="U1")["user"]


def test_the_home_tab_belongs_to_one_user(slack: FakeSlack, api: WebClient) -> None:
    api.views_publish(user_id="U1", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert slack.home_of("U1") is not None
    assert slack.home_of("U2") is None
    with pytest.raises(SlackApiError):
        api.views_publish(user_id="U1", view=_view())


def test_one_message_per_second_and_channel_when_switched_on(slack: FakeSlack, api: WebClient) -> None:
    slack.add_channel("C2", "random")
    slack.limit_posts()
    api.chat_postMessage(channel="C1", text="one")
    api.chat_postMessage(channel="C2", text="one")
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel="C1", text="two")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "1"


def test_injected_failures_and_an_effect_without_an_answer(slack: FakeSlack, api: WebClient) -> None:
    slack.fail("chat.postMessage", status=429, retry_after=9)
    slack.fail("chat.postMessage", error="fatal_error")
    slack.fail("chat.postMessage", status=503)
    for _ in range(3):
        with pytest.raises((SlackApiError, ValueError)):
            api.chat_postMessage(channel="C1", text="lost")
    assert slack.messages("C1") == []
    slack.fail("chat.postMessage", after_effect=True)
    with pytest.raises(OSError, match=r"(?i)closed|reset|remote"):
        WebClient(token=BOT_TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[]).chat_postMessage(
            channel="C1", text="kept"
        )
    assert [one.text for one in slack.messages("C1")] == ["kept"]
    assert slack.calls["chat.postMessage"] == 4


def test_files_want_the_token(slack: FakeSlack) -> None:
    shared = slack.share_file("C1", "U1", "log.txt", "evidence")
    path = shared["url_private"].removeprefix(slack.url)
    assert request(slack.url, "GET", path, {"authorization": f"Bearer {BOT_TOKEN}"}).body == b"evidence"
    stranger = request(slack.url, "GET", path)
    assert stranger.headers["content-type"] == "text/html", "Slack shows its sign-in page, with 200"


def test_a_response_url_takes_five_answers(slack: FakeSlack) -> None:
    path = slack.issue("U1", "C1")["response_url"].removeprefix(slack.url)
    body = json.dumps({"text": "later"}).encode()
    statuses = [request(slack.url, "POST", path, {}, body).status for _ in range(6)]
    assert statuses == [200] * 5 + [404]


def test_commands_are_signed_and_carry_what_slack_sends(sender: SlackSender, service: Service) -> None:
    sender.command("/incident", "open phishing", user="U1", channel="C1")
    path, headers, body = service.requests[0]
    assert path == "/slack/events"
    stamp = headers["x-slack-request-timestamp"]
    assert headers["x-slack-signature"] == signature(SIGNING_SECRET, stamp, body)
    for field in (
        "command=%2Fincident",
        "text=open+phishing",
        "user_id=U1",
        "channel_id=C1",
        "trigger_id=",
        "response_url=",
    ):
        assert field in body.decode()


def test_a_person_fills_submits_corrects_and_closes_a_view(
    slack: FakeSlack, api: WebClient, sender: SlackSender, service: Service
) -> None:
    select = {"type": "input", "block_id": "sev", "label": PLAIN, "optional": True, "element": SELECT}
    api.views_open(trigger_id=slack.issue("U1")["trigger_id"], view=_view(blocks=[INPUT, select], private_metadata="m"))

    with pytest.raises(NotThere, match="what"):
        sender.submit(user="U1")
    with pytest.raises(NotThere, match="no field"):
        sender.submit({"what": "x", "where": "y"}, user="U1")
    service.answer = {"response_action": "errors", "errors": {"what": "too short"}}
    sender.submit({"what": "x"}, user="U1")
    assert slack.view_of("U1") is not None
    service.answer = {"response_action": "update", "view": _view(title={"type": "plain_text", "text": "Done"})}
    sender.submit({"what": "more", "sev": "s2"}, user="U1")
    shown = slack.view_of("U1")
    assert shown is not None
    assert shown.view["title"]["text"] == "Done"
    service.answer = None
    sender.submit({"what": "again"}, user="U1")
    assert slack.view_of("U1") is None
    assert slack.view_of("U2") is None


def test_clicks_find_their_button_in_messages_views_and_answers(
    slack: FakeSlack, api: WebClient, sender: SlackSender, service: Service
) -> None:
    blocks = [{"type": "actions", "block_id": "row", "elements": [BUTTON, SELECT]}]
    api.chat_postMessage(channel="C1", text="x", blocks=blocks)
    api.chat_postEphemeral(
        channel="C1", user="U1", text="x", blocks=[{"type": "actions", "elements": [BUTTON | {"action_id": "e"}]}]
    )
    api.views_publish(user_id="U1", view={"type": "home", "blocks": blocks})
    sender.click("go", user="U1", channel="C1")
    sender.click("e", user="U1", channel="C1")
    sender.click("severity", user="U1", home=True, value="S1")
    sender.click("go", user="U1", blocks=blocks, channel="C1")
    assert len(service.requests) == 4
    with pytest.raises(NotThere):
        sender.click("other", user="U1", channel="C1")


def test_events_can_be_retried_with_the_same_id(sender: SlackSender, service: Service) -> None:
    said, _ = sender.message("C1", "U1", "hello")
    event = {**said, "channel_type": "channel"}
    sender.event(event, event_id="Ev1")
    sender.event(event, event_id="Ev1", retry=1)
    sender.reaction("C1", said["ts"], "U2", "pushpin")
    bodies = [json.loads(body) for _, _, body in service.requests]
    assert [one["event"]["type"] for one in bodies] == ["message", "message", "message", "reaction_added"]
    assert bodies[1]["event_id"] == bodies[2]["event_id"] == "Ev1"
    assert service.requests[2][1]["x-slack-retry-num"] == "1"


def test_everything_can_be_controlled_from_outside(slack: FakeSlack, api: WebClient) -> None:
    controls = Controls(slack.url)
    controls.do("add_user", user_id="U9", name="eve", locale="de-DE")
    controls.latency(120)
    start = time.perf_counter()
    assert api.users_info(user="U9")["ok"]
    assert time.perf_counter() - start >= 0.12
    controls.latency(0)
    controls.fail("users.info", error="user_not_visible")
    with pytest.raises(SlackApiError):
        api.users_info(user="U9")
    assert controls.calls()["users.info"] == 2
    assert "U9" in controls.state()["users"]
    with pytest.raises(AssertionError, match="no such control"):
        controls.do("stop")


def test_the_home_tab_takes_no_title_and_has_to_be_switched_on(slack: FakeSlack, api: WebClient) -> None:
    home: dict[str, Any] = {"type": "home", "blocks": [{"type": "section", "text": PLAIN}]}
    assert api.views_publish(user_id="U1", view=home)["ok"]
    with pytest.raises(SlackApiError) as caught:
        api.views_publish(user_id="U1", view=home | {"title": PLAIN})
    assert _error(caught) == "invalid_arguments"
    slack.world.has_home = False
    with pytest.raises(SlackApiError) as caught:
        api.views_publish(user_id="U1", view=home)
    assert _error(caught) == "not_enabled"


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "x" * 40_001},
        {"text": "x", "blocks": [{"type": "divider"}] * 51},
        {"text": "x", "response_type": "everybody"},
    ],
)
def test_the_answer_to_a_command_is_looked_at_as_a_message_is(
    sender: SlackSender, service: Service, answer: dict[str, Any]
) -> None:
    service.answer = {"text": "x" * 40_000, "blocks": [{"type": "divider"}] * 50}
    assert sender.command("/incident", user="U1").status == 200
    service.answer = answer
    with pytest.raises(AssertionError):
        sender.command("/incident", user="U1")


@pytest.mark.parametrize(
    ("text", "verbatim", "calls"),
    [
        ("&lt;!channel&gt;", True, False),
        ("<!channel>", True, True),
        ("<@U0TOM>", True, True),
        ("On call: <@U0TOM> <@U0PETRA>", False, False),
        ("<@U0TOM> wrote: x", False, True),
        ("<https://evil.example|INC-1>", False, True),
    ],
)
def test_a_text_that_calls_somebody_is_found_unless_it_is_a_mention_alone(
    text: str, verbatim: bool, calls: bool
) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": verbatim}}
    assert bool(smuggled([{"text": "x", "blocks": [section]}])) is calls
    assert not smuggled([{"blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}])
