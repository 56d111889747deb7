"""The manifest asks for what is used, and the documentation gives a reason for each."""

from pathlib import Path

import pytest
import yaml

from bot.chat.verbs import COMMANDS, fold
from bot.slack.manifest import EVENTS, SCOPES, manifest, manifest_text
from workflows.errors import BrokenInput

DOCS = Path(__file__).resolve().parents[3] / "docs" / "slack.md"


def test_everything_arrives_at_one_address() -> None:
    read = yaml.safe_load(manifest_text("https://wachbuch.example.org/"))
    assert read == manifest("https://wachbuch.example.org")
    address = "https://wachbuch.example.org/slack/events"
    assert read["settings"]["event_subscriptions"]["request_url"] == address
    assert read["settings"]["interactivity"] == {"is_enabled": True, "request_url": address}
    assert {one["url"] for one in read["features"]["slash_commands"]} == {address}


def test_socket_mode_needs_no_address_and_differs_in_nothing_else() -> None:
    by_socket, over_http = yaml.safe_load(manifest_text(None)), manifest("https://wachbuch.example.org")
    assert "http" not in manifest_text(None)
    assert (by_socket["settings"]["socket_mode_enabled"], over_http["settings"]["socket_mode_enabled"]) == (True, False)
    del over_http["settings"]["event_subscriptions"]["request_url"]
    del over_http["settings"]["interactivity"]["request_url"]
    for command in over_http["features"]["slash_commands"]:
        del command["url"]
    over_http["settings"]["socket_mode_enabled"] = True
    assert by_socket == over_http


def test_every_command_word_is_registered() -> None:
    words = {fold(one["command"].lstrip("/")) for one in manifest("https://a.example")["features"]["slash_commands"]}
    assert words == set(COMMANDS)


def test_every_scope_is_documented_with_its_reason() -> None:
    text = DOCS.read_text()
    assert set(manifest("https://a.example")["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    for scope, reason in SCOPES.items():
        assert f"| `{scope}` | {reason} |" in text
    for event, reason in EVENTS.items():
        assert f"| `{event}` | {reason} |" in text


@pytest.mark.parametrize("address", ["", "http://wachbuch.example.org", "wachbuch.example.org"])
def test_an_address_that_slack_would_not_take_is_refused(address: str) -> None:
    with pytest.raises(BrokenInput, match="https"):
        manifest(address)
