"""Settings in a file beside the process: `.env` in its working folder, else the one that `WACHBUCH_ENV_FILE` names.

Reads nothing but lines `NAME=value`: no variables, no commands. What the environment sets wins. Must stay quick to
import: the command line asks it for its language.
"""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

NAME: Final = "WACHBUCH_ENV_FILE"
DEFAULT: Final = ".env"
OURS: Final = ("WACHBUCH_", "SLACK_", "GITHUB_", "GITLAB_")
"""Beginnings of the names that are ours; others may share the file and are left alone."""
MAX_BYTES: Final = 65_536
_LINE: Final = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*)", re.ASCII)
_SUFFIX: Final = "_FILE"


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with the file: a code, and the line counted from 1 (0: the file as a whole). Never a value."""

    code: str
    line: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dotenv:
    """What a file says. `values` holds our names only."""

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[BadLine, ...] = ()

    def beneath(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment with what it leaves open taken from the file; a name and its `_FILE` are one setting."""
        given = {_bare(name) for name, value in environ.items() if value.strip()}
        return {**{name: value for name, value in self.values.items() if _bare(name) not in given}, **_set(environ)}


def find(environ: Mapping[str, str]) -> Dotenv:
    """The file of this environment. A default one that is not there says nothing; a named one has to be."""
    named = environ.get(NAME, "").strip()
    path = Path(named or DEFAULT)
    # A folder of this name is somebody's virtual environment.
    if not named and (not path.exists() or path.is_dir()):
        return Dotenv(path)
    return read(path)


def read(path: Path) -> Dotenv:
    """The file at this place, with everything that is wrong with it."""
    try:
        with path.open("rb") as stream:
            about = os.fstat(stream.fileno())
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return Dotenv(path, faults=(BadLine("dotenv_unreadable", reason=error.strerror or type(error).__name__),))
    if stat.S_ISREG(about.st_mode) and (about.st_mode & stat.S_IWOTH or about.st_uid not in {0, os.geteuid()}):
        return Dotenv(path, faults=(BadLine("dotenv_not_ours"),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or len(content) > MAX_BYTES:
        return Dotenv(path, faults=(BadLine("dotenv_not_text"),))
    return _parsed(path, text.splitlines())


def _parsed(path: Path, lines: Iterable[str]) -> Dotenv:
    values: dict[str, str] = {}
    faults: list[BadLine] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        value = _unquoted(match["value"]) if match else None
        if match is None or value is None:
            faults.append(BadLine("dotenv_line", number))
        elif match["name"] in values:
            faults.append(BadLine("dotenv_twice", number))
        elif match["name"].startswith(OURS):
            values[match["name"]] = value
    return Dotenv(path, values, tuple(faults))


def _unquoted(value: str) -> str | None:
    """The value without its quotes, or without the remark behind it; None where a quote is left open."""
    for quote in ("'", '"'):
        if value.startswith(quote):
            inner, closing, rest = value[1:].partition(quote)
            return inner if closing and (not rest.strip() or rest.lstrip().startswith("#")) else None
    return re.split(r"\s+#", f" {value}", maxsplit=1)[0].strip()


def _bare(name: str) -> str:
    return name if name == NAME else name.removesuffix(_SUFFIX)


def _set(environ: Mapping[str, str]) -> dict[str, str]:
    """An empty variable counts as not set, so it hides nothing."""
    return {name: value for name, value in environ.items() if value.strip() or not name.startswith(OURS)}
