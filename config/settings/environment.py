"""Reads the names from an environment, each also as `NAME_FILE` (for secrets mounted as files)."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from config.settings.faults import SettingFault
from config.settings.model import PREFIX, names

SUFFIX: Final = "_FILE"
MAX_FILE_BYTES: Final = 65_536
_ELSEWHERE: Final = frozenset({"WACHBUCH_OFFLINE_REASON", "WACHBUCH_ENV_FILE"})
"""Names that are read elsewhere: by single commands, or before the settings."""
_TESTS: Final = "WACHBUCH_TEST_"


@dataclass(frozen=True, slots=True)
class Given:
    """What an environment says: values by field, the fields whose value could not be had, and every fault."""

    values: Mapping[str, str]
    unread: frozenset[str]
    faults: tuple[SettingFault, ...]


def read_environment(environ: Mapping[str, str]) -> Given:
    """The settings that are set. An empty variable counts as not set."""
    values: dict[str, str] = {}
    unread: set[str] = set()
    faults = list(_strangers(environ))
    for field, name in names().items():
        found = _one(name, environ)
        if isinstance(found, SettingFault):
            faults.append(found)
            unread.add(field)
        elif found:
            values[field] = found
    return Given(values, frozenset(unread), tuple(faults))


def _one(name: str, environ: Mapping[str, str]) -> str | SettingFault:
    given, file = environ.get(name, "").strip(), environ.get(name + SUFFIX, "").strip()
    if given and file:
        return SettingFault.of(name, "both", name=name, other=name + SUFFIX)
    return _content(name + SUFFIX, Path(file)) if file else given


def _content(name: str, file: Path) -> str | SettingFault:
    """The content of the file without the line end at its end."""
    shown = str(file)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return SettingFault.of(name, "file_missing", file=shown)
    except OSError as error:
        return SettingFault.of(name, "file_unreadable", file=shown, reason=error.strerror or type(error).__name__)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        text = None
    if text is None or len(content) > MAX_FILE_BYTES:
        return SettingFault.of(name, "file_not_text", file=shown, limit=str(MAX_FILE_BYTES))
    return text or SettingFault.of(name, "file_empty", file=shown)


def _strangers(environ: Mapping[str, str]) -> list[SettingFault]:
    """Names with our prefix that mean nothing are typing errors: a gate that seems configured would not be."""
    known = {name + suffix for name in names().values() for suffix in ("", SUFFIX)} | _ELSEWHERE
    ours = sorted(name for name in environ if name.startswith(PREFIX) and not name.startswith(_TESTS))
    return [_stranger(name, known) for name in ours if name not in known]


def _stranger(name: str, known: set[str]) -> SettingFault:
    own = {other.removeprefix(PREFIX): other for other in sorted(known)}
    near = get_close_matches(name.removeprefix(PREFIX), own, n=1, cutoff=0.6)
    return SettingFault.of(name, "unknown_near", near=own[near[0]]) if near else SettingFault.of(name, "unknown")
