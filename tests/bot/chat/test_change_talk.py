"""A change in conversation."""

import pytest

from bot.chat.reply import FieldErrors, Reply
from tests.bot.stage import Stage
from workflows.change.state import ChangeCase

NUMBER = "CHG-2026-0001"


def change(on: Stage) -> ChangeCase:
    case = on.chat.queries.case(NUMBER, on.speaker("jana").actor)
    assert isinstance(case, ChangeCase)
    return case


def test_a_plan_is_one_line_and_says_what_it_still_lacks(on_stage: Stage) -> None:
    reply = on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    assert reply.text.startswith("CHG-2026-0001 ist aufgenommen: Neuer Proxy.")
    assert "fehlt noch: Beschreibung, betroffene Werte, Sicherheitsanforderung, Fragen zum Risiko." in reply.text
    assert len(reply.receipts) >= 1


def test_answers_complete_the_plan_and_someone_else_approves(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    refused = on_stage.say("tom", "approve 1 plan", command="change", language="en")
    assert "description: missing" in refused.text
    form = on_stage.say("jana", "plan 1", command="aenderung")
    done = on_stage.fill(
        "jana", form, change_description="Proxy ersetzt den alten", change_affected="Proxy, Firewall",
        security="TLS 1.3", rollback="Alten starten", factors="access_control",
    )  # fmt: skip
    assert isinstance(done, Reply)
    assert change(on_stage).affected == ("Proxy", "Firewall")
    own = on_stage.say("jana", "freigeben 1 plan", command="aenderung")
    assert not change(on_stage).plan_approvals
    assert own.receipts
    approved = on_stage.say("petra", "freigeben 1 plan", command="aenderung")
    assert "Petra M. gibt den Plan frei." in approved.text


def test_none_of_the_risks_is_an_answer(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    form = on_stage.say("jana", "plan 1", command="aenderung")
    on_stage.fill("jana", form, factors="none")
    assert change(on_stage).factors == ()


def test_status_says_what_is_missing_and_how_to_link_a_request(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    text = on_stage.say("max", "status 1", command="aenderung").text
    assert "„Change: CHG-2026-0001“ in die Beschreibung" in text


def test_links_keep_what_was_linked_before(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("max", "melden Noch einer")
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    on_stage.say("jana", "verknüpfen 1 INC-2026-0001", command="aenderung")
    on_stage.say("jana", "verknüpfen 1 INC-2026-0002", command="aenderung")
    assert change(on_stage).incidents == ("INC-2026-0001", "INC-2026-0002")
    told = on_stage.say("jana", "verknüpfen 1 https://github.com/o/r/pull/7", command="aenderung")
    assert "wird auf der Code-Plattform verknüpft" in told.text


@pytest.mark.parametrize(
    ("language", "told"),
    [("de", "„INC-Kasse“ ist keine Vorfallsnummer"), ("en", "“INC-Kasse” is no number of an incident")],
)
def test_what_is_no_number_links_nothing_and_says_so(on_stage: Stage, language: str, told: str) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    asked = on_stage.say("jana", "link 1 INC-Kasse", command="change", language=language)
    assert asked.form is not None
    assert told in asked.form.notice
    assert "INC-2026-0042" in asked.form.notice
    assert asked.form.fields[0].value == "INC-Kasse", "to be corrected, not typed again"
    assert change(on_stage).incidents == ()
    linked = on_stage.say("jana", "link 1 inc 7", command="change", language=language)
    assert linked.receipts
    assert change(on_stage).incidents == ("INC-2026-0007",)


def test_an_emergency_takes_an_incident_by_its_number_only(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    form = on_stage.say("jana", "notfall 1", command="aenderung")
    refused = on_stage.fill("jana", form, reason="Kasse steht", incident="die Sache mit der Kasse")
    assert isinstance(refused, FieldErrors)
    assert "„die Sache mit der Kasse“ ist keine Vorfallsnummer" in refused.errors["incident"]
    other = on_stage.say("jana", "notfall 1 CHG-2026-0009 Kasse steht", command="aenderung")
    assert other.form is not None
    assert "„CHG-2026-0009“ ist keine Vorfallsnummer" in other.form.notice


def test_a_waiver_is_asked_for_with_everything_it_needs(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    form = on_stage.say("jana", "ausnahme 1", command="aenderung")
    asked = on_stage.fill(
        "jana", form, requirement="plan.approved", scope="change", reason="Eilt", measure="Vier Augen danach",
        waiver_owner="tom", expires="2026-12-20",
    )  # fmt: skip
    assert isinstance(asked, Reply)
    assert "bittet um eine Ausnahme bis 20.12.2026" in asked.text
    assert not change(on_stage).waivers[0].granted_by
    granted = on_stage.say("lena", "ausnahme 1 erteilen", command="aenderung")
    assert "Lena S. erteilt die Ausnahme" in granted.text


def test_a_change_is_given_up_with_a_reason(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    assert on_stage.say("jana", "abbrechen 1", command="aenderung").form is not None
    gone = on_stage.say("jana", "abbrechen 1 Braucht niemand", command="aenderung")
    assert "Jana K. bricht CHG-2026-0001 ab: Braucht niemand" in gone.text
    assert change(on_stage).over
