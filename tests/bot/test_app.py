"""The composition: whatever the workflows want done, somebody does."""

import re
from pathlib import Path

import pytest

import workflows.change.effects
import workflows.incident.effects
from bot.app import compose, routes_of
from config.settings import load_settings
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.slack import FakeSlack
from tests.journeys.policies import policy
from tests.journeys.world import Clock, moment_of, opened, settings

KIND = re.compile(r'"((?:slack|github|gitlab|timer|forge|inbox|alarm)\.[a-z.]+)"')


def wanted() -> set[str]:
    """Kinds of all jobs that the rules name."""
    modules = (workflows.incident.effects, workflows.change.effects)
    sources = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)
    return {
        *KIND.findall(sources),
        "github.report",
        "github.comment",
        "gitlab.report",
        "gitlab.comment",
        "inbox.process",
        "alarm.dead",
    }


def test_everything_that_the_rules_want_done_has_a_handler(sqlite_url: str) -> None:
    clock = Clock()
    with (
        FakeSlack() as slack,
        FakeGitHub(clock=clock) as github,
        FakeGitLab(clock=clock) as gitlab,
        opened(sqlite_url, clock) as store,
    ):
        app = compose(settings(sqlite_url, slack, github, gitlab), policy(), store, moment_of(clock))
        assert {"slack.summary", "timer.waiver", "timer.recurrence"} <= wanted()
        assert wanted() <= set(app.handlers.routes)
        for closer in app.closers:
            closer()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"timer", "forge"}),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, {"timer", "forge", "slack"}),
        ({"GITHUB_TOKEN": "ghp_1", "GITHUB_WEBHOOK_SECRET": "s"}, {"timer", "forge", "github"}),
        ({"GITLAB_TOKEN": "glpat-1", "GITLAB_URL": "https://gitlab.com"}, {"timer", "forge", "gitlab"}),
    ],
)
def test_only_what_is_connected_is_delivered(given: dict[str, str], expected: set[str]) -> None:
    assert routes_of(load_settings(given)) == expected


def test_composing_opens_no_connection_and_starts_nothing(sqlite_url: str) -> None:
    clock = Clock()
    with FakeSlack() as slack, FakeGitHub(clock=clock) as github, opened(sqlite_url, clock) as store:
        app = compose(settings(sqlite_url, slack, github), policy(), store, moment_of(clock))
        assert not slack.calls
        assert not github.calls
        with store.reading() as reads:
            assert reads.head().size == 0
        for closer in app.closers:
            closer()
