"""Somebody of the duty roster is away: whoever stands in is called, named, and sees what there is to see."""

import pytest

from config.policy.loader import load_texts
from tests.journeys.mailbox import press
from tests.journeys.policies import INTAKE, policy_text, slack_id
from tests.journeys.test_paging import NUMBER, called, leading, reminders
from tests.journeys.world import world

AWAY = policy_text("de").replace(
    "os_user: tom}", "os_user: tom, away: [{from: 2026-03-02, to: 2026-03-03, deputy: paul}]}"
)


def test_the_deputy_is_called_and_named_until_the_other_is_back(sqlite_url: str) -> None:
    with world(sqlite_url, decided=load_texts({"policy.yaml": AWAY.encode()})) as office:
        thanks = office.say("max", "/vorfall", "melden Drucker druckt von selbst").text
        assert "Paul Deppe (Bereitschaft)" in thanks
        assert "Tom Berger" not in thanks
        office.work()
        assert called(office) == ["paul"]
        said = str(office.slack.messages(INTAKE)[0])
        assert slack_id("paul") in said
        assert slack_id("tom") not in said
        helped = office.say("lena", "/vorfall", "hilfe").text
        assert "Bereitschaft: Paul Deppe." in helped
        assert "Tom Berger ist bis 03.03.2026 abwesend, Vertretung: Paul Deppe." in helped
        press(office, "paul", "Ich kümmere mich")
        assert office.incident().acknowledged is not None
        office.clock.move(days=2)
        assert "Tom Berger (Bereitschaft)" in office.say("max", "/vorfall", "melden Noch ein Drucker").text
        assert "abwesend" not in office.say("lena", "/vorfall", "hilfe").text


def test_a_reminder_calls_who_stands_in_for_the_lead_and_an_override_names_who_stands_in_for_the_isb(
    sqlite_url: str,
) -> None:
    text = AWAY.replace("os_user: petra}", "os_user: petra, away: [{from: 2026-03-02, to: 2026-03-03, deputy: paul}]}")
    with world(sqlite_url, decided=load_texts({"policy.yaml": text.encode()})) as office:
        channel = leading(office)
        office.work(hours=4, minutes=1)
        (asked,) = reminders(office, channel)
        assert slack_id("paul") in asked
        assert slack_id("tom") not in asked
        override = office.say("tom", "/vorfall", f"ausnahme {NUMBER} eradicate Es brennt").json()["text"]
        assert "Paul Deppe" in override
        assert "Petra Maurer" not in override
        office.work()
        posted = str(office.slack.messages(channel)[-1])
        assert "Paul Deppe" in posted
        assert slack_id("paul") in posted
        assert "Petra Maurer" not in posted


@pytest.mark.parametrize("away", [False, True])
def test_whoever_stands_in_on_the_roster_sees_what_the_roster_sees(sqlite_url: str, away: bool) -> None:
    text = AWAY.replace("deputy: paul", "deputy: lena") if away else policy_text("de")
    with world(sqlite_url, decided=load_texts({"policy.yaml": text.encode()})) as office:
        office.say("max", "/vorfall", "melden Drucker druckt von selbst")
        office.work()
        seen = office.say("lena", "/vorfall", "status INC-2026-0001").text
        assert ("Drucker" in seen) == away
