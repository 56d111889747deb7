"""The same newcomer at the console: follows what is offered there, and fills what is asked."""

from dataclasses import dataclass

import pytest

from tests.journeys.newcomer import KNOWS, LEAVES
from tests.journeys.pages import Element, Page, Visit, filled
from tests.journeys.policies import PEOPLE
from tests.journeys.test_console_signin import signed_in
from tests.journeys.test_newcomer import ENOUGH, PHASES
from tests.journeys.world import World
from workflows.incident.terms import State


@dataclass
class Newcomer:
    """One person, and the page before them."""

    office: World
    name: str

    def __post_init__(self) -> None:
        self.browser = Visit(signed_in(self.office, self.name))
        self.page = self.browser.open("/incidents")
        self.tried: set[str] = set()

    def look(self) -> None:
        """The first case of the list."""
        self.page = self.browser.open("/incidents")
        cases = [one.get("href") for one in self.page.links() if one.get("href").startswith("/incidents/")]
        self.page = self.browser.open(cases[0])

    def step(self) -> bool:
        """Press what stands out, else the first; nothing twice. Whether anything was left."""
        offered = [form for form in self.page.forms("/press") if self._label(form) not in self.tried]
        for form in sorted(offered, key=lambda one: "primary" not in [b.get("class") for b in one.every("button")]):
            self.tried.add(self._label(form))
            self.office.clock.move(seconds=20)
            self.page = self.browser.send(form)
            self._answer()
            return True
        return False

    def named(self) -> list[str]:
        """The others who are named, in the order of the text."""
        (main,) = self.page.root.every("main")
        text = main.text
        found = [(text.index(name), person) for person, (name, _) in PEOPLE.items() if name in text]
        return [person for _, person in sorted(found) if person != self.name]

    def _label(self, form: Element) -> str:
        return next(form.every("button")).text

    def _answer(self) -> None:
        asked: set[str] = set()
        while (form := self.page.asking()) is not None:
            fields = {name for name, _ in filled(form)} | {one.get("id") for one in form.every("fieldset")}
            if fields <= asked:
                return
            asked |= fields
            self.page = self.browser.send(form, dict(self._answers(form)))
            assert self.page.answer.status == 200, self.page.text

    def _answers(self, form: Element) -> list[tuple[str, str | list[str]]]:
        found: list[tuple[str, str | list[str]]] = []
        for one in form.every("input", "select", "textarea", "fieldset"):
            name = (one.get("name") or one.get("id")).removeprefix("f-")
            if one.get("type") not in ("hidden", "checkbox") and name not in LEAVES:
                found.append((name, self._one(name, one)))
        return found

    def _one(self, name: str, one: Element) -> str | list[str]:
        options = [option.get("value") for option in one.every("option") if option.get("value")]
        if one.tag == "fieldset":
            return [next(one.every("input")).get("value")]
        if options:
            return str(KNOWS.get(name) or (self.name if self.name in options else options[0]))
        moments = {"datetime-local": f"{self.office.clock.now:%Y-%m-%dT%H:%M}", "date": "2026-05-01"}
        return moments.get(one.get("type"), "so war es")


def test_somebody_who_never_saw_it_gets_to_closed(office: World) -> None:
    jana = Visit(signed_in(office, "jana"))
    page: Page = jana.send(jana.open("/report").form(), {"what": "Anhang geöffnet"})
    states, acted, me = [State.IDENTIFY], ["tom"], Newcomer(office, "tom")
    me.look()
    for _ in range(ENOUGH):
        if not me.step():
            others = [one for one in me.named() if one != "jana"]
            me = Newcomer(office, others[0])
            acted.append(me.name)
            me.look()
            continue
        page = me.page
        if office.incident().state is not states[-1]:
            states.append(office.incident().state)
            me.tried.clear()
        if not states[-1].is_open:
            break
    assert tuple(states) == PHASES, me.page.text
    assert acted == ["tom", "petra"], "the second person was named"
    office.proves(page.text, "incident.moved")
    assert page.links(), "and finds back to the case"
    last = Visit(signed_in(office, "petra")).open("/incidents/INC-2026-0001")
    assert [one.text for one in last.root.every("li") if one.get("aria-current") == "step"]
    office.intact()


pytestmark = pytest.mark.full
