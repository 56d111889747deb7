"""What people read about drills by a scenario."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import Event, Recorded, plain
from workflows.incident.drill_events import DrillStarted, Injected


def which(t: Translator) -> str:
    """Above the choice of a scenario."""
    return t.gettext("Which drill? It starts at once, marked as a drill, and calls nobody.")


def own(t: Translator) -> str:
    """On the button for a drill without a scenario."""
    return t.gettext("Another one")


def _started(x: Telling, _item: Recorded, event: DrillStarted) -> str:
    text = x.t.ngettext(
        "By the scenario “{scenario}”: {count} inject follows.",
        "By the scenario “{scenario}”: {count} injects follow.",
        event.injects,
    )
    known = x.policy.drills.scenarios.get(event.scenario)
    title = known.titled(x.t.language) if known else event.scenario
    return text.format(scenario=title, count=event.injects)


def _injected(x: Telling, _item: Recorded, event: Injected) -> str:
    text = x.t.gettext("Inject {no} of the drill: {text}")
    return text.format(no=event.no + 1, text=common.one_line(plain(event.text), 2000))


DRILL_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    DrillStarted: _started,
    Injected: _injected,
}
