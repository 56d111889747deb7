"""The machine and what was set: program, settings, secret files, policy, data folder."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import __version__
from bot.doctor.result import Group, Level, Patient, Result
from config.dotenv import find
from config.policy.people import Consequence, check_people
from config.settings import State, System
from config.settings.environment import SUFFIX
from config.settings.model import names
from config.settings.rules import is_loopback
from workflows.store.address import parse, sqlite_file

OLDEST_PYTHON: Final = (3, 11)
SHORTEST_SECRET: Final = 16
LITTLE_ROOM: Final = 1024**3
NO_ROOM: Final = 100 * 1024**2
_OTHERS: Final = stat.S_IRWXO
_SLACK: Final = (System.SLACK_HTTP, System.SLACK_SOCKET)
_CHOSEN: Final = (
    "slack_signing_secret", "github_webhook_secret", "gitlab_webhook_token", "alertmanager_token", "metrics_token",
)  # fmt: skip
"""Secrets that people make up themselves."""


def program(patient: Patient) -> Iterator[Result]:
    """Which program this is, and on what."""
    t = patient.texts
    running = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Result(
            Group.PROGRAM,
            "python",
            Level.FAULT,
            t.gettext("Python {version}").format(version=running),
            t.gettext("Python 3.11 or later is needed."),
            t.gettext("Install a newer one; ./run finds it."),
        )
        return
    what = t.gettext("Wachbuch {version}, Python {python}").format(version=__version__, python=running)
    yield Result(Group.PROGRAM, "version", Level.OK, what)


def settings(patient: Patient) -> Iterator[Result]:
    """What is connected, and what is set in a way that is not safe."""
    t, found = patient.texts, patient.settings
    for one in found.capabilities():
        chosen = one.system not in _SLACK or one.system is found.slack_way
        if one.state is State.PARTIAL and chosen:
            missing = ", ".join(t.gettext(" or ").join(listed) for listed in one.missing)
            yield Result(
                Group.SETTINGS,
                f"partial.{one.system.value}",
                Level.WARNING,
                t.gettext("{system} is set in part").format(system=one.system.value),
                t.gettext("missing: {names}").format(names=missing),
                t.gettext("See docs/settings.md."),
            )
    yield from _unsafe(patient)
    yield from _secret_files(patient)
    yield from _dotenv(patient)
    if found.alarm_url is None:
        yield Result(
            Group.SETTINGS,
            "alarm",
            Level.NOTE,
            t.gettext("Nobody is called when work is given up"),
            t.gettext("WACHBUCH_ALARM_URL is not set; the log and /readyz tell it all the same."),
        )
    yield Result(Group.SETTINGS, "read", Level.OK, t.gettext("The settings can be used"))


def _unsafe(patient: Patient) -> Iterator[Result]:
    t, found, name = patient.texts, patient.settings, names()
    if found.allow_plain_http:
        yield Result(
            Group.SETTINGS,
            "plain_http",
            Level.WARNING,
            t.gettext("Plain http is allowed"),
            t.gettext("Tokens and contents can be read on the way."),
            t.gettext("Use https:// and remove {name}.").format(name=name["allow_plain_http"]),
        )
    if found.public_url and found.public_url.startswith("http://"):
        yield Result(
            Group.SETTINGS,
            "public_url",
            Level.WARNING,
            t.gettext("The public address is plain http"),
            t.gettext("What Slack and the forges send can be read and changed on the way."),
            t.gettext("Put a TLS proxy in front; see docs/operations.md."),
        )
    if not is_loopback(found.host):
        yield Result(
            Group.SETTINGS,
            "host",
            Level.NOTE,
            t.gettext("The service listens on {host}, not on this machine alone").format(host=found.host),
            t.gettext("It speaks plain http; a TLS proxy belongs in front."),
        )
    for field in _CHOSEN:
        secret = getattr(found, field)
        if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
            yield Result(
                Group.SETTINGS,
                f"short.{field}",
                Level.WARNING,
                t.gettext("{name} is short").format(name=name[field]),
                t.gettext("Fewer than {count} characters can be guessed.").format(count=SHORTEST_SECRET),
                t.gettext("Make a long random one, on both sides."),
            )


def _secret_files(patient: Patient) -> Iterator[Result]:
    """Files with secrets that everybody on this machine may read."""
    t = patient.texts
    for name in names().values():
        file = patient.environ.get(name + SUFFIX, "").strip()
        if file and _mode(Path(file)) & stat.S_IROTH:
            yield Result(
                Group.SETTINGS,
                f"readable.{name.lower()}",
                Level.WARNING,
                t.gettext("{file} can be read by everybody on this machine").format(file=file),
                t.gettext("It holds {name}.").format(name=name),
                f"chmod o-rwx {file}",
            )


def _dotenv(patient: Patient) -> Iterator[Result]:
    """The settings file may hold secrets, whatever stands in it today."""
    t, file = patient.texts, find(patient.environ)
    if file.values and _mode(file.path) & stat.S_IROTH:
        yield Result(
            Group.SETTINGS,
            "readable.dotenv",
            Level.WARNING,
            t.gettext("{file} can be read by everybody on this machine").format(file=file.path),
            t.gettext("It holds {name}.").format(name=", ".join(sorted(file.values))),
            f"chmod 600 {file.path}",
        )


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


def policy(patient: Patient) -> Iterator[Result]:
    """Whether the rules about people can be filled."""
    t, loaded = patient.texts, patient.policy
    if loaded is None:
        return
    where = patient.settings.policy_dir
    shown = str(where) if where else t.gettext("the built-in one")
    what = t.gettext("The policy is fine: {where}, hash {hash}").format(where=shown, hash=loaded.sha256[:12])
    yield Result(Group.POLICY, "loaded", Level.OK, what)
    if not loaded.policy.people:
        yield Result(
            Group.POLICY,
            "people",
            Level.NOTE,
            t.gettext("The policy names nobody yet"),
            t.gettext("Everybody is an engineer; nobody can be a second person."),
            t.gettext("See docs/policy.md."),
        )
        return
    short = [gap for gap in check_people(loaded.policy) if gap.consequence is Consequence.NOBODY]
    unfilled = [gap.id for gap in short if not gap.persons]
    alone = [gap.id for gap in short if gap.persons]
    if alone:
        yield Result(
            Group.POLICY,
            "people.alone",
            Level.WARNING,
            t.gettext("Only one person can fill: {rules}").format(rules=", ".join(alone)),
            t.gettext("Nobody can step in, not even where that person is involved."),
            "wachbuch policy check --people",
        )
    if unfilled:
        yield Result(
            Group.POLICY,
            "people",
            Level.WARNING,
            t.gettext("Nobody can fill: {rules}").format(rules=", ".join(unfilled)),
            t.gettext("What takes these people cannot be finished."),
            "wachbuch policy check --people",
        )


def data(patient: Patient) -> Iterator[Result]:
    """The data folder: there, writable, closed to others, with room."""
    t, folder = patient.texts, patient.settings.data_dir
    if not folder.is_dir():
        yield Result(
            Group.DATA,
            "folder",
            Level.NOTE,
            t.gettext("There is no folder {folder} yet").format(folder=folder),
            t.gettext("The service creates it at its first start."),
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Result(
            Group.DATA,
            "folder",
            Level.FAULT,
            t.gettext("{folder} cannot be written").format(folder=folder),
            t.gettext("The service keeps everything there."),
            t.gettext("Let the user of the service own it."),
        )
    file = sqlite_file(parse(patient.settings.database_url.get_secret_value()))
    for path in [path for path in (file, patient.settings.evidence_dir) if path is not None and path.exists()]:
        if _mode(path) & _OTHERS:
            yield Result(
                Group.DATA,
                "open",
                Level.WARNING,
                t.gettext("{path} is open to everybody on this machine").format(path=path),
                t.gettext("It holds cases and names."),
                f"chmod o-rwx {path}",
            )
    yield _room(patient, folder)


def _room(patient: Patient, folder: Path) -> Result:
    t, free = patient.texts, shutil.disk_usage(folder).free
    what = t.gettext("{free} MB free in {folder}").format(free=free // 1024**2, folder=folder)
    if free < LITTLE_ROOM:
        level = Level.FAULT if free < NO_ROOM else Level.WARNING
        return Result(
            Group.DATA,
            "room",
            level,
            what,
            t.gettext("Without room nothing can be recorded."),
            t.gettext("Make room, or move the folder."),
        )
    return Result(Group.DATA, "room", Level.OK, what)
