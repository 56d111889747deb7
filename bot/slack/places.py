"""Where a case lives in Slack: names of scopes in the links table, and the channel names."""

from dataclasses import dataclass
from typing import Final

from bot.chat.surface import is_channel_id
from bot.slack.links import Links
from config.policy.ids import Visibility
from config.policy.models import Policy
from workflows.incident.state import IncidentCase

CHANNEL: Final = "slack.channel"
"""Case id → channel id."""
CHANNEL_CASE: Final = "slack.channel_case"
"""Channel id → number of the case; read by `Queries.case_in_channel`."""
OPEN: Final = "slack.channel_open"
"""Channel id → `yes` for those of ours that everybody may join."""
THREAD: Final = "slack.thread"
SUMMARY: Final = "slack.summary"
DIGEST: Final = "slack.digest"
ONWARD: Final = "slack.onward"
"""Case id → the channel that its thread and its announcement lead to."""


@dataclass(frozen=True, slots=True)
class Place:
    """A message: channel id and time stamp."""

    channel: str
    ts: str

    def __str__(self) -> str:
        """As stored."""
        return f"{self.channel} {self.ts}"


def message_at(links: Links, scope: str, case_id: str) -> Place | None:
    """A stored message, None when it was not posted yet."""
    channel, _, ts = (links.get(scope, case_id) or "").partition(" ")
    return Place(channel, ts) if channel and ts else None


def channel_name(policy: Policy, case: IncidentCase) -> str:
    """A neutral name, `inc-2026-0042` (a drill: `…-drill`): it can be seen by people who may not see the case."""
    drill = ("-uebung" if policy.language == "de" else "-drill") if case.drill else ""
    return f"{policy.slack.channel_prefix}{case.number.lower().removeprefix('inc-')}{drill}"


def is_private(case: IncidentCase) -> bool:
    """Everything but `team` gets a private channel."""
    return case.visibility is not Visibility.TEAM


def home(links: Links, case: IncidentCase) -> str | None:
    """The case's channel, None while it has none, or only one that shows it to more people than may see it."""
    channel = links.get(CHANNEL, str(case.id))
    exposed = channel is not None and is_private(case) and bool(links.get(OPEN, channel))
    return None if exposed else channel


def talk(links: Links, case: IncidentCase) -> tuple[str, str | None] | None:
    """Where people work on a case, as channel and thread: its channel, else the report's thread; None for neither.

    The thread only while the case is open to the team.
    """
    channel = home(links, case)
    if channel is not None:
        return channel, None
    thread = message_at(links, THREAD, str(case.id))
    return (thread.channel, thread.ts) if thread is not None and not is_private(case) else None


def addressed(configured: str) -> str:
    """A channel of the policy as the Web API takes it: an id as it is, a name with `#`."""
    return configured if is_channel_id(configured) else f"#{configured}"
