"""Webhooks of GitHub: is it genuine, and which facts does it bring? Lenient: only the fields that are needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from integrations import signatures
from integrations.github import bodies, deploy_bodies
from integrations.github.alerts import KINDS, read_alert
from integrations.github.issues import EVENT, read_issue
from integrations.parsing import Ignored, Incomplete, json_object, leniently
from integrations.signatures import Checked
from integrations.telling.texts import GATE
from workflows.change.seen import (
    BranchPushed,
    CheckSeen,
    DeploymentSeen,
    DeploymentStatusSeen,
    Forge,
    PushSeen,
    RepositorySeen,
    RequestSeen,
    ReviewSeen,
    StatusSeen,
    Stirred,
    Update,
)
from workflows.incident.alerts import Alert
from workflows.incident.issues import IssueTold


@dataclass(frozen=True, slots=True)
class Facts:
    """What a webhook told. `installation_id` None: it did not come through an App."""

    updates: tuple[Update, ...]
    repository: str
    repository_id: str
    installation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked for our check anew: read the commit again, and write the verdict again.

    `forged`: nobody asked, but somebody else set a status of our name, and ours has to stand there.
    """

    repository: str
    repository_id: str
    sha: str
    installation_id: int | None = None
    forged: bool = False


@dataclass(frozen=True, slots=True)
class ProtectionAsked:
    """A run waits at an environment for our word. `callback` is the address that the webhook names for it."""

    repository: str
    repository_id: str
    environment: str
    sha: str
    callback: str
    installation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A request waits in a merge queue (`waits`), or left it. The verdict on it has to stand on `sha` as well."""

    repository: str
    repository_id: str
    number: int
    sha: str
    waits: bool
    installation_id: int | None = None


Parsed = ProtectionAsked | Queued | Alert | IssueTold | Facts | Asked | Ignored | Incomplete


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> Checked:
    """Whether the body was signed with our secret."""
    return signatures.check_github(headers, body, secret)


def delivery_of(headers: Mapping[str, str]) -> tuple[str, str, str]:
    """Event, delivery id and hook id; the delivery id stays the same when it is delivered again."""
    lower = {name.lower(): value for name, value in headers.items()}
    names = ("x-github-event", "x-github-delivery", "x-github-hook-id")
    event, delivery, hook = (lower.get(name, "") for name in names)
    return event, delivery, hook


def payload_of(body: bytes, content_type: str = "") -> dict[str, Any] | None:
    """The JSON object in a body, also where it came as the form field `payload`; None when there is none."""
    try:
        text = body.decode()
        if content_type.partition(";")[0].strip() == "application/x-www-form-urlencoded":
            text = parse_qs(text, strict_parsing=True)["payload"][0]
    except (ValueError, KeyError):
        return None
    return json_object(text)


def parse(event: str, payload: Mapping[str, Any], seen_at: datetime, *, own: str = "") -> Parsed:
    """What this event tells. `own` is our App's slug or login: what we wrote ourselves is no news.

    `seen_at` is our clock at the arrival. Never raises.
    """
    action = str(payload.get("action") or "")
    reader = _READERS.get((event, action)) or _READERS.get((event, "*"))
    if reader is None:
        return Ignored(event, action)
    return leniently(event, lambda: reader(_Seen(event, action, payload, seen_at, own)))


@dataclass(frozen=True, slots=True)
class _Seen:
    event: str
    action: str
    payload: Mapping[str, Any]
    at: datetime
    own: str

    def facts(self, body: bodies.FromRepository, *updates: Update) -> Facts:
        return Facts(updates, body.repository.full_name, body.repository.number, body.installation_id)

    def ours(self, login: str | None) -> bool:
        return bool(self.own) and (login or "").removesuffix("[bot]") == self.own.removesuffix("[bot]")


def _place(body: bodies.FromRepository) -> dict[str, Any]:
    return {"forge": Forge.GITHUB, "repository_id": body.repository.number}


def _request_seen(body: bodies.WithRequest, seen_at: datetime) -> RequestSeen:
    core = body.pull_request.core()
    number = body.pull_request.number
    return RequestSeen(**_place(body), number=number, repository=body.repository.full_name, core=core, seen_at=seen_at)


def _repository_seen(body: bodies.FromRepository, seen_at: datetime) -> RepositorySeen:
    known = body.repository
    return RepositorySeen(
        **_place(body),
        name=known.full_name,
        default_branch=known.default_branch,
        private=known.private,
        seen_at=seen_at,
    )


def _request(seen: _Seen) -> Parsed:
    body = bodies.WithRequest.model_validate(seen.payload)
    return seen.facts(body, _request_seen(body, seen.at))


def _edited(seen: _Seen) -> Parsed:
    body = bodies.WithRequest.model_validate(seen.payload)
    told = _request_seen(body, seen.at)
    if "base" not in (seen.payload.get("changes") or {}):
        return seen.facts(body, told)
    # Approvals were given on another diff then; and there and back again between two readings leaves no other trace.
    return seen.facts(body, told, Stirred(**_place(body), number=told.number, seen_at=seen.at))


def _opened(seen: _Seen) -> Parsed:
    body = bodies.WithRequest.model_validate(seen.payload)
    return seen.facts(body, _repository_seen(body, seen.at), _request_seen(body, seen.at))


def _synchronized(seen: _Seen) -> Parsed:
    body = bodies.Synchronized.model_validate(seen.payload)
    pushed = PushSeen(
        **_place(body),
        number=body.pull_request.number,
        before=body.before,
        after=body.after or body.pull_request.head.sha,
        pusher=bodies.identity(body.sender),
    )
    return seen.facts(body, _request_seen(body, seen.at), pushed)


def _pushed(seen: _Seen) -> Parsed:
    body = bodies.Pushed.model_validate(seen.payload)
    if body.branch is None or body.sender is None:
        return Ignored(seen.event, seen.action)
    pusher = bodies.identity(body.sender)
    told = BranchPushed(
        **_place(body),
        sha=body.after,
        before=body.before,
        branch=body.branch,
        pusher=pusher,
        forced=body.forced,
        fresh=body.fresh,
        repository=body.repository.full_name,
        at=body.repository.pushed_at,
    )
    return seen.facts(body, told)


def _review(seen: _Seen) -> Parsed:
    body = bodies.Reviewed.model_validate(seen.payload)
    review = body.review.review(dismissed=seen.action == "dismissed")
    told = ReviewSeen(**_place(body), number=body.pull_request.number, review=review)
    return seen.facts(body, _request_seen(body, seen.at), told)


def _check(seen: _Seen) -> Parsed:
    body = bodies.Checked.model_validate(seen.payload)
    check, sha = body.check_run.check(), body.check_run.head_sha
    if seen.ours(check.source) and check.name == GATE:
        return Ignored(seen.event, seen.action)
    return seen.facts(body, CheckSeen(**_place(body), sha=sha, check=check))


def _check_asked(seen: _Seen) -> Parsed:
    body = bodies.Checked.model_validate(seen.payload)
    if body.check_run.name != GATE:
        return _check(seen)
    repository = body.repository
    return Asked(repository.full_name, repository.number, body.check_run.head_sha, body.installation_id)


def _suite_asked(seen: _Seen) -> Parsed:
    body = bodies.SuiteAsked.model_validate(seen.payload)
    repository = body.repository
    return Asked(repository.full_name, repository.number, body.check_suite.head_sha, body.installation_id)


def _status(seen: _Seen) -> Parsed:
    body = bodies.Stated.model_validate(seen.payload)
    if body.context == GATE:
        if seen.ours(body.creator.login) or not seen.own:
            return Ignored(seen.event, seen.action)
        known = body.repository
        return Asked(known.full_name, known.number, body.sha, body.installation_id, forged=True)
    told = StatusSeen(
        **_place(body),
        sha=body.sha,
        id=str(body.id),
        context=body.context,
        state=body.state,
        creator=bodies.identity(body.creator),
        updated_at=body.updated_at,
    )
    return seen.facts(body, told)


def _deployment(seen: _Seen) -> Parsed:
    body = deploy_bodies.Deployed.model_validate(seen.payload)
    return seen.facts(body, DeploymentSeen(**_place(body), **body.deployment.parts()))


def _deployment_status(seen: _Seen) -> Parsed:
    body = deploy_bodies.DeploymentStated.model_validate(seen.payload)
    status = body.deployment_status
    told = DeploymentStatusSeen(
        **_place(body),
        **body.deployment.parts(),
        status_id=str(status.id),
        state=status.state,
        at=status.created_at,
    )
    return seen.facts(body, told)


def _protection(seen: _Seen) -> Parsed:
    body = deploy_bodies.ProtectionAsked.model_validate(seen.payload)
    if not body.commit:
        return Incomplete(seen.event, ("deployment.sha",))
    known, callback = body.repository, body.deployment_callback_url
    return ProtectionAsked(known.full_name, known.number, body.environment, body.commit, callback, body.installation_id)


def _queued(seen: _Seen) -> Parsed:
    body = bodies.Queued.model_validate(seen.payload)
    number, waits = body.merge_group.number, seen.action == "checks_requested"
    if number is None:
        return Incomplete(seen.event, ("merge_group.head_ref",))
    known = body.repository
    return Queued(known.full_name, known.number, number, body.merge_group.head_sha, waits, body.installation_id)


def _alert(seen: _Seen) -> Parsed:
    return read_alert(seen.event, seen.action, seen.payload, seen.at)


def _issue(seen: _Seen) -> Parsed:
    return read_issue(seen.action, seen.payload, seen.at)


def _repository(seen: _Seen) -> Parsed:
    body = bodies.FromRepository.model_validate(seen.payload)
    return seen.facts(body, _repository_seen(body, seen.at))


_READERS: Final[Mapping[tuple[str, str], Callable[[_Seen], Parsed]]] = {
    ("pull_request", "*"): _request,
    ("pull_request", "edited"): _edited,
    ("pull_request", "opened"): _opened,
    ("pull_request", "reopened"): _opened,
    ("pull_request", "synchronize"): _synchronized,
    ("pull_request_review", "*"): _review,
    ("push", "*"): _pushed,
    ("check_run", "*"): _check,
    ("check_run", "rerequested"): _check_asked,
    ("check_run", "requested_action"): _check_asked,
    ("check_suite", "rerequested"): _suite_asked,
    ("status", "*"): _status,
    ("deployment", "*"): _deployment,
    ("deployment_status", "*"): _deployment_status,
    ("deployment_protection_rule", "requested"): _protection,
    ("merge_group", "checks_requested"): _queued,
    ("merge_group", "destroyed"): _queued,
    ("repository", "*"): _repository,
    (EVENT, "*"): _issue,
    **{(event, "*"): _alert for event in KINDS},
}
"""Event and action (`*`: any other) to its reader. What is not listed is acknowledged and ignored."""
