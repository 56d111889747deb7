"""Who does not decide a step but has something to say on the way opens its form, and moves nothing by answering."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.chat.test_incident_talk import replied, state, to_contain
from tests.bot.stage import POLICY, Stage, stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

SVEN = b"  - {id: sven, name: Sven O., roles: [service_owner], slack: U0SVEN, locale: de}\nduty_roster"


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path, POLICY.replace(b"duty_roster", SVEN, 1)) as standing:
        yield standing


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case("INC-2026-0001", on.speaker("jana").actor)
    assert isinstance(found, IncidentCase)
    return found


def asked(on: Stage, who: str, line: str) -> set[str]:
    reply = on.say(who, line)
    return {one.id for one in reply.form.fields} if reply.form else set()


def test_the_scribe_answers_and_the_case_stays_where_it_is(staffed: Stage) -> None:
    to_contain(staffed)
    assert asked(staffed, "max", "bereinigen 1") == set()
    replied(staffed.say("jana", "rolle 1 protokoll @max"))
    form = staffed.say("max", "bereinigen 1")
    given = {"evidence.preserved~choice": "none", "evidence.preserved~text": "Gerät nicht mehr da"}
    replied(staffed.chat.submit("incident.eradicate", "INC-2026-0001", given, staffed.speaker("max")))
    assert form.form is not None
    assert state(staffed) is State.CONTAIN
    assert "evidence.preserved" in {str(one) for one in case(staffed).answers}


def test_the_service_owner_who_is_named_agrees_in_person_and_is_asked_nothing_else(staffed: Stage) -> None:
    to_contain(staffed)
    for phase in ("bereinigen", "wiederherstellen"):
        staffed.say("jana", f"ausnahme 1 {phase} eilt")
        staffed.say("petra", "ausnahme 1 genehmigen eilt")
    assert state(staffed) is State.RECOVER
    assert asked(staffed, "sven", "auswerten 1") == set()
    replied(staffed.say("jana", "rolle 1 benannt @sven"))
    (field,) = asked(staffed, "sven", "auswerten 1") - {"skip", "skip_because"}
    assert field.startswith("service_owner.agrees")
    replied(staffed.chat.submit("incident.review", "INC-2026-0001", {field: "sven"}, staffed.speaker("sven")))
    assert state(staffed) is State.RECOVER
    agreed = next(one for key, one in case(staffed).answers.items() if "service_owner" in key)
    assert case(staffed).name_of(agreed.by) == "Sven O."
