"""Any command whatsoever: made from the types of its fields, so that a new command is covered without being listed."""

import types
import typing
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st

from config.policy.criteria import OwnCriterion, own_criterion
from tests.journeys.policies import PEOPLE, policy
from workflows.actors import Actor, Person, PersonId, Source
from workflows.change.seen import Forge, RequestKey
from workflows.commands import Command
from workflows.registry import WORKFLOWS

REPOSITORY: Final = "7001"
REQUESTS: Final = tuple(RequestKey(Forge.GITHUB, REPOSITORY, number) for number in (1, 2))
WORDS: Final = ("", "kurz", "Anhang geöffnet", "phishing", "gdpr_33_1", "prod", "standard", "acme/shop")
COMMANDS: Final[tuple[type[Command], ...]] = tuple(
    sorted((kind for workflow in WORKFLOWS.values() for kind in workflow.access), key=lambda kind: kind.__name__)
)
"""Every command that any workflow takes."""


def person(name: str) -> Person:
    """Somebody of the policy, or a stranger."""
    return Person(PersonId(name), PEOPLE.get(name, ("Fremd", ""))[0])


def actor(name: str, source: Source = Source.CLI) -> Actor:
    """Somebody with the roles that the policy gives."""
    known = policy().policy.person_by(id=name)
    return Actor(person(name), known.roles if known else frozenset(), source)


ACTORS: Final = (*PEOPLE, "stranger")


class Making:
    """Strategies for the fields of commands, around a moment, over known cases and ids."""

    def __init__(self, now: datetime, numbers: Sequence[str], ids: Sequence[UUID]) -> None:
        self._now = now
        self._numbers = tuple(numbers) or ("INC-2026-0001",)
        self._ids = tuple(ids) or (UUID(int=7),)

    def command(self, kind: type[Command]) -> st.SearchStrategy[Command]:
        """Commands of one type."""
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{one.name: self._field(one.name, hints[one.name]) for one in fields(kind)})

    def _field(self, name: str, of: Any) -> st.SearchStrategy[Any]:
        if name in {"case", "number", "duplicate_of", "because"} and of is str:
            return st.sampled_from((*self._numbers, "INC-2026-0999"))
        return self._of(of)

    def _of(self, of: Any) -> st.SearchStrategy[Any]:
        origin, inner = get_origin(of), get_args(of)
        if origin in {types.UnionType, typing.Union}:
            return st.one_of(*(self._of(one) for one in inner))
        if origin is tuple:
            return st.lists(self._of(inner[0]), max_size=2).map(tuple)
        if isinstance(of, type) and issubclass(of, StrEnum):
            return st.sampled_from(of)
        if isinstance(of, type) and hasattr(of, "__dataclass_fields__") and of is not Person:
            return st.sampled_from(REQUESTS) if of is RequestKey else self.command(of)
        return self._simple(of)

    def _simple(self, of: Any) -> st.SearchStrategy[Any]:
        hours = st.integers(min_value=-48, max_value=24 * 40)
        simple: dict[Any, st.SearchStrategy[Any]] = {
            type(None): st.none(),
            str: st.sampled_from((*WORDS, REPOSITORY)),
            bool: st.booleans(),
            int: st.integers(min_value=0, max_value=3),
            datetime: hours.map(lambda by: self._now + timedelta(hours=by)),
            Person: st.sampled_from(ACTORS).map(person),
            UUID: st.sampled_from(self._ids),
            OwnCriterion: st.just(own_criterion("nobody-added-it")),
        }
        return simple[of]
