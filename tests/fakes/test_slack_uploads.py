"""The fake takes files as Slack does: in three steps, and nothing that Slack would not take."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.client import request
from tests.fakes.slack import BOT_TOKEN, FakeSlack
from tests.fakes.slack.world import BOT_USER


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add_user("U1", "lena")
        fake.add_channel("C1", "general")
        fake.add_channel("C2", "others", bot=False)
        yield fake


@pytest.fixture
def api(slack: FakeSlack) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=f"{slack.url}/api/", timeout=30)


def brought(slack: FakeSlack, api: WebClient, content: bytes = b"four") -> str:
    told = api.files_getUploadURLExternal(filename="a.txt", length=4)
    path = str(told["upload_url"]).removeprefix(slack.url)
    assert request(slack.url, "POST", path, {}, content).status == (200 if len(content) == 4 else 400)
    return str(told["file_id"])


def refused(api: WebClient, file: str, channel: str) -> str:
    with pytest.raises(SlackApiError) as error:
        api.files_completeUploadExternal(files=[{"id": file, "title": "A"}], channel_id=channel)
    return str(error.value.response["error"])


def test_a_file_is_seen_once_it_is_complete_and_in_one_place(slack: FakeSlack, api: WebClient) -> None:
    direct = str(api.conversations_open(users="U1")["channel"]["id"])
    file = brought(slack, api)
    assert slack.world.files == {}
    told = api.files_completeUploadExternal(files=[{"id": file, "title": "A"}], channel_id=direct, initial_comment="Hi")
    assert told["files"] == [{"id": file, "title": "A"}]
    (message,) = api.conversations_history(channel=direct)["messages"]
    assert (message["text"], [one["name"] for one in message["files"]]) == ("Hi", ["a.txt"])
    assert slack.messages("C1") == []
    assert refused(api, file, direct) == "file_not_found", "once"


def test_what_slack_would_not_take(slack: FakeSlack, api: WebClient) -> None:
    assert refused(api, "F0", "C1") == "file_not_found"
    assert refused(api, brought(slack, api, b"three"), "C1") == "file_not_found", "its bytes never came"
    file = brought(slack, api)
    assert refused(api, file, "C2") == "not_in_channel"
    assert refused(api, file, "C9") == "channel_not_found"
    with pytest.raises(SlackApiError):
        api.files_getUploadURLExternal(filename="a.txt", length=0)
    path = str(api.files_getUploadURLExternal(filename="a.txt", length=4)["upload_url"]).removeprefix(slack.url)
    assert request(slack.url, "POST", path, {"authorization": f"Bearer {BOT_TOKEN}"}, b"four").status == 400
    assert request(slack.url, "POST", f"{path}x", {}, b"four").status == 404
    slack.scopes.discard("files:write")
    assert refused(api, file, "C1") == "missing_scope"


def test_only_files_of_the_bot_can_be_deleted_and_once(slack: FakeSlack, api: WebClient) -> None:
    def deleted(file: str) -> str:
        try:
            api.files_delete(file=file)
        except SlackApiError as error:
            return str(error.response["error"])
        return ""

    file = brought(slack, api)
    assert deleted(file) == "file_not_found", "it is nowhere yet"
    api.files_completeUploadExternal(files=[{"id": file, "title": "A"}], channel_id="C1")
    theirs = str(slack.share_file("C1", "U1", "b.txt", "five")["id"])
    assert deleted(theirs) == "cant_delete_file"
    slack.scopes.discard("files:write")
    assert deleted(file) == "missing_scope"
    slack.scopes.add("files:write")
    assert [deleted(file), deleted(file)] == ["", "file_deleted"]
    (message,) = [one for one in api.conversations_history(channel="C1")["messages"] if one["user"] == BOT_USER]
    assert [(one["id"], one["mode"]) for one in message["files"]] == [(file, "tombstone")]
