"""An account in Slack is closed: whoever left is called no more, cannot act, and what they carried is told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.doctor.result import Patient
from bot.doctor.stored import database
from config.i18n import translator
from config.policy.ids import Visibility
from tests.journeys.mailbox import direct
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_paging import NUMBER, give, leading, reminders
from tests.journeys.world import World, world
from tests.properties.catalog import person
from workflows.incident.commands import OpenCorrective, OpenTask, Report
from workflows.store.rows import InboxId

TOM = slack_id("tom")


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def change(office: World, user: str, **changes: object) -> None:
    assert office.sender.user_changed(user, **changes).status == 200
    office.work(seconds=3)


def told(office: World, who: str) -> str:
    return "\n".join(str(one.blocks) for one in direct(office, who))


def noted(office: World) -> list[str]:
    """What doctor says about leavers."""
    core = office.app.core
    patient = Patient({}, office.app.settings, core.policy, translator("de"), office.clock)
    return [one.what for one in database(patient) if one.id == "leavers"]


def test_what_somebody_carried_is_told_to_the_isb_and_nobody_calls_or_mentions_them(office: World) -> None:
    channel = leading(office)
    due = office.clock.now + timedelta(days=9)
    give(office, "tom", OpenTask(case=NUMBER, text="Protokolle sichern", owner=person("tom"), due=due))
    give(office, "petra", OpenCorrective(case=NUMBER, text="Verteiler prüfen", owner=person("tom"), due=due))
    hidden = (person("petra"), person("tom"))
    give(office, "petra", Report(what="Verdacht gegen einen Kollegen", visibility=Visibility.SEALED, named=hidden))
    give(office, "petra", OpenTask(case="INC-S-2026-0001", text="Streng geheim", owner=person("tom"), due=due))
    assert noted(office) == []
    change(office, TOM, deleted=True)
    change(office, TOM, deleted=True, real_name="Tom Berger †")
    assert office.kinds().count("person.left") == 1, "told twice is once"
    for who, sees in (("petra", True), ("paul", False)):
        assert "Das Slack-Konto von Tom Berger ist geschlossen" in told(office, who)
        assert f"{NUMBER}: Vorfallsleitung" in told(office, who)
        assert f"{NUMBER}, Aufgabe 1: Protokolle sichern" in told(office, who)
        assert f"{NUMBER}, Korrekturmaßnahme 1, bis 11.03.2026: Verteiler prüfen" in told(office, who)
        assert "Die Richtlinie nennt die Person noch" in told(office, who)
        assert ("Streng geheim" in told(office, who)) is sees
    assert noted(office) == [
        "4 Leitungen, Aufgaben oder Korrekturmaßnahmen liegen bei Personen, deren Slack-Konten geschlossen sind"
    ]
    before, calls = len(office.slack.messages(channel)), len(direct(office, "tom"))
    office.say("max", "/vorfall", "melden Drucker druckt von selbst")
    office.work()
    (page,) = office.incident("INC-2026-0002").pages
    assert office.incident("INC-2026-0002").name_of(page.person) == "Petra Maurer", "tom was next on the roster"
    office.work(hours=5)
    assert reminders(office, channel), "the update is still asked for"
    assert len(direct(office, "tom")) == calls
    later = office.slack.messages(channel)[before:] + office.slack.messages(INTAKE)[-1:]
    assert TOM not in str([one.blocks for one in later])
    assert "Tom Berger" not in office.say("lena", "/vorfall", "hilfe").text
    office.intact()


def test_a_closed_account_speaks_for_nobody_until_it_is_open_again(office: World) -> None:
    leading(office)
    note = f"notiz {NUMBER} Server ist weg"
    change(office, TOM, deleted=True)
    seq = len(office.incident().notes)
    office.say("tom", "/vorfall", note)
    office.say("tom", "/vorfall", "melden Noch etwas")
    assert len(office.incident().notes) == seq
    assert office.kinds().count("incident.reported") == 1
    assert office.kinds()[-1] == "access.refused"
    assert "Server ist weg" not in str(office.say("tom", "/vorfall", f"status {NUMBER}").text)
    change(office, TOM, deleted=False)
    assert office.kinds()[-1] == "person.returned"
    assert noted(office) == []
    office.proves(office.say("tom", "/vorfall", note).json()["text"], "incident.noted")
    office.intact()


def test_of_somebody_without_a_part_here_nothing_is_recorded(office: World) -> None:
    office.slack.add_user("U0GUEST", "gast")
    change(office, "U0GUEST", deleted=True)
    assert "person.left" not in office.kinds()
    change(office, "U0GUEST", deleted=False)
    assert "person.returned" not in office.kinds()


def test_whoever_left_while_nobody_listened_is_found(office: World) -> None:
    office.slack.change_user(TOM, deleted=True)
    office.work(minutes=9)
    assert "person.left" not in office.kinds()
    office.work(minutes=2)
    assert office.kinds().count("person.left") == 1
    assert "Das Slack-Konto von Tom Berger ist geschlossen" in told(office, "petra")
    office.slack.change_user(TOM, deleted=False)
    office.work(hours=12)
    assert office.kinds().count("person.returned") == 1
    assert office.kinds().count("person.left") == 1


def test_of_a_profile_only_who_and_whether_they_left_is_stored(office: World) -> None:
    change(office, TOM, email="tom@privat.example", real_name="Tom Berger (Urlaub)")
    with office.store.reading() as reads:
        rows = [reads.inbox.get(InboxId(number)) for number in range(1, sum(reads.inbox.counts().values()) + 1)]
    bodies = b"".join(row.body or b"" for row in rows if row is not None)
    assert b"user_change" in bodies
    assert b"Urlaub" not in bodies
    assert b"privat" not in bodies


def test_a_new_language_in_slack_counts_at_once(office: World) -> None:
    assert "Bereitschaft" in office.say("lena", "/vorfall", "hilfe").text
    change(office, slack_id("lena"), locale="en-US")
    assert "On call" in office.say("lena", "/vorfall", "hilfe").text
