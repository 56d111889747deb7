"""A role that was given and a link that was tied by mistake are taken back in the chat (A.5.15)."""

import pytest

from bot.chat.reply import FieldErrors
from config.policy.ids import CaseRole
from tests.bot.chat.test_words import NUMBER
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation


def incident(on: Stage) -> IncidentCase:
    case = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(case, IncidentCase)
    return case


def holders(on: Stage, role: CaseRole) -> list[str]:
    case = incident(on)
    return [case.name_of(one) for one in case.holders(role)]


@pytest.mark.parametrize(
    "typed",
    [
        "rolle 1 benannt Max H. entziehen",
        "role #1 remove named Max H.",
        "rolle #1 entfernen benannt: Max H.",
        "role 1 named Max H. remove",
    ],
)
def test_whoever_was_named_by_mistake_is_named_no_more(on_stage: Stage, typed: str) -> None:
    on_stage.say("tom", "melden Laptop weg")
    on_stage.say("petra", "einschränken 1 vertraulich")
    on_stage.say("petra", "rolle 1 benannt Max H.")
    assert on_stage.say("max", "status 1").case == NUMBER
    assert "nicht mehr Max H." in on_stage.say("petra", typed).text
    assert holders(on_stage, CaseRole.NAMED) == []
    hidden = on_stage.say("max", "status 1").text
    assert hidden == on_stage.say("max", "status 77").text.replace("INC-2026-0077", NUMBER)
    again = on_stage.say("petra", typed).form
    assert again is not None
    assert "es gibt nichts zu entziehen" in again.notice


def test_the_form_for_it_offers_the_roles_that_are_held(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("jana", "rolle 1 protokoll Tom B.")
    asked = on_stage.say("jana", "rolle 1 entziehen")
    assert asked.form is not None
    assert asked.form.title == "Rolle entziehen"
    assert [one.value for one in asked.form.fields[0].options] == ["scribe"]
    values = {"role": "scribe", "person": "Tom B."}
    on_stage.chat.submit(asked.form.id, NUMBER, values, on_stage.speaker("jana"))
    assert holders(on_stage, CaseRole.SCRIBE) == []


@pytest.mark.parametrize("word", ["lösen", "entfernen", "remove", "unlink"])
@pytest.mark.parametrize("relation", ["", "behebt "])
def test_a_link_is_untied_with_or_without_its_relation(on_stage: Stage, word: str, relation: str) -> None:
    linked(on_stage, "behebt")
    refused = on_stage.say("jana", f"verknüpfen 1 CHG-2026-0001 {relation}{word}").text
    assert "Petra M." in refused, "only the ISB unties what holds the case"
    assert [one.relation for one in incident(on_stage).links] == [Relation.FIXES]
    assert "Nicht mehr verknüpft" in on_stage.say("petra", f"verknüpfen 1 CHG-2026-0001 {relation}{word}").text
    assert incident(on_stage).links == ()
    again = on_stage.say("petra", f"verknüpfen 1 CHG-2026-0001 {relation}{word}", language="en").text
    assert "CHG-2026-0001 is not linked in this way; there is nothing to untie." in again


def test_of_several_ties_the_one_that_is_meant_is_asked(on_stage: Stage) -> None:
    linked(on_stage, "behebt", "gehört dazu")
    asked = on_stage.say("petra", "verknüpfen 1 CHG-2026-0001 lösen")
    assert asked.form is not None
    assert [one.value for one in asked.form.fields[1].options] == ["fixes", "related"]
    assert isinstance(on_stage.fill("petra", asked), FieldErrors)
    on_stage.fill("petra", asked, relation="related")
    assert [one.relation for one in incident(on_stage).links] == [Relation.FIXES]


def test_whoever_declines_the_lead_reads_it_and_sees_the_case_no_more(on_stage: Stage) -> None:
    on_stage.say("tom", "melden Laptop weg")
    on_stage.say("petra", "einschränken 1 vertraulich")
    on_stage.say("petra", "rolle 1 leitung ich")
    on_stage.say("petra", "übergabe 1 Max H.: Der Koffer fehlt noch")
    assert on_stage.say("max", "status 1").case == NUMBER
    told = on_stage.say("max", "übergabe 1 ablehnen Im Zug")
    assert "Max H. kann die Leitung nicht übernehmen (Im Zug)." in told.text
    assert len(told.receipts) == 2, "that they are named no more is an entry of its own"
    assert on_stage.say("max", "status 1").case == ""


def linked(on: Stage, *relations: str) -> None:
    on.say("max", "melden Laptop weg")
    on.say("jana", "plan Neuer Proxy", command="aenderung")
    for one in relations:
        on.say("jana", f"verknüpfen 1 CHG-2026-0001 {one}")
