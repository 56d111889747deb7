"""Reporting, duties, corrective actions, tasks, links, recurrence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from config.policy.ids import Criterion, Severity, Visibility
from tests.workflows.incident.desk import (
    ALONE,
    ASSESSED,
    START,
    Desk,
    assessed,
    given_for,
    other_case,
    policy_of,
    reached,
    reported,
    subjects,
)
from workflows.commands import Command
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Acknowledge,
    Advance,
    Answer,
    Assess,
    CheckCorrective,
    Close,
    ConfirmDuty,
    Countersign,
    DecideDuty,
    FileDuty,
    FinishCorrective,
    FinishTask,
    Given,
    GoBack,
    LinkChange,
    MarkUrgent,
    Note,
    OpenCorrective,
    OpenTask,
    RecordAction,
    RecordEvidence,
    Reopen,
    ReopenCorrective,
    Report,
    SetSeverity,
    Update,
)
from workflows.incident.recurrence import recurrences, reopening
from workflows.incident.terms import ActionKind, CorrectiveState, DutyDecision, Kind, PersonalData, Relation, State

S = State
C = Criterion


def codes(desk: Desk, name: str, command: Command) -> list[str]:
    return [reason.code for reason in desk.refused(name, command)]


# reports ------------------------------------------------------------------------------------------------------


def test_a_report_opens_an_event() -> None:
    desk = reported(occurred=START - timedelta(hours=2))
    case = desk.case
    assert (case.state, case.kind, case.title) == (S.IDENTIFY, Kind.EVENT, "Phishing mail clicked")
    assert (case.occurred, case.reported) == (START - timedelta(hours=2), START)
    assert case.reporter == case.recorded_by == case.pseudonym_of("max")
    assert isinstance(desk.entries[0].event, ev.Reported)
    assert desk.entries[0].event.acknowledge_due == START + timedelta(minutes=240)


def test_reported_by_and_recorded_by_are_apart() -> None:
    desk = Desk()
    desk.do("jana", Report(what="Lost phone", reporter=desk.person("max")))
    assert desk.case.reporter == desk.case.pseudonym_of("max")
    assert desk.case.recorded_by == desk.case.pseudonym_of("jana")


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"what": ""}, "what"),
        ({"occurred": START + timedelta(seconds=1)}, "occurred"),
        ({"detected": START + timedelta(days=1)}, "detected"),
        ({"reported": START - timedelta(days=1)}, "reported"),
    ],
)
def test_a_report_that_cannot_be_is_refused(fields: dict[str, Any], subject: str) -> None:
    desk = Desk()
    assert subjects(desk.refused("max", Report(**{"what": "Lost phone", **fields}))) == [subject]
    assert desk.entries == []
    desk.do("max", Report(what="Lost phone"))


def test_a_case_can_be_entered_afterwards() -> None:
    desk = Desk()
    desk.do("jana", Report(what="Lost phone", backfill=True, reported=START - timedelta(days=9)))
    assert desk.case.reported == START - timedelta(days=9)
    assert desk.case.backfill


def test_a_title_is_the_first_line_cut_short() -> None:
    assert reported().case.title == "Phishing mail clicked"
    desk = Desk()
    desk.do("max", Report(what="\n  " + "x" * 200 + "\nmore"))
    assert desk.case.title == "x" * 79 + "…"


def test_once_acknowledged_is_enough() -> None:
    desk = reported()
    desk.later(minutes=3).do("jana", Acknowledge())
    assert desk.case.acknowledged == START + timedelta(minutes=3)
    assert codes(desk, "tom", Acknowledge()) == [Code.ALREADY]


def test_urgent_opens_the_channel_before_the_assessment() -> None:
    desk = reported()
    assert [desk.case.wants_channel, desk.do("max", MarkUrgent()).wants_channel] == [False, True]
    assert codes(desk, "max", MarkUrgent()) == [Code.ALREADY]


def test_a_correction_is_a_new_entry() -> None:
    desk = reported()
    desk.do("max", Note(text="At nine", occurred=START))
    desk.later(hours=1).do("max", Note(text="At eight", occurred=START - timedelta(hours=1), corrects=2))
    assert [(note.text, note.corrects) for note in desk.case.notes] == [("At nine", None), ("At eight", 2)]
    assert desk.case.notes[1].occurred_at == START - timedelta(hours=1)
    assert codes(desk, "max", Note(text="At seven", corrects=len(desk.entries) + 1)) == [Code.UNKNOWN_ITEM]
    assert codes(desk, "max", Note(text="Later", occurred=desk.now + timedelta(minutes=1))) == [Code.IN_FUTURE]


def test_an_update_names_the_next() -> None:
    desk = assessed()
    desk.do("jana", Update(text="All accounts locked"))
    assert desk.case.last_update == "All accounts locked"
    assert desk.entries[-1].event.update_due == START + timedelta(days=2)  # type: ignore[attr-defined]


# assessment ---------------------------------------------------------------------------------------------------


def test_who_assesses_as_incident_leads_unless_another_is_named() -> None:
    assert assessed().case.lead == assessed().case.pseudonym_of("jana")
    desk = reported()
    desk.do("petra", Assess(kind=Kind.INCIDENT, reason="It is", lead=desk.person("tom")))
    assert desk.case.lead == desk.case.pseudonym_of("tom")
    desk.do("jana", Assess(kind=Kind.INCIDENT, reason="Still"))
    assert desk.case.lead == desk.case.pseudonym_of("tom")


def test_a_duplicate_names_a_case_that_exists_and_may_be_seen() -> None:
    desk = reported()
    command = Assess(kind=Kind.DUPLICATE, reason="Same mail", duplicate_of="INC-2026-0001")
    unknown = desk.refused("jana", command)
    hidden = reported(visibility="sealed", named=(desk.person("petra"),)).case.model_copy(update={"id": UUID(int=1)})
    desk.related["INC-2026-0001"] = hidden
    assert desk.refused("jana", command) == unknown
    desk.related["INC-2026-0001"] = reported().case.model_copy(update={"id": UUID(int=1)})
    assert desk.do("jana", command).duplicate_id == UUID(int=1)


def test_a_case_does_not_repeat_itself() -> None:
    desk = reported()
    desk.related[desk.case.number] = desk.case
    assert codes(desk, "jana", Assess(kind=Kind.DUPLICATE, duplicate_of=desk.case.number)) == [Code.ITSELF]


def test_an_assessment_records_only_what_it_changes() -> None:
    desk = assessed()
    entries = len(desk.entries)
    desk.do("petra", Assess(**ASSESSED))
    assert len(desk.entries) == entries, "the same once more is no news"
    desk.refused("petra", Assess(**{**ASSESSED, "severity": Severity.S1}))
    assert len(desk.entries) == entries
    desk.do("petra", Assess(**{**ASSESSED, "affected": "Two mailboxes"}))
    (news,) = desk.entries[entries:]
    assert isinstance(news.event, ev.Assessed)
    assert {name for name, value in news.event if value not in (None, False)} == {"affected"}
    assert desk.case.assessment is not None
    assert desk.case.name_of(desk.case.assessment.by) == "Jana K."


def test_what_belongs_together_is_recorded_together() -> None:
    desk = reported()
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="A drill of ours"))
    desk.do("jana", Assess(kind=Kind.INCIDENT, reason="A drill of ours"))
    assert desk.case.assessment is not None
    assert desk.case.assessment.reason == "A drill of ours"
    desk.do("jana", Assess(**{**ASSESSED, "severity": Severity.S1, "severity_reason": "The board"}))
    desk.do("jana", Assess(**{**ASSESSED, "severity": Severity.S1, "severity_reason": "The press"}))
    assert (desk.case.severity, desk.case.severity_reason) == (Severity.S1, "The press")
    desk.do("jana", Assess(severity=Severity.S4))
    assert (desk.case.severity, desk.case.severity_reason) == (Severity.S4, None)


def test_a_severity_besides_the_matrix_needs_a_reason() -> None:
    desk = assessed()
    assert codes(desk, "jana", SetSeverity(severity=Severity.S1)) == [Code.NEEDS_REASON]
    desk.do("jana", SetSeverity(severity=Severity.S1, reason="The board"))
    assert codes(desk, "jana", SetSeverity(severity=Severity.S1, reason="The board")) == [Code.ALREADY]
    desk.do("jana", SetSeverity(severity=Severity.S4))
    assert desk.case.severity_reason is None


# duties -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "opens"), [(PersonalData.YES, True), (PersonalData.UNKNOWN, True), (PersonalData.NO, False)]
)
@pytest.mark.parametrize("when", ["reported", "assessed"])
def test_personal_data_opens_the_duty(value: PersonalData, when: str, *, opens: bool) -> None:
    desk = reported(personal_data=value) if when == "reported" else assessed(personal_data=value)
    assert [duty.regime for duty in desk.case.duties] == (["gdpr_33_1"] if opens else [])
    assert all(duty.alarm_from == desk.case.reported for duty in desk.case.duties)


def test_no_policy_takes_the_duty_away() -> None:
    desk = Desk(policy_of(ALONE + "regimes: []\n"))
    desk.do("max", Report(what="Lost phone", personal_data=PersonalData.YES))
    assert desk.case.duty("gdpr_33_1") is not None


def test_a_duty_opened_once_has_to_be_decided_even_when_no_data_was_affected_after_all() -> None:
    desk = reached(S.REVIEW, personal_data=PersonalData.UNKNOWN)
    desk.do("jana", Assess(personal_data=PersonalData.NO))
    assert subjects(desk.refused("tom", Close(answers=given_for(S.CLOSED, desk)))) == [C.DUTIES_DECIDED.value]
    assert len(desk.case.duties) == 1


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        (PersonalData.UNKNOWN, PersonalData.YES, True),
        (PersonalData.UNKNOWN, PersonalData.NO, False),
        (PersonalData.YES, PersonalData.UNKNOWN, False),
    ],
)
def test_not_required_is_decided_anew_when_more_data_turns_out_to_be_affected(
    before: PersonalData, after: PersonalData, *, again: bool
) -> None:
    desk = reached(S.REVIEW, personal_data=before)
    desk.do("dora", DecideDuty(regime="gdpr_33_1", required=False, reason="No names in it"))
    desk.do("petra", ConfirmDuty(regime="gdpr_33_1"))
    desk.do("jana", Assess(personal_data=after))
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert duty.is_settled is not again
    assert duty.alarm_from == desk.case.reported
    assert len(desk.case.duties) == 1


def test_what_is_filed_stays_so_whatever_turns_out() -> None:
    desk = reached(S.REVIEW, personal_data=PersonalData.UNKNOWN)
    desk.do("dora", FileDuty(regime="gdpr_33_1", reference="LfD 4711"))
    desk.do("jana", Assess(personal_data=PersonalData.YES))
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert duty.reference == "LfD 4711"
    assert duty.is_settled


def test_a_signature_for_a_decision_that_no_longer_holds_is_not_waited_for() -> None:
    desk = Desk(policy_of(ALONE))
    desk.do("petra", Report(what="Lost phone", personal_data=PersonalData.UNKNOWN))
    desk.do("petra", DecideDuty(regime="gdpr_33_1", required=False, reason="Encrypted"))
    assert len(desk.case.open_due_items) == 1
    desk.do("petra", Assess(personal_data=PersonalData.YES))
    assert not desk.case.open_due_items


@pytest.mark.parametrize(
    ("kind", "data", "owed"),
    [
        (Kind.DISRUPTION, PersonalData.YES, True),
        (Kind.DISRUPTION, PersonalData.UNKNOWN, True),
        (Kind.DISRUPTION, PersonalData.NO, False),
        (Kind.FALSE_ALARM, PersonalData.YES, True),
        (Kind.FALSE_ALARM, PersonalData.UNKNOWN, False),
    ],
)
def test_a_duty_outlives_the_dismissal(kind: Kind, data: PersonalData, *, owed: bool) -> None:
    desk = reported(personal_data=data)
    desk.do("jana", Assess(kind=kind, reason="Power cut", category="other"))
    desk.do("jana", Advance(to=S.DISMISSED))
    assert desk.case.outlived is owed
    decide, confirm = (
        DecideDuty(regime="gdpr_33_1", required=False, reason="Back at once"),
        ConfirmDuty(regime="gdpr_33_1"),
    )
    if not owed:
        assert codes(desk, "dora", decide) == [Code.CASE_CLOSED]
        return
    desk.do("dora", decide)
    desk.do("petra", confirm)
    assert not desk.case.outlived
    assert codes(desk, "dora", decide) == [Code.CASE_CLOSED]


def test_a_duty_that_was_decided_to_be_required_outlives_a_false_alarm_as_well() -> None:
    desk = reported(personal_data=PersonalData.UNKNOWN)
    desk.do("dora", DecideDuty(regime="gdpr_33_1", required=True))
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="Loud test"))
    desk.do("jana", Advance(to=S.DISMISSED))
    assert [one.regime for one in desk.case.outlived_duties] == ["gdpr_33_1"]
    desk.do("dora", FileDuty(regime="gdpr_33_1", reference="LfD 4711"))
    assert not desk.case.outlived


def test_a_severity_set_after_going_back_keeps_the_clock_of_the_way_back() -> None:
    desk = reached(S.ERADICATE)
    desk.later(hours=10).do("jana", GoBack(to=S.CONTAIN, reason="Still in"))
    since = desk.now
    desk.do("jana", SetSeverity(severity=Severity.S1, reason="The board"))
    assert desk.case.contain_due is not None
    assert desk.case.contain_due > since


def test_a_dismissed_report_that_is_opened_again_owes_no_containment_of_its_first_life() -> None:
    desk = reported()
    desk.do("jana", Acknowledge())
    assert desk.case.contain_due is not None
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="Loud test"))
    desk.do("jana", Advance(to=S.DISMISSED))
    desk.later(minutes=5).do("petra", Reopen(reason="Real after all"))
    assert desk.case.contain_due is None


def test_a_filed_duty_needs_no_second_person() -> None:
    desk = reached(S.REVIEW, personal_data=PersonalData.YES)
    assert codes(desk, "dora", FileDuty(regime="gdpr_33_1", reference="")) == [Code.NEEDS_TEXT]
    desk.do("dora", FileDuty(regime="gdpr_33_1", reference="LfD 4711", filed=desk.now - timedelta(hours=1)))
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert (duty.decision, duty.filed_at) == (DutyDecision.REQUIRED, desk.now - timedelta(hours=1))
    assert codes(desk, "dora", DecideDuty(regime="gdpr_33_1", required=False, reason="No")) == [Code.ALREADY]
    desk.do("tom", Close(answers=given_for(S.CLOSED, desk)))


def test_required_but_not_filed_holds_the_closing() -> None:
    desk = reached(S.REVIEW, personal_data=PersonalData.YES)
    desk.do("dora", DecideDuty(regime="gdpr_33_1", required=True))
    assert subjects(desk.refused("tom", Close(answers=given_for(S.CLOSED, desk)))) == [C.DUTIES_DECIDED.value]
    desk.do("dora", FileDuty(regime="gdpr_33_1", reference="LfD 4711"))
    desk.do("tom", Close())


def test_not_required_needs_a_reason_and_a_known_regime() -> None:
    desk = assessed()
    assert codes(desk, "petra", DecideDuty(regime="gdpr_33_1", required=False)) == [Code.NEEDS_REASON]
    assert codes(desk, "petra", DecideDuty(regime="moon_law", required=False, reason="No")) == [Code.INVALID]
    desk.do("petra", DecideDuty(regime="bsig_report", required=False, reason="Not significant"))
    assert desk.case.duty("bsig_report") is not None


def test_awareness_is_set_by_isb_dpo_or_management_with_a_reason() -> None:
    desk = assessed(personal_data=PersonalData.YES)
    command = DecideDuty(regime="gdpr_33_1", required=True, reason="Log shows it", aware=START)
    assert codes(desk, "jana", command) == [Code.INVALID]
    assert codes(desk, "dora", DecideDuty(regime="gdpr_33_1", required=True, aware=START)) == [Code.NEEDS_REASON]
    desk.do("dora", command)
    duty = desk.case.duty("gdpr_33_1")
    assert duty is not None
    assert duty.aware == START


# corrective actions -------------------------------------------------------------------------------------------


def corrective(desk: Desk | None = None) -> Desk:
    """A closed case with a corrective action that Tom owns, done."""
    found = desk or reached(S.REVIEW)
    owner = "tom" if found.policy.person_by(id="tom") else "petra"
    found.do("petra", OpenCorrective(text="Enforce MFA", owner=found.person(owner), due=START + timedelta(days=20)))
    found.later(days=10).do(owner, FinishCorrective(no=1, result="Rolled out"))
    return found


def test_a_corrective_action_lives_on_after_closing() -> None:
    desk = reached(S.REVIEW)
    owner = desk.person("max")
    desk.do("jana", OpenCorrective(text="Enforce MFA", owner=owner, due=START + timedelta(days=20)))
    desk.do("tom", Close(answers=given_for(S.CLOSED, desk)))
    desk.later(days=10).do("max", FinishCorrective(no=1, result="Rolled out"))
    action = desk.case.correctives[0]
    assert (action.state, action.check_due) == (CorrectiveState.DONE, desk.now + timedelta(days=30))
    desk.later(days=30).do("petra", CheckCorrective(no=1, effective=True, finding="No more cases"))
    assert [action.state for action in desk.case.correctives] == [CorrectiveState.EFFECTIVE]


def test_its_effect_is_not_known_before_the_days_are_over_unless_it_failed() -> None:
    desk = corrective()
    effective = CheckCorrective(no=1, effective=True, finding="Fine")
    assert codes(desk, "petra", effective) == [Code.NOT_OVER]
    desk.copy().later(days=30).do("petra", effective)
    desk.do("petra", CheckCorrective(no=1, effective=False, finding="Two mailboxes left out"))
    action = desk.case.correctives[0]
    assert (action.state, len(action.reopened)) == (CorrectiveState.OPEN, 1)
    desk.do("tom", FinishCorrective(no=1, result="All of them"))


def test_its_owner_does_not_check_it() -> None:
    desk = corrective().later(days=30)
    command = CheckCorrective(no=1, effective=True, finding="Fine")
    assert codes(desk, "tom", command) == [Code.SECOND_PERSON]
    desk.do("jana", command)


def test_where_nobody_else_can_check_management_countersigns() -> None:
    desk = corrective(reached(S.REVIEW, reported(ALONE), "petra", "petra")).later(days=30)
    desk.do("petra", CheckCorrective(no=1, effective=True, finding="Fine"))
    assert desk.case.awaits_management
    assert desk.do("lena", Countersign()).open_due_items == ()


def test_only_its_owner_or_who_works_on_the_case_finishes_it() -> None:
    desk = reached(S.REVIEW)
    for name in ("max", "dora"):
        desk.do("jana", OpenCorrective(text="Enforce MFA", owner=desk.person(name), due=desk.now))
    assert codes(desk, "dora", FinishCorrective(no=1, result="Done")) == [Code.NOT_YOURS]
    desk.do("dora", FinishCorrective(no=2, result="Done"))
    desk.do("max", FinishCorrective(no=1, result="Done"))
    assert codes(desk, "max", FinishCorrective(no=3, result="Done")) == [Code.UNKNOWN_ITEM]
    assert codes(desk, "max", FinishCorrective(no=1, result="Done")) == [Code.ALREADY]


def test_the_same_root_cause_again_reopens_what_was_done() -> None:
    earlier = corrective().case
    later = reached(S.RECOVER).case.model_copy(
        update={"id": UUID(int=7), "number": "INC-2026-0050", "opened_at": START + timedelta(days=60)}
    )
    assert later.root_cause_tag == earlier.root_cause_tag == "missing-mfa"
    (found,) = recurrences(later, [earlier, later])
    desk = corrective()
    command = reopening(found, later)
    assert not desk.may("petra", ReopenCorrective)
    desk.do("", command)
    assert desk.case.correctives[0].state is CorrectiveState.OPEN
    assert codes(desk, "", command) == [Code.ALREADY]


def test_a_cause_that_is_told_anew_keeps_its_tag_until_another_is_given() -> None:
    desk = reached(S.RECOVER)
    assert desk.answer(C.ROOT_CAUSE, text="Second factor was off for one group").root_cause_tag == "missing-mfa"
    assert desk.answer(C.ROOT_CAUSE, text="It was never on", detail="no-mfa").root_cause_tag == "no-mfa"


@pytest.mark.parametrize("changed", [{"root_cause_tag": "other"}, {"root_cause_tag": None}, {"drill": True},
                                     {"opened_at": START - timedelta(days=1)}])  # fmt: skip
def test_other_causes_drills_and_older_cases_reopen_nothing(changed: dict[str, Any]) -> None:
    earlier = corrective().case
    later = earlier.model_copy(update={"id": UUID(int=7), "opened_at": START + timedelta(days=60)})
    assert recurrences(later.model_copy(update={"root_cause_tag": " Missing-MFA "}), [earlier])
    assert recurrences(later.model_copy(update=changed), [earlier]) == ()


@pytest.mark.parametrize(
    ("of", "into", "told"),
    [
        (Visibility.TEAM, Visibility.TEAM, True),
        (Visibility.TEAM, Visibility.SEALED, True),
        (Visibility.RESTRICTED, Visibility.RESTRICTED, True),
        (Visibility.RESTRICTED, Visibility.TEAM, False),
        (Visibility.SEALED, Visibility.TEAM, False),
        (Visibility.SEALED, Visibility.SEALED, False),
    ],
)
def test_a_recurrence_names_no_case_to_people_who_may_not_know_of_it(
    of: Visibility, into: Visibility, told: bool
) -> None:
    case = corrective().case
    earlier = case.model_copy(update={"visibility": into})
    changed = {"id": UUID(int=7), "opened_at": START + timedelta(days=60), "visibility": of}
    later = case.model_copy(update=changed)
    assert bool(recurrences(later, [earlier])) is told


# tasks, actions, evidence, links ------------------------------------------------------------------------------


def test_a_task_is_finished_by_its_owner() -> None:
    desk = assessed()
    desk.do("jana", OpenTask(text="Call the provider", owner=desk.person("max")))
    assert not desk.may("sven", FinishTask)
    desk.do("max", FinishTask(no=1))
    assert codes(desk, "max", FinishTask(no=1)) == [Code.ALREADY]
    assert codes(desk, "max", FinishTask(no=9)) == [Code.UNKNOWN_ITEM]


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"description": ""}, "evidence"),
        ({"sha256": "ABC"}, "sha256"),
        ({"size": -1}, "size"),
        ({"access_class": "anybody"}, "access_class"),
        ({"occurred": START + timedelta(hours=1)}, "occurred"),
    ],
)
def test_evidence_is_recorded_as_it_was_taken(fields: dict[str, Any], subject: str) -> None:
    desk = reported()
    whole: dict[str, Any] = {
        "description": "Disk image",
        "sha256": "a" * 64,
        "size": 12,
        "access_class": "restricted",
        "occurred": START,
    }
    assert subjects(desk.refused("jana", RecordEvidence(**{**whole, **fields}))) == [subject]
    desk.do("jana", RecordEvidence(**whole))
    assert [item.collected_by for item in desk.case.evidence] == [desk.case.pseudonym_of("jana")]


def test_an_action_that_is_done_has_a_result() -> None:
    desk = reported()
    assert codes(desk, "jana", RecordAction(kind=ActionKind.RECOVERY, text="Restored")) == [Code.NEEDS_TEXT]
    desk.do("jana", RecordAction(kind=ActionKind.RECOVERY, text="Restore", done=False))
    desk.do("jana", RecordAction(kind=ActionKind.RECOVERY, text="Restored", result="All there", occurred=START))


def test_only_the_isb_unties_what_holds_the_recovery() -> None:
    desk = reached(S.ERADICATE)
    desk.related["CHG-2026-0007"] = other_case("CHG-2026-0007", "dev")
    tie = LinkChange(number="CHG-2026-0007", relation=Relation.FIXES)
    untie = LinkChange(number="CHG-2026-0007", relation=Relation.FIXES, remove=True)
    assert codes(desk, "jana", untie) == [Code.UNKNOWN_ITEM]
    desk.do("jana", tie)
    assert codes(desk, "jana", tie) == [Code.ALREADY]
    assert codes(desk, "jana", untie) == [Code.NOT_ALLOWED]
    assert desk.do("petra", untie).links == ()


def test_an_incident_neither_fixes_nor_causes_another() -> None:
    desk = assessed()
    desk.related["INC-2026-0001"] = reported().case.model_copy(update={"id": UUID(int=1)})
    assert codes(desk, "jana", LinkChange(number="INC-2026-0001", relation=Relation.FIXES)) == [Code.INVALID]
    desk.do("jana", LinkChange(number="INC-2026-0001"))
    assert codes(desk, "jana", LinkChange(number="INC-2026-0404")) == [Code.UNKNOWN_CASE]


def test_nothing_given_is_no_answer() -> None:
    desk = assessed()
    assert codes(desk, "jana", Answer(answers=(Given(criterion=C.LESSONS),))) == [Code.NEEDS_TEXT]
    assert codes(desk, "jana", Assess()) == [Code.NEEDS_TEXT]
