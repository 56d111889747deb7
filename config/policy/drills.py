"""Drills (A.5.24): who is called to them, and scenarios with what comes to light in their course."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, StrictBool, StringConstraints
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.base import FrozenMap, Id, Line, PolicyModel
from config.policy.faults import Place
from config.policy.tree import Entry, Node

FOLDER = "drills"
"""Folder of the scenarios, one a file; the name of the file is the id of the scenario."""
_SCENARIOS = "scenarios"
Told = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
"""What people are told, in one or several lines."""
Minutes = Annotated[int, Field(strict=True, ge=0, le=20_160)]
"""Two weeks at most."""


class Inject(PolicyModel):
    """Something that comes to light, so many minutes after the start."""

    after_minutes: Minutes
    text: Told
    text_de: Told | None = None

    def said(self, language: str) -> str:
        """The text in this language, as far as there is one."""
        return self.text_de if self.text_de and language.startswith("de") else self.text


def _upwards(injects: tuple[Inject, ...]) -> tuple[Inject, ...]:
    minutes = [inject.after_minutes for inject in injects]
    if minutes != sorted(set(minutes)):
        raise PydanticCustomError("not_upwards", "each comes later", {"found": ", ".join(map(str, minutes))})
    return injects


class Scenario(PolicyModel):
    """A drill that is prepared: how it begins, and what comes to light. `…_de` is used where the language is German."""

    title: Line
    title_de: Line | None = None
    what: Told
    what_de: Told | None = None
    injects: Annotated[tuple[Inject, ...], Field(max_length=50), AfterValidator(_upwards)] = ()

    def titled(self, language: str) -> str:
        """The title in this language, as far as there is one."""
        return self.title_de if self.title_de and language.startswith("de") else self.title

    def told(self, language: str) -> str:
        """How it begins, in this language, as far as there is a text."""
        return self.what_de if self.what_de and language.startswith("de") else self.what


class DrillPolicy(PolicyModel):
    """Whether drills call who is on duty even when their asker does not say so, and the scenarios by id."""

    page: StrictBool = False
    scenarios: FrozenMap[Id, Scenario] = Field(default_factory=dict)


def placed(scenario: str, file: Node) -> Node:
    """A file of the folder as a part of the policy."""
    at = Place(file.at.file)
    return _below(Node(at, {scenario: Entry(at, file)}))


def without(tree: Node, names: Mapping[str, object]) -> Node:
    """A policy without these scenarios: one of the organisation replaces the built-in of its name whole."""
    drills, found = tree.entries().get(FOLDER), tree.get(FOLDER, _SCENARIOS)
    if drills is None or found is None:
        return tree
    kept = {name: entry for name, entry in found.entries().items() if name not in names}
    inner = {**drills.node.entries(), _SCENARIOS: Entry(found.at, Node(found.at, kept))}
    return Node(tree.at, {**tree.entries(), FOLDER: Entry(drills.at, Node(drills.node.at, inner))})


def _below(scenarios: Node) -> Node:
    at = scenarios.at
    return Node(at, {FOLDER: Entry(at, Node(at, {_SCENARIOS: Entry(at, scenarios)}))})
