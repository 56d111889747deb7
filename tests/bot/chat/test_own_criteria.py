"""What an organisation asked stays readable, whatever its policy asks today; and what is put off is named."""

from dataclasses import replace

import pytest

from bot.chat.texts import closing, incident, incident_events
from bot.chat.texts.told import Telling
from config.i18n import translator
from config.policy.ids import Phase
from config.policy.models import Policy
from tests.workflows.incident.desk import TEAM, Desk, policy_of
from tests.workflows.incident.test_own_criteria import TOLD, adding, desk_in, told
from workflows.events import ERASED
from workflows.incident import commands as c
from workflows.incident.apply import apply
from workflows.incident.asked import Asked
from workflows.incident.events import Moved
from workflows.incident.terms import State

QUESTION = {"en": "Has the supplier been told", "de": "Ist der Lieferant informiert"}
ANOTHER = {"question_en": "Does the supplier know?", "question_de": "Weiß es der Lieferant?"}


def history(desk: Desk, language: str) -> list[str]:
    x = telling(desk, language)
    return [incident_events.sentence(x, item) for item in desk.entries]


def telling(desk: Desk, language: str) -> Telling:
    return Telling(translator(language), desk.case, desk.policy, desk.now)


def overridden() -> Desk:
    """Asked, passed over by an override, then answered, then after all not applicable."""
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    desk.do("jana", c.RequestOverride(to=State.ERADICATE, reason="It burns"))
    desk.do("petra", c.GrantOverride(reason="Agreed"))
    return desk


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("today", [policy_of(TEAM), adding({"leaving": "contain", **ANOTHER})], ids=["gone", "changed"])
def test_the_history_tells_what_was_asked_then(language: str, today: Policy) -> None:
    desk = overridden()
    assert QUESTION[language] in incident.open_points(telling(desk, language))[-1]
    desk.do("jana", c.Answer(answers=(told(),)))
    desk.do("jana", c.Exempt(criterion=TOLD, because="No supplier"))
    desk.policy = today
    answered, exempted = history(desk, language)[-3], history(desk, language)[-1]
    assert answered.startswith(f"{QUESTION[language]}: ")
    assert exempted.startswith(f"{QUESTION[language]}: ")
    assert QUESTION[language] in closing.exempted(telling(desk, language), desk.case.exemptions[TOLD])
    moved = max(at for at, one in enumerate(desk.entries) if isinstance(one.event, Moved))
    named = QUESTION[language] if today == policy_of(TEAM) else ANOTHER[f"question_{language}"].rstrip("?")
    assert named in history(desk, language)[moved], (
        "of what was passed over the id is on record, and the words as far as they are known"
    )


def test_what_was_asked_can_be_erased_and_then_goes_by_its_id() -> None:
    desk = overridden()
    desk.do("jana", c.Answer(answers=(told(),)))
    desk.policy = policy_of(TEAM)
    at, item = next(
        (at, one) for at, one in enumerate(desk.entries) if isinstance(one.event, Asked) and one.event.leaving
    )
    erased = item.event.model_copy(update={"question_en": ERASED, "question_de": ERASED, "text": ERASED})
    desk.case = apply(desk.case, replace(item, event=erased))
    desk.entries[at] = replace(item, event=erased)
    assert history(desk, "en")[at] == "supplier-told: recorded."
    assert history(desk, "de")[at] == "supplier-told: eingetragen."
