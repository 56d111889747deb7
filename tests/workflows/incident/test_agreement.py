"""The service owner is asked, agrees in person or not yet; who may see the case by being asked, and for how long."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import CaseRole, Criterion, Visibility
from tests.workflows.incident.desk import TEAM, Desk, assessed, reached, reported
from workflows.access import may_see
from workflows.commands import Command
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Advance,
    Answer,
    AssignRole,
    Exempt,
    Given,
    GoBack,
    GrantOverride,
    RequestOverride,
    SetVisibility,
)
from workflows.incident.events import Answered, RoleAssigned
from workflows.incident.owner_commands import Agree, AgreeNotYet, AskOwner
from workflows.incident.owner_events import OwnerAsked, OwnerHesitates
from workflows.incident.terms import State

AGREES = Criterion.SERVICE_OWNER_AGREES
TWO = TEAM.replace("duty_roster", "  - {id: nora, name: Nora P., roles: [service_owner]}\nduty_roster")


def recovering() -> Desk:
    return reached(State.RECOVER, reported())


@cache
def _two() -> Desk:
    return reached(State.RECOVER, reported(TWO))


def two() -> Desk:
    """With two service owners."""
    return _two().copy()


def ask(desk: Desk, who: str = "sven") -> AskOwner:
    return AskOwner(person=desk.person(who))


def sees(desk: Desk, name: str) -> bool:
    return may_see({*desk.actor(name).roles, *desk.case.roles_of(desk.case.pseudonym_of(name))}, desk.case)


def waits(desk: Desk) -> bool:
    """Whether somebody is asked, and asked again when they do not answer: both or neither."""
    asked, due = desk.case.owner_asked, desk.case.owner_due
    assert (asked is None) == (due is None)
    return asked is not None


def codes(desk: Desk, name: str, command: Command) -> list[str]:
    return [one.code for one in desk.refused(name, command)]


def test_who_is_asked_agrees_in_person_and_the_answer_is_theirs() -> None:
    desk = recovering()
    assert not sees(desk, "sven")
    desk.do("jana", ask(desk))
    assert sees(desk, "sven")
    assert desk.kinds()[-2:] == [RoleAssigned, OwnerAsked]
    assert waits(desk)
    desk.later(minutes=5).do("sven", Agree())
    sven, answer = desk.case.pseudonym_of("sven"), desk.case.answers[AGREES]
    assert (answer.person, answer.by, answer.at) == (sven, sven, desk.now)
    assert not waits(desk)
    assert sees(desk, "sven"), "whoever agreed can look at what they agreed to"
    assert codes(desk, "sven", Agree()) == [Code.ALREADY]
    assert codes(desk, "jana", ask(desk)) == [Code.ALREADY]
    assert AGREES not in [one.subject for one in desk.refused("jana", Advance(to=State.REVIEW))]


def test_who_does_not_agree_yet_says_why_and_can_still_agree() -> None:
    desk = recovering()
    desk.do("jana", ask(desk))
    assert codes(desk, "sven", AgreeNotYet(reason="")) == [Code.NEEDS_REASON]
    desk.do("sven", AgreeNotYet(reason="Mail is slow"))
    asked = desk.case.owner_asked
    assert asked is not None
    assert (asked.not_yet, desk.case.owner_due) == ("Mail is slow", None)
    assert AGREES in [one.subject for one in desk.refused("jana", Advance(to=State.REVIEW))]
    desk.do("jana", ask(desk))
    assert desk.case.owner_asked is not None
    assert desk.case.owner_asked.not_yet is None, "asked anew"
    desk.do("sven", Agree())


def test_one_question_at_a_time_and_only_to_a_service_owner() -> None:
    desk = two()
    assert codes(desk, "jana", ask(desk, "lena")) == [Code.NO_SERVICE_OWNER]
    assert not sees(desk, "lena")
    desk.do("jana", ask(desk))
    (again,) = desk.refused("jana", ask(desk))
    assert (again.code, again.found) == (Code.OWNER_ASKED, desk.case.pseudonym_of("sven"))
    desk.do("jana", ask(desk, "nora"))
    assert (sees(desk, "sven"), sees(desk, "nora")) == (False, True), "named only to be asked"
    assert codes(desk, "sven", AgreeNotYet(reason="Slow")) == [Code.OTHER_ASKED]
    desk.do("nora", Agree())


def test_unasked_a_service_owner_agrees_once_the_recovery_is_under_way() -> None:
    desk = assessed()
    desk.do("jana", Advance(to=State.CONTAIN))
    assert codes(desk, "sven", Agree()) == [Code.NO_QUESTION]
    desk.do("jana", ask(desk))
    desk.do("sven", Agree())
    other = recovering()
    assert codes(other, "sven", AgreeNotYet(reason="Slow")) == [Code.NO_QUESTION]
    other.do("sven", Agree())


@pytest.mark.parametrize("over", ["back", "exempted", "named"])
def test_a_question_that_is_over_waits_for_nobody_and_names_nobody(over: str) -> None:
    desk = two()
    desk.do("jana", ask(desk))
    endings: dict[str, Command] = {
        "back": GoBack(to=State.CONTAIN, reason="It is back"),
        "exempted": Exempt(criterion=AGREES, because="The service ends"),
        "named": Answer(answers=(Given(criterion=AGREES, person=desk.person("nora")),)),
    }
    desk.do("jana", endings[over])
    assert not waits(desk)
    assert not sees(desk, "sven")


def test_a_step_forward_by_override_leaves_the_question() -> None:
    desk = recovering()
    desk.do("jana", ask(desk))
    desk.do("jana", RequestOverride(to=State.REVIEW, reason="The line waits"))
    desk.do("petra", GrantOverride(no=1, reason="Go"))
    assert desk.case.state is State.REVIEW
    assert desk.case.owner_asked is not None
    assert AGREES in {one.criterion for one in desk.case.open_due_items}
    desk.do("sven", Agree())
    assert AGREES not in {one.criterion for one in desk.case.open_due_items}


def test_who_was_named_for_more_than_the_question_stays_named() -> None:
    desk = two()
    desk.do("jana", AssignRole(role=CaseRole.NAMED, person=desk.person("sven")))
    desk.do("jana", ask(desk))
    assert desk.kinds()[-1] is OwnerAsked
    desk.do("jana", ask(desk, "nora"))
    assert sees(desk, "sven")
    desk.do("jana", SetVisibility(visibility=Visibility.RESTRICTED, named=(desk.person("nora"),)))
    desk.do("jana", ask(desk))
    assert sees(desk, "nora"), "named meanwhile"


def test_in_a_strictly_confidential_case_only_who_is_named_can_be_asked() -> None:
    desk = recovering()
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=(desk.person("petra"), desk.person("jana"))))
    assert codes(desk, "jana", ask(desk)) == [Code.NAMED_ONLY]
    assert not sees(desk, "sven")
    desk.do("petra", AssignRole(role=CaseRole.NAMED, person=desk.person("sven")))
    desk.do("jana", ask(desk))
    desk.do("sven", Agree())


def test_sealing_ends_what_being_asked_had_opened() -> None:
    desk = recovering()
    desk.do("jana", ask(desk))
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=(desk.person("petra"), desk.person("jana"))))
    assert not sees(desk, "sven")
    desk.do("jana", Answer(answers=(Given(criterion=AGREES, person=desk.person("sven")),)))


def test_a_service_owner_leaves_nothing_out() -> None:
    desk = recovering()
    skip = Answer(answers=(Given(criterion=AGREES, skip="Not needed"),))
    assert codes(desk, "sven", skip) == [Code.NOT_ALLOWED]
    desk.do("jana", skip)


def test_nobody_is_asked_about_what_is_no_incident_or_entered_afterwards() -> None:
    assert codes(reported(), "jana", ask(reported())) == [Code.WRONG_PHASE]
    afterwards = recovering()
    afterwards.case = afterwards.case.model_copy(update={"backfill": True})
    assert codes(afterwards, "jana", ask(afterwards)) == [Code.AFTERWARDS]


PEOPLE = ("sven", "nora")
STEPS = ("ask sven", "ask nora", "agree", "not yet", "back")
ORDERS = st.lists(st.tuples(st.sampled_from((*PEOPLE, "jana")), st.sampled_from(STEPS)), max_size=12)


@given(ORDERS)
def test_whatever_the_order_only_their_own_press_is_their_agreement(orders: Sequence[tuple[str, str]]) -> None:
    desk = two()
    commands: dict[str, Command] = {
        "ask sven": ask(desk),
        "ask nora": ask(desk, "nora"),
        "agree": Agree(),
        "not yet": AgreeNotYet(reason="Slow"),
        "back": GoBack(to=State.ERADICATE, reason="Again"),
    }
    for who, what in orders:
        command, count, before = commands[what], len(desk.entries), desk.case.owner_asked
        if not desk.may(who, type(command)) or (what == "back" and desk.case.state is not State.RECOVER):
            continue
        desk.tell(who, command)
        fresh = [item.event for item in desk.entries[count:]]
        me = desk.case.pseudonym_of(who)
        assert all(one.person == me for one in fresh if isinstance(one, Answered))
        if any(isinstance(one, OwnerHesitates) for one in fresh):
            assert before is not None
            assert before.person == me
        asked = desk.case.owner_asked
        assert asked is None or (sees(desk, "sven" if asked.person == desk.case.pseudonym_of("sven") else "nora"))
        assert not (asked and AGREES in desk.case.answers)
        named = {one for one in PEOPLE if CaseRole.NAMED in desk.case.roles_of(desk.case.pseudonym_of(one))}
        answer = desk.case.answers.get(AGREES)
        allowed = {asked.person if asked else None, answer.person if answer else None}
        assert {desk.case.pseudonym_of(one) for one in named} <= allowed
