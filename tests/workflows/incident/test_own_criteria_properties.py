"""Whatever an organisation adds: nothing goes forward past a criterion of its own."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.policy.criteria import AddedCriterion, CriteriaPolicy, CriterionId
from config.policy.ids import Answerer, Phase, Severity
from config.policy.models import Policy
from tests.workflows.incident.desk import PHASES, TEAM, Desk, blank, given_for, policy_of
from tests.workflows.incident.test_own_criteria import TOLD, adding, desk_in
from tests.workflows.incident.test_properties import through_the_ledger
from workflows.commands import Command
from workflows.decisions import Approved
from workflows.incident import commands as c
from workflows.incident import events as ev
from workflows.incident.apply import apply
from workflows.incident.asking import next_state
from workflows.incident.criteria.registry import EXIT, rules
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

S = State

CRITERIA = st.lists(
    st.builds(
        AddedCriterion,
        id=st.sampled_from(["a", "b-1", "c.d", "lead.told", "x_y"]),
        leaving=st.sampled_from(list(Phase)),
        question_en=st.just("Told?"),
        question_de=st.just("Informiert?"),
        severities=st.frozensets(st.sampled_from(list(Severity)), max_size=3),
        categories=st.frozensets(st.sampled_from(["phishing", "malware"]), max_size=1),
        exemptible=st.booleans(),
        by=st.frozensets(st.sampled_from([Answerer.ISB, Answerer.DPO, Answerer.LEAD]), max_size=2),
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "skip", "advance", "advance", "close", "override", "back", "walk", "severity"]),
        st.sampled_from(["jana", "petra", "dora", "tom"]),
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(added=CRITERIA, acts=ACTS, never=st.booleans(), start=st.sampled_from(list(Phase)))
def test_nothing_goes_forward_past_an_open_criterion(
    added: list[AddedCriterion], acts: list[Any], never: bool, start: Phase
) -> None:
    """Whatever is added: a move forward names each one that holds it as met, exempted or passed over."""
    desk = desk_in(start, policy_of(TEAM))
    tightened = {"never_exempt": [added[0].id] if never and added else []}
    criteria = CriteriaPolicy.model_validate({"added": [one.model_dump() for one in added], "tightened": tightened})
    desk.policy = desk.policy.model_copy(update={"criteria": criteria})
    for act, name, number, flag in acts:
        before, seen = desk.case, len(desk.entries)
        for command in commands(desk, act, added[number % len(added)].criterion if added else TOLD, flag=flag):
            if desk.may(name, type(command)):
                desk.tell(name, command)
        case = before
        for item in desk.entries[seen:]:
            if isinstance(item.event, ev.Moved) and (item.event.from_state, item.event.to_state) in EXIT:
                holds(desk.policy, case, item.event)
            case = apply(case, item)
    assert reduce(apply, map(through_the_ledger, desk.entries), blank()) == desk.case


Act = Callable[[Desk, State, CriterionId, bool], tuple[Command, ...]]


def ours(desk: Desk, to: State, whole: bool) -> tuple[c.Given, ...]:
    return given_for(to, desk) if whole and to is not S.DISMISSED else ()


def walk(desk: Desk, _to: State, _criterion: CriterionId, _flag: bool) -> tuple[Command, ...]:
    every = [one for state in (*PHASES, S.CLOSED) for one in given_for(state, desk)]
    return (c.Walk(answers=tuple(every)),)


COMMANDS: Final[Mapping[str, Act]] = {
    "answer": lambda _desk, _to, criterion, flag: (
        c.Answer(answers=(c.Given(criterion=criterion, text="Yes" if flag else ""),)),
    ),
    "skip": lambda _desk, _to, criterion, _flag: (c.Exempt(criterion=criterion, because="No supplier"),),
    "override": lambda _desk, to, _criterion, _flag: (
        c.RequestOverride(to=to, reason="It burns"),
        c.GrantOverride(reason="Agreed"),
    ),
    "back": lambda _desk, _to, _criterion, _flag: (
        c.GoBack(to=S.RECOVER, reason="After all"),
        c.Reopen(reason="After all"),
    ),
    "walk": walk,
    "severity": lambda _desk, _to, _criterion, flag: (
        c.SetSeverity(severity=Severity.S1 if flag else Severity.S3, reason="As it looks"),
    ),
    "close": lambda desk, to, _criterion, flag: (c.Close(answers=ours(desk, to, flag)),),
    "advance": lambda desk, to, _criterion, flag: (c.Advance(to=to, answers=ours(desk, to, flag)),),
}


def commands(desk: Desk, act: str, criterion: CriterionId, *, flag: bool) -> tuple[Command, ...]:
    return COMMANDS[act](desk, next_state(desk.case) or S.CLOSED, criterion, flag)


def holds(policy: Policy, case: IncidentCase, event: ev.Moved) -> None:
    demanded = {rule.criterion for rule in rules(policy, case, event.from_state, event.to_state)}
    assert demanded == {*event.met, *event.exempted, *event.relaxed, *event.overridden}
    for one in policy.criteria.added:
        criterion = one.criterion
        asked = one.leaving.value == event.from_state.value and event.to_state is not S.DISMISSED
        meant = (not one.severities or case.severity in {None, *one.severities}) and (
            not one.categories or case.category in {None, *one.categories}
        )
        assert (criterion in demanded) == (asked and meant)
        if criterion not in demanded:
            continue
        if criterion in event.met:
            assert case.answers[criterion].text
        elif criterion in event.exempted:
            assert criterion in case.exemptions
            assert one.exemptible
            assert one.id not in policy.criteria.tightened.never_exempt
        else:
            assert criterion in event.overridden
            assert event.override is not None
            assert any(item.criterion == criterion for item in case.due_items)


def test_the_property_meets_every_outcome() -> None:
    """The guard of the one above: its acts do bring about an answer, an exemption and an override."""
    for steps, outcome in ((("answer",), "met"), (("skip",), "exempted"), (("override",), "overridden")):
        desk = desk_in(Phase.CONTAIN, adding({"leaving": "contain"}))
        for act in (*steps, "advance"):
            for command in commands(desk, act, TOLD, flag=act == "answer"):
                decision = desk.tell("petra" if isinstance(command, c.GrantOverride) else "jana", command)
                assert isinstance(decision, Approved) or act == "advance"
        moved = next(one.event for one in reversed(desk.entries) if isinstance(one.event, ev.Moved))
        assert TOLD in getattr(moved, outcome)
