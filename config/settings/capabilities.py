"""What the settings are enough for. Data only; the texts are made where they are shown."""

from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    """Outside systems, by the way they are connected."""

    SLACK_HTTP = "slack_http"
    SLACK_SOCKET = "slack_socket"
    GITHUB = "github"
    GITLAB = "gitlab"


class State(StrEnum):
    """Nothing set, something set but not enough, or ready."""

    ABSENT = "absent"
    PARTIAL = "partial"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Capability:
    """What is set for a system and what is missing; each missing entry lists names of which any one is enough.

    `advised` names what a real installation needs and a test bench does not.
    """

    system: System
    configured: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    advised: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """How far the configuration is."""
        if not self.missing:
            return State.READY
        return State.PARTIAL if self.configured else State.ABSENT


def capabilities(given: frozenset[str], *, webhooks: bool) -> tuple[Capability, ...]:
    """What these names are enough for; `webhooks` tells whether the forges call us."""
    return (
        _slack_http(given),
        _slack_socket(given),
        _github(given, webhooks=webhooks),
        _gitlab(given, webhooks=webhooks),
    )


def slack_way(given: frozenset[str]) -> System:
    """How Slack is heard: with an app's token by Socket Mode, whatever else is set; else by signed requests."""
    return System.SLACK_SOCKET if "SLACK_APP_TOKEN" in given else System.SLACK_HTTP


def _slack_http(given: frozenset[str]) -> Capability:
    """Slack over HTTP: its requests are signed, our answers carry the bot's token."""
    return _all_of(System.SLACK_HTTP, given, ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"), _public(given))


def _slack_socket(given: frozenset[str]) -> Capability:
    """Slack by Socket Mode: no public address is needed."""
    return _all_of(System.SLACK_SOCKET, given, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), ())


def _all_of(system: System, given: frozenset[str], needed: tuple[str, ...], advised: tuple[str, ...]) -> Capability:
    configured = tuple(name for name in needed if name in given)
    return Capability(system, configured, tuple((name,) for name in needed if name not in given), advised)


def _github(given: frozenset[str], *, webhooks: bool) -> Capability:
    """GitHub: an App or a token to act; by webhooks also the secret that they are signed with."""
    needed = (("GITHUB_APP_ID", "GITHUB_TOKEN"), ("GITHUB_WEBHOOK_SECRET",))
    return _forge(System.GITHUB, given, needed, ("GITHUB_PRIVATE_KEY",), webhooks=webhooks)


def _gitlab(given: frozenset[str], *, webhooks: bool) -> Capability:
    """GitLab: a token to act; by webhooks also what they are signed with (or the older token)."""
    needed = (("GITLAB_TOKEN",), ("GITLAB_SIGNING_TOKEN", "GITLAB_WEBHOOK_TOKEN"))
    return _forge(System.GITLAB, given, needed, ("GITLAB_URL",), webhooks=webhooks)


def _forge(
    system: System,
    given: frozenset[str],
    needed: tuple[tuple[str, ...], ...],
    beside: tuple[str, ...],
    *,
    webhooks: bool,
) -> Capability:
    """A forge that calls us, or that we ask for news: then the first of what is needed suffices, to act."""
    missing = tuple(names for names in (needed if webhooks else needed[:1]) if given.isdisjoint(names))
    known = (*(name for names in needed for name in names), *beside)
    advised = _public(given) if webhooks else ()
    return Capability(system, tuple(name for name in known if name in given), missing, advised)


def _public(given: frozenset[str]) -> tuple[str, ...]:
    return () if "WACHBUCH_PUBLIC_URL" in given else ("WACHBUCH_PUBLIC_URL",)
