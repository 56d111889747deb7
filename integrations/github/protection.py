"""GitHub's custom deployment protection rules: a run waits at an environment until the App has answered.

The webhook brings an address for the answer. Ours goes to the GitHub that is configured and to no other: the address
only tells the number of the run, and one that points elsewhere is refused.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from integrations.github.client import Client

PERMISSIONS: Final = {"actions": "read", "deployments": "write", "metadata": "read"}
"""What the App needs for this, beside what it needs anyhow. Asked for in a token of its own."""
LONGEST_COMMENT: Final = 1024
_PATH: Final = re.compile(r"^/repos/([^/]+/[^/]+)/actions/runs/(\d{1,19})/deployment_protection_rule$")


def run_of(callback: str, api: str, repository: str) -> int | None:
    """The run that waits; None for an address that is not of this repository at our GitHub."""
    ours = urlsplit(api)
    try:
        found = urlsplit(callback)
    except ValueError:
        return None
    base = ours.path.rstrip("/")
    same = (ours.scheme, ours.netloc.casefold()) == (found.scheme, found.netloc.casefold())
    if not same or not found.path.startswith(base) or found.query or found.fragment:
        return None
    matched = _PATH.match(found.path.removeprefix(base))
    if matched is None or matched[1].casefold() != repository.casefold():
        return None
    return int(matched[2])


def answer(client: Client, repository: str, run: int, environment: str, *, approved: bool, comment: str) -> None:
    """Approve or reject the run at an environment. `Rejected` (422): nothing waits there any more."""
    state = "approved" if approved else "rejected"
    _post(client, repository, run, {"environment_name": environment, "state": state, "comment": comment})


def report(client: Client, repository: str, run: int, environment: str, comment: str) -> None:
    """Say what it waits for; GitHub shows at most ten of these per deployment."""
    _post(client, repository, run, {"environment_name": environment, "comment": comment})


def _post(client: Client, repository: str, run: int, content: dict[str, str]) -> None:
    content["comment"] = content["comment"][:LONGEST_COMMENT]
    client.write(repository, "POST", f"/actions/runs/{run}/deployment_protection_rule", content)
