"""The console speaks of itself: buttons and pages by their names, no commands and ids of Slack."""

import re
from typing import Final

from config.policy.ids import CaseRole, Impact, Spread
from tests.journeys.pages import Page, Visit, read
from tests.journeys.test_console import do
from tests.journeys.test_console_signin import signed_in
from tests.journeys.world import RECEIPT, World
from tests.properties.catalog import person
from workflows.incident.commands import Advance, Assess, AssignRole, OpenTask, Report
from workflows.incident.terms import Kind, PersonalData, State

OF_SLACK: Final = re.compile(r"(?<!\w)/(?:incident|vorfall|change|aenderung)(?!\w)|\b[CDGU]0[A-Z]{2,}|[Tt]hread")
"""Commands, ids and places that help nobody who looks at a page."""
OPEN, OVER, CHANGE = "INC-2026-0001", "INC-2026-0002", "CHG-2026-0001"
PATHS = (
    "/", "/incidents", "/incidents?all=1", "/report", f"/incidents/{OPEN}", f"/incidents/{OVER}", f"/changes/{CHANGE}",
)  # fmt: skip
WORDS = {
    "de": ("Notiz", "bitte mit „Notiz“ ergänzen", "Schwere setzen", "Wieder öffnen", "„Wieder öffnen“ auf der Seite"),
    "en": ("Note", "add what you see with “Note”", "Set the severity", "Open again", "“Open again”, on its page"),
}


def at_work(office: World) -> None:
    """An incident that is worked on, one that was none, and a change."""
    do(office, "jana", Report(what="Anhang geöffnet", personal_data=PersonalData.UNKNOWN))
    assessed = Assess(
        case=OPEN, kind=Kind.INCIDENT, reason="Logs", category="phishing", spread=Spread.SINGLE,
        confidentiality=Impact.LOW, integrity=Impact.LOW, availability=Impact.LOW, authenticity=Impact.LOW,
    )  # fmt: skip
    do(office, "tom", assessed)
    do(office, "tom", AssignRole(case=OPEN, role=CaseRole.SCRIBE, person=person("max")))
    do(office, "tom", OpenTask(case=OPEN, text="Passwort ändern", owner=person("jana")))
    do(office, "jana", Report(what="Mail verdächtig"))
    do(office, "tom", Assess(case=OVER, kind=Kind.FALSE_ALARM, reason="Auftrag"))
    do(office, "tom", Advance(case=OVER, to=State.DISMISSED))
    office.say("petra", "/change", "plan Neuer Server")
    office.work(seconds=5)


def visit(office: World, who: str) -> Visit:
    return Visit(signed_in(office, who))


def pressed(me: Visit, action: str, value: str = "") -> Page:
    """A step that no page offers just now; somebody kept it from before."""
    return read(me.post("/press", [("action", action), ("value", value), ("once", action)]))


def in_own_words(page: Page) -> None:
    found = OF_SLACK.search(RECEIPT.sub("", page.text))
    assert found is None, f"{found} in {page.text}"


def test_no_page_and_no_answer_speaks_of_slack(office: World) -> None:
    at_work(office)
    for name in ("petra", "jana"):
        me = visit(office, name)
        for path in PATHS:
            page = me.open(path)
            in_own_words(page)
            for button in page.forms("/press"):
                in_own_words(me.send(button))
        for action in ("incident.help", "change.help", "incident.list", "incident.nonsense", "incident.confirm"):
            page = pressed(me, action)
            in_own_words(page)
            assert "`" not in page.text
    assert office.dead() == []


def test_a_report_asks_for_a_note_by_the_button_beside_it(office: World) -> None:
    label, said, *_ = WORDS[office.app.language]
    jana = visit(office, "jana")
    page = jana.send(jana.open("/report").form(), {"what": "Anhang geöffnet"})
    in_own_words(page)
    assert said in page.text
    assert jana.press(page, label).field("note").tag == "textarea"


def test_what_can_be_typed_elsewhere_is_a_button_for_whoever_may(office: World) -> None:
    _, _, severity, reopen, said = WORDS[office.app.language]
    at_work(office)
    petra, jana = visit(office, "petra"), visit(office, "jana")
    assert said in pressed(petra, "incident.urgent", OVER).text, "a refusal names it"
    asked = petra.press(petra.open(f"/incidents/{OPEN}"), severity).form()
    told = petra.send(asked, {"severity": "S2", "severity_reason": "Mehrere Postfächer"})
    office.proves(told.text, "incident.severity_set")
    assert severity not in jana.open(f"/incidents/{OPEN}").text, "nothing that would be refused"
    again = petra.press(petra.open(f"/incidents/{OVER}"), reopen).form()
    office.proves(petra.send(again, {"reason": "Doch etwas daran"}).text, "incident.moved")
    office.intact()
