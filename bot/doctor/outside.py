"""The outside: the running service, its certificate, Slack and the forges. Every call has a time-out."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot.doctor.result import Group, Level, Patient, Result
from bot.forge.wire_github import github_client
from bot.forge.wire_gitlab import gitlab_client
from bot.slack.checking import check_app, check_bot
from bot.slack.client import NO_ANSWER
from bot.slack.manifest import SCOPES
from config.settings import System
from config.texts import _
from integrations.errors import ForgeError, NotPermitted, NotThere, RateLimited, Unreachable
from integrations.github.client import PERMISSIONS, Client
from integrations.gitlab.client import Client as GitLabClient

SECONDS: Final = 3.0
SOON_DAYS: Final = 14
REASONS: Final[Mapping[type[Exception], str]] = {
    Unreachable: _("No connection, or no answer in time."),
    RateLimited: _("Its quota is used up for now."),
    NotThere: _("At this address there is no interface of it."),
}
UNREADABLE: Final = _("What it answered cannot be read.")
_RANKS: Final = {"": 0, "read": 1, "write": 2, "admin": 3}


def service(patient: Patient) -> Iterator[Result]:
    """What the service on this machine says of itself, when it runs here."""
    t, settings = patient.texts, patient.settings
    host = settings.host if settings.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 compared, not bound
    told = _readiness(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/readyz")
    if told is None:
        return
    parts = told.get("parts")
    if not isinstance(parts, dict) or not parts:
        yield Result(Group.SERVICE, "ready", Level.OK, t.gettext("The service here is ready"))
        return
    for part, reason in parts.items():
        yield Result(
            Group.SERVICE,
            f"ready.{part}",
            Level.WARNING,
            t.gettext("The service here is not ready: {part}").format(part=part),
            str(reason),
            t.gettext("See its log."),
        )


def _readiness(url: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 our own address
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        told = _document(error)
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and "status" in told else None


def _document(error: urllib.error.HTTPError) -> object:
    with error:
        try:
            return json.load(error)
        except ValueError:
            return None


def certificate(patient: Patient) -> Iterator[Result]:
    """How long the certificate of the public address still holds."""
    t, url = patient.texts, urlsplit(patient.settings.public_url or "")
    if url.scheme != "https" or not url.hostname:
        return
    try:
        ends = _ends(url.hostname, url.port or 443)
    except ssl.SSLError as error:
        yield Result(
            Group.SERVICE,
            "certificate",
            Level.WARNING,
            t.gettext("The certificate of {host} is not accepted").format(host=url.hostname),
            error.reason,
            t.gettext("Slack and the forges do not accept it either; renew it."),
        )
        return
    except OSError:
        yield Result(
            Group.SERVICE,
            "certificate",
            Level.NOTE,
            t.gettext("{host} cannot be reached from here").format(host=url.hostname),
            t.gettext("So its certificate was not looked at."),
        )
        return
    yield _dated(patient, Group.SERVICE, "certificate", url.hostname, ends)


def _ends(host: str, port: int) -> date:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        found = wrapped.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC).date()


def _dated(patient: Patient, group: Group, check: str, what: str, ends: date) -> Result:
    t, left = patient.texts, (ends - patient.now().date()).days
    text = t.gettext("{what}: valid until {date}").format(what=what, date=ends.isoformat())
    if left > SOON_DAYS:
        return Result(group, check, Level.OK, text)
    level = Level.WARNING if left >= 0 else Level.FAULT
    return Result(group, check, level, text, t.gettext("After that, nothing works with it."), t.gettext("Renew it."))


def slack(patient: Patient) -> Iterator[Result]:
    """Whether Slack takes the tokens, and what they lack."""
    t, settings = patient.texts, patient.settings
    if settings.slack_bot_token is None:
        yield Result(
            Group.SLACK,
            "bot",
            Level.NOTE,
            t.gettext("Slack is not connected"),
            t.gettext("Cases are worked in the terminal: wachbuch chat"),
            t.gettext("See docs/slack.md."),
        )
        return
    found = check_bot(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    if found.error:
        yield _refused(patient, "bot", "SLACK_BOT_TOKEN", found.error)
        if found.error == NO_ANSWER:
            return
    else:
        yield Result(Group.SLACK, "bot", Level.OK, t.gettext("Slack: workspace {team}").format(team=found.team))
    for scope in found.missing:
        yield Result(
            Group.SLACK,
            f"scope.{scope}",
            Level.WARNING,
            t.gettext("The scope {scope} is missing").format(scope=scope),
            t.gettext("It is for: {reason}").format(reason=SCOPES[scope]),
            t.gettext("Add it under OAuth & Permissions, and install the app anew."),
        )
    if settings.slack_way is System.SLACK_SOCKET and settings.slack_app_token is not None:
        error = check_app(settings.slack_app_token.get_secret_value(), settings.slack_api_url)
        if error:
            yield _refused(patient, "app", "SLACK_APP_TOKEN", error)
        else:
            yield Result(Group.SLACK, "app", Level.OK, t.gettext("Slack takes connections of Socket Mode"))


def _refused(patient: Patient, check: str, name: str, error: str) -> Result:
    t = patient.texts
    if error == NO_ANSWER:
        return Result(
            Group.SLACK,
            check,
            Level.WARNING,
            t.gettext("Slack does not answer"),
            t.gettext("Messages wait; nothing is lost."),
            t.gettext("Look at network, proxy, SLACK_API_URL."),
        )
    return Result(
        Group.SLACK,
        check,
        Level.FAULT,
        t.gettext("Slack refuses {name}: {error}").format(name=name, error=error),
        t.gettext("Nothing comes from Slack, or goes there."),
        t.gettext("See docs/slack.md."),
    )


def forges(patient: Patient) -> Iterator[Result]:
    """Whether the forges take the credentials, and which permissions are missing."""
    t = patient.texts
    github, gitlab = github_client(patient.settings, patient.now), gitlab_client(patient.settings)
    if github is None and gitlab is None:
        yield Result(
            Group.FORGES,
            "forges",
            Level.NOTE,
            t.gettext("No forge is connected"),
            t.gettext("Changes are planned, but nothing is held."),
            t.gettext("See docs/github.md or docs/gitlab.md."),
        )
    if github is not None:
        yield from _guarded(patient, "GitHub", lambda: list(_github(patient, github)))
        github.close()
    if gitlab is not None:
        yield from _guarded(patient, "GitLab", lambda: list(_gitlab(patient, gitlab)))
        gitlab.close()


def _guarded(patient: Patient, name: str, look: Any) -> Iterator[Result]:
    t, check = patient.texts, name.lower()
    try:
        yield from look()
    except NotPermitted:
        yield Result(
            Group.FORGES,
            check,
            Level.FAULT,
            t.gettext("{forge} refuses the credentials").format(forge=name),
            t.gettext("No verdict can be written there."),
            t.gettext("Make new ones; see docs/."),
        )
    except (ForgeError, ValueError) as error:
        yield Result(
            Group.FORGES,
            check,
            Level.WARNING,
            t.gettext("{forge} does not answer").format(forge=name),
            t.gettext(REASONS.get(type(error), UNREADABLE)),
            t.gettext("Look at network, proxy and address."),
        )


def _github(patient: Patient, client: Client) -> Iterator[Result]:
    t = patient.texts
    if not client.is_app:
        yield Result(Group.FORGES, "github", Level.OK, t.gettext("GitHub: as {login}").format(login=client.own_login()))
        if client.token_ends:
            yield _dated(patient, Group.FORGES, "github.token", "GITHUB_TOKEN", client.token_ends)
        return
    app = client.as_app("GET", "/app")
    yield Result(Group.FORGES, "github", Level.OK, t.gettext("GitHub: App {name}").format(name=app.get("slug", "")))
    granted = app.get("permissions") or {}
    for name, needed in PERMISSIONS.items():
        if _RANKS.get(str(granted.get(name, "")), 0) < _RANKS[needed]:
            yield Result(
                Group.FORGES,
                f"github.{name}",
                Level.WARNING,
                t.gettext("GitHub's App lacks the permission {name}: {needed}").format(name=name, needed=needed),
                t.gettext("Without it the gate cannot read or write what it needs."),
                t.gettext("Grant it in the App's settings, and accept it where the App is installed."),
            )


def _gitlab(patient: Patient, client: GitLabClient) -> Iterator[Result]:
    t = patient.texts
    account = client.account()
    yield Result(Group.FORGES, "gitlab", Level.OK, t.gettext("GitLab: as {login}").format(login=account.username))
    token = client.get("/personal_access_tokens/self").body
    ends = token.get("expires_at") if isinstance(token, dict) else None
    if ends:
        yield _dated(patient, Group.FORGES, "gitlab.token", "GITLAB_TOKEN", date.fromisoformat(str(ends)))
