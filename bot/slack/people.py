"""Slack users as persons: by the policy where it names them, else as an engineer who is known by their Slack id."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.chat.directory import named_in
from bot.chat.port import Speaker
from bot.standing import named, of_slack
from config.policy.models import Policy
from workflows.actors import Actor, Person, PersonId, Pseudonym, Source
from workflows.events import IdentityData
from workflows.groups import Known
from workflows.leavers import LEFT, today
from workflows.store.errors import Unavailable
from workflows.workflow import Case

log = structlog.get_logger(__name__)

PREFIX: Final = "slack:"
CHANGED: Final = "slack.changed"
"""Link scope: Slack user → a mark of the last time that Slack told of a change of theirs."""
FRESH_SECONDS: Final = 3600.0
"""How long a name and a locale from Slack are believed before they are asked for again."""
_SLACK_ID: Final = re.compile(r"^(?:slack:)?(?:<@)?([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>?$")
_LANGUAGES: Final = frozenset({"de", "en"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack tells about a user."""

    name: str
    locale: str
    team: str
    until: float
    mark: str = ""
    """What Slack had told of their last change; after another one this is no longer believed."""


class People:
    """Finds persons for Slack users and Slack users for persons.

    Profiles are cached for an hour, or until Slack tells that one changed.
    """

    def __init__(
        self,
        policy: Policy,
        client: WebClient,
        now: Callable[[], datetime],
        known: Known,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._now = now
        self._known = known
        self._client = client
        self._clock = clock
        self._profiles: dict[str, Profile] = {}
        self._lock = Lock()

    @property
    def policy(self) -> Policy:
        """The policy as of now: whoever is away is stood in for, whoever left is not there."""
        return today(self._policy, self._known, self._now())

    def speaker(self, user_id: str, hint: str = "") -> Speaker:
        """Who a Slack user is, and which language they read. `hint` is the name the request itself carries.

        While the database does not answer it is somebody without any role: whoever asks is still to get a sentence.
        """
        try:
            return self._speaker(user_id, hint)
        except Unavailable:
            known = self._policy.person_by(slack=user_id)
            named = (known.id, known.name) if known else (f"{PREFIX}{user_id}", hint or user_id)
            person = Person(PersonId(named[0]), named[1])
            return Speaker(Actor(person, frozenset(), Source.SLACK), self.language(user_id))

    def _speaker(self, user_id: str, hint: str) -> Speaker:
        has_left, now = self._has_left(user_id), self.policy
        known = None if has_left else now.person_by(slack=user_id)
        if known is not None:
            return Speaker(named(now, known, Source.SLACK), known.locale or self._language(user_id))
        name = self._name(user_id) or hint or user_id
        return Speaker(of_slack(self._policy, self._known, user_id, name, Source.SLACK), self._language(user_id))

    def language(self, user_id: str) -> str:
        """The language somebody reads, as far as it is known without asking Slack."""
        known = self._policy.person_by(slack=user_id)
        if known is not None and known.locale:
            return known.locale
        with self._lock:
            cached = self._profiles.get(user_id)
        return self._language_of(cached)

    def find(self, token: str) -> Person | None:
        """The person behind a policy id, a name, `@name`, `slack:U…` or `<@U…>`."""
        wanted = token.strip()
        if match := _SLACK_ID.match(wanted):
            return None if self._has_left(match[1]) else self.speaker(match[1]).actor.person
        named = named_in(self._policy, wanted)
        if named is not None and named.slack and self._has_left(named.slack):
            return None
        return Person(PersonId(named.id), named.name) if named else None

    def slack_id(self, person_id: str) -> str | None:
        """The Slack user behind a person id; nobody for a closed account, so that none is called or mentioned."""
        match = _SLACK_ID.match(person_id)
        known = self._policy.person_by(id=person_id) if person_id and not match else None
        user = match[1] if match else known.slack if known else None
        return None if user is None or self._has_left(user) else user

    def _has_left(self, user_id: str) -> bool:
        return self._known.get(LEFT, user_id) is not None

    def user_in(self, case: Case, pseudonym: Pseudonym | None) -> str | None:
        """The Slack user of somebody in a case; None for nobody, somebody erased, and somebody without an account."""
        who = case.people.get(pseudonym) if pseudonym else None
        return self.slack_id(who.id) if isinstance(who, IdentityData) else None

    def instead(self, user_id: str) -> str:
        """The Slack user who stands in for this one today; the same one where nobody does."""
        today = self.policy.today
        known = self._policy.person_by(slack=user_id)
        deputy = today.deputy(known) if known is not None else None
        return deputy.slack if deputy is not None and deputy.slack else user_id

    def _language(self, user_id: str) -> str:
        return self._language_of(self._profile(user_id))

    def _language_of(self, profile: Profile | None) -> str:
        found = profile.locale.replace("_", "-").partition("-")[0].lower() if profile else ""
        return found if found in _LANGUAGES else self._policy.language

    def _name(self, user_id: str) -> str:
        profile = self._profile(user_id)
        return profile.name if profile else ""

    def _profile(self, user_id: str) -> Profile | None:
        with self._lock:
            cached = self._profiles.get(user_id)
        mark = self._known.get(CHANGED, user_id) or ""
        if cached is not None and cached.until > self._clock() and cached.mark == mark:
            return cached
        fresh = self._ask(user_id, mark)
        if fresh is None:
            return cached
        with self._lock:
            self._profiles[user_id] = fresh
        return fresh

    def _ask(self, user_id: str, mark: str) -> Profile | None:
        try:
            answer = self._client.users_info(user=user_id, include_locale=True)
        except (SlackClientError, OSError) as error:
            log.warning("slack_profile_unread", user=user_id, error=type(error).__name__)
            return None
        return _read_profile(answer.get("user"), self._clock() + FRESH_SECONDS, mark)


def _read_profile(user: Any, until: float, mark: str) -> Profile | None:
    if not isinstance(user, dict):
        return None
    profile: object = user.get("profile")
    name = (
        (profile.get("real_name") if isinstance(profile, dict) else "")
        or user.get("real_name")
        or user.get("name")
        or ""
    )
    return Profile(str(name), str(user.get("locale") or ""), str(user.get("team_id") or ""), until, mark)
