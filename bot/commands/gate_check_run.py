"""The work of `wachbuch gate check`: asks the service, fails closed, and says who can help."""

import json
import os
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from bot.commands.exits import Exit
from bot.commands.gate_client import TRIES, GateClient, RefusedByService, Unreachable
from bot.commands.language import cli_texts
from bot.commands.show import Shown, fail
from bot.credentials import sealed
from bot.notices import LONGEST_REASON, Notice
from config.i18n import Translator
from config.settings import Settings, SettingsError, load_settings
from config.texts import _
from workflows.change.seen import Forge

SAID_BY_SERVICE: Final = (
    _("token missing or not known"),
    _("the token has expired"),
    _("the token may not do this"),
    _("the token is for other repositories"),
    _("nothing is known of this repository"),
    _("both forges have a repository of this name"),
    _("the question cannot be read"),
    _("Authorization: Bearer, with a token made by `wachbuch token create --for-ci`"),
    _("a token for this repository"),
    _("one of which news have arrived"),
)
"""What the service answers in English to every pipeline; here it is told in the reader's language."""
OFFLINE: Final = "WACHBUCH_OFFLINE_REASON"
_PIPELINES: Final = {"GITHUB_ACTIONS": "github", "GITLAB_CI": "gitlab"}
_ASK_EVERY: Final = 10.0
_MARK: Final = "wachbuch-offline-notice: "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be deployed where. `notices` is the folder for what was let through offline.

    `forge` empty: not known, and only needed where two of them have a repository of this name.
    """

    environment: str
    sha: str
    repository: str
    notices: Path
    forge: str = ""

    def body(self, **more: object) -> dict[str, object]:
        """The question as the service reads it."""
        asked = {"repository": self.repository, "environment": self.environment, "sha": self.sha}
        return {**asked, **({"forge": self.forge} if self.forge else {}), **more}


def wanted(environment: str, sha: str, repository: str, notices: str, forge: str = "") -> Wanted:
    """What was asked for, completed by what GitHub Actions and GitLab CI say of themselves."""
    sha = sha or os.environ.get("GITHUB_SHA", "") or os.environ.get("CI_COMMIT_SHA", "")
    repository = repository or os.environ.get("GITHUB_REPOSITORY", "") or os.environ.get("CI_PROJECT_PATH", "")
    if not sha or not repository:
        _ = cli_texts().gettext
        missing = "--sha" if not sha else "--repo"
        fail(_("It is not clear what is to be deployed: {option} is missing.").format(option=missing), code=Exit.USAGE)
    return Wanted(environment, sha.lower(), repository, Path(notices), forge or _here())


def _here() -> str:
    """The forge whose pipeline this is."""
    return next((forge for variable, forge in _PIPELINES.items() if os.environ.get(variable)), "")


def client_of(t: Translator) -> GateClient:
    """The service that the settings name."""
    _ = t.gettext
    settings = _settings(t)
    if settings.api_url is None or settings.api_token is None:
        fail(
            _("The service is not known: WACHBUCH_API_URL and WACHBUCH_API_TOKEN are needed."),
            then=_("Make a token with: wachbuch token create --for-ci NAME"),
            code=Exit.USAGE,
        )
    return GateClient(settings.api_url, settings.api_token.get_secret_value())


def run_check(asked: Wanted, *, wait_minutes: float, as_json: bool) -> Exit:
    """Ask until the gate opens or the time is over. 0 passed, 1 held, 2 called wrongly, 3 nobody answered."""
    t = cli_texts()
    client = client_of(t)
    report_notices(client, asked.notices, t)
    body = asked.body(language=t.language)
    end = time.monotonic() + wait_minutes * 60
    try:
        answer = client.post("/api/v1/gate/check", body)
        while _may_pass_yet(answer) and time.monotonic() < end:
            time.sleep(max(0.0, min(_ASK_EVERY, end - time.monotonic())))
            answer = client.post("/api/v1/gate/check", body)
    except RefusedByService as error:
        refused(t, error)
    except Unreachable as error:
        notice = _offline(asked, client, t, error)
        if as_json:
            Shown(as_json).result({"passed": True, "offline": True, "notice": notice.model_dump(mode="json")}, [])
        return Exit.OK
    return _show(t, answer, as_json=as_json)


def _may_pass_yet(answer: dict[str, Any]) -> bool:
    """What waits can pass by waiting, and a merge that the service has not heard of yet; what is wrong cannot."""
    return answer.get("passed") is not True and (answer.get("status") != "blocked" or bool(answer.get("uncovered")))


def report_notices(client: GateClient, folder: Path, t: Translator) -> None:
    """Tell the service what was let through before, now that it may answer. What it does not take is kept."""
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            notice = json.loads(file.read_text(encoding="utf-8"))
            told = client.post("/api/v1/gate/offline", {"notices": [notice]})
        except Unreachable:
            return
        except (RefusedByService, OSError, ValueError) as error:
            _say(t.gettext("The notice {file} was not taken: {reason}").format(file=file, reason=error))
            continue
        outcome = str((told.get("notices") or [{}])[0].get("outcome", ""))
        if outcome in {"recorded", "known"}:
            file.unlink()
            _say(t.gettext("The earlier deployment without the gate is now on record: {file}").format(file=file.name))
        else:
            _say(t.gettext("The notice {file} was not taken: {reason}").format(file=file, reason=outcome))


def refused(t: Translator, error: RefusedByService) -> NoReturn:
    """The service answered that this cannot be asked."""
    expected = t.gettext(error.detail.removeprefix("expected "))
    detail = t.gettext("Expected: {detail}").format(detail=expected) if expected else ""
    title = f"{error.status} {t.gettext(error.title)}"
    fail(t.gettext("The service refuses this: {title}").format(title=title), detail, code=Exit.USAGE)


def _show(t: Translator, answer: dict[str, Any], *, as_json: bool) -> Exit:
    passed = answer.get("passed") is True
    head = t.gettext("Passed: {sha} may go to {environment}.") if passed else t.gettext(
        "Held: {sha} may not go to {environment} yet."
    )  # fmt: skip
    text = head.format(sha=str(answer.get("sha"))[:12], environment=answer.get("environment"))
    Shown(as_json).result(answer, [text, *map(str, answer.get("lines") or ())])
    return Exit.OK if passed else Exit.FINDING


def _offline(asked: Wanted, client: GateClient, t: Translator, error: Unreachable) -> Notice:
    """Nobody answers. Closed, unless somebody takes it upon themselves; then it is written down for later."""
    _ = t.gettext
    reason = os.environ.get(OFFLINE, "").strip()
    told = _("The gate could not be asked, after {count} tries: {reason}").format(count=TRIES, reason=error)
    if not reason:
        help_text = _("In an emergency: {name}='…' lets this one through; it is recorded afterwards.")
        fail(told, _("The deployment is held."), help_text.format(name=OFFLINE))
    try:
        notice = _notice(asked, client, reason)
    except ValidationError as fault:
        where = ", ".join(str(one["loc"][0]) for one in fault.errors())
        fail(told, _("The notice cannot be written: {fields}").format(fields=where), code=Exit.USAGE)
    asked.notices.mkdir(parents=True, exist_ok=True)
    file = asked.notices / f"{notice.id}.json"
    file.write_text(notice.model_dump_json(), encoding="utf-8")
    _say("\n".join([
        "!" * 78,
        told,
        _("LET THROUGH WITHOUT THE GATE, as an emergency: {reason}").format(reason=reason),
        _("This becomes a finding with a retrospective review as soon as the service is told."),
        _("The next `gate check` tells it, from {file}; or: wachbuch gate record --offline {file}").format(file=file),
        _MARK + notice.model_dump_json(),
        "!" * 78,
    ]))  # fmt: skip
    return notice


def _notice(asked: Wanted, client: GateClient, reason: str) -> Notice:
    run = os.environ.get("CI_JOB_URL", "")
    if os.environ.get("GITHUB_RUN_ID"):
        server, number = os.environ.get("GITHUB_SERVER_URL", ""), os.environ["GITHUB_RUN_ID"]
        run = f"{server}/{asked.repository}/actions/runs/{number}"
    plain = Notice(
        id=uuid.uuid4(), repository=asked.repository, environment=asked.environment, sha=asked.sha,
        at=datetime.now(UTC), reason=reason[:LONGEST_REASON], run=run,
        forge=Forge(asked.forge) if asked.forge else None,
    )  # fmt: skip
    return plain.model_copy(update={"seal": sealed(client.token, plain.message())})


def _settings(t: Translator) -> Settings:
    try:
        return load_settings(os.environ)
    except SettingsError as error:
        faults = "\n".join(f"  {fault.text(t)}" for fault in error.faults)
        fail(t.gettext("The settings cannot be used:"), faults, t.gettext("See docs/settings.md."), Exit.USAGE)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
