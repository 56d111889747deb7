"""The files that an installation is made from, as the tests read them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
CONTAINER: Final = ROOT / "docs" / "container"
DOCKERFILE: Final = CONTAINER / "Dockerfile"
SETTING: Final = re.compile(r"\b(?:WACHBUCH|SLACK|GITHUB|GITLAB)_[A-Z_]+\b")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the Dockerfile, its continued lines joined."""

    name: str
    rest: str


def instructions() -> list[Instruction]:
    """The Dockerfile without its comments."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def copied() -> Iterator[str]:
    """What the image is built from: sources of COPY, not those taken from another stage."""
    for one in instructions():
        words = shlex.split(one.rest)
        if one.name == "COPY" and not words[0].startswith("--from"):
            yield from words[:-1]


def compose() -> dict[str, Any]:
    """The compose file, with its anchors and merges resolved."""
    found: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))
    return found
