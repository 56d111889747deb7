"""What the conversation says: names instead of codes, who and since when, and only those who can."""

from pathlib import Path

import pytest

from bot.chat.forms.phases import PARTICIPANTS
from bot.chat.reply import FieldErrors, FieldKind, Reply
from bot.chat.roles import ROLE_WORDS
from bot.chat.texts.incident import told_directly
from config.i18n import translator
from config.policy.ids import Visibility
from tests.bot.chat.test_incident_talk import replied, to_contain
from tests.bot.stage import POLICY, Stage, stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation

NUMBER = "INC-2026-0001"


def test_an_override_is_decided_in_words(on_stage: Stage) -> None:
    to_contain(on_stage)
    on_stage.say("jana", "ausnahme 1 bereinigen Server muss vom Netz")
    form = on_stage.say("petra", "ausnahme 1 genehmigen").form
    assert form is not None
    field = next(one for one in form.fields if one.id == "decision")
    assert [(one.value, one.label) for one in field.options] == [("grant", "Genehmigen"), ("deny", "Ablehnen")]
    assert field.kind is FieldKind.CHOICE
    typed = {"decision": "ablehnen", "decision_reason": "Erst Beweise sichern"}
    denied = replied(on_stage.chat.submit(form.id, form.case, typed, on_stage.speaker("petra")))
    assert "genehmigt die Ausnahme nicht" in denied.text


def test_roles_are_typed_and_told_by_their_names(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    speaker = on_stage.speaker("jana")
    wrong = on_stage.chat.submit("incident.role", NUMBER, {"role": "chef", "person": "Jana K."}, speaker)
    assert isinstance(wrong, FieldErrors)
    assert "Vorfallsleitung" in wrong.errors["role"]
    assert not {"lead", "reporter", "scribe"} & set(wrong.errors["role"].replace(",", " ").split())
    for word, said in (("leitung", "Vorfallsleitung: Jana K."), ("Technical Lead", "Technische Leitung: Jana K.")):
        given = on_stage.chat.submit("incident.role", NUMBER, {"role": word, "person": "Jana K."}, speaker)
        assert said in replied(given).text
    assert "Technische Leitung: Tom B." in on_stage.say("jana", "rolle 1 technische Leitung Tom B.").text


def test_who_comes_second_hears_who_was_first_and_since_when(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("jana", "übernehmen 1")
    on_stage.clock.forward(minutes=20)
    again = on_stage.say("petra", "übernehmen 1")
    assert again.text.startswith("Jana K. kümmert sich seit 03:12 darum.")
    assert "Ich kümmere mich" not in [one.label for one in again.buttons]
    assert on_stage.say("jana", "übernehmen 1").text.startswith("Sie kümmern sich seit 03:12 darum.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("die von gestern", "„die von gestern“ finde ich nicht. Bitte eine Nummer wie INC-2026-0042."),
        ("77", "„INC-2026-0077“ finde ich nicht. Bitte eine Nummer wie INC-2026-0042."),
        ("INC-S-2026-0001", "„INC-S-2026-0001“ finde ich nicht. Bitte eine Nummer wie INC-2026-0042."),
        ("1", "INC-2026-0001 ist dieser Fall selbst. Bitte die Nummer des anderen angeben."),
    ],
)
def test_a_duplicate_names_another_case(on_stage: Stage, typed: str, said: str) -> None:
    secret = {"what": "Verdacht gegen Jana", "visibility": "sealed", "named": "Petra M., Lena S."}
    on_stage.chat.submit("incident.report", "", secret, on_stage.speaker("petra"))
    on_stage.say("max", "melden Laptop weg")
    answers = {"kind": "duplicate", "reason": "Schon gemeldet", "duplicate_of": typed}
    told = on_stage.chat.submit("incident.assess", NUMBER, answers, on_stage.speaker("jana"))
    assert said in (told.text if isinstance(told, Reply) else told.errors["duplicate_of"])


def test_a_link_that_names_no_case_is_told_as_it_was_typed(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    told = on_stage.say("jana", "verknüpfen 1 die von gestern").text
    assert told.startswith("„die von gestern“ finde ich nicht. Bitte eine Nummer wie CHG-2026-0117.")


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("de", "liste gestern", "„gestern“ versteht `liste` nicht"),
        ("en", "list last week", "`list` does not understand “last week”"),
        ("en", "list #1", "`list` does not understand “INC-2026-0001”"),
    ],
)
def test_a_list_says_what_it_did_not_understand(on_stage: Stage, language: str, line: str, told: str) -> None:
    on_stage.say("max", "melden Laptop weg")
    listed = on_stage.say("jana", line, language=language).text
    assert told in listed
    assert "Laptop weg" in listed, "and lists what is open all the same"
    assert ("maßnahmen" if language == "de" else "actions") in listed
    for understood in ("liste", "liste offene", "list open incidents"):
        assert "verst" not in on_stage.say("jana", understood).text
    assert "`liste maßnahmen`" not in on_stage.say("jana", "liste gestern", command="aenderung").text


@pytest.mark.parametrize(
    ("typed", "relation"),
    [
        ("behebt", Relation.FIXES),
        ("Verursacht durch", Relation.CAUSED_BY),
        ("ausgelöst durch", Relation.CAUSED_BY),
        ("caused by", Relation.CAUSED_BY),
        ("gehört dazu", Relation.RELATED),
        ("bezogen auf", Relation.RELATED),
        ("", Relation.RELATED),
    ],
)
@pytest.mark.parametrize("number", ["CHG-2026-0001", "chg 1"])
def test_how_a_change_hangs_together_is_typed_in_both_languages(
    on_stage: Stage, number: str, typed: str, relation: Relation
) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    assert on_stage.say("jana", f"verknüpfen inc 1 {number} {typed}").receipts
    assert [one.relation for one in incident(on_stage).links] == [relation]


@pytest.mark.parametrize(
    ("language", "told"),
    [("de", "behebt, verursacht durch, gehört dazu"), ("en", "fixes, caused by, related")],
)
def test_a_word_for_it_that_nobody_knows_is_asked_back(on_stage: Stage, language: str, told: str) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    asked = on_stage.say("jana", "link 1 CHG-2026-0001 repariert", language=language)
    assert asked.form is not None
    assert told in asked.form.notice
    assert incident(on_stage).links == ()
    helped = on_stage.say("jana", "hilfe", language=language).text
    assert ("`behebt`, `verursacht durch`" if language == "de" else "`fixes`, `caused by`") in helped


def incident(on: Stage) -> IncidentCase:
    case = on.chat.queries.case(NUMBER, on.speaker("jana").actor)
    assert isinstance(case, IncidentCase)
    return case


def test_a_severity_of_ones_own_is_told_to_all_with_who_and_why(on_stage: Stage) -> None:
    to_contain(on_stage)
    told = on_stage.say("jana", "schwere 1 S1 Ausweise der Kunden").text
    assert "Schwere S1. Abweichend von S2, festgelegt von Jana K.: „Ausweise der Kunden“." in told
    assert "Ihre" not in told


ALONE = POLICY.replace(b"name: Tom B., roles: [responder, service_owner]", b"name: Tom B., roles: [deputy]")


def test_named_is_only_who_can_help(tmp_path: Path) -> None:
    with stage(tmp_path, ALONE) as on:
        form = on.say("petra", "")
        values = {"what": "Verdacht gegen Jana", "visibility": "sealed", "named": "Petra M., Max H."}
        secret = replied(on.chat.submit("incident.report", "", values, on.speaker("petra")))
        assert form.form is not None
        refused = on.say("max", f"bewerten {secret.case}").text
        assert "Petra M." in refused
        assert "Tom B." not in refused, "he may not see it, so he is not asked"
        on.say("max", "melden Laptop weg")
        assert "Tom B." in on.say("max", "bewerten 1").text


def test_those_concerned_are_told_why_they_are(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    case = on_stage.chat.queries.case(NUMBER, on_stage.speaker("jana").actor)
    assert isinstance(case, IncidentCase)
    told = {one: told_directly(translator("de"), case.model_copy(update={"visibility": one})) for one in Visibility}
    assert told == {
        Visibility.TEAM: "Neue Meldung INC-2026-0001; bitte bald ansehen.",
        Visibility.RESTRICTED: "Neue vertrauliche Meldung INC-2026-0001; bitte bald ansehen.",
        Visibility.SEALED: "Neue vertrauliche Meldung INC-2026-0001. Sie gehören zum benannten Kreis; "
        "bitte bald ansehen.",
    }


def test_who_took_part_is_typed_by_any_name_of_a_role(on_stage: Stage) -> None:
    room = on_stage.chat._room(on_stage.speaker("jana"))
    reading = room.reading({"took_part": "leitung, technical, isb"})
    assert reading.several("took_part", PARTICIPANTS, ROLE_WORDS) == ("lead", "technical_lead", "isb")
    assert reading.errors == {}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_name_that_ends_with_a_full_stop_needs_no_second_one(on_stage: Stage, language: str) -> None:
    told = on_stage.say("jana", "report --by tom Laptop is gone", language=language).text
    assert "Tom B." in told
    assert ".." not in told
