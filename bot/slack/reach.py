"""What whoever tells people something in Slack goes by. Handlers of such jobs are this, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.slack.calls import Calls
from bot.slack.links import Links
from bot.slack.people import People
from config.i18n import Translator
from config.policy.models import Policy
from workflows.events import Recorded
from workflows.workflow import Case


@dataclass(frozen=True, slots=True)
class Reach:
    """Calls to Slack, where things are there, cases and their entries, people, the policy, texts, the time."""

    calls: Calls
    links: Links
    read_case: Callable[[str], Case | None]
    read_entry: Callable[[str, int], tuple[Recorded, str] | None]
    """An entry of a case by its sequence number, with its receipt."""
    people: People
    policy: Policy
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]
    bot_id: Callable[[], str]
    """Id of our own bot: only what it said itself can be taken back."""
