"""What people are told by direct message, where nobody talks about a case; and what of it is taken back."""

from datetime import timedelta

from config.policy.ids import Visibility
from tests.journeys.mailbox import direct
from tests.journeys.test_paging import NUMBER, give
from tests.journeys.world import World
from tests.properties.catalog import person
from workflows.incident.commands import (
    Advance,
    Assess,
    OpenCorrective,
    OpenTask,
    Report,
    SetVisibility,
)
from workflows.incident.task_commands import GiveTask
from workflows.incident.terms import Kind, State


def german(office: World) -> bool:
    return office.app.core.policy.policy.language == "de"


def to(office: World, who: str) -> list[str]:
    return [f"{one.text} {one.blocks}" for one in direct(office, who)]


def test_a_reminder_to_who_was_never_called_is_taken_back_as_well(office: World) -> None:
    give(office, "max", Report(what="Anhang geöffnet"))
    due = office.clock.now + timedelta(days=4)
    give(office, "petra", OpenCorrective(case=NUMBER, text="Makros sperren", owner=person("sven"), due=due))
    give(office, "petra", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="War ein Test"))
    give(office, "petra", Advance(case=NUMBER, to=State.DISMISSED))
    office.work(days=2)
    assert "Makros" in str(to(office, "sven"))
    both = (person("lena"), person("petra"))
    give(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=both))
    assert "Makros" not in str(to(office, "sven"))
    assert NUMBER in str(to(office, "sven")), "that there was something is theirs to know"
    office.intact()


def test_who_gets_a_task_of_a_confidential_case_is_written_to(office: World) -> None:
    give(office, "max", Report(what="Verdacht gegen Kollegen", visibility=Visibility.RESTRICTED))
    give(office, "petra", OpenTask(case=NUMBER, text="Protokolle sichern", owner=person("sven")))
    (told,) = to(office, "sven")
    assert ("gibt es eine Aufgabe für Sie" if german(office) else "You have a task in") in told
    assert NUMBER in told
    assert "Protokolle" not in told, "content stays behind the button"
    due = office.clock.now + timedelta(days=90)
    give(office, "petra", OpenCorrective(case=NUMBER, text="Rechte prüfen", owner=person("sven"), due=due))
    (_, agreed) = to(office, "sven")
    assert ("gibt es eine Korrekturmaßnahme für Sie" if german(office) else "You have a corrective action in") in agreed
    give(office, "petra", GiveTask(case=NUMBER, no=1, owner=person("ralf")))
    assert "Protokolle" not in str(to(office, "ralf"))
    assert ("gibt es eine Aufgabe für Sie" if german(office) else "You have a task in") in to(office, "ralf")[-1]
    before = len(to(office, "petra"))
    give(office, "petra", OpenTask(case=NUMBER, text="Betriebsrat fragen", owner=person("petra")))
    assert len(to(office, "petra")) == before, "nobody is written to about what they took themselves"
    both = (person("lena"), person("petra"))
    give(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=both))
    assert not any("Aufgabe für Sie" in one or "You have a task" in one for one in to(office, "sven"))
    give(office, "petra", OpenTask(case=NUMBER, text="Konten sperren", owner=person("tom")))
    assert not any("Aufgabe für Sie" in one or "You have a task" in one for one in to(office, "tom"))
    give(office, "petra", OpenTask(case=NUMBER, text="Konten sperren", owner=person("lena")))
    assert any("Aufgabe für Sie" in one or "You have a task" in one for one in to(office, "lena"))
    office.intact()
