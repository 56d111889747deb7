"""External status checks (Ultimate): GitLab holds the merge until ours is answered for the head, also from forks.

GitLab takes what waits longer than two minutes for failed, and an answer after that all the same.
"""

from typing import Final

from integrations.errors import NotPermitted, NotThere, Rejected
from integrations.gitlab.client import Client
from integrations.gitlab.gate import Shown

_ANSWERS: Final = {Shown.SUCCESS: "passed", Shown.PENDING: "pending", Shown.FAILED: "failed"}
_CONFLICT: Final = 409
_PAGES: Final = 10
"""Checks beyond a thousand are not looked through."""


def check_named(client: Client, project: str, name: str) -> int | None:
    """The number of the project's check of this name, None where there is none, or the plan knows none."""
    listed = client.pages(f"/projects/{project}/external_status_checks", most=_PAGES)
    try:
        return next((int(one["id"]) for one in listed if one["name"] == name), None)
    except (NotPermitted, NotThere):
        return None


def answer(client: Client, project: str, iid: int, check: int, sha: str, state: Shown) -> bool:
    """Answer for this head. False: the head is another one by now, or the check is gone."""
    content = {"sha": sha, "external_status_check_id": check, "status": _ANSWERS[state]}
    try:
        client.write("POST", f"/projects/{project}/merge_requests/{iid}/status_check_responses", content)
    except NotThere:
        return False
    except Rejected as error:
        if error.status == _CONFLICT:
            return False
        raise
    return True
