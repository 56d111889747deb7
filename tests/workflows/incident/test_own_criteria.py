"""Exit criteria of the organisation: the policy adds some, and takes "not applicable" for fewer."""

from functools import reduce
from typing import Any, Final

import pytest

from config.policy.criteria import CriteriaPolicy, own_criterion
from config.policy.ids import Answerer, CaseRole, Criterion, Phase, Role, Severity
from config.policy.models import Policy
from tests.workflows.incident.desk import (
    ASSESSED,
    PHASES,
    TEAM,
    Desk,
    assessed,
    blank,
    given_for,
    near_miss,
    policy_of,
    reached,
    reported,
    subjects,
)
from tests.workflows.incident.test_properties import through_the_ledger
from workflows.commands import Command
from workflows.incident import commands as c
from workflows.incident import events as ev
from workflows.incident.apply import apply
from workflows.incident.asking import let_off, missing, next_state
from workflows.incident.codes import Code
from workflows.incident.criteria.own import LEAVING
from workflows.incident.items import DueItem
from workflows.incident.moves import MOVES
from workflows.incident.terms import Kind, State

S = State
TOLD: Final = own_criterion("supplier-told")
WORDS: Final = {"question_en": "Has the supplier been told?", "question_de": "Ist der Lieferant informiert?"}
NEXT: Final = {Phase(source.value): target for source, target in LEAVING}


def adding(*criteria: dict[str, Any], **more: Any) -> Policy:
    """The policy of the team with these criteria, all of which ask the same."""
    asked = {"added": [{"id": "supplier-told", **WORDS, **one} for one in criteria], **more}
    return policy_of(TEAM).model_copy(update={"criteria": CriteriaPolicy.model_validate(asked)})


def desk_in(phase: Phase, policy: Policy) -> Desk:
    """All of our own criteria are on record for leaving this phase; then the policy comes into force."""
    if phase is Phase.IDENTIFY:
        desk = assessed()
    else:
        desk = reached(State(phase.value))
        desk.do("jana", c.Answer(answers=given_for(NEXT[phase], desk)))
    desk.policy = policy
    return desk


def mover(desk: Desk, to: State) -> str:
    return desk.closer if to is S.CLOSED else "jana"


def go(desk: Desk, to: State) -> Command:
    return c.Close() if to is S.CLOSED else c.Advance(to=to)


def told(text: str = "By phone, 9:12") -> c.Given:
    return c.Given(criterion=TOLD, text=text)


def test_each_forward_move_of_an_incident_can_be_held() -> None:
    forward = {(move.source, move.target) for move in MOVES if not move.back}
    assert set(LEAVING) == forward - {(S.IDENTIFY, S.DISMISSED), (S.IDENTIFY, S.REVIEW)}
    assert {one.value for one in Answerer} <= {*Role, *CaseRole}
    assert not [one for one in Criterion if one.startswith("own.")], "ours and theirs are told apart by their names"


@pytest.mark.parametrize("phase", list(Phase))
def test_absence_blocks_and_presence_passes(phase: Phase) -> None:
    desk, to = desk_in(phase, adding({"leaving": phase})), NEXT[phase]
    (reason,) = desk.refused(mover(desk, to), go(desk, to))
    assert (reason.code, reason.subject, reason.remedy) == (Code.MISSING, TOLD, "answer")
    assert reason.who == ("lead", "responder", "isb")
    desk.do("jana", c.Answer(answers=(told(),)))
    answered = desk.entries[-1].event
    assert isinstance(answered, ev.Answered)
    assert (answered.question_de, answered.leaving) == (WORDS["question_de"], phase)
    desk.do(mover(desk, to), go(desk, to))
    moved = desk.entries[-1].event
    assert isinstance(moved, ev.Moved)
    assert moved.met[-1] == TOLD


def test_an_empty_answer_is_none() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    desk.refused("jana", c.Answer(answers=(c.Given(criterion=TOLD),)))
    assert [one.code for one in desk.refused("jana", c.Answer(answers=(c.Given(criterion=TOLD, detail="x"),)))] == [
        Code.NEEDS_TEXT
    ]
    assert TOLD not in desk.case.answers
    desk.do("jana", c.Advance(to=S.ERADICATE, answers=(told(),)))


@pytest.mark.parametrize(
    ("only", "asks"),
    [
        ({"severities": ["S4"]}, True),
        ({"severities": ["S1", "S2"]}, False),
        ({"categories": ["phishing"]}, True),
        ({"categories": ["malware"]}, False),
        ({"severities": ["S4"], "categories": ["malware"]}, False),
    ],
)
def test_it_holds_for_the_cases_it_is_meant_for(only: dict[str, Any], asks: bool) -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain", **only}))
    assert (desk.case.severity, desk.case.category) == (Severity.S4, "phishing")
    if asks:
        assert subjects(desk.refused("jana", c.Advance(to=S.ERADICATE))) == [TOLD]
        desk.do("jana", c.Advance(to=S.ERADICATE, answers=(told(),)))
    else:
        desk.do("jana", c.Advance(to=S.ERADICATE))


def test_what_is_not_decided_yet_may_become_one_it_is_meant_for() -> None:
    desk = reported()
    desk.policy = adding({"leaving": "identify", "severities": ["S1"], "categories": ["malware"]})
    assert TOLD in subjects(missing(desk.case, S.CONTAIN, desk.actor("jana"), desk.context()))
    desk.do("jana", c.Advance(to=S.CONTAIN, assess=c.Assess(**ASSESSED)))


def test_it_holds_no_report_that_is_no_incident() -> None:
    policy = adding({"leaving": "identify"})
    for kind, by, to in ((Kind.FALSE_ALARM, "petra", S.DISMISSED), (Kind.NEAR_MISS, "jana", S.REVIEW)):
        desk = reported()
        desk.policy = policy
        desk.do("jana", c.Assess(kind=kind, reason="Nothing happened"))
        desk.do(by, c.Advance(to=to))


def test_the_review_of_a_near_miss_is_asked_too() -> None:
    desk = near_miss()
    desk.policy = adding({"leaving": "review"})
    assert TOLD in subjects(desk.refused("tom", c.Close()))


def test_only_those_whom_the_policy_names_answer() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain", "by": ["dpo", "management"]}))
    (reason,) = desk.refused("jana", c.Advance(to=S.ERADICATE, answers=(told(),)))
    assert (reason.code, reason.subject, reason.who) == (Code.NOT_ALLOWED, TOLD, ("dpo", "management"))
    (skipped,) = desk.refused("jana", c.Exempt(criterion=TOLD, because="No supplier"))
    assert skipped.code is Code.NOT_ALLOWED
    assert not desk.case.answers.get(TOLD)
    other = c.Given(criterion=Criterion.LESSONS, text="More phones")
    assert [(one.code, one.subject) for one in desk.refused("dora", c.Answer(answers=(told(), other)))] == [
        (Code.NOT_ALLOWED, Criterion.LESSONS)
    ]
    desk.do("dora", c.Answer(answers=(told(),)))
    desk.do("jana", c.Advance(to=S.ERADICATE))


def test_who_has_no_part_in_a_case_gets_none_by_a_criterion_without_names() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    for name in ("dora", "lena", "sven"):
        (reason,) = desk.refused(name, c.Answer(answers=(told(),)))
        assert (reason.code, reason.subject) == (Code.NOT_ALLOWED, TOLD)
    desk.do("jana", c.Answer(answers=(told(),)))


def test_not_applicable_is_an_answer_unless_the_policy_forbids_it() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    skip = c.Exempt(criterion=TOLD, because="No supplier")
    for policy in (
        adding({"leaving": "contain", "exemptible": False}),
        adding({"leaving": "contain"}, tightened={"never_exempt": ["supplier-told"]}),
    ):
        strict = desk.copy()
        strict.policy = policy
        assert [(one.code, one.subject) for one in strict.refused("jana", skip)] == [(Code.NEVER_EXEMPT, TOLD)]
    desk.do("jana", skip)
    desk.do("jana", c.Advance(to=S.ERADICATE))
    moved = desk.entries[-1].event
    assert isinstance(moved, ev.Moved)
    assert moved.exempted == (TOLD,)
    assert [one.criterion for one in let_off(desk.case, desk.actor("petra"), desk.context())] == [TOLD]


def test_ours_can_be_tightened_and_what_was_let_off_before_is_asked_again() -> None:
    desk = reached(S.CONTAIN)
    skip = c.Exempt(criterion=Criterion.EVIDENCE, because="Nothing was logged")
    desk.do("jana", skip)
    desk.do("jana", c.Answer(answers=(given_for(S.ERADICATE, desk)[0], given_for(S.ERADICATE, desk)[2])))
    loose = desk.copy()
    desk.policy = adding(tightened={"never_exempt": ["evidence.preserved"]})
    assert subjects(desk.refused("jana", c.Advance(to=S.ERADICATE))) == [Criterion.EVIDENCE]
    assert [one.code for one in desk.refused("jana", skip)] == [Code.NEVER_EXEMPT]
    loose.do("jana", c.Advance(to=S.ERADICATE))


def due(desk: Desk) -> list[DueItem]:
    return [one for one in desk.case.due_items if one.criterion == TOLD]


def test_an_override_leaves_it_due_until_it_is_answered() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    desk.do("jana", c.RequestOverride(to=S.ERADICATE, reason="It burns"))
    desk.do("petra", c.GrantOverride(reason="Agreed"))
    assert desk.case.state is S.ERADICATE
    (item,) = due(desk)
    assert item.is_open
    dropped = desk.copy()
    dropped.policy = policy_of(TEAM)
    dropped.do("jana", c.Note(text="Anything"))
    assert not due(dropped)[0].is_open, "the policy of today asks it no more"
    desk.do("jana", c.Note(text="Anything"))
    assert due(desk)[0].is_open
    desk.do("jana", c.Answer(answers=(told(),)))
    assert not due(desk)[0].is_open


def test_a_walk_asks_it_too() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "recover"}))
    every = [one for to in (*PHASES, S.CLOSED) for one in given_for(to, desk)]
    assert subjects(desk.refused("petra", c.Walk(answers=tuple(every)))) == [TOLD]
    desk.do("petra", c.Walk(answers=(told(),)))
    assert desk.case.state is S.CLOSED


@pytest.mark.parametrize(("phase", "again"), [(Phase.RECOVER, True), (Phase.CONTAIN, False)])
def test_a_recovery_that_was_none_is_asked_about_again(phase: Phase, again: bool) -> None:
    desk = desk_in(phase, adding({"leaving": phase}))
    desk.do("jana", c.Advance(to=NEXT[phase], answers=(told(),)))
    while desk.case.state is not S.REVIEW:
        to = next_state(desk.case) or S.CLOSED
        desk.do("jana", c.Advance(to=to, answers=given_for(to, desk)))
    desk.do("jana", c.GoBack(to=S.RECOVER, reason="It came back"))
    assert (TOLD in desk.case.answers) is not again
    assert (TOLD in subjects(desk.refused("jana", c.Advance(to=S.REVIEW)))) is again


def test_what_the_policy_drops_stays_readable_and_is_asked_no_more() -> None:
    desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
    desk.do("jana", c.Answer(answers=(told(),)))
    desk.do("jana", c.Exempt(criterion=TOLD, because="After all no supplier"))
    desk.do("jana", c.Advance(to=S.ERADICATE))
    desk.policy = policy_of(TEAM)
    read = reduce(apply, map(through_the_ledger, desk.entries), blank())
    assert read == desk.case
    assert read.exemptions[TOLD].question_en == WORDS["question_en"]
    (reason,) = desk.refused("jana", c.Answer(answers=(told("Again"),)))
    assert reason.code is Code.UNKNOWN_CRITERION
    assert [one.code for one in desk.refused("jana", c.Exempt(criterion=TOLD, because="No"))] == [reason.code]
    desk.do("jana", c.Advance(to=S.RECOVER, answers=given_for(S.RECOVER, desk)))
