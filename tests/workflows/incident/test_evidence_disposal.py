"""A request to destroy evidence is confirmed, refused or withdrawn: exactly one of these, each on record."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import CaseRole
from tests.office import office
from tests.workflows.incident.desk import Desk, reached
from tests.workflows.incident.test_evidence import codes, kept
from workflows.commands import Command
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.events import ERASED
from workflows.incident import evidence_events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole, RecordEvidence
from workflows.incident.effects import effects
from workflows.incident.evidence_commands import (
    AskDisposal,
    ConfirmDisposal,
    RefuseDisposal,
    ViewEvidence,
    WithdrawDisposal,
)
from workflows.incident.evidence_effects import DISPOSAL_OVER, DISPOSE
from workflows.incident.evidence_terms import CustodyStep
from workflows.incident.items import Evidence
from workflows.incident.terms import PersonalData, State
from workflows.outcome import Accepted, Outcome, Refused
from workflows.verification import verify_store

ASK = AskDisposal(no=1, reason="Retention over")
CONFIRM = ConfirmDisposal(no=1)
REFUSE = RefuseDisposal(no=1, reason="Court asked for it")
WITHDRAW = WithdrawDisposal(no=1, reason="Wrong file")


def asked(state: State = State.IDENTIFY, access: str = "", by: str = "petra") -> Desk:
    """A case with one kept file that somebody wants destroyed."""
    desk = reached(state, kept(access))
    desk.do(by, ASK)
    return desk


def only(desk: Desk) -> Evidence:
    (item,) = (one for one in desk.case.evidence if one.stored)
    return item


def waits(desk: Desk) -> tuple[int, bool]:
    return len(desk.case.disposals), desk.case.outlived


@pytest.mark.parametrize("state", [State.IDENTIFY, State.CLOSED])
@pytest.mark.parametrize(
    ("who", "end", "step", "code"),
    [
        ("petra", WITHDRAW, CustodyStep.DISPOSAL_WITHDRAWN, Code.DISPOSAL_WITHDRAWN),
        ("dieter", REFUSE, CustodyStep.DISPOSAL_REFUSED, Code.DISPOSAL_REFUSED),
    ],
)
def test_an_end_without_destruction_leaves_the_item_as_it_was(
    state: State, who: str, end: Command, step: CustodyStep, code: Code
) -> None:
    desk = reached(state, kept())
    before = only(desk)
    assert waits(desk) == (0, False)
    desk.do("petra", ASK)
    assert waits(desk) == (1, True), "also when the case is over"
    desk.later(hours=3).do(who, end)
    after = only(desk)
    assert after.model_copy(update={"custody": ()}) == before
    assert [(one.step, one.by, str(one.purpose)) for one in after.custody] == [
        (CustodyStep.DISPOSAL_ASKED, desk.case.pseudonym_of("petra"), "Retention over"),
        (step, desk.case.pseudonym_of(who), getattr(end, "reason", "")),
    ]
    assert waits(desk) == (0, False)
    for command in (CONFIRM, REFUSE):
        (reason,) = desk.refused("lena", command)
        assert (reason.code, reason.found, reason.expected) == (code, after.custody[-1].by, desk.now.isoformat())
    desk.do("petra", ASK)
    desk.do("dieter", CONFIRM)
    assert only(desk).disposed_at == desk.now


def test_what_is_destroyed_can_neither_be_withdrawn_nor_refused_nor_asked_for_again() -> None:
    desk = asked()
    desk.later(hours=1).do("dieter", CONFIRM)
    told = (Code.DISPOSED, desk.case.pseudonym_of("dieter"), desk.now.isoformat())
    desk.later(hours=1)
    for who, command in (("petra", WITHDRAW), ("lena", REFUSE), ("lena", CONFIRM), ("petra", ASK)):
        (reason,) = desk.refused(who, command)
        assert (reason.code, reason.found, reason.expected) == told
    assert [one.step for one in only(desk).custody] == [CustodyStep.DISPOSAL_ASKED, CustodyStep.DISPOSED]


def test_nothing_ends_that_nobody_asked_for_and_nothing_without_a_reason() -> None:
    desk = kept()
    for command in (WITHDRAW, REFUSE, CONFIRM):
        assert codes(desk, "petra", command) == [Code.DISPOSAL_NOT_ASKED]
    assert codes(desk, "petra", WithdrawDisposal(no=2, reason="x")) == [Code.UNKNOWN_ITEM]
    desk.do("petra", ASK)
    assert codes(desk, "petra", WithdrawDisposal(no=1, reason="")) == [Code.NEEDS_REASON]
    assert codes(desk, "dieter", RefuseDisposal(no=1, reason="")) == [Code.NEEDS_REASON]
    assert codes(desk, "petra", RefuseDisposal(no=1, reason="")) == [Code.SECOND_PERSON, Code.NEEDS_REASON]
    assert only(desk).awaits_disposal


@pytest.mark.parametrize("who", ["dieter", "dora", "lena"])
def test_whoever_could_confirm_may_refuse(who: str) -> None:
    desk = asked()
    assert not desk.may("jana", RefuseDisposal)
    assert codes(desk, "petra", REFUSE) == [Code.SECOND_PERSON], "who asked withdraws it"
    desk.do(who, REFUSE)
    assert not only(desk).awaits_disposal


def test_who_asked_may_withdraw_whatever_became_of_their_role_and_else_who_could_ask() -> None:
    desk = reached(State.CONTAIN, kept())
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("max")))
    desk.do("max", ASK)
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("jana")))
    assert codes(desk, "sven", WITHDRAW) == [Code.NOT_ALLOWED]
    assert codes(desk, "dora", WITHDRAW) == [Code.NOT_ALLOWED], "they refuse it"
    desk.copy().do("tom", WITHDRAW)
    desk.do("max", WITHDRAW)
    assert not only(desk).awaits_disposal


def test_an_access_class_keeps_others_from_withdrawing() -> None:
    desk = asked(State.CONTAIN, "restricted")
    (reason,) = desk.refused("tom", WITHDRAW)
    assert (reason.code, set(reason.who)) == (Code.NOT_ALLOWED, {"isb", "deputy", "lead"})
    desk.do("jana", WITHDRAW)
    assert not only(desk).awaits_disposal


@pytest.mark.parametrize(
    ("who", "end", "jobs"),
    [
        ("petra", WITHDRAW, set()), ("jana", WITHDRAW, {DISPOSAL_OVER}), ("dieter", REFUSE, {DISPOSAL_OVER}),
        ("dieter", CONFIRM, {DISPOSE}),
    ],
)  # fmt: skip
def test_who_asked_is_told_what_somebody_else_did(who: str, end: Command, jobs: set[str]) -> None:
    desk = asked()
    before = desk.case
    desk.do(who, end)
    found = {effect.kind for effect in effects(before, desk.case, tuple(desk.entries[-1:]), 9)}
    assert found & {DISPOSAL_OVER, DISPOSE} == jobs
    assert {"slack.post", "slack.homes"} <= found


SAID = st.tuples(
    st.sampled_from(["petra", "dieter", "lena", "tom", "jana"]),
    st.sampled_from([ASK, CONFIRM, REFUSE, WITHDRAW, ViewEvidence(no=1)]),
)


@given(st.lists(SAID, max_size=14))
def test_each_request_has_one_end_and_after_destruction_comes_nothing(said: list[tuple[str, Command]]) -> None:
    desk = kept()
    for who, command in said:
        if desk.may(who, type(command)):
            desk.later(minutes=1).tell(who, command)
    steps = [one.step for one in only(desk).custody if one.step is not CustodyStep.VIEWED]
    requests, ends = steps[::2], steps[1::2]
    assert set(requests) <= {CustodyStep.DISPOSAL_ASKED}
    assert CustodyStep.DISPOSAL_ASKED not in ends
    assert CustodyStep.DISPOSED not in ends[:-1]
    assert only(desk).awaits_disposal == (len(requests) > len(ends))
    by = {type(item.event): item.by for item in desk.entries}
    if ev.EvidenceDisposed in by:
        assert by[ev.EvidenceDisposed] != by[ev.DisposalAsked]
        assert only(desk).custody[-1].step is CustodyStep.DISPOSED


def test_confirmed_and_withdrawn_at_once_end_in_exactly_one_and_erased_reasons_leave_the_steps(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path / 'wachbuch.db'}") as place:
        number = place.report(personal_data=PersonalData.UNKNOWN)
        place.do("jana", RecordEvidence(case=number, description="Log", sha256="a" * 64, size=3, stored=True))
        place.do("petra", AskDisposal(case=number, no=1, reason="Kept long enough"))
        ready, outcomes = threading.Barrier(3), list[Outcome]()

        def tell(who: str, command: Command) -> None:
            ready.wait()
            outcomes.append(place.tell(who, command))

        at_once: tuple[tuple[str, Command], ...] = (
            ("petra", WithdrawDisposal(case=number, no=1, reason="Wrong file")),
            ("dora", ConfirmDisposal(case=number, no=1)),
            ("jana", WithdrawDisposal(case=number, no=1, reason="Not this one")),
        )
        place.assess(number, personal_data=PersonalData.UNKNOWN)
        threads = [threading.Thread(target=tell, args=one) for one in at_once]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [one for one in outcomes if isinstance(one, Accepted)]
        lost = [reason.code for one in outcomes if isinstance(one, Refused) for reason in one.reasons]
        (_, end) = place.case(number).evidence[0].custody
        assert (len(outcomes), len(won), set(lost)) == (3, 1, {str(end.step).replace("disposed", Code.DISPOSED)})
        eraser = Eraser(place.service)
        request = eraser.request(Selection(number), LegalBasis.GDPR_5_1_E, place.actor("petra"))
        assert isinstance(request, Erasure)
        assert isinstance(eraser.confirm(request.id, place.actor("dora")), Erasure)
        first, last = place.case(number).evidence[0].custody
        assert (first.purpose, last.step) == (ERASED, end.step)
        assert last.purpose in {ERASED, None}
        assert verify_store(place.store, deep=True).intact
