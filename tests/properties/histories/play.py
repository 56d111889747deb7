"""Plays a history against a service, and looks at every moment at which the service has come to rest."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from random import Random

from bot.forge.wire_github import wire_github
from bot.forge.wire_gitlab import wire_gitlab
from bot.forge.wired import Bench
from config.i18n import translator
from config.policy.ids import Requirement
from config.policy.loader import Loaded, load_texts
from tests.fakes.github.world import GitHubError
from tests.fakes.gitlab.world import GitLabError
from tests.fakes.wire import Request
from tests.journeys.policies import SHOP, TILL, policy_text
from tests.properties.audit import audit
from tests.properties.catalog import person
from tests.properties.histories.known import Known
from tests.properties.histories.side import Side
from tests.properties.histories.steps import (
    BRANCHES,
    ENVIRONMENTS,
    TEMPTATIONS,
    WAIVABLE,
    WRITERS,
    Arrival,
    History,
    Step,
)
from tests.properties.town import LANGUAGE, Town
from workflows.change.codes import VerdictStatus
from workflows.change.commands import GrantWaiver, RequestWaiver
from workflows.change.facts import RequestFacts
from workflows.change.seen import Forge, RequestKey, Update
from workflows.change.snapshot import Why
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.factbook import absorb, enqueue
from workflows.outcome import Accepted
from workflows.pointers import REQUEST_CHANGE
from workflows.registry import read_case
from workflows.store.unit_of_work import UnitOfWork

OPENS = frozenset({VerdictStatus.PASSED, VerdictStatus.WAIVED})


@cache
def decided() -> Loaded:
    """The policy of the journeys, without a plan to be answered, and with environments."""
    text = policy_text(LANGUAGE)
    for name in (SHOP, TILL):
        entry = f"match: {name}\n      branches: [main]\n"
        assert entry in text
        text = text.replace(entry, f"{entry}      requirements: {{plan: []}}\n      environments: [test, prod]\n")
    return load_texts({"policy.yaml": text.encode()})


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that was granted for the change of a request."""

    number: int
    requirement: str


class Play:
    """A service, a forge, and what the service can know. Look at `check` for what must hold at rest."""

    def __init__(self, side_of: Callable[[Town], Side]) -> None:
        self.town = Town(decided(), chats=False)
        self.side = side_of(self.town)
        self.known = Known(self.side.rules, self.side.same_changes)
        self.waived: list[Waived] = []
        self.arrived: set[int] = set()
        self.read: set[int] = set()
        self.side.fake.heard = self._heard

    def _heard(self, operation: str, request: Request) -> None:
        number = self.side.read_of(operation, request)
        if number is not None:
            self.read.add(number)

    def close(self) -> None:
        """Everything away."""
        self.side.fake.heard = None
        self.town.close()

    # the history ----------------------------------------------------------------------------------------------

    def play(self, history: History) -> None:
        """All steps, then the rest of what is on its way, less what is lost."""
        self._begin()
        for step in history.steps:
            for kind in TEMPTATIONS.get(step.kind, (step.kind,)):
                self.town.clock.move(seconds=step.pause, milliseconds=7)
                with suppress(GitHubError, GitLabError):
                    self.happen(replace(step, kind=kind))
            for arrival in step.arrivals:
                self.arrive(arrival)
            if step.works:
                self.rest()
        rest = [place for place in self._waiting() if place not in history.losses]
        Random(history.seed).shuffle(rest)
        for place in rest:
            self._take(place)
            if place % 3 == 0:
                self.rest()
        self.rest()
        if self._waiting():
            self.reconcile()

    def _begin(self) -> None:
        """Two requests; the gate of the first stands open, so that there is something to shut."""
        for branch, writer in zip(BRANCHES, WRITERS, strict=True):
            self.side.push(branch, writer)
            self.side.open(branch, writer)
        self.town.clock.move(seconds=2)
        self.side.acts["ready"](1, WRITERS[0], 0)
        self.arrive(Arrival(0, len(self.side.sent)))
        self.rest()
        record = linked_at(self.town, self.key(1))
        assert record is not None
        assert record.verdict is not None
        assert record.verdict.status is VerdictStatus.PASSED
        assert self.side.shows_open(1)

    def happen(self, step: Step) -> None:
        """One step, if it is possible now."""
        side, branch = self.side, BRANCHES[step.place % len(BRANCHES)]
        numbers = list(side.requests)
        match step.kind:
            case "push" | "force":
                self._push(branch, step)
            case "foreign_push":
                side.push(branch, step.who, author=WRITERS[0])
            case "base":
                side.push("main", step.who, files="base.py")
            case "wait":
                self.town.clock.move(seconds=700)
            case "deploy" | "roll_back":
                self._deploy(step)
            case "waive" if numbers:
                self._waive(numbers[step.place % len(numbers)], WAIVABLE[step.choice % len(WAIVABLE)])
            case kind if numbers and kind in side.acts:
                side.acts[kind](numbers[step.place % len(numbers)], step.who, step.choice)

    def _push(self, branch: str, step: Step) -> None:
        by = step.who if step.who in WRITERS else WRITERS[step.choice % len(WRITERS)]
        mine = [number for number in self.side.requests if self.side.branch_of(number) == branch]
        known = any(self.side.is_open(number) for number in mine)
        files = f"src/{step.choice % 3}.py"
        self.side.push(branch, by, force=known and step.kind == "force", files=files)
        if not known:
            self.side.open(branch, by)

    def _deploy(self, step: Step) -> None:
        merged = [sha for sha in map(self.side.merge_commit, self.side.requests) if sha]
        if merged:
            sha = merged[0] if step.kind == "roll_back" else merged[-1]
            state = "failure" if step.place == 0 else "success"
            self.side.deploy(sha, ENVIRONMENTS[step.choice % 2], state)

    def _waive(self, number: int, requirement: str) -> None:
        if waive(self.town, self.key(number), requirement):
            self.waived.append(Waived(number, requirement))

    # arrivals -------------------------------------------------------------------------------------------------

    def _waiting(self) -> list[int]:
        return [place for place in range(len(self.side.sent)) if place not in self.arrived]

    def arrive(self, arrival: Arrival) -> None:
        """Some of what is on its way reaches the service, perhaps twice, perhaps the later before the earlier."""
        waiting = self._waiting()
        start = arrival.start % len(waiting) if waiting else 0
        for place in waiting[start : start + arrival.count] * arrival.times:
            self._take(place)

    def _take(self, place: int) -> None:
        sent = self.side.sent[place]
        headers, body = self.side.envelope(sent)
        self.town.receive(self.side.forge.value, headers, body)
        self.known.tell(self.side.told(sent))
        self.arrived.add(place)
        self.side.answered(sent, fine=True)

    def rest(self) -> None:
        """The service does all it has to do now; then its gates must not stand open wrongly."""
        self.town.work()
        self.town.work(seconds=6)
        for number in self.read:
            self.known.tell(self.side.shown(number))
        self.read.clear()
        self.check()

    # looking --------------------------------------------------------------------------------------------------

    def key(self, number: int) -> RequestKey:
        """The request in our terms."""
        return RequestKey(self.side.forge, self.side.repository_id, number)

    def check(self) -> None:
        """Nothing is open that what is known contradicts, neither with us nor at the forge."""
        for number in self.known.requests:
            unmet = self._unmet(number)
            if unmet is None:
                continue
            head = self.known.head(number)
            assert not (unmet and self._opens(number)), f"request {number}: open, though {sorted(unmet)}"
            shown = self.side.head_of(number) == head and self.side.shows_open(number)
            assert not (unmet and shown), f"request {number}: shown as open, though {sorted(unmet)}"

    def _unmet(self, number: int) -> frozenset[str] | None:
        """What is missing, less what was waived; None: it is not open, or which head it has is in doubt."""
        if self.known.head(number) is None or not any(core.open for core in self.known.requests[number].cores):
            return None
        return self.known.unmet(number) - {one.requirement for one in self.waived if one.number == number}

    def _opens(self, number: int) -> bool:
        linked = linked_at(self.town, self.key(number))
        record = linked.verdict if linked else None
        return record is not None and record.status in OPENS and record.head == self.known.head(number)

    def check_end(self) -> None:
        """When all is known, what lacks nothing is open, unless it is in doubt who wrote it."""
        for number in self.side.requests:
            self.known.tell(self.side.shown(number))
            if self._unmet(number) == frozenset() and not self.side.merges_in_doubt(number):
                linked = linked_at(self.town, self.key(number))
                assert self._opens(number), f"request {number}: held, though it lacks nothing: {linked}"

    def reconcile(self) -> None:
        """What was lost is found: by the service itself where it looks for it, else it is read for it."""
        lost = [self.side.sent[place] for place in self._waiting()]
        for sent in lost:
            self.side.answered(sent, fine=False)
        if self.side.reconnect(partial(self.town.receive, self.side.forge.value)):
            for _ in range(2):
                self.town.work(minutes=61)
                self.side.reconnect(partial(self.town.receive, self.side.forge.value))
                self.town.work(seconds=6)
            self.side.reconnect(None)
        else:
            for place in self._waiting():
                if self.side.lasting(self.side.sent[place]):
                    self._take(place)
            reread(self.town, self.side)
        for sent in self.side.sent:
            self.side.answered(sent, fine=True)
            self.known.tell(self.side.told(sent))
        for number in self.side.requests:
            self.known.tell(self.side.shown(number))
        self.rest()

    def audit(self) -> None:
        """Log and rows agree, and nothing was given up."""
        audit(self.town.store)
        with self.town.store.reading() as reads:
            assert not reads.jobs.dead(), reads.jobs.dead()


def linked_at(town: Town, key: RequestKey) -> LinkedRequest | None:
    """A request as its change holds it."""
    case = case_of(town, key)
    return case.request(key) if case else None


def case_of(town: Town, key: RequestKey) -> ChangeCase | None:
    """The change of a request."""
    with town.store.reading() as reads:
        number = reads.links.get(REQUEST_CHANGE, str(key))
        row = reads.case(number) if number else None
    case = read_case(row) if row else None
    return case if isinstance(case, ChangeCase) else None


def waive(town: Town, key: RequestKey, requirement: str) -> bool:
    """Somebody asks to do without a requirement for a while, and the risk owner grants it."""
    case = case_of(town, key)
    if case is None:
        return False
    wanted = Requirement(requirement)
    expires = town.clock.now.replace(year=town.clock.now.year, day=28)
    asked = RequestWaiver(
        case=case.number,
        requirement=wanted,
        reason="Frist",
        measure="Nachprüfung",
        owner=person("max"),
        expires=expires,
    )
    if not isinstance(town.give("max", asked), Accepted):
        return False
    granted = town.give("rita", GrantWaiver(case=case.number, requirement=wanted))
    return isinstance(granted, Accepted)


def _take_in(updates: tuple[Update, ...], uow: UnitOfWork) -> None:
    for mark in absorb(uow, updates):
        enqueue(uow, mark)


def reread(town: Town, side: Side) -> None:
    """Read every request of the forge anew, as reconciliation does."""
    core = town.app.core
    wired = {Forge.GITHUB: wire_github, Forge.GITLAB: wire_gitlab}[side.forge]
    forge = wired(Bench(core, town.app.settings, translator(LANGUAGE)))
    assert forge.reader is not None
    for number in side.requests:
        key = RequestKey(side.forge, side.repository_id, number)
        with town.store.reading() as reads:
            row = reads.facts.get("request", str(key))
        facts = RequestFacts.model_validate_json(row.doc) if row else None
        updates = tuple(forge.reader.read(key, side.name, facts, (Why.TOO_OLD,)))
        core.service.retrying(partial(_take_in, updates))
    for closer in forge.closers:
        closer()
