"""Two-person rules: with a second holder of the role, and without one (then management countersigns)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from config.policy.ids import CaseRole, Criterion, SecondPersonRule, Severity
from tests.workflows.incident.desk import (
    ALONE,
    HARMLESS,
    START,
    TEAM,
    Desk,
    dismissed,
    given_for,
    near_miss,
    reached,
    reported,
    subjects,
)
from workflows.commands import Command
from workflows.decisions import Declined
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Advance,
    Answer,
    Assess,
    AssignRole,
    Close,
    ConfirmDismissal,
    ConfirmDuty,
    Countersign,
    DecideDuty,
    DenyOverride,
    Exempt,
    Given,
    GoBack,
    GrantOverride,
    Reopen,
    RequestOverride,
)
from workflows.incident.terms import DueKind, Kind, OverrideState, PersonalData, State

S = State
C = Criterion


def alone(state: State) -> Desk:
    """An office where one person holds every role but management."""
    return reached(state, reported(ALONE), "petra", "petra")


def codes(desk: Desk, name: str, command: Command) -> list[str]:
    return [reason.code for reason in desk.refused(name, command)]


# closing ------------------------------------------------------------------------------------------------------


def test_the_lead_does_not_close_but_somebody_else_with_the_role_does() -> None:
    desk = reached(S.REVIEW)
    answers = given_for(S.CLOSED, desk)
    (reason,) = desk.refused("jana", Close(answers=answers))
    assert (reason.code, reason.subject) == (Code.SECOND_PERSON, C.CLOSED_BY_OTHER)
    assert reason.who == ("isb", "deputy", "responder")
    assert desk.case.open_due_items == ()
    assert desk.do("tom", Close()).closed_by == desk.case.pseudonym_of("tom")


def test_closing_takes_a_role_even_for_somebody_else() -> None:
    desk = reached(S.REVIEW)
    desk.do("jana", Answer(answers=given_for(S.CLOSED, desk)))
    desk.do("jana", AssignRole(role=CaseRole.SCRIBE, person=desk.person("max")))
    assert not desk.may("max", Close)
    assert codes(desk, "lena", Close()) == [Code.SECOND_PERSON]
    desk.do("petra", Close())


def test_handing_over_the_lead_during_the_review_makes_no_second_person() -> None:
    desk = reached(S.REVIEW)
    desk.do("jana", Answer(answers=given_for(S.CLOSED, desk)))
    desk.do("jana", AssignRole(role=CaseRole.LEAD, person=desk.person("tom")))
    assert codes(desk, "tom", Close()) == [Code.SECOND_PERSON]
    assert codes(desk, "jana", Close()) == [Code.SECOND_PERSON]
    desk.do("petra", Close())


def test_giving_the_lead_away_makes_nobody_a_second_person() -> None:
    desk = reached(S.RECOVER)
    desk.do("jana", AssignRole(role=CaseRole.LEAD, person=desk.person("tom")))
    desk.do("tom", Advance(to=S.REVIEW, answers=given_for(S.REVIEW, desk)))
    assert codes(desk, "tom", Close(answers=given_for(S.CLOSED, desk))) == [Code.SECOND_PERSON]
    assert codes(desk, "jana", Close()) == [Code.SECOND_PERSON]
    assert desk.do("petra", Close()).state is S.CLOSED


def test_who_led_only_before_containment_may_close() -> None:
    desk = reported()
    desk.do("jana", Assess(lead=desk.person("jana"), affected="Mail"))
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("tom")))
    desk = reached(S.REVIEW, desk, "tom")
    assert desk.do("jana", Close(answers=given_for(S.CLOSED, desk))).state is S.CLOSED


def test_a_near_miss_is_closed_by_another_than_who_assessed_it() -> None:
    desk = near_miss()
    desk.do("jana", Assess(**HARMLESS, personal_data=PersonalData.NO))
    desk.do("jana", Answer(answers=given_for(S.CLOSED, desk)))
    assert codes(desk, "jana", Close()) == [Code.SECOND_PERSON]
    desk.do("tom", Close())


def test_where_nobody_else_can_close_management_signs_first() -> None:
    desk = alone(S.REVIEW)
    (reason,) = desk.refused("petra", Close(answers=given_for(S.CLOSED, desk)))
    assert (reason.code, reason.who, reason.remedy) == (Code.SECOND_PERSON, ("management",), "countersign")
    (item,) = desk.case.open_due_items
    assert (item.kind, item.rule, item.first) == (DueKind.COUNTERSIGN, SecondPersonRule.CLOSE, desk.case.lead)
    desk.refused("petra", Close())
    assert len(desk.case.due_items) == 1
    desk.do("lena", Countersign())
    assert desk.do("petra", Close()).state is S.CLOSED


def test_a_signature_for_an_earlier_closing_does_not_serve_again() -> None:
    desk = alone(S.REVIEW)
    desk.refused("petra", Close(answers=given_for(S.CLOSED, desk)))
    desk.do("lena", Countersign())
    desk.do("petra", Close())
    desk.later(hours=1).do("petra", Reopen(reason="A customer wrote"))
    assert codes(desk, "petra", Close(answers=given_for(S.CLOSED, desk))) == [Code.SECOND_PERSON]


def test_without_a_fallback_nobody_closes_alone() -> None:
    strict = ALONE + "  incident.close: {roles: [isb, deputy], fallback: none}\n"
    desk = reached(S.REVIEW, reported(strict), "petra", "petra")
    (reason,) = desk.refused("petra", Close(answers=given_for(S.CLOSED, desk)))
    assert (reason.code, reason.remedy) == (Code.SECOND_PERSON, "close")
    assert desk.case.due_items == ()


def test_management_has_two_working_days() -> None:
    desk = alone(S.REVIEW)
    assert desk.now.date() == START.date()  # a Friday
    desk.refused("petra", Close(answers=given_for(S.CLOSED, desk)))
    assert desk.case.open_due_items[0].due == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # the end of Tuesday, local


# dismissing ---------------------------------------------------------------------------------------------------


def alarm(policy: str = TEAM, by: str = "jana", **more: Any) -> Desk:
    desk = reported(policy)
    desk.do(by, Assess(kind=Kind.FALSE_ALARM, reason="A drill", **more))
    return desk


SEVERE: dict[str, Any] = {"severity": Severity.S2, "severity_reason": "Loud"}


@pytest.mark.parametrize("more", [SEVERE, {"category": "malware"}], ids=["severe", "watched"])
def test_a_weighty_dismissal_is_confirmed_by_the_isb(more: dict[str, Any]) -> None:
    desk = alarm(**more)
    (reason,) = desk.refused("jana", Advance(to=S.DISMISSED))
    assert (reason.subject, reason.who) == (C.DISMISSAL_CONFIRMED, ("isb", "deputy"))
    assert desk.do("petra", ConfirmDismissal()).state is S.DISMISSED


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (SEVERE, {"severity": Severity.S4, "severity_reason": "Rather not"}),
        ({"category": "malware"}, {"category": "phishing"}),
    ],
)
def test_making_it_lighter_does_not_spare_the_confirmation(first: dict[str, Any], then: dict[str, Any]) -> None:
    desk = alarm(**first)
    desk.do("jana", Assess(**then))
    assert subjects(desk.refused("jana", Advance(to=S.DISMISSED))) == [C.DISMISSAL_CONFIRMED.value]
    desk.do("petra", ConfirmDismissal())


def test_a_light_one_is_not() -> None:
    assert alarm(severity=Severity.S3, severity_reason="Quiet", category="phishing").do(
        "jana", Advance(to=S.DISMISSED)
    ).state is S.DISMISSED  # fmt: skip


def test_who_assessed_does_not_confirm_but_the_deputy_does() -> None:
    desk = alarm(by="petra", **SEVERE)
    assert subjects(desk.refused("petra", Advance(to=S.DISMISSED))) == [C.DISMISSAL_CONFIRMED.value]
    assert codes(desk, "petra", ConfirmDismissal()) == [Code.SECOND_PERSON]
    desk.do("dieter", Advance(to=S.DISMISSED))
    assert ev.DismissalConfirmed in desk.kinds()


def test_a_new_assessment_voids_the_confirmation() -> None:
    desk = alarm(**SEVERE)
    desk.do("jana", Assess(kind=Kind.DUPLICATE, reason="Same mail"))
    desk.do("petra", ConfirmDismissal())
    assert desk.case.state is S.IDENTIFY  # the case it repeats is not named yet
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="A drill after all"))
    assert subjects(desk.refused("jana", Advance(to=S.DISMISSED))) == [C.DISMISSAL_CONFIRMED.value]


def test_where_nobody_else_can_confirm_management_countersigns_afterwards() -> None:
    desk = alarm(ALONE, "petra", **SEVERE)
    desk.do("petra", Advance(to=S.DISMISSED))
    (item,) = desk.case.open_due_items
    assert (item.rule, item.first) == (SecondPersonRule.DISMISSAL, desk.case.pseudonym_of("petra"))
    desk.do("lena", Countersign(no=item.no))
    assert desk.case.open_due_items == ()


def test_whoever_left_is_no_second_person_so_management_steps_in() -> None:
    otto = "  - {id: otto, name: Otto P., roles: [deputy], slack: U0OTTO}\n"
    desk = alarm(ALONE.replace("second_persons:", f"{otto}second_persons:"), "petra", **SEVERE)
    assert subjects(desk.refused("petra", Advance(to=S.DISMISSED))) == [C.DISMISSAL_CONFIRMED.value]
    desk.policy = desk.policy.as_of(desk.now, {"U0OTTO": None})
    desk.do("petra", Advance(to=S.DISMISSED))
    assert [item.rule for item in desk.case.open_due_items] == [SecondPersonRule.DISMISSAL]


def test_a_confirmation_needs_something_to_confirm() -> None:
    assert codes(reported(), "petra", ConfirmDismissal()) == [Code.WRONG_KIND]
    assert codes(reached(S.CONTAIN), "petra", ConfirmDismissal()) == [Code.WRONG_PHASE]


@pytest.mark.parametrize(("severity", "light"), [(Severity.S1, False), (Severity.S3, True), (None, True)])
def test_a_severe_dismissal_is_taken_up_again_by_the_isb(severity: Severity | None, light: bool) -> None:
    desk = dismissed(severity)
    if not light:
        assert codes(desk, "jana", Reopen(reason="It was real")) == [Code.SECOND_PERSON]
    assert desk.do("jana" if light else "petra", Reopen(reason="It was real")).state is S.IDENTIFY


def test_a_closed_case_is_taken_up_again_by_the_isb_with_a_reason() -> None:
    desk = reached(S.CLOSED)
    assert codes(desk, "jana", Reopen(reason="A customer wrote")) == [Code.SECOND_PERSON]
    assert codes(desk, "petra", Reopen(reason="")) == [Code.NEEDS_REASON]
    assert desk.do("petra", Reopen(reason="A customer wrote")).state is S.REVIEW


# overrides ----------------------------------------------------------------------------------------------------


def asked(to: State = S.ERADICATE, desk: Desk | None = None) -> Desk:
    found = desk or reached(S.CONTAIN)
    lead = "jana" if found.policy.person_by(id="jana") else "petra"
    found.do(lead, RequestOverride(to=to, reason="The fire brigade waits"))
    return found


def test_only_the_lead_asks() -> None:
    desk = reached(S.CONTAIN)
    assert [name for name in ("jana", "tom", "petra", "max", "lena") if desk.may(name, RequestOverride)] == ["jana"]


def test_an_override_moves_and_leaves_what_is_missing_due() -> None:
    desk = asked()
    assert desk.case.state is S.CONTAIN
    assert codes(desk, "petra", GrantOverride(reason="")) == [Code.NEEDS_REASON]
    assert desk.do("petra", GrantOverride(reason="Agreed, evidence follows")).state is S.ERADICATE
    missing = (C.CONTAINMENT_ACTION, C.EVIDENCE, C.CREDENTIALS)
    assert tuple(item.criterion for item in desk.case.open_due_items) == missing
    moved = desk.entries[-1].event
    assert isinstance(moved, ev.Moved)
    assert (moved.overridden, moved.override) == (missing, 1)


def test_what_is_due_blocks_closing_until_it_is_there() -> None:
    desk = asked()
    desk.do("petra", GrantOverride(reason="Agreed"))
    for target in (S.RECOVER, S.REVIEW):
        desk.do("jana", Advance(to=target, answers=given_for(target, desk)))
    (reason,) = desk.refused("tom", Close(answers=given_for(S.CLOSED, desk)))
    assert (reason.subject, reason.expected) == (
        C.NO_DUE_ITEMS, "containment.action evidence.preserved credentials.revoked",
    )  # fmt: skip
    desk.do("jana", Exempt(criterion=C.EVIDENCE, because="Nothing was logged"))
    assert len(desk.case.open_due_items) == 2
    assert desk.do("tom", Close(answers=given_for(S.ERADICATE, desk))).state is S.CLOSED


def test_the_lead_does_not_grant_their_own() -> None:
    desk = asked()
    assert codes(desk, "jana", GrantOverride(reason="I say so")) == [Code.SECOND_PERSON]
    assert desk.case.state is S.CONTAIN


def test_a_lead_who_is_isb_needs_the_deputy() -> None:
    desk = reached(S.CONTAIN)
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("petra")))
    desk.do("petra", RequestOverride(to=S.ERADICATE, reason="The fire brigade waits"))
    assert codes(desk, "petra", GrantOverride(reason="I say so")) == [Code.SECOND_PERSON]
    desk.do("dieter", GrantOverride(reason="Agreed"))


def test_where_nobody_else_can_grant_management_countersigns_and_closing_waits() -> None:
    desk = asked(desk=alone(S.CONTAIN))
    desk.do("petra", GrantOverride(reason="It cannot wait"))
    assert desk.case.state is S.ERADICATE
    signature = [item for item in desk.case.open_due_items if item.kind is DueKind.COUNTERSIGN]
    assert [item.rule for item in signature] == [SecondPersonRule.OVERRIDE]
    desk.do("lena", Countersign())
    assert [item for item in desk.case.open_due_items if item.kind is DueKind.COUNTERSIGN] == []


def test_denied_and_withdrawn() -> None:
    desk = asked()
    assert codes(desk, "jana", RequestOverride(to=S.ERADICATE, reason="Again")) == [Code.ALREADY]
    desk.do("petra", DenyOverride(reason="Not that urgent"))
    assert codes(desk, "petra", GrantOverride(reason="After all")) == [Code.UNKNOWN_ITEM]
    assert codes(desk, "petra", GrantOverride(reason="After all", no=1)) == [Code.ALREADY]
    asked(desk=desk).do("jana", DenyOverride(reason="No longer needed"))
    assert [item.state for item in desk.case.overrides] == [OverrideState.DENIED] * 2
    assert desk.case.state is S.CONTAIN


def test_a_request_that_the_case_has_left_behind_moves_nothing() -> None:
    desk = asked()
    desk.do("jana", GoBack(to=S.IDENTIFY, reason="Another cause"))
    assert codes(desk, "petra", GrantOverride(reason="Agreed")) == [Code.UNKNOWN_ITEM]
    assert codes(desk, "petra", GrantOverride(reason="Agreed", no=1)) == [Code.ALREADY]
    desk.do("jana", Advance(to=S.CONTAIN))
    assert [item.state for item in desk.case.overrides] == [OverrideState.VOID], "it was about another moment"
    asked(desk=desk).do("petra", GrantOverride(reason="Agreed"))
    assert [item.state for item in desk.case.overrides] == [OverrideState.VOID, OverrideState.GRANTED]


def test_no_override_is_granted_where_nothing_is_missing_any_more() -> None:
    desk = asked()
    desk.do("jana", Answer(answers=given_for(S.ERADICATE, desk)))
    assert codes(desk, "petra", GrantOverride(reason="Agreed")) == [Code.NOTHING_MISSING]
    desk.do("jana", Advance(to=S.ERADICATE))
    assert [item.state for item in desk.case.overrides] == [OverrideState.VOID]


@pytest.mark.parametrize("to", [state for state in State if state is not S.CONTAIN])
def test_no_override_skips_a_phase_or_closes(to: State) -> None:
    desk = reported()
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("jana")))
    assert Code.NOT_OVERRIDABLE in codes(desk, "jana", RequestOverride(to=to, reason="Quick"))
    review = reached(S.REVIEW)
    assert codes(review, "jana", RequestOverride(to=S.CLOSED, reason="Quick")) == [Code.NOT_OVERRIDABLE]


def test_an_override_passes_over_the_assessment_of_an_event_but_not_of_something_else() -> None:
    desk = reported()
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("jana")))
    asked(S.CONTAIN, desk).do("petra", GrantOverride(reason="Agreed"))
    assert desk.case.state is S.CONTAIN
    desk.do("jana", Assess(kind=Kind.INCIDENT, reason="It is one"))
    assert C.ASSESSMENT not in [item.criterion for item in desk.case.open_due_items]
    other = alarm()
    other.do("petra", AssignRole(role=CaseRole.LEAD, person=other.person("jana")))
    assert codes(other, "jana", RequestOverride(to=S.CONTAIN, reason="Quick")) == [Code.WRONG_KIND]


@pytest.mark.parametrize("kind", [Kind.NEAR_MISS, Kind.FALSE_ALARM])
def test_what_turns_out_to_be_no_incident_owes_nothing_of_the_way_of_one(kind: Kind) -> None:
    desk = reported()
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("jana")))
    asked(S.CONTAIN, desk).do("petra", GrantOverride(reason="Agreed"))
    desk.do("jana", GoBack(to=S.IDENTIFY, reason="It never got in"))
    assert desk.case.open_due_items, "it may still be an incident"
    desk.do("jana", Assess(kind=kind, reason="The gateway held it back", personal_data=PersonalData.NO))
    assert desk.case.open_due_items == ()
    if kind is Kind.FALSE_ALARM:
        return
    desk.do("jana", Assess(**HARMLESS))
    desk.do("jana", Advance(to=S.REVIEW))
    assert desk.do("tom", Close(answers=given_for(S.CLOSED, desk))).state is S.CLOSED


def test_no_override_where_nothing_is_missing() -> None:
    desk = reached(S.CONTAIN)
    desk.do("jana", Answer(answers=given_for(S.ERADICATE, desk)))
    assert codes(desk, "jana", RequestOverride(to=S.ERADICATE, reason="Quick")) == [Code.NOTHING_MISSING]


# management's signature -------------------------------------------------------------------------------------------


def test_management_does_not_sign_for_itself() -> None:
    both = """
people:
  - {id: lena, name: Lena W., roles: [management, isb, responder]}
  - {id: olga, name: Olga P., roles: [management]}
  - {id: max, name: Max H.}
"""
    desk = reported(both)
    desk.do("lena", Assess(kind=Kind.FALSE_ALARM, reason="A drill", **SEVERE))
    desk.do("lena", Advance(to=S.DISMISSED))
    assert codes(desk, "lena", Countersign()) == [Code.SECOND_PERSON]
    desk.do("olga", Countersign())
    assert codes(desk, "olga", Countersign()) == [Code.UNKNOWN_ITEM]


# duties -------------------------------------------------------------------------------------------------------


def with_duty(policy: str = TEAM, by: str = "jana", owner: str = "sven") -> Desk:
    desk = reached(S.REVIEW, reported(policy), by, owner, personal_data=PersonalData.YES)
    desk.do(by, Answer(answers=given_for(S.CLOSED, desk)))
    return desk


NOT_REQUIRED = DecideDuty(regime="gdpr_33_1", required=False, reason="No risk to anybody")


def test_who_decided_is_not_the_second_person() -> None:
    desk = with_duty()
    desk.do("petra", NOT_REQUIRED)
    assert codes(desk, "petra", ConfirmDuty(regime="gdpr_33_1")) == [Code.SECOND_PERSON]
    assert subjects(desk.refused("petra", Close())) == [C.DUTIES_DECIDED.value]
    desk.do("dora", ConfirmDuty(regime="gdpr_33_1"))
    desk.do("petra", Close())


def test_who_closes_may_be_the_second_person() -> None:
    desk = with_duty()
    desk.do("jana", NOT_REQUIRED)
    desk.do("tom", Close())
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert duty.second == desk.case.pseudonym_of("tom")
    assert ev.DutyConfirmed in desk.kinds()


def test_a_duty_where_nobody_else_can_confirm_awaits_management() -> None:
    desk = with_duty(ALONE, "petra", "petra")
    desk.do("petra", NOT_REQUIRED)
    assert [item.rule for item in desk.case.open_due_items] == [SecondPersonRule.DUTY]
    decision = desk.tell("petra", Close())
    assert isinstance(decision, Declined)
    desk.do("lena", Countersign())
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert duty.is_settled
    assert duty.second == desk.case.pseudonym_of("lena")
    assert desk.do("petra", Close()).state is S.CLOSED


def test_a_new_decision_needs_its_second_person_anew() -> None:
    desk = with_duty()
    desk.do("jana", NOT_REQUIRED)
    desk.do("petra", ConfirmDuty(regime="gdpr_33_1"))
    desk.do("jana", NOT_REQUIRED)
    assert codes(desk, "jana", ConfirmDuty(regime="gdpr_33_1")) == [Code.SECOND_PERSON]
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert not duty.is_settled


def test_an_answer_brings_no_second_person() -> None:
    desk = with_duty()
    given = Given(criterion=C.DUTIES_DECIDED, choice="not_required", text="No risk")
    assert subjects(desk.refused("petra", Close(answers=(given,)))) == [C.DUTIES_DECIDED.value]
    assert desk.do("tom", Close()).state is S.CLOSED
