"""Real payloads of other projects, as requests that GitHub, GitLab and Slack would send."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests import corpora
from tests.fakes.github import WEBHOOK_SECRET
from tests.fakes.gitlab import SIGNING_TOKEN
from tests.fakes.gitlab.hooks import standard_signature
from tests.fakes.slack import SIGNING_SECRET
from tests.fakes.slack.sender import signature
from tests.journeys.world import START

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
GITHUB_PATH, GITLAB_PATH, SLACK_PATH = "/webhooks/github", "/webhooks/gitlab", "/slack/events"
_NAMED_OTHERWISE = {
    "pull-request-issue-comment": "issue_comment",
    "github-app-authorization": "github_app_authorization",
}
_EVENTS = (
    "branch_protection_configuration", "check_run", "check_suite", "code_scanning_alert", "commit_comment",
    "custom_property_values", "dependabot_alert", "deployment", "deployment_protection_rule", "deployment_review",
    "deployment_status", "deploy_key", "installation", "installation_repositories", "integration_installation",
    "integration_installation_repositories", "issue_comment", "merge_group", "org_block", "page_build",
    "personal_access_token_request", "project_card", "project_column", "pull_request", "pull_request_review",
    "pull_request_review_comment", "repository", "repository_advisory", "repository_ruleset",
    "repository_vulnerability_alert", "secret_scanning_alert", "secret_scanning_scan", "security_advisory",
    "security_and_analysis", "team", "team_add", "workflow_dispatch", "workflow_job", "workflow_run",
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    """A request as the other side makes it, without its signature."""

    name: str
    path: str
    body: bytes
    headers: Mapping[str, str]

    def signed(self, *, secret: str = "", at: float | None = None) -> dict[str, str]:
        """Its headers with a signature over exactly this body."""
        if self.path == GITHUB_PATH:
            return {**self.headers, "x-hub-signature-256": github_signature(self.body, secret or WEBHOOK_SECRET)}
        if self.path == GITLAB_PATH:
            return {**self.headers, **gitlab_signature(self, secret or SIGNING_TOKEN, at)}
        stamp = str(int(time.time() if at is None else at))
        signed = signature(secret or SIGNING_SECRET, stamp, self.body)
        return {**self.headers, "x-slack-request-timestamp": stamp, "x-slack-signature": signed}


def github_signature(body: bytes, secret: str) -> str:
    """GitHub's signature of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def gitlab_signature(post: Post, token: str, at: float | None) -> dict[str, str]:
    """The headers of a signed delivery. The service lives in the made-up time, at whose beginning it is signed."""
    stamp = str(int(START.timestamp() if at is None else at))
    signed = standard_signature(token, post.headers["webhook-id"], stamp, post.body)
    return {"webhook-timestamp": stamp, "webhook-signature": signed}


def gitlab_post(name: str, header: str, body: bytes) -> Post:
    """A delivery of its own."""
    guid = hashlib.sha256(f"{name}/{header}".encode()).hexdigest()[:36]
    headers = {"content-type": JSON, "x-gitlab-event": header, "x-gitlab-webhook-uuid": "hook-7"}
    return Post(name, GITLAB_PATH, body, {**headers, "idempotency-key": guid, "webhook-id": guid})


def gitlab_posts() -> list[Post]:
    """Every body, with the header that the index says it came with."""
    folder = corpora.folder("gitlab")
    listed = json.loads((folder / "index.json").read_bytes())
    return [gitlab_post(one["file"], one["header"] or "", (folder / one["file"]).read_bytes()) for one in listed]


def github_event(stem: str) -> str:
    """The event that a file of the corpora is about; the rest of its name is the action."""
    name = stem.replace("-", "_")
    fitting = [event for event in _EVENTS if name == event or name.startswith(f"{event}_")]
    return _NAMED_OTHERWISE.get(stem) or max(fitting, key=len, default=name)


def github_post(name: str, event: str, body: bytes, content_type: str = JSON) -> Post:
    """A delivery of its own."""
    guid = hashlib.sha256(f"{name}/{event}".encode()).hexdigest()[:36]
    headers = {"content-type": content_type, "x-github-event": event, "x-github-delivery": guid}
    return Post(name, GITHUB_PATH, body, {**headers, "x-github-hook-id": "77"})


def github_posts() -> list[Post]:
    """Every body; every fifth as the form that GitHub can send as well."""
    files = sorted(corpora.folder("github").glob("*/*.json"))
    return [_github(number, file) for number, file in enumerate(files)]


def _github(number: int, file: Path) -> Post:
    body = file.read_bytes()
    if number % 5 == 0:
        return github_post(file.stem, github_event(file.stem), urlencode({"payload": body.decode()}).encode(), FORM)
    return github_post(file.stem, github_event(file.stem), body)


def slack_posts() -> list[Post]:
    """Every body, encoded as the index says that it was sent."""
    folder = corpora.folder("slack")
    listed = json.loads((folder / "index.json").read_bytes())
    return [slack_post(one["file"], (folder / one["file"]).read_text(), one["sent_as"]) for one in listed]


def slack_post(name: str, content: str, sent_as: str) -> Post:
    """One request of Slack."""
    if sent_as.startswith("form"):
        form = {"payload": content} if "payload" in sent_as else json.loads(content)
        return Post(name, SLACK_PATH, urlencode(form).encode(), {"content-type": FORM})
    return Post(name, SLACK_PATH, content.encode(), {"content-type": JSON})
