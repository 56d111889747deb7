"""Writes to one person about an incident, and notes that it did: what they may not read later is taken back."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from bot.jobs.port import Job
from bot.slack.calls import Calls
from bot.slack.links import Links
from workflows.incident.state import IncidentCase

WRITTEN: Final = "slack.direct"
"""Link scope: case id and Slack user → case id. One row each, so that two jobs at once lose nobody."""


class Reaching(Protocol):
    """Whatever can write, and note it."""

    @property
    def calls(self) -> Calls:
        """Calls to Slack."""

    @property
    def links(self) -> Links:
        """Where things are there."""


def write(by: Reaching, job: Job, case: IncidentCase, user: str, message: Mapping[str, Any]) -> None:
    """A direct message about the case, once for each job and user."""
    # Noted first: between the two the case may become confidential.
    by.links.put(WRITTEN, f"{case.id} {user}", str(case.id))
    by.calls.post(job, by.calls.direct(user), message)


def written_to(links: Links, case: IncidentCase) -> tuple[str, ...]:
    """The Slack users who were written to about the case."""
    return tuple(key.partition(" ")[2] for key in links.keys_of(WRITTEN, str(case.id)))
