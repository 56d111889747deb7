"""What an auditor asks anybody: where do you report, to whom, by which policy? Help answers it wherever one is."""

import pytest

from bot.chat.texts import helping
from config.i18n import translator
from config.policy.loader import load_texts
from tests.journeys.policies import DIGEST, INTAKE
from tests.journeys.test_incident_terminal import talk
from tests.journeys.world import World, world

ANSWERS = {
    "de": (
        "Bereitschaft: Tom Berger.", "Informationssicherheit (ISB): Petra Maurer.", "Vertretung: Paul Deppe.",
        "Geltende Richtlinie: Fassung ",
    ),
    "en": (
        "On call: Tom Berger.", "Information security officer: Petra Maurer.", "Deputy: Paul Deppe.",
        "Policy in force: version ",
    ),
}  # fmt: skip
IN_SLACK = {
    "de": (f"Meldungen erscheinen im Kanal {INTAKE}.", f"werden im Kanal {DIGEST} bekanntgegeben."),
    "en": (f"Reports appear in the channel {INTAKE}.", f"are announced in the channel {DIGEST}."),
}
"""Elsewhere nobody knows a channel by its id."""


def slack(office: World, language: str) -> str:
    command, word = ("/vorfall", "hilfe") if language == "de" else ("/incident", "help")
    return str(office.say("lena", command, word).json()["text"])


def test_slack_links_the_channels_and_nothing_else(sqlite_url: str) -> None:
    with world(sqlite_url) as office:
        blocks = str(office.say("lena", "/vorfall", "hilfe").json()["blocks"])
        assert f"Meldungen erscheinen im Kanal <#{INTAKE}>." in blocks
        assert f"im Kanal <#{DIGEST}> bekanntgegeben" in blocks
        line = f'melden --von "{INTAKE}" <#{INTAKE}> und {INTAKE}'
        told = str(office.say("lena", "/vorfall", line).json()["blocks"])
        assert f"in den Thread (Kanal <#{INTAKE}>)" in told
        assert told.count("<#") == 1, "what was typed is none"


def terminal(office: World, language: str) -> str:
    return talk(office, "lena", ["hilfe" if language == "de" else "help"], language)


@pytest.mark.parametrize("language", ["de", "en"])
def test_help_names_where_to_whom_and_by_which_policy(sqlite_url: str, language: str) -> None:
    with world(sqlite_url, language=language) as office:
        there, here = slack(office, language), terminal(office, language)
        for told, wanted in ((there, (*ANSWERS[language], *IN_SLACK[language])), (here, ANSWERS[language])):
            missing = [one for one in wanted if one not in told]
            assert missing == [], told
            assert office.app.core.policy.sha256[:12] in told
        assert INTAKE not in here
        assert DIGEST not in here


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Die Richtlinie nennt noch niemanden für die Informationssicherheit (ISB)."),
        ("en", "The policy names no information security officer yet."),
    ],
)
def test_help_says_that_nobody_is_named_yet(language: str, told: str) -> None:
    t, nobody = translator(language), load_texts({"p.yaml": b"people: []"}).policy
    assert told in helping.where_to_report(t, nobody, "", lambda _: "")
