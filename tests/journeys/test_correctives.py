"""Corrective actions of cases that are over: reminded of by direct message, checked by button, listed together."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from config.policy.ids import Criterion, Visibility
from tests.journeys.mailbox import direct, press
from tests.journeys.policies import slack_id
from tests.journeys.test_paging import NUMBER, give
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.incident.commands import (
    Advance,
    Answer,
    Assess,
    FinishCorrective,
    Given,
    OpenCorrective,
    Report,
    SetVisibility,
)
from workflows.incident.terms import CorrectiveState, Kind, State


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def office(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=request.param) as made:
        yield made


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        yield made


def agreed(office: World, number: str = NUMBER, *, days: int = 10, **report: object) -> None:
    """A report that turned out to be none, with an action of Sven's."""
    give(office, "max", Report(what="Anhang geöffnet", **report))  # type: ignore[arg-type]
    due = office.clock.now + timedelta(days=days)
    give(office, "petra", OpenCorrective(case=number, text="Makros sperren", owner=person("sven"), due=due))
    give(office, "petra", Assess(case=number, kind=Kind.FALSE_ALARM, reason="War ein Test"))
    give(office, "petra", Advance(case=number, to=State.DISMISSED))


def until(office: World, when: datetime) -> None:
    office.clock.now = max(office.clock.now, when)
    office.work()


def day(number: int, hour: int = 9) -> datetime:
    """A day of March 2026, in UTC: an hour behind local time."""
    return datetime(2026, 3, number, hour - 1, 1, tzinfo=UTC)


def said(office: World, who: str) -> list[str]:
    words = ("Korrekturmaßnahme", "corrective action")
    return [str(one.blocks) for one in direct(office, who) if any(word in str(one.blocks) for word in words)]


def test_from_the_reminder_to_the_check_of_its_effect(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    agreed(office)
    until(office, day(9))
    (reminder,) = said(office, "sven")
    assert ("„Makros sperren“" if german else "“Makros sperren”") in reminder
    assert ("12.03.2026 fällig" if german else "is due on") in reminder
    until(office, day(13))
    assert [len(said(office, who)) for who in ("sven", "petra", "paul")] == [2, 1, 1]
    until(office, day(31))
    assert [len(said(office, who)) for who in ("sven", "petra", "paul")] == [2, 1, 1], "and nobody a third time"
    press(office, "sven", "Erledigt" if german else "Done")
    office.fill("sven", {"result": "gesperrt"})
    assert office.incident().correctives[0].state is CorrectiveState.DONE
    office.work(days=34)
    (_, question) = said(office, "petra")
    assert ("War sie seitdem wirksam?" if german else "Has it been effective since?") in question
    assert len(said(office, "sven")) == 2, "its owner does not check it"
    press(office, "petra", "Wirksam" if german else "Effective")
    assert office.incident().correctives[0].state is CorrectiveState.EFFECTIVE
    office.intact()


def test_not_effective_asks_what_the_check_showed_and_tells_its_owner(desk: World) -> None:
    agreed(desk)
    give(desk, "sven", FinishCorrective(case=NUMBER, no=1, result="gesperrt"))
    desk.work(days=33)
    assert said(desk, "sven") == [], "done in time: nobody was reminded"
    assert desk.sender.home(slack_id("petra")).status == 200
    desk.work()
    home = desk.slack.home_of(slack_id("petra"))
    assert home is not None
    assert "Wirksam gewesen? Makros sperren" in str(home.view["blocks"]), "it waits on the home tab as well"
    press(desk, "petra", "Nicht wirksam")
    assert desk.incident().correctives[0].state is CorrectiveState.DONE, "a form asks first"
    desk.fill("petra", {"finding": "Zwei Rechner fehlten"})
    (action,) = desk.incident().correctives
    assert (action.state, action.finding) == (CorrectiveState.OPEN, "Zwei Rechner fehlten")
    desk.work()
    (told,) = said(desk, "sven")
    assert "ist wieder offen" in told
    desk.work(days=12)
    assert (len(said(desk, "sven")), len(said(desk, "petra"))) == (2, 2), "late: the ISB hears of it once"
    desk.intact()


def test_a_lost_answer_reminds_nobody_twice_and_a_confidential_case_tells_no_content(desk: World) -> None:
    agreed(desk, visibility=Visibility.RESTRICTED)
    desk.slack.fail("chat.postMessage", after_effect=True, times=1)
    until(desk, day(9))
    desk.work(minutes=5)
    agreed_on, told = said(desk, "sven")
    assert "Makros" not in agreed_on + told


def test_whose_action_did_not_keep_the_cause_away_reads_where_it_came_back(desk: World) -> None:
    cause = Answer(answers=(Given(criterion=Criterion.ROOT_CAUSE, text="Makros erlaubt", detail="makros"),))
    give(desk, "max", Report(what="Anhang geöffnet"))
    due = desk.clock.now + timedelta(days=10)
    give(desk, "petra", OpenCorrective(case=NUMBER, text="Makros sperren", owner=person("sven"), due=due))
    give(desk, "petra", replace(cause, case=NUMBER))
    give(desk, "sven", FinishCorrective(case=NUMBER, no=1, result="gesperrt"))
    give(desk, "max", Report(what="Noch ein Anhang"))
    give(desk, "petra", replace(cause, case="INC-2026-0002"))
    desk.work(minutes=1)
    (told,) = said(desk, "sven")
    assert "Die Ursache ist in INC-2026-0002 wieder aufgetreten." in told
    give(desk, "petra", SetVisibility(case="INC-2026-0002", visibility=Visibility.RESTRICTED))
    desk.work(days=13)
    again = said(desk, "sven")[1:]
    assert again
    assert "INC-2026-0002" not in str(again), "what became confidential is named no more"


def listing(office: World, who: str) -> str:
    return str(office.say(who, "/vorfall", "liste maßnahmen").json())


def typed(office: World, who: str, line: str, language: str) -> str:
    out = io.StringIO()
    chat = office.app.core.chat(PolicyDirectory(office.app.core.policy.policy))
    run_once(chat, actor(who), line, io.StringIO(), out, language)
    return out.getvalue()


def test_all_that_is_not_settled_is_listed_over_all_cases_that_one_may_see(desk: World) -> None:
    assert "Keine sichtbare Korrekturmaßnahme" in listing(desk, "petra")
    agreed(desk, days=20)
    agreed(desk, "INC-2026-0002", visibility=Visibility.RESTRICTED)
    until(desk, day(20))
    listed = listing(desk, "petra")
    assert "2 sichtbare Korrekturmaßnahmen sind nicht abgeschlossen, davon überfällig: 1." in listed
    assert listed.index("INC-2026-0002") < listed.index("INC-2026-0001"), "the latest first"
    assert "überfällig seit 12.03.2026" in listed
    assert "INC-2026-0002" not in listing(desk, "jana")
    over = str(desk.say("petra", "/vorfall", "status 2").json())
    assert "Korrekturmaßnahme 1: Makros sperren (Sven Otto, überfällig seit 12.03.2026)" in over, (
        "of a case that is over"
    )
    english = typed(desk, "petra", "list actions", "en")
    assert "2 corrective actions that you can see are not settled, 1 of them late:" in english
    typed(desk, "sven", "action #2 done 1 gesperrt", "en")
    desk.work(days=33)
    assert "is effective" in typed(desk, "petra", "action #2 check 1 effective", "en")
    assert "INC-2026-0002" not in typed(desk, "petra", "list actions", "en")
    desk.intact()
