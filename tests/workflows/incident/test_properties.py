"""Random people give random commands: never an illegal state, a move without its entry, or a fold that differs."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import pairwise
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from config.policy.ids import CaseRole, Criterion, Impact, Severity, Spread, Visibility
from tests.workflows.incident.desk import (
    ALONE,
    ASSESSED,
    HARMLESS,
    PHASES,
    TEAM,
    blank,
    given_for,
    other_case,
    reached,
    reported,
)
from workflows.commands import Command
from workflows.decisions import Declined
from workflows.events import Recorded
from workflows.incident import commands as cmd
from workflows.incident import events as ev
from workflows.incident.apply import apply
from workflows.incident.asking import missing, next_state
from workflows.incident.choices import Credentials, EvidenceKept
from workflows.incident.criteria.registry import EXIT
from workflows.incident.effects import effects
from workflows.incident.moves import MOVES, RESPONSE
from workflows.incident.state import IncidentCase
from workflows.incident.terms import ActionKind, Kind, PersonalData, Relation, State
from workflows.incident.workflow import WORKFLOW
from workflows.record import Envelope, read_entry, to_draft, to_recorded

LEGAL: Final = {(move.source, move.target) for move in MOVES}
PEOPLE = st.sampled_from(["jana", "tom", "petra", "dieter", "dora", "lena", "sven", "max", "ada", "nobody"])
WORDS = st.sampled_from(["", "Account locked", "Späte Meldung", "missing-mfa"])
STATES = st.sampled_from(list(State))
NUMBERS = st.sampled_from([1, 2, 7])


def maybe(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(list(values))


ASSESSMENTS = st.builds(
    cmd.Assess,
    kind=maybe(Kind),
    reason=WORDS,
    category=st.sampled_from(["", "phishing", "malware", "insider", "nonsense"]),
    confidentiality=maybe(Impact),
    integrity=maybe(Impact),
    availability=maybe(Impact),
    authenticity=maybe(Impact),
    spread=maybe(Spread),
    severity=maybe(Severity),
    severity_reason=WORDS,
    personal_data=maybe(PersonalData),
    affected=WORDS,
    duplicate_of=st.sampled_from(["", "INC-2026-0001", "INC-2026-0404"]),
)
CHOICES = st.sampled_from(["", "standard", "form", "none", "not_required", "filed", *Credentials, *EvidenceKept])
GIVEN = st.builds(
    cmd.Given, criterion=st.sampled_from(list(Criterion)), text=WORDS, detail=WORDS, choice=CHOICES, skip=WORDS
)


SAID: Final = cmd.Given(criterion=Criterion.DISMISSAL_REASON, text="A drill")


class Incident(RuleBasedStateMachine):
    """One case, everybody around it, and a ledger that it can be read from again."""

    @initialize(policy=st.sampled_from([TEAM, ALONE]), data=maybe(PersonalData), start=st.sampled_from(RESPONSE))
    def report(self, policy: str, data: PersonalData | None, start: State) -> None:
        """Each run begins in another phase, so that every one of them is met by everything."""
        self.desk = reported(policy, personal_data=data)
        self.desk.related["INC-2026-0001"] = blank().model_copy(update={"id": other_case("x", "").id})
        self.desk.related["CHG-2026-0007"] = other_case("CHG-2026-0007", "dev")
        by, owner = ("jana", "sven") if policy == TEAM else ("petra", "petra")
        if start is not State.IDENTIFY:
            closes = start is State.CLOSED and policy == TEAM and data in (None, PersonalData.NO)
            within = start if closes else State.REVIEW if start is State.CLOSED else start
            reached(within, self.desk, by, owner, personal_data=data or PersonalData.NO)

    def tell(self, name: str, command: Command) -> None:
        """A command as the service would take it: unauthorised ones never reach the rules."""
        desk = self.desk
        desk.later(minutes=7)
        if not desk.may(name, type(command)):
            return
        before, seen = desk.case, len(desk.entries)
        decision = desk.tell(name, command)
        new = desk.entries[seen:]
        if isinstance(decision, Declined):
            assert decision.reasons
            assert desk.case.state is before.state
            assert not [item for item in new if isinstance(item.event, ev.Moved)]
        assert before.state is desk.case.state or [item for item in new if isinstance(item.event, ev.Moved)]
        found = effects(before, desk.case, tuple(new), len(desk.entries))
        assert len({effect.dedup for effect in found}) == len(found)
        self.check_moves(before, new)

    def check_moves(self, before: IncidentCase, new: list[Recorded]) -> None:
        """Every move is in the table, and forward only with all its criteria accounted for."""
        case = before
        for item in new:
            event = item.event
            if isinstance(event, ev.Moved):
                pair = (event.from_state, event.to_state)
                assert case.state is event.from_state
                assert pair in LEGAL
                listed = {*event.met, *event.exempted, *event.relaxed, *event.overridden}
                assert listed == {entry.criterion for entry in EXIT.get(pair, ())}
                assert not event.overridden or case.overrides
                assert pair in EXIT or event.reason
            case = apply(case, item)

    # ways forward that random answers would hardly find ---------------------------------------------------------

    @rule(kind=st.sampled_from([Kind.FALSE_ALARM, Kind.NEAR_MISS, Kind.DISRUPTION, Kind.DUPLICATE]))
    def no_incident(self, kind: Kind) -> None:
        duplicate = "INC-2026-0001" if kind is Kind.DUPLICATE else ""
        assess = cmd.Assess(
            kind=kind, reason="A drill", **HARMLESS, personal_data=PersonalData.NO, duplicate_of=duplicate
        )
        self.tell("petra", cmd.GoBack(to=State.IDENTIFY, reason="After all"))
        self.tell("petra", assess)
        self.tell("petra", cmd.Advance(to=State.REVIEW if kind is Kind.NEAR_MISS else State.DISMISSED))

    @rule(name=st.sampled_from(["jana", "tom", "petra", "lena"]), steps=st.integers(1, 4), whole=st.booleans())
    def go_on_for_long(self, name: str, steps: int, *, whole: bool) -> None:
        for _ in range(steps):
            self.go_on(name, whole=whole)

    def go_on(self, name: str, *, whole: bool) -> None:
        desk = self.desk
        to = next_state(desk.case)
        if to is None or to is State.DISMISSED:
            self.tell(name, cmd.Advance(to=State.DISMISSED, answers=(SAID,)))
            return
        answers = given_for(to, desk, "sven" if desk.policy.person_by(id="sven") else "petra")
        assess = cmd.Assess(**ASSESSED) if to is State.CONTAIN else None
        self.tell(name, cmd.Advance(to=to, answers=answers if whole else answers[1:], assess=assess))

    @rule(name=PEOPLE, to=st.sampled_from([State.REVIEW, State.CLOSED]))
    def walk(self, name: str, to: State) -> None:
        owner = "sven" if self.desk.policy.person_by(id="sven") else "petra"
        answers = [given for state in (*PHASES, State.CLOSED) for given in given_for(state, self.desk, owner)]
        self.tell(name, cmd.Walk(to=to, answers=tuple(answers)))

    # anything ---------------------------------------------------------------------------------------------------

    @rule(name=PEOPLE, to=STATES, answers=st.lists(GIVEN, max_size=4), assess=st.none() | ASSESSMENTS)
    def advance(self, name: str, to: State, answers: list[cmd.Given], assess: cmd.Assess | None) -> None:
        self.tell(name, cmd.Advance(to=to, answers=tuple(answers), assess=assess))

    @rule(name=PEOPLE, assess=ASSESSMENTS, lead=PEOPLE)
    def assess(self, name: str, assess: cmd.Assess, lead: str) -> None:
        self.tell(name, replace(assess, lead=self.desk.person(lead) if lead != "nobody" else None))

    @rule(name=PEOPLE, answers=st.lists(GIVEN, max_size=4))
    def answer(self, name: str, answers: list[cmd.Given]) -> None:
        who = self.desk.person(name)
        given = tuple(replace(one, person=who, when=self.desk.now) for one in answers)
        self.tell(name, cmd.Answer(answers=given))

    @rule(name=PEOPLE, to=STATES, reason=WORDS)
    def back(self, name: str, to: State, reason: str) -> None:
        self.tell(name, cmd.GoBack(to=to, reason=reason))
        self.tell(name, cmd.Reopen(reason=reason))

    @rule(name=PEOPLE, to=STATES, grant=st.booleans())
    def override(self, name: str, to: State, *, grant: bool) -> None:
        ahead = next_state(self.desk.case) or to
        for lead in ("jana", "petra", "tom"):
            self.tell(lead, cmd.RequestOverride(to=ahead, reason="It burns"))
        decided = cmd.GrantOverride(reason="Agreed") if grant else cmd.DenyOverride(reason="No")
        self.tell(name, decided)

    @rule(name=PEOPLE, required=st.booleans(), reason=WORDS)
    def duty(self, name: str, *, required: bool, reason: str) -> None:
        self.tell(name, cmd.DecideDuty(regime="gdpr_33_1", required=required, reason=reason))
        self.tell("dora", cmd.ConfirmDuty(regime="gdpr_33_1"))

    @rule(name=PEOPLE)
    def sign(self, name: str) -> None:
        for command in (cmd.ConfirmDismissal(), cmd.Countersign(), cmd.FileDuty(regime="gdpr_33_1", reference="1"),
                        cmd.Acknowledge(), cmd.MarkUrgent(), cmd.Close()):  # fmt: skip
            self.tell(name, command)

    @rule(name=PEOPLE, whom=PEOPLE, role=st.sampled_from(list(CaseRole)), remove=st.booleans())
    def role(self, name: str, whom: str, role: CaseRole, *, remove: bool) -> None:
        self.tell(name, cmd.AssignRole(role=role, person=self.desk.person(whom), remove=remove))

    @rule(
        name=PEOPLE, visibility=st.sampled_from(list(Visibility)), severity=st.sampled_from(list(Severity)), why=WORDS
    )
    def settings(self, name: str, visibility: Visibility, severity: Severity, why: str) -> None:
        named = (self.desk.person("petra"), self.desk.person(name))
        self.tell(name, cmd.SetVisibility(visibility=visibility, named=named, reason=why))
        self.tell(name, cmd.SetSeverity(severity=severity, reason=why))

    @rule(name=PEOPLE, owner=PEOPLE, text=WORDS, no=NUMBERS, well=st.booleans(), days=st.integers(0, 40))
    def work(self, name: str, owner: str, text: str, no: int, *, well: bool, days: int) -> None:
        desk = self.desk
        person = desk.person(owner)
        for command in (
            cmd.Note(text=text),
            cmd.RecordAction(kind=ActionKind.CONTAINMENT, text=text, result=text, done=well),
            cmd.RecordEvidence(description=text),
            cmd.OpenTask(text=text, owner=person),
            cmd.FinishTask(no=no),
            cmd.OpenCorrective(text=text, owner=person, due=desk.now + timedelta(days=days)),
            cmd.FinishCorrective(no=no, result=text),
            cmd.CheckCorrective(no=no, effective=well, finding=text),
        ):
            self.tell(name, command)
        desk.later(days=days)
        self.tell("", cmd.ReopenCorrective(no=no, because="INC-2026-0050", because_id=desk.case.id))

    @rule(name=PEOPLE, relation=st.sampled_from(list(Relation)), remove=st.booleans(),
          state=st.sampled_from(["dev", "done", "rolled_back"]))  # fmt: skip
    def link(self, name: str, relation: Relation, state: str, *, remove: bool) -> None:
        self.desk.related["CHG-2026-0007"] = other_case("CHG-2026-0007", state)
        self.tell(name, cmd.LinkChange(number="CHG-2026-0007", relation=relation, remove=remove))

    # what always holds ------------------------------------------------------------------------------------------

    @invariant()
    def every_state_was_reached_by_a_legal_move(self) -> None:
        case = self.desk.case
        assert case.entered[0].state is State.IDENTIFY
        assert case.entered[-1].state is case.state
        assert all((one.state, two.state) in LEGAL for one, two in pairwise(case.entered))

    @invariant()
    def what_is_over_is_over_properly(self) -> None:
        case = self.desk.case
        if case.state is State.CLOSED:
            assert case.closed_by is not None
            assert not [item for item in case.open_due_items if item.criterion]
            assert all(duty.is_settled for duty in case.duties)
        if case.state is State.DISMISSED:
            assert case.kind in (Kind.FALSE_ALARM, Kind.DUPLICATE, Kind.DISRUPTION)
        assert (case.closed is not None) == (case.state is State.CLOSED)

    @invariant()
    def a_question_beforehand_does_not_fail(self) -> None:
        for to in State:
            missing(self.desk.case, to, self.desk.actor("tom"), self.desk.context())

    def teardown(self) -> None:
        """The stored case is the fold of its entries, both as they are and as they stand in the ledger."""
        if hasattr(self, "desk"):
            case = self.desk.case
            assert IncidentCase.model_validate_json(case.model_dump_json()) == case
            assert reduce(apply, map(through_the_ledger, self.desk.entries), blank()) == case


def through_the_ledger(item: Recorded) -> Recorded:
    """The same entry written and read back: nothing of an event is lost in skeleton and disclosures."""
    envelope = Envelope(blank().id, "0" * 64, lambda: blank().id, lambda: b"\1" * 16)
    draft = to_draft(item, envelope)
    body = draft.to_skeleton("test.example/wachbuch", item.at).to_bytes()
    return to_recorded(read_entry(body, list(draft.disclosures.items())), WORKFLOW.events)


TestIncident = Incident.TestCase
TestIncident.settings = settings(settings(), stateful_step_count=40)
