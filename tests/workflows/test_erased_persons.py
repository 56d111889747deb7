"""Who was erased and acts again in the same case is still one person: four eyes stay four eyes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.runner import upkeep
from config.policy.loader import load_texts
from tests.office import POLICY, Office, office
from tests.workflows.test_erasure import erased, everything
from workflows.actors import Actor, Person, PersonId, Source
from workflows.erasure import Selection
from workflows.events import ERASED
from workflows.incident.commands import ConfirmDuty, DecideDuty, Note
from workflows.incident.terms import PersonalData
from workflows.outcome import Accepted, Refused
from workflows.recognition import ERASED_PERSON, QUIET
from workflows.verification import verify_store


@pytest.fixture
def place(database_url: str) -> Iterator[Office]:
    with office(database_url) as opened:
        yield opened


def test_who_acts_again_after_their_erasure_keeps_the_pseudonym(place: Office) -> None:
    number = place.report("Somebody clicked", by="tom")
    before = place.case(number).people
    erased(place, Selection(number, person="tom"))
    assert set(place.case(number).people.values()) == {ERASED}
    case = place.do("tom", Note(case=number, text="Me again"))
    assert case.people.keys() == before.keys()
    assert case.pseudonym_of("tom") == "p1"
    assert verify_store(place.store, deep=True).intact
    erased(place, Selection(number, person="tom"))
    case = place.do("jana", Note(case=number, text="And somebody else"))
    assert (case.people["p1"], case.pseudonym_of("jana")) == (ERASED, "p2")  # type: ignore[index]
    assert verify_store(place.store, deep=True).intact


@pytest.mark.parametrize("erase", [False, True])
def test_nobody_confirms_their_own_decision_after_an_erasure(erase: bool, place: Office) -> None:
    number = place.report("Mail to the wrong address")
    place.assess(number, personal_data=PersonalData.YES)
    place.do("petra", DecideDuty(case=number, regime="gdpr_33_1", required=False, reason="Nobody is at risk"))
    if erase:
        erased(place, Selection(number, person="petra"))
    own = place.tell("petra", ConfirmDuty(case=number, regime="gdpr_33_1"))
    assert isinstance(own, Refused)
    assert [reason.code for reason in own.reasons] == ["second_person"]
    other = place.tell("dora", ConfirmDuty(case=number, regime="gdpr_33_1"))
    assert isinstance(other, Accepted), other
    assert verify_store(place.store, deep=True).intact


def test_who_enters_the_policy_during_a_case_stays_one_person(place: Office) -> None:
    number = place.report("Somebody clicked")
    stranger = Person(PersonId("slack:U0NEW"), "New")
    outsider = Actor(stranger, place.actor("jana").roles, Source.SLACK)
    place.service.handle(Note(case=number, text="I saw it"), outsider)
    known = POLICY.replace(
        "duty_roster", "  - {id: nora, name: Nora Neu, roles: [responder], slack: U0NEW}\nduty_roster"
    )
    grown = load_texts({"policy.yaml": known.encode()})
    service = replace(place.service, policy=grown.policy, policy_hash=grown.sha256)
    nora = grown.policy.person_by(id="nora")
    assert nora is not None
    outcome = service.handle(
        Note(case=number, text="I saw more"), Actor(Person(PersonId("nora"), nora.name), nora.roles, Source.SLACK)
    )
    assert isinstance(outcome, Accepted)
    assert outcome.recorded[0].by == "p2"
    assert len(outcome.case.people) == 2


def test_what_recognises_the_erased_holds_no_id_and_goes_when_the_case_is_over(
    place: Office, database_url: str
) -> None:
    number = place.report("Somebody clicked", by="quendolin")
    place.assess(number)
    erased(place, Selection(number, person="quendolin"))
    assert "quendolin" not in everything(database_url)
    marks(place, 1)
    place.clock.forward(days=QUIET.days + 1)
    marks(place, 1)
    place.closed(number)
    marks(place, 1)
    place.clock.forward(days=QUIET.days + 1)
    marks(place, 0)


def marks(place: Office, count: int) -> None:
    with place.store.transaction() as uow:
        upkeep(uow, place.clock() + timedelta(minutes=1))
    with place.store.reading() as reads:
        assert len(reads.links.of(ERASED_PERSON)) == count
