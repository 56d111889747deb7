"""What people wrote comes out of Slack's form as they wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.signs import unturned
from bot.slack.limits import escape
from bot.slack.written import as_written
from config.policy.loader import load_texts
from tests.bot.stage import POLICY

KNOWN = load_texts({"policy.yaml": POLICY}).policy


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("Login &amp; Passwort &lt;weg&gt;", "Login & Passwort <weg>"),
        ("&amp;lt;", "&lt;"),
        ("<@U012AB3CD>", "@U012AB3CD"),
        ("<@U0TOM> und <@U0TOM|tom>", "@Tom B. und @tom"),
        ("<@U012AB3CD|tom>", "@tom"),
        ("<#C012AB3CD|general>", "#general"),
        ("<!channel>", "@channel"),
        ("<!subteam^S012|@netz>", "@netz"),
        ("<!date^1392734382^{date}|18.02.2014>", "18.02.2014"),
        ("<https://a.example/b?c=1&amp;d=2>", "https://a.example/b?c=1&d=2"),
        ("<http://a.example|a.example>", "a.example (http://a.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("a < b <", "a < b <"),
        ("", ""),
    ],
)
def test_what_slack_tells_and_what_was_written(told: str, written: str) -> None:
    assert as_written(told, KNOWN) == written


@given(st.text())
def test_what_is_escaped_comes_back(text: str) -> None:
    assert as_written(escape(text), KNOWN) == unturned(text)
