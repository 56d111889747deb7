"""REST v4 routes that write to merge requests."""

import re
from typing import Any

from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.world import Access, GitLabError, Note
from tests.fakes.routing import Created

_LONGEST_NOTE = 1_000_000
_QUICK_ACTION = re.compile(r"^/[a-z_]+", re.MULTILINE)


def create_note(call: Call) -> Any:
    """A comment on a request."""
    request = call.merge_request()
    note = call.forge.put_note(request, call.caller.account, _body(call))
    return Created(call.forge.shapes.note(request, note))


def update_note(call: Call) -> Any:
    """An edited comment; only who wrote it may (or a maintainer)."""
    request, note = call.merge_request(), _note(call)
    if note.author != call.caller.account and request.target.role(call.caller.account) < Access.MAINTAINER:
        raise GitLabError(403, "403 Forbidden")
    note.body, note.updated = _body(call), call.forge.world.now()
    call.forge.emit_note(request, note, "update")
    return call.forge.shapes.note(request, note)


def delete_note(call: Call) -> Any:
    """A comment is taken away."""
    call.merge_request().notes.remove(_note(call))
    return None


def _note(call: Call) -> Note:
    for note in call.merge_request().notes:
        if note.id == int(call.parts["id"]) and not note.system:
            return note
    raise GitLabError(404, "404 Note Not Found")


def _body(call: Call) -> str:
    call.wanted("body")
    body = str(call.input["body"])
    if len(body) > _LONGEST_NOTE:
        raise GitLabError(400, {"note": ["is too long (maximum is 1000000 characters)"]})
    if action := _QUICK_ACTION.search(body):
        # GitLab would carry it out and store the rest.
        raise GitLabError(400, f"a quick action in a comment: {action.group()}")
    return body


def merge(call: Call) -> Any:
    """Merge a request: 405 while something holds it, 409 when the head moved."""
    request = call.merge_request(Access.DEVELOPER)
    request.squash = call.flag("squash") if "squash" in call.input else request.squash
    by, sha = call.caller.account.username, call.input.get("sha") or ""
    call.forge.merge(request.target.id, request.iid, by, sha=sha)
    return call.forge.shapes.request(request, "not_open")


def approve(call: Call) -> Any:
    """Approve as the owner of the token."""
    request = call.merge_request(Access.DEVELOPER)
    sha = call.input.get("sha") or ""
    call.forge.approve(request.target.id, request.iid, call.caller.account.username, sha=sha)
    return Created(call.forge.shapes.approvals(request))


def unapprove(call: Call) -> Any:
    """Take the own approval back."""
    request = call.merge_request(Access.DEVELOPER)
    call.forge.unapprove(request.target.id, request.iid, call.caller.account.username)
    return Created({})


def answer_status_check(call: Call) -> Any:
    """An external status check answers (Ultimate): 409 for another head."""
    request = call.merge_request(Access.DEVELOPER)
    if request.target.rules.tier != "ultimate":
        raise GitLabError(403, "403 Forbidden")
    call.wanted("sha", "external_status_check_id", "status")
    given = call.input
    number, status = int(given["external_status_check_id"]), given["status"]
    if number not in request.target.status_checks:
        raise GitLabError(404, "404 Not Found")
    if status not in ("pending", "passed", "failed"):
        raise GitLabError(400, "status does not have a valid value", key="error")
    if given["sha"] != request.head:
        raise GitLabError(409, "409 Conflict: External status check response sha does not match the merge request head")
    request.status_checks[number] = (given["sha"], status, call.forge.world.now())
    check = request.target.status_checks[number]
    return Created(
        {
            "id": request.id + number,
            "merge_request": call.forge.shapes.request(request, call.forge.status_of(request)),
            "external_status_check": {"id": check.id, "name": check.name, "external_url": check.url},
            "status": status,
        }
    )
