"""The app manifest: what Slack has to know to install us, with the least scopes that do."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from bot.slack.interactions import REPORT_SHORTCUT
from bot.slack.shortcuts import PRESERVE, TIMELINE
from workflows.errors import BrokenInput

PATH: Final = "/slack/events"
"""Over HTTP, commands, interactions and events all arrive here."""

SCOPES: Final[Mapping[str, str]] = {
    "commands": "the slash commands and shortcuts",
    "chat:write": "threads, summaries, announcements and answers",
    "channels:manage": "create, name, fill and archive the channel of a case",
    "groups:write": "the same for private channels",
    "channels:read": "find a channel of ours whose name is taken",
    "groups:read": "the same for private channels",
    "channels:history": "find a message of ours: after a crash, so that none is posted twice, and to take it back",
    "groups:history": "the same for private channels",
    "im:write": "write directly to those whom a confidential case concerns",
    "im:history": "find a direct message of ours, for the same",
    "pins:write": "pin the summary of a case",
    "bookmarks:read": "find a bookmark of ours again, so that none is set twice",
    "bookmarks:write": "the links of the policy at the top of the channel of a case",
    "users:read": "name and language of whoever asks",
    "usergroups:read": "members of the user groups that the policy gives a role",
    "files:read": "fetch a file that is to be kept as evidence",
    "files:write": "report and export of a case, by direct message to whoever asked for them, and to take them back",
    "reactions:read": "the pushpin that puts a message on the timeline",
    "app_mentions:read": "answer when somebody mentions the bot",
}
"""Scope to reason. `docs/slack.md` lists the same."""

EVENTS: Final[Mapping[str, str]] = {
    "app_mention": "answer when somebody mentions the bot",
    "reaction_added": "the pushpin that puts a message on the timeline",
    "message.channels": "files in the thread of a report; edits and deletions of what is on a timeline",
    "message.groups": "the same in private channels",
    "message.im": "answer what somebody writes to the bot directly",
    "file_shared": "files in the channel of a case",
    "app_home_opened": "show the home tab to whoever opens it",
    "user_change": "whoever left is called no more; a new language is read at once",
    "subteam_members_changed": "who came into a user group with a role, or left it",
    "file_deleted": "the original of kept evidence is gone",
}
"""Event to reason. `docs/slack.md` lists the same."""

COMMANDS: Final = (
    ("/incident", "Report an incident, or work on one", "[status|list|help …]"),
    ("/vorfall", "Vorfall melden oder bearbeiten", "[status|liste|hilfe …]"),
    ("/change", "Plan a change, or see why it is held", "[status|approve|help …]"),
    ("/aenderung", "Änderung planen, oder sehen, was sie aufhält", "[status|freigeben|hilfe …]"),
)
"""Command, description and usage hint, each in the language of its word."""

_SHORTCUTS: Final[tuple[Mapping[str, str], ...]] = (
    {
        "name": "Report as incident",
        "type": "message",
        "callback_id": REPORT_SHORTCUT,
        "description": "Opens the report form with this message in it",
    },
    {
        "name": "Add to timeline",
        "type": "message",
        "callback_id": TIMELINE,
        "description": "Puts this message on the timeline of a case",
    },
    {
        "name": "Preserve as evidence",
        "type": "message",
        "callback_id": PRESERVE,
        "description": "Keeps the files of this message as evidence",
    },
    {
        "name": "Report an incident",
        "type": "global",
        "callback_id": REPORT_SHORTCUT,
        "description": "Opens the report form",
    },
)


def manifest(public_url: str | None) -> dict[str, Any]:
    """The manifest for a service at this address; None: by Socket Mode, without any address.

    Raises BrokenInput for an address that Slack would not take.
    """
    address = _address(public_url) if public_url is not None else ""
    url = {"url": address} if address else {}
    request_url = {"request_url": address} if address else {}
    return {
        "display_information": {
            "name": "Wachbuch",
            "description": "Incidents and changes, with their evidence",
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "wachbuch", "always_online": True},
            "slash_commands": [
                {"command": word, **url, "description": text, "usage_hint": hint, "should_escape": False}
                for word, text, hint in COMMANDS
            ],
            "shortcuts": [dict(one) for one in _SHORTCUTS],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def _address(public_url: str) -> str:
    base = public_url.rstrip("/")
    if not base.startswith("https://"):
        message = f"expected a public https address, found {public_url!r}"
        raise BrokenInput(message)
    return f"{base}{PATH}"


def manifest_text(public_url: str | None) -> str:
    """The manifest as YAML, to paste at api.slack.com/apps."""
    return yaml.safe_dump(manifest(public_url), sort_keys=False, allow_unicode=True)
