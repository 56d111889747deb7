"""Writes to one person about an incident, and notes that it did: what they may not read later is taken back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from bot.jobs.port import GiveUp, Job, Retry
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


def to_each(targets: Iterable[str], do: Callable[[str], object]) -> None:
    """Do it for each of them (people, files): where Slack refuses one, that keeps none of the others from it.

    Raises Retry when one of them may still succeed later, else GiveUp when one of them cannot.
    """
    failed: list[Retry | GiveUp] = []
    for target in dict.fromkeys(targets):
        try:
            do(target)
        except (Retry, GiveUp) as error:
            failed.append(error)
    if failed:
        raise next((one for one in failed if isinstance(one, Retry)), failed[0])


def to_each_once(links: Links, noted: tuple[str, str], users: Iterable[str], tell: Callable[[str], object]) -> None:
    """The same, passing over who was told before. `noted`: link scope and key under which that is kept."""
    told = (links.get(*noted) or "").split()

    def tell_and_note(user: str) -> None:
        tell(user)
        told.append(user)
        links.put(*noted, " ".join(told))

    to_each((user for user in users if user not in told), tell_and_note)


def written_to(links: Links, case: IncidentCase) -> tuple[str, ...]:
    """The Slack users who were written to about the case."""
    return tuple(key.partition(" ")[2] for key in links.keys_of(WRITTEN, str(case.id)))
