"""The same newcomer without Slack: types the command, then only numbers that are offered, and answers to questions."""

import io
import re
from dataclasses import dataclass, field

from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker
from bot.terminal import Terminal
from tests.journeys.policies import PEOPLE
from tests.journeys.test_newcomer import ENOUGH, PHASES
from tests.journeys.world import World
from tests.properties.catalog import actor
from workflows.incident.terms import State

KNOWS = (
    (r"\((yes/no|ja/nein)\)$", "yes"),
    (r"Personal data|Personenbezogen", "2"),
    (r"Evidence: what|Beweise: was", "2"),
    (r"Service owner|Zustimmung", "sven"),
    (r"Corrective action: who|Korrekturmaßnahme: wer", "sven"),
    (r"due on|fällig|bis wann erledigt", "2026-05-01"),
    (r"when|wann|Occurred|Seit wann", "now"),
    (r"checked by|geprüft von|End of recovery|Ende der Wiederherstellung", "tom"),
)
"""What only somebody who was there can tell, by what the question says."""
LEAVES = (
    r"^(Severity|Schwere|Why this|Warum diese|Incident lead|Vorfallsleitung|Who may see|Wer darf|Named|Benannt|"
    r"Reported by|Gemeldet von|Or the name|Oder der Name|How did|Wie kam|Anything|Etwas|Duplicate|Doppelt|Since|Seit|"
    r"Does one|Trifft|Why does it not|Warum trifft|Corrects|Berichtigt)"
)
"""Questions that say themselves that they may stay open."""


class Answers(io.StringIO):
    """Answers the question that stands last on the screen."""

    def __init__(self, screen: io.StringIO) -> None:
        super().__init__()
        self.screen, self.asked = screen, 0

    def readline(self, *_: object) -> str:  # type: ignore[override]
        """One line."""
        self.asked += 1
        assert self.asked < 300, self.screen.getvalue()[-2000:]
        lines = self.screen.getvalue().splitlines()[:-1]
        options = 0
        while re.match(r"\s+\d+\. ", lines[-1]):
            options += 1
            lines.pop()
        label = re.sub(r"^(> |\[.*?\] )", "", lines[-1])
        if re.search(LEAVES, label):
            return "\n"
        known = next((answer for pattern, answer in KNOWS if re.search(pattern, label, re.IGNORECASE)), None)
        return f"{known or ('1' if options else 'so war es')}\n"


@dataclass
class Visitor:
    """One person at the terminal."""

    office: World
    name: str
    language: str
    screen: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        chat = self.office.app.core.chat(PolicyDirectory(self.office.app.core.policy.policy))
        self.session = Terminal(chat, Speaker(actor(self.name), self.language), Answers(self.screen), self.screen)

    def type(self, line: str) -> str:
        """What is printed after one line, with the forms that it leads to."""
        before = len(self.screen.getvalue())
        self.office.clock.move(seconds=10)
        self.session.once(line)
        return self.screen.getvalue()[before:]

    def next_number(self, tried: set[str]) -> int:
        """The step that stands out, else the first; none twice. 0: nothing is left."""
        offered = [(at, one) for at, one in enumerate(self.session.buttons, 1) if one.label not in tried]
        for at, one in sorted(offered, key=lambda pair: not pair[1].primary):
            tried.add(one.label)
            return at
        return 0

    def named(self, text: str) -> list[str]:
        """The others who are named there."""
        return [person for person, (name, _) in PEOPLE.items() if name in text and person != self.name]


def test_somebody_who_never_saw_it_gets_to_closed(office: World) -> None:
    language = office.app.core.policy.policy.language
    me = Visitor(office, "tom", language)
    told = me.type("vorfall" if language == "de" else "incident")
    states, acted, tried = [State.IDENTIFY], ["tom"], set[str]()
    for _ in range(ENOUGH):
        number = me.next_number(tried)
        if number == 0:
            me = Visitor(office, me.named(told)[0], language)
            acted.append(me.name)
            told = me.type("liste" if language == "de" else "list")
            tried.clear()
            continue
        told = me.type(str(number))
        if office.incident().state is not states[-1]:
            states.append(office.incident().state)
            tried.clear()
        if not states[-1].is_open:
            break
    assert tuple(states) == PHASES, told
    assert acted == ["tom", "petra"], "the second person was named"
    office.proves(told, "incident.moved")
    office.intact()
