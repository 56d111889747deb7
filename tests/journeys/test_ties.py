"""An incident and a change that are tied stand on each other's page, whichever side it was said on (A.8.32)."""

from collections.abc import Iterator

import pytest

from config.policy.ids import Visibility
from tests.journeys.policies import INTAKE
from tests.journeys.test_paging import give
from tests.journeys.world import World, world
from workflows.change.commands import Plan
from workflows.incident.commands import Report, SetVisibility

MAIL, PRINTER = "INC-2026-0001", "INC-2026-0002"
FIX = "CHG-2026-0001"


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def office(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=request.param) as made:
        give(made, "max", Report(what="Mail clicked"))
        give(made, "max", Report(what="Printer talks"))
        give(made, "jana", Plan(title="Second factor"))
        yield made


def page(office: World, who: str, command: str, number: str) -> str:
    return str(office.say(who, f"/{command}", f"status {number}").json())


def test_both_pages_tell_it_to_whoever_may_see_the_other(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    fixes, related = ("behebt", "gehört dazu") if german else ("fixes", "related")
    office.say("tom", "/incident", f"link {MAIL} {FIX} fixes")
    office.say("jana", "/change", f"link {FIX} {PRINTER}")
    mail, printer = (page(office, "petra", "incident", number) for number in (MAIL, PRINTER))
    fix = page(office, "petra", "change", FIX)
    assert f"Second factor ({fixes})" in mail
    assert f"Second factor ({related})" in printer
    assert f"Mail clicked ({fixes})" in fix
    assert f"Printer talks ({related})" in fix
    assert fix.index(MAIL) < fix.index(PRINTER), "what holds an incident comes first"
    for number in (MAIL, PRINTER):
        give(office, "petra", SetVisibility(case=number, visibility=Visibility.RESTRICTED))
    assert "INC-" not in page(office, "lena", "change", FIX), "a case that one may not see is named to nobody"
    assert MAIL in page(office, "petra", "change", FIX)
    office.say("petra", "/incident", f"link {MAIL} {FIX} remove")
    assert FIX not in page(office, "petra", "incident", MAIL)
    assert MAIL not in page(office, "petra", "change", FIX)
    office.intact()


def test_an_incident_is_tied_from_the_side_that_fewer_people_see(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    give(office, "petra", SetVisibility(case=PRINTER, visibility=Visibility.RESTRICTED))
    refused = office.say("petra", "/incident", f"link {MAIL} {PRINTER}").json()["text"]
    assert ("dürfen von INC-2026-0002 wissen" if german else "may know of INC-2026-0002") in refused
    office.work(minutes=1)
    assert PRINTER not in str([one.text for one in office.slack.messages(INTAKE) if MAIL in one.text])
    assert office.incident(MAIL).links == ()
    office.say("petra", "/incident", f"link {PRINTER} {MAIL}")
    assert PRINTER in page(office, "petra", "incident", MAIL)
    assert PRINTER not in page(office, "max", "incident", MAIL)
    office.intact()
