"""Each exit criterion: its absence blocks the move, and its presence, all else equal, lets it pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from config.policy.ids import RELAXABLE, CaseRole, Criterion, Impact, SecondPersonRule, Severity
from tests.workflows.incident.desk import (
    ASSESSED,
    TEAM,
    Desk,
    blank,
    containment,
    evidence,
    other_case,
    policy_of,
    reached,
    reported,
    subjects,
)
from workflows.incident.asking import criteria_count, missing
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Advance,
    Answer,
    Assess,
    AssignRole,
    ConfirmDismissal,
    Countersign,
    DecideDuty,
    Exempt,
    Given,
    LinkChange,
    SetSeverity,
)
from workflows.incident.criteria.registry import EXIT, is_exemptible
from workflows.incident.events import DueOpened
from workflows.incident.moves import MOVES
from workflows.incident.terms import DueKind, Goal, Kind, PersonalData, Relation, State

C = Criterion
S = State
Step = Callable[[Desk], object]
Pair = tuple[State, State]


def nothing(_desk: Desk) -> None:
    """No step."""


@dataclass(frozen=True)
class Sample:
    """How a criterion comes to be met. `lack` brings about its absence where that is not how a case begins;
    a sample that is not `routine` is met without its step in all other cases."""

    supply: Step
    lack: Step = nothing
    routine: bool = True


def assess(by: str = "petra", **fields: Any) -> Step:
    return lambda desk: desk.do(by, Assess(**fields))


def answer(criterion: Criterion, **given: Any) -> Step:
    return lambda desk: desk.answer(criterion, **given)


def role(*, remove: bool = False, name: str = "jana") -> Step:
    return lambda desk: desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person(name), remove=remove))


def link(state: str, successor: str | None = None) -> Step:
    def step(desk: Desk) -> None:
        known = "CHG-2026-0007" in desk.related
        desk.related["CHG-2026-0007"] = other_case("CHG-2026-0007", state, successor)
        if not known:
            desk.do("jana", LinkChange(number="CHG-2026-0007", relation=Relation.FIXES))

    return step


def closer(name: str) -> Step:
    return lambda desk: setattr(desk, "closer", name)


def owed(desk: Desk) -> None:
    first = desk.case.lead
    desk.record(DueOpened(due_kind=DueKind.COUNTERSIGN, rule=SecondPersonRule.OVERRIDE, first=first))


def open_duty(desk: Desk) -> None:
    desk.do("jana", Assess(personal_data=PersonalData.UNKNOWN))
    desk.do("jana", Assess(personal_data=PersonalData.NO))


IMPACTS = {goal.value: Impact.LOW for goal in Goal}

SAMPLES: dict[Pair, dict[Criterion, Sample]] = {
    (S.IDENTIFY, S.CONTAIN): {
        C.LEAD: Sample(role(), lack=role(remove=True, name="petra")),
        C.ASSESSMENT: Sample(assess(kind=Kind.INCIDENT, reason="A password was entered")),
        C.CATEGORY: Sample(assess(category="phishing")),
        C.IMPACT: Sample(assess(**IMPACTS)),
        C.SEVERITY: Sample(lambda desk: desk.do("petra", SetSeverity(severity=Severity.S3, reason="Board mailbox"))),
        C.PERSONAL_DATA: Sample(assess(personal_data=PersonalData.UNKNOWN)),
        C.AFFECTED: Sample(assess(affected="Mailbox")),
    },
    (S.IDENTIFY, S.DISMISSED): {
        C.ASSESSMENT: Sample(assess("jana", kind=Kind.DUPLICATE)),
        C.DISMISSAL_REASON: Sample(answer(C.DISMISSAL_REASON, text="Same mail")),
        C.DUPLICATE_OF: Sample(
            assess("jana", duplicate_of="INC-2026-0001"), lack=assess("jana", kind=Kind.DUPLICATE)
        ),
        C.DISMISSAL_CONFIRMED: Sample(
            lambda desk: desk.do("petra", ConfirmDismissal()),
            lack=lambda desk: desk.do("jana", SetSeverity(severity=Severity.S1, reason="Loud")),
            routine=False,
        ),
    },
    (S.IDENTIFY, S.REVIEW): {
        C.ASSESSMENT: Sample(assess("jana", kind=Kind.NEAR_MISS, reason="Blocked by the gateway")),
    },
    (S.CONTAIN, S.ERADICATE): {
        C.CONTAINMENT_ACTION: Sample(containment),
        C.EVIDENCE: Sample(evidence),
        C.CREDENTIALS: Sample(answer(C.CREDENTIALS, choice="revoked")),
    },
    (S.ERADICATE, S.RECOVER): {
        C.ROOT_CAUSE: Sample(answer(C.ROOT_CAUSE, text="No second factor")),
        C.ENTRY_PATH: Sample(answer(C.ENTRY_PATH, text="Link blocked")),
        C.SIMILAR_SYSTEMS: Sample(answer(C.SIMILAR_SYSTEMS, text="No other mailbox")),
        C.FIXES_DEPLOYED: Sample(link("done"), lack=link("deploy"), routine=False),
    },
    (S.RECOVER, S.REVIEW): {
        C.RESTORE_SOURCE: Sample(answer(C.RESTORE_SOURCE, text="Backup scanned")),
        C.SYSTEMS_VERIFIED: Sample(answer(C.SYSTEMS_VERIFIED, text="Sign-in works")),
        C.MONITORING_OVER: Sample(lambda desk: desk.answer(C.MONITORING_OVER, when=desk.now)),
        C.RECOVERY_DECLARED: Sample(lambda desk: desk.answer(C.RECOVERY_DECLARED, person=desk.person("jana"))),
        C.SERVICE_OWNER_AGREES: Sample(
            lambda desk: desk.answer(C.SERVICE_OWNER_AGREES, person=desk.person("sven"))
        ),
    },
    (S.REVIEW, S.CLOSED): {
        C.REVIEW_HELD: Sample(
            lambda desk: desk.answer(C.REVIEW_HELD, choice="form", when=desk.now, choices=("lead",))
        ),
        C.PROCESS_CAUSE: Sample(answer(C.PROCESS_CAUSE, text="Second factor was optional")),
        C.LESSONS: Sample(answer(C.LESSONS, text="Report earlier")),
        C.CORRECTIVE_ACTION: Sample(answer(C.CORRECTIVE_ACTION, choice="none", text="Done meanwhile")),
        C.IMPACT_SETTLED: Sample(
            assess("jana", confidentiality=Impact.LOW),
            lack=assess("jana", confidentiality=Impact.UNKNOWN),
            routine=False,
        ),
        C.DUTIES_DECIDED: Sample(
            lambda desk: desk.do("jana", DecideDuty(regime="gdpr_33_1", required=False, reason="No data")),
            lack=open_duty,
            routine=False,
        ),
        C.CLOSED_BY_OTHER: Sample(closer("tom"), lack=closer("jana"), routine=False),
        C.RETENTION_CLASS: Sample(answer(C.RETENTION_CLASS, choice="standard")),
        C.NO_DUE_ITEMS: Sample(lambda desk: desk.do("lena", Countersign()), lack=owed, routine=False),
    },
}  # fmt: skip


def starting(pair: Pair, policy: str = TEAM) -> Desk:
    desk = reported(policy)
    desk.related["INC-2026-0001"] = blank().model_copy(update={"id": other_case("INC-2026-0001", "closed").id})
    return desk if pair[0] is S.IDENTIFY else reached(pair[0], desk)


def prepared(pair: Pair, without: Criterion | None, policy: str = TEAM) -> Desk:
    """Everything on record for this move but one criterion."""
    desk = starting(pair, policy)
    for criterion, sample in SAMPLES[pair].items():
        if criterion is not without and sample.routine:
            sample.supply(desk)
    if without is not None:
        SAMPLES[pair][without].lack(desk)
    return desk


def mover(pair: Pair, desk: Desk) -> str:
    return desk.closer if pair[1] is S.CLOSED else "jana"


ALL = [(pair, criterion) for pair, samples in SAMPLES.items() for criterion in samples]
NAMES = [f"{pair[0].value}-{pair[1].value}-{criterion.value}" for pair, criterion in ALL]


def test_every_forward_move_and_every_criterion_has_its_sample() -> None:
    assert set(EXIT) == {(move.source, move.target) for move in MOVES if not move.back}
    assert {pair: set(samples) for pair, samples in SAMPLES.items()} == {
        pair: {rule.criterion for rule in rules} for pair, rules in EXIT.items()
    }
    assert {criterion for _, criterion in ALL} == set(Criterion)


@pytest.mark.parametrize(("pair", "criterion"), ALL, ids=NAMES)
def test_absence_blocks_and_presence_passes(pair: Pair, criterion: Criterion) -> None:
    desk = prepared(pair, criterion)
    before = desk.case
    reasons = desk.refused(mover(pair, desk), Advance(to=pair[1]))
    assert subjects(reasons) == [criterion.value]
    assert reasons[0].who
    assert desk.case.state is before.state
    SAMPLES[pair][criterion].supply(desk)
    if desk.case.state is not pair[1]:
        desk.do(mover(pair, desk), Advance(to=pair[1]))
    assert desk.case.state is pair[1]


@pytest.mark.parametrize("pair", SAMPLES, ids=lambda pair: f"{pair[0].value}-{pair[1].value}")
def test_a_refusal_names_everything_at_once_and_a_question_beforehand_the_same(pair: Pair) -> None:
    desk = starting(pair)
    asked = missing(desk.case, pair[1], desk.actor("jana"), desk.context())
    reasons = desk.refused("jana", Advance(to=pair[1]))
    assert reasons == asked
    assert len(reasons) <= criteria_count(desk.policy, desk.case, *pair)
    routine = {criterion.value for criterion, sample in SAMPLES[pair].items() if sample.routine}
    unassessed = {C.DUPLICATE_OF.value}
    assert routine - set(subjects(reasons)) <= unassessed


@pytest.mark.parametrize(("pair", "criterion"), ALL, ids=NAMES)
def test_not_applicable_is_an_answer_except_to_what_it_would_hollow_out(pair: Pair, criterion: Criterion) -> None:
    desk = prepared(pair, criterion)
    command = Exempt(criterion=criterion, because="Not applicable here")
    if is_exemptible(desk.policy, criterion):
        desk.do("jana", command)
        desk.do(mover(pair, desk), Advance(to=pair[1]))
        assert desk.entries[-1].event.exempted == (criterion,)  # type: ignore[attr-defined]
    else:
        assert [reason.code for reason in desk.refused("jana", command)] == [Code.NOT_EXEMPTIBLE]
        assert subjects(desk.refused(mover(pair, desk), Advance(to=pair[1]))) == [criterion.value]


def test_what_cannot_be_exempted() -> None:
    assert {criterion for criterion in Criterion if not is_exemptible(policy_of(TEAM), criterion)} == {
        C.ASSESSMENT, C.PERSONAL_DATA, C.DUTIES_DECIDED, C.DISMISSAL_CONFIRMED, C.CLOSED_BY_OTHER, C.NO_DUE_ITEMS,
        C.IMPACT_SETTLED,
    }  # fmt: skip


def test_an_exemption_needs_its_reason() -> None:
    desk = reported()
    assert [reason.code for reason in desk.refused("jana", Exempt(criterion=C.CATEGORY, because=""))] == [
        Code.NEEDS_REASON
    ]


@pytest.mark.parametrize("criterion", sorted(RELAXABLE))
def test_a_policy_can_relax_the_three(criterion: Criterion) -> None:
    pair = (S.RECOVER, S.REVIEW)
    relaxed = f"{TEAM}\ncriteria: {{relaxed: [{criterion.value}]}}\n"
    desk = prepared(pair, criterion)
    assert subjects(desk.refused("jana", Advance(to=S.REVIEW))) == [criterion.value]
    desk = prepared(pair, criterion, relaxed)
    desk.do("jana", Advance(to=S.REVIEW))
    assert desk.entries[-1].event.relaxed == (criterion,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        ({"choice": "revoked"}, True),
        ({"choice": "none_found"}, True),
        ({"choice": "rotation", "text": "Rotate the keys"}, True),
        ({"choice": "rotation"}, False),
        ({"choice": "perhaps"}, False),
    ],
)
def test_credentials(given: dict[str, Any], enough: bool) -> None:
    desk = prepared((S.CONTAIN, S.ERADICATE), C.CREDENTIALS)
    desk.tell("jana", Answer(answers=(Given(criterion=C.CREDENTIALS, **given),)))
    assert bool(missing(desk.case, S.ERADICATE, desk.actor("jana"), desk.context())) != enough
    assert bool(desk.case.tasks) == ("rotation" in given.values() and enough)


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        ({"choice": "preserved", "text": "Headers", "detail": "Safe"}, True),
        ({"choice": "none", "text": "Logs were gone"}, True),
        ({"choice": "none"}, False),
        ({"choice": "preserved"}, False),
    ],
)
def test_evidence_or_why_there_is_none(given: dict[str, Any], enough: bool) -> None:
    desk = prepared((S.CONTAIN, S.ERADICATE), C.EVIDENCE)
    desk.tell("jana", Answer(answers=(Given(criterion=C.EVIDENCE, **given),)))
    assert bool(missing(desk.case, S.ERADICATE, desk.actor("jana"), desk.context())) != enough


@pytest.mark.parametrize(
    ("state", "successor", "enough"),
    [
        *((state, None, False) for state in ("plan", "dev", "review", "test", "deploy", "rolled_back")),
        ("done", None, True),
        ("cancelled", None, True),
        ("rolled_back", "CHG-2026-0008", True),
    ],
)
def test_only_settled_changes_let_recover(state: str, successor: str | None, enough: bool) -> None:
    desk = prepared((S.ERADICATE, S.RECOVER), None)
    link(state, successor)(desk)
    reasons = missing(desk.case, S.RECOVER, desk.actor("jana"), desk.context())
    assert subjects(reasons) == ([] if enough else [C.FIXES_DEPLOYED.value])


@pytest.mark.parametrize("relation", [Relation.CAUSED_BY, Relation.RELATED])
def test_other_links_hold_nothing(relation: Relation) -> None:
    desk = prepared((S.ERADICATE, S.RECOVER), None)
    desk.related["CHG-2026-0007"] = other_case("CHG-2026-0007", "plan")
    desk.do("jana", LinkChange(number="CHG-2026-0007", relation=relation))
    desk.do("jana", Advance(to=S.RECOVER))


def test_monitoring_is_waited_for() -> None:
    desk = prepared((S.RECOVER, S.REVIEW), C.MONITORING_OVER)
    desk.answer(C.MONITORING_OVER, when=desk.now + timedelta(hours=8))
    (reason,) = desk.refused("jana", Advance(to=S.REVIEW))
    assert (reason.code, reason.subject) == (Code.NOT_OVER, C.MONITORING_OVER)
    desk.later(hours=8).do("jana", Advance(to=S.REVIEW))


def test_what_is_recorded_early_counts_when_its_phase_comes() -> None:
    desk = reported()
    containment(desk)
    evidence(desk)
    desk.answer(C.CREDENTIALS, choice="revoked")
    desk.do("jana", Assess(**ASSESSED))
    desk.do("jana", Advance(to=S.CONTAIN))
    desk.do("jana", Advance(to=S.ERADICATE))


def test_an_action_that_is_only_planned_does_not_count() -> None:
    desk = prepared((S.CONTAIN, S.ERADICATE), C.CONTAINMENT_ACTION)
    given = Given(criterion=C.CONTAINMENT_ACTION, text="Lock the account")
    reasons = desk.refused("jana", Advance(to=S.ERADICATE, answers=(given,)))
    assert [(reason.code, reason.subject, reason.expected) for reason in reasons] == [
        (Code.NEEDS_TEXT, C.CONTAINMENT_ACTION, "detail")
    ]


def test_only_a_service_owner_agrees() -> None:
    desk = prepared((S.RECOVER, S.REVIEW), C.SERVICE_OWNER_AGREES)
    for name in ("jana", "max"):
        given = Given(criterion=C.SERVICE_OWNER_AGREES, person=desk.person(name))
        assert [reason.code for reason in desk.refused("jana", Answer(answers=(given,)))] == [Code.NO_SERVICE_OWNER]
    desk.answer(C.SERVICE_OWNER_AGREES, person=desk.person("sven"))
    desk.do("jana", Advance(to=S.REVIEW))


def test_a_service_owner_answers_for_themselves_and_nothing_else() -> None:
    desk = prepared((S.RECOVER, S.REVIEW), C.SERVICE_OWNER_AGREES)
    other = Answer(answers=(Given(criterion=C.RESTORE_SOURCE, text="I say so"),))
    assert [reason.code for reason in desk.refused("sven", other)] == [Code.NOT_ALLOWED]
    desk.answer(C.SERVICE_OWNER_AGREES, by="sven", text="Agreed")
    desk.do("jana", Advance(to=S.REVIEW))
