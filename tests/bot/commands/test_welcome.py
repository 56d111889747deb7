"""What the service says at its start: the way that Slack is heard, and no other once one is chosen."""

import pytest

from bot.commands.opening import Opened
from bot.commands.welcome import welcome
from config.i18n import translator
from config.settings import load_settings
from tests.journeys.policies import policy

BOT, SECRET, APP = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_SIGNING_SECRET": "s"}, {"SLACK_APP_TOKEN": "xapp-1"}


def told(environ: dict[str, str], language: str = "en") -> str:
    return welcome(Opened(load_settings(environ), policy("en"), translator(language)))


def test_no_english_is_left_in_german() -> None:
    half = {"GITHUB_TOKEN": "ghp_1"}
    for given in ({}, half, BOT | APP | SECRET):
        left = set(told(given).splitlines()) & set(told(given, "de").splitlines())
        assert left <= {""}


@pytest.mark.parametrize(
    ("given", "there", "not_there"),
    [
        ({}, ["– Slack over HTTP", "– Slack by Socket Mode"], ["✓ Slack"]),
        (BOT | SECRET, ["✓ Slack over HTTP"], ["Socket Mode"]),
        (BOT | APP, ["✓ Slack by Socket Mode"], ["over HTTP", "is not used"]),
        (BOT | APP | SECRET, ["✓ Slack by Socket Mode", "SLACK_SIGNING_SECRET is not used"], ["over HTTP"]),
        (APP, ["– Slack by Socket Mode", "missing: SLACK_BOT_TOKEN"], ["✓ Slack"]),
    ],
)
def test_it_says_which_way_is_used(given: dict[str, str], there: list[str], not_there: list[str]) -> None:
    text = told(given)
    assert [one for one in there if one not in text] == []
    assert [one for one in not_there if one in text] == []
