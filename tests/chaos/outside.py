"""Slack, GitHub and GitLab as processes, with everybody of the policy in them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.client import Controls
from tests.fakes.github import WEBHOOK_SECRET
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET
from tests.journeys.policies import DIGEST, INTAKE, LAB, PEOPLE, SHOP, TILL, github_id, gitlab_id, policy_text, slack_id
from tests.running import ROOT, clean_environment


@dataclass(frozen=True)
class Sent:
    """One attempt of a forge to deliver something: where it stands in its list, and under which id it came."""

    forge: Controls
    place: int
    id: str
    taken: bool
    waits: bool


@dataclass(frozen=True)
class Outside:
    """The surroundings of a service."""

    slack: Controls
    github: Controls
    gitlab: Controls

    def settings(self, folder: Path, *, as_app: bool) -> dict[str, str]:
        """What an administrator would set for these."""
        policy = folder / "policy"
        policy.mkdir()
        (policy / "policy.yaml").write_text(policy_text("de"), encoding="utf-8")
        given = self.github.do("credentials")
        app = {"GITHUB_APP_ID": str(given["app_id"]), "GITHUB_PRIVATE_KEY": given["private_key"]}
        return {
            "WACHBUCH_POLICY_DIR": str(policy),
            "WACHBUCH_PUBLIC_URL": "https://wachbuch.example",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "GITHUB_API_URL": given["api_url"],
            **self._gitlab_settings(),
            **(app if as_app else {"GITHUB_TOKEN": given["token"]}),
        }

    def _gitlab_settings(self) -> dict[str, str]:
        given = self.gitlab.do("credentials")
        return {
            "GITLAB_URL": given["url"],
            "GITLAB_TOKEN": given["token"],
            "GITLAB_SIGNING_TOKEN": given["signing_token"],
        }

    def sent(self) -> list[Sent]:
        """What the forges sent, and what became of it."""
        github, gitlab = self.github.state()[SHOP]["deliveries"], self.gitlab.state()[TILL]["deliveries"]
        return [
            *(
                Sent(self.github, place, one["guid"], taken=one["status"] == "OK", waits=one["status"] == "pending")
                for place, one in enumerate(github)
            ),
            *(
                Sent(
                    self.gitlab, place, one["request_headers"]["Idempotency-Key"],
                    taken=one["response_status"] in {"200", "202"}, waits=one["response_status"] == "pending",
                )
                for place, one in enumerate(gitlab)
            ),
        ]  # fmt: skip


@contextmanager
def outside() -> Iterator[Outside]:
    with _fake("slack") as slack, _fake("github") as github, _fake("gitlab") as gitlab:
        for person, (name, _) in PEOPLE.items():
            slack.do("add_user", user_id=slack_id(person), name=person, real_name=name, locale="de-DE")
            account = {"login": person, "account_id": github_id(person), "email": f"{person}@beispiel.example"}
            github.do("add_user", **account, name=name)
            there = {"username": person, "account_id": gitlab_id(person), "email": account["email"]}
            gitlab.do("add_user", **there, name=name)
        slack.do("add_channel", channel_id=INTAKE, name="vorfaelle")
        slack.do("add_channel", channel_id=DIGEST, name="lage")
        github.do("add_repository", full_name=SHOP, required=["wachbuch/gate"])
        github.do("add_repository", full_name=LAB)
        gitlab.do("add_project", path=TILL)
        gitlab.do("keep_hooks_on")
        yield Outside(slack, github, gitlab)


@contextmanager
def _fake(name: str) -> Iterator[Controls]:
    command = [sys.executable, "-m", f"tests.fakes.{name}"]
    with subprocess.Popen(command, cwd=ROOT, env=clean_environment({}), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield Controls(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
