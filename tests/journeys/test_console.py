"""The console: the same conversation as pages, without a script."""

import re
from dataclasses import dataclass, replace

import pytest
from starlette.requests import Request

from bot.web.console.visitor import Visitor
from bot.web.server import create_app
from config.policy.ids import Visibility
from tests.fakes.client import Answer
from tests.journeys.browser import Browser
from tests.journeys.door import Door
from tests.journeys.pages import Visit, filled, read
from tests.journeys.policies import INTAKE
from tests.journeys.test_console_signin import signed_in
from tests.journeys.test_hostile import ALL, FITS, HUGE
from tests.journeys.world import World
from tests.properties.catalog import actor, person
from workflows.commands import Command
from workflows.events import plain
from workflows.incident.commands import Note, Report
from workflows.outcome import Accepted
from workflows.store.errors import Unavailable

NUMBER = "INC-2026-0001"
PAGES = ("/", "/incidents", "/incidents?all=1", f"/incidents/{NUMBER}", "/changes/CHG-2026-0001", "/report", "/nowhere")
SCRIPT = "</textarea></title><script>alert(1)</script><b onclick='x'>\"'`&lt;"
TURNING = "\u202e\u202d\u2066\u2067\u200f\u061c"


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)


def visit(office: World, who: str) -> Visit:
    return Visit(signed_in(office, who))


def without_marks(answer: Answer) -> bytes:
    """A page without the mark that is another one each time."""
    return re.sub(rb'name="once" value="\w+"', b"", answer.body)


def test_a_report_by_form_is_on_record_and_reaches_slack_like_any_other(office: World) -> None:
    jana = visit(office, "jana")
    page = jana.open("/")
    label = next(one.text for one in page.links() if one.get("href") == "/report")
    page = jana.press(page, label)
    lacking = jana.send(page.form(), {"affected": "Notebook 17", "personal_data": "unknown", "named": ["petra", "tom"]})
    assert lacking.answer.status == 422
    assert office.kinds().count("incident.reported") == 0
    what = lacking.field("what")
    assert what.get("aria-invalid") == "true"
    assert "f-what-error" in what.get("aria-describedby")
    assert ("f-affected", "Notebook 17") in filled(lacking.form()), "what was typed is kept"
    assert [value for name, value in filled(lacking.form()) if name == "f-named"] == ["petra", "tom"]
    assert ("f-personal_data", "unknown") in filled(lacking.form())
    done = jana.send(lacking.form(), {"what": "Anhang geöffnet\nund dann?", "occurred": "2026-03-02T08:15"})
    assert done.heading == NUMBER
    office.proves(done.text, "incident.reported")
    case = office.incident()
    assert plain(case.what) == "Anhang geöffnet\nund dann?"
    assert case.occurred is not None
    assert case.occurred.isoformat() == "2026-03-02T07:15:00+00:00", "by the clock of the organisation"
    assert plain(case.affected) == "Notebook 17"
    office.work(seconds=5)
    assert any(NUMBER in message.text for message in office.slack.messages(INTAKE))
    listed = visit(office, "tom").open("/incidents")
    assert [one.get("href") for one in listed.links()][2:] == [f"/incidents/{NUMBER}"]
    office.intact()


def test_sent_twice_it_is_one_report_and_the_second_answer_is_the_first(shop: World) -> None:
    jana = visit(shop, "jana")
    form = jana.open("/report").form()
    first = jana.send(form, {"what": "Anhang geöffnet"})
    entries = len(shop.entries())
    again = jana.send(form, {"what": "Anhang geöffnet"})
    assert again.text == first.text
    assert len(shop.entries()) == entries
    assert visit(shop, "max").send(form, {"what": "Anhang geöffnet"}).heading == "INC-2026-0002", "of another one"
    other = jana.send(form, {"what": "Anhang geöffnet, und noch einer"})
    assert other.heading == "INC-2026-0003", "what was written anew is not lost"


def test_a_pressed_step_is_taken_once_and_shows_on_the_page_of_the_case(shop: World) -> None:
    do(shop, "jana", Report(what="Anhang geöffnet"))
    tom = visit(shop, "tom")
    page = tom.open(f"/incidents/{NUMBER}")
    (button,) = [one for one in page.forms("/press") if ("action", "incident.ack") in filled(one)]
    told = tom.send(button)
    shop.proves(told.text, "incident.acknowledged")
    assert tom.send(button).text == told.text
    assert shop.kinds().count("incident.acknowledged") == 1
    page = tom.open(f"/incidents/{NUMBER}")
    current = [one.text for one in page.root.every("li") if one.get("aria-current") == "step"]
    assert current == ["Erkennen"]
    timeline = [one.text for one in page.root.every("ol")][-1]
    shop.proves(timeline, "incident.reported", "incident.acknowledged")
    assert timeline.index("kümmert sich") < timeline.index("ist aufgenommen"), "the newest first"


def test_what_somebody_may_not_see_is_the_same_page_as_what_is_not_there(shop: World) -> None:
    do(shop, "jana", Report(what="Quarzsand", visibility=Visibility.RESTRICTED))
    assert visit(shop, "petra").get(f"/incidents/{NUMBER}").status == 200
    max_ = visit(shop, "max")
    hidden, absent = max_.get(f"/incidents/{NUMBER}"), max_.get("/incidents/INC-2026-0077")
    assert hidden.status == 404
    assert hidden.body == absent.body
    assert dict(hidden.headers) | {"x-request-id": ""} == dict(absent.headers) | {"x-request-id": ""}
    assert read(hidden).heading == "Hier gibt es nichts zu sehen"
    for path in ("/changes/CHG-2026-0001", f"/changes/{NUMBER}", "/incidents/nonsense", "/incidents/%00"):
        assert max_.get(path).body == absent.body
    for path in ("/", "/incidents", "/incidents?all=1", f"/incidents?all=1&after={NUMBER}"):
        assert NUMBER not in max_.open(path).text
        assert "Quarzsand" not in max_.open(path).text
    steps = [("action", "incident.note"), ("once", "x")]
    one, other = (max_.post("/press", [*steps, ("value", at)]) for at in (NUMBER, "INC-2026-0077"))
    assert without_marks(one).replace(NUMBER.encode(), b"INC-2026-0077") == without_marks(other)


def test_who_is_not_signed_in_gets_the_way_in_and_nothing_else(shop: World) -> None:
    do(shop, "jana", Report(what="Quarzsand"))
    nobody = Visit(Browser(shop.door))
    front = nobody.get("/")
    for path in PAGES[1:-1]:
        answer = nobody.get(path)
        assert (answer.status, answer.headers["location"], answer.body) == (303, "/", b""), path
        assert answer.headers["cache-control"] == "no-store"
    assert b"Quarzsand" not in front.body
    before = len(shop.entries())
    sent = read(nobody.post("/forms/incident.report", [("case", ""), ("f-what", f"Was ich sah {SCRIPT}")]))
    assert sent.answer.status == 403
    assert "Was ist passiertWas ich sah" in sent.text, "what was typed is not lost, nor what it answers"
    assert read(nobody.post("/press", [("action", "incident.status"), ("value", NUMBER)])).answer.status == 403
    assert len(shop.entries()) == before


def test_whatever_people_type_stays_text(shop: World) -> None:
    jana, tom = visit(shop, "jana"), visit(shop, "tom")
    long = jana.send(jana.open("/report").form(), {"what": HUGE, "affected": SCRIPT, "reporter_name": ALL[:FITS]})
    assert long.answer.status == 422
    kept = dict(filled(long.form()))
    assert kept["f-what"] == HUGE.replace("\u0000", "\ufffd"), "too long, but not lost"
    assert kept["f-affected"] == SCRIPT
    page = jana.send(long.form(), {"what": f"{SCRIPT}{ALL[:FITS]}"})
    assert page.heading == NUMBER
    do(shop, "tom", Note(case=NUMBER, text=f"{SCRIPT}{HUGE[:2900]}"))
    for path in ("/", "/incidents", f"/incidents/{NUMBER}"):
        shown = tom.open(path)
        assert NUMBER in shown.text
        assert SCRIPT[:20] in shown.text, "it is told as it was typed"
        assert not set(TURNING) & set(shown.answer.text), "nothing turns its direction"
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown.answer.text)
    for button in tom.open(f"/incidents/{NUMBER}").forms("/press"):
        tom.send(button)


def test_a_body_that_no_page_of_ours_sends_is_refused(shop: World) -> None:
    jana = visit(shop, "jana")
    path, what = "/forms/incident.report", [("case", ""), ("f-what", "Anhang geöffnet")]
    huge = [("case", ""), ("f-what", "ß" * 400_000)]
    assert read(jana.post(path, huge)).answer.status == 413
    assert read(jana.post(path, [(f"f-{no}", "") for no in range(1001)])).answer.status == 400
    assert read(jana.post(path, what, content_type="text/plain")).answer.status == 400
    assert shop.kinds().count("incident.reported") == 0
    assert read(jana.post("/forms/incident.nonsense", [("case", NUMBER)])).answer.status == 200
    assert read(jana.post(path, what)).heading == NUMBER
    for again in ("/press", path):
        answer = jana.get(again)
        assert (answer.status, answer.headers["location"]) == (303, "/"), "an answer's address, opened anew"


def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_machines(shop: World) -> None:
    tom, nobody = visit(shop, "tom"), Visit(Browser(shop.door))
    asked = {"accept": "text/html,*/*;q=0.8"}
    assert read(tom.get("/nowhere", **asked)).answer.status == 404
    assert nobody.get("/nowhere", **asked).status == 303
    assert tom.get("/nowhere").json() == {"detail": "Not Found"}


def test_the_stylesheet_is_kept_for_ever_under_a_name_of_its_own(shop: World) -> None:
    page = visit(shop, "tom").open("/")
    (link,) = page.root.every("link")
    css = shop.door.get(link.get("href"))
    assert css.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in css.headers["cache-control"]
    assert "url(" not in css.text
    assert "@import" not in css.text
    assert shop.door.get("/assets/console-0000000000000000.css").status == 404
    assert shop.door.get("/assets/..%2fconsole.css").status == 404


@pytest.mark.full
def test_lists_go_on_page_by_page(shop: World) -> None:
    for no in range(53):
        do(shop, "jana", Report(what=f"Fall {no}", visibility=Visibility.RESTRICTED, named=(person("max"),)))
    for start in ("/incidents", "/incidents?all=1"):
        max_, seen, path = visit(shop, "max"), list[str](), start
        while path:
            page = max_.open(path)
            found = [one.get("href") for one in page.links()]
            seen += [one for one in found if one.startswith("/incidents/")]
            path = next((one.get("href") for one in page.links() if one.get("rel") == "next"), "")
        assert len(seen) == len(set(seen)) == 53, start
    for no in range(101):
        do(shop, "petra", Note(case=NUMBER, text=f"Notiz <{no}>"))
    page = visit(shop, "max").open(f"/incidents/{NUMBER}")
    assert "Notiz <100>" in page.text
    assert "Notiz <0>" not in page.text
    (earlier,) = [one.get("href") for one in page.links() if one.get("rel") == "next"]
    assert "Notiz <0>" in visit(shop, "max").open(f"/incidents/{NUMBER}{earlier}").text


@dataclass
class Failing:
    """Cannot tell who looks."""

    error: Exception

    def of(self, request: Request) -> Visitor | None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(Unavailable("gone"), 503, "doppelt eingetragen wird nichts"), (ValueError("Quarzsand"), 500, "liegt bei uns")],
)
def test_what_fails_is_a_page_with_what_was_typed(shop: World, error: Exception, status: int, said: str) -> None:
    edge = shop.app.edge
    assert edge.console is not None
    door = Door(create_app(replace(edge, console=replace(edge.console, visitors=Failing(error)))))
    try:
        failing = Visit(Browser(door))
        for page in (failing.open("/"), read(failing.post("/forms/incident.report", [("f-what", "Was ich sah")]))):
            assert page.answer.status == status
            assert said in page.text
            assert "Quarzsand" not in page.text
        assert "Was ich sah" in page.text
    finally:
        door.close()
