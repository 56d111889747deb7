"""The stage: a temporary folder, the fake Slack and GitHub as processes, the real service, and people to act."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from config.i18n import Translator
from tests.demo.people import EVERYBODY
from tests.demo.telling import Unexpected
from tests.fakes.client import Controls, over_http
from tests.fakes.slack.sender import SlackSender
from tests.fakes.slack.server import BOT_TOKEN, SIGNING_SECRET
from tests.running import ROOT, Running, clean_environment, end, free_port, spawn, start

POLICY: Final = Path(__file__).parent / "policy" / "policy.yaml"
INTAKE: Final = "C0SECURITY"
OVERVIEW: Final = "C0OVERVIEW"
PATIENCE: Final = 60.0
"""Seconds until something that must happen is given up. A loaded machine needs some of them."""
T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """Everything that runs, and how to reach it."""

    t: Translator
    folder: Path
    slack: Controls
    github: Controls
    service: Running
    facts: dict[str, Any] = field(default_factory=dict)
    """What one step leaves for the next."""

    @property
    def sender(self) -> SlackSender:
        """Slack's side of a person: signs, fills in, submits."""
        return SlackSender(over_http(self.service.url, PATIENCE), self.slack.url)

    def wachbuch(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command of the CLI beside the running service."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env={**self.service.environment, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a channel of Slack, by id or by name."""
        for key, one in self.slack.state()["channels"].items():
            if channel in (key, one["name"]):
                return list(one["messages"])
        return []

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Wait for work that follows in the background. Unexpected when it does not come."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            found = look()
            if found:
                return found
            if self.service.process.poll() is not None:
                raise Unexpected(f"the service ended with {self.service.process.returncode}")
            time.sleep(0.05)
        raise Unexpected(f"did not happen within {PATIENCE:.0f} s: {what}")


@contextmanager
def staged(t: Translator) -> Iterator[Stage]:
    """Start everything; end it and remove the folder, whatever happens. After a failure the log is kept."""
    folder = Path(tempfile.mkdtemp(prefix="wachbuch-demo-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield _start(t, folder, started)
    except Exception:
        _keep_log(folder)
        raise
    finally:
        _deaf()
        for process in reversed(started):
            end(process)
        shutil.rmtree(folder, ignore_errors=True)
        _deaf(signal.default_int_handler)


def kept_log() -> Path:
    """Where the service's log stands after a failure."""
    return Path(tempfile.gettempdir()) / "wachbuch-demo.log"


def _keep_log(folder: Path) -> None:
    log = folder / "service.log"
    if log.exists():
        shutil.copyfile(log, kept_log())


def _deaf(handler: Any = signal.SIG_IGN) -> None:
    """Let clearing up be done in peace: it takes a moment, and a second Ctrl-C must not leave half of it."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, handler)


def _start(t: Translator, folder: Path, started: list[subprocess.Popen[bytes]]) -> Stage:
    slack, github = _fake("slack", folder, started), _fake("github", folder, started)
    policy = folder / "policy"
    policy.mkdir()
    shutil.copyfile(POLICY, policy / POLICY.name)
    (policy / "language.yaml").write_text(f"language: {t.language}\n")
    _people(t, _ready(slack), _ready(github))
    service = start(folder, _settings(t, slack, github, policy), started=started)
    github.do("send_to", url=service.url)
    return Stage(t, folder, slack, github, service)


def _fake(name: str, folder: Path, started: list[subprocess.Popen[bytes]]) -> Controls:
    port = free_port()
    log = folder / f"{name}.log"
    started.append(spawn([f"tests.fakes.{name}", "--port", str(port)], clean_environment({}), log))
    return Controls(f"http://127.0.0.1:{port}")


def _ready(fake: Controls) -> Controls:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            fake.state()
        except OSError as error:
            if time.monotonic() > give_up:
                raise Unexpected(f"{fake.url} does not answer") from error
            time.sleep(0.05)
        else:
            return fake


def _people(t: Translator, slack: Controls, github: Controls) -> None:
    locale = "de-DE" if t.language == "de" else "en-GB"
    for member in EVERYBODY:
        slack.do("add_user", user_id=member.slack, name=member.login, real_name=member.name, locale=locale)
        github.do("add_user", login=member.login)
    slack.do("add_channel", channel_id=INTAKE, name="security")
    slack.do("add_channel", channel_id=OVERVIEW, name="overview")


def _settings(t: Translator, slack: Controls, github: Controls, policy: Path) -> Mapping[str, str]:
    known = github.do("credentials")
    return {
        "WACHBUCH_POLICY_DIR": str(policy),
        "WACHBUCH_LANGUAGE": t.language,
        "WACHBUCH_FORGE_MODE": "webhook",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "GITHUB_APP_ID": str(known["app_id"]),
        "GITHUB_PRIVATE_KEY": known["private_key"],
        "GITHUB_WEBHOOK_SECRET": known["webhook_secret"],
        "GITHUB_API_URL": known["api_url"],
    }
