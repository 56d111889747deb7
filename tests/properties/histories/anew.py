"""The same forge seen by a service that was never told anything: what it finds must be what the other one found."""

from dataclasses import dataclass

from tests.properties.histories.play import Play, case_of, decided, linked_at, reread, waive
from tests.properties.town import Town
from workflows.change.codes import VerdictStatus
from workflows.change.result import Verdict
from workflows.change.seen import RequestKey

_NO_SECOND = {"not approver_contributed", "not no_approval"}


@dataclass(frozen=True, slots=True)
class Finding:
    """How a request stands: in which state its change is, and the verdict, requirement by requirement."""

    state: str
    merged: bool
    head: str
    status: VerdictStatus | None
    results: tuple[tuple[str, str], ...]


def finding(town: Town, key: RequestKey) -> Finding | None:
    """How a service sees a request; None: not at all."""
    case, linked = case_of(town, key), linked_at(town, key)
    if case is None or linked is None:
        return None
    record = linked.frozen or linked.verdict
    tree = record.tree if record else None
    status, head = (record.status, record.head) if record else (None, "")
    return Finding(str(case.stands), linked.merged, head, status, _results(tree))


def _results(tree: Verdict | None) -> tuple[tuple[str, str], ...]:
    gates = tree.gates if tree else ()
    return tuple(
        (result.requirement.value, f"{result.outcome.value} {result.code.value}")
        for gate in gates
        for result in gate.results
    )


def seen_anew(play: Play) -> dict[int, Finding | None]:
    """What a fresh service finds when it reads everything."""
    fresh = Town(decided(), chats=False, beside=play.town)
    try:
        for sent in play.side.sent:
            if play.side.lasting(sent):
                headers, body = play.side.envelope(sent)
                fresh.receive(play.side.forge.value, headers, body)
        fresh.work(seconds=6)
        reread(fresh, play.side)
        fresh.work(seconds=6)
        for one in play.waived:
            waive(fresh, play.key(one.number), one.requirement)
        fresh.work(seconds=6)
        fresh.work(seconds=6)
        return {number: finding(fresh, play.key(number)) for number in play.side.requests}
    finally:
        fresh.close()


def differences(play: Play, number: int, anew: Finding | None) -> list[str]:
    """Where the two disagree about a request, beyond what only the one who was told can know."""
    told = finding(play.town, play.key(number))
    if told is None or anew is None:
        return [] if told is anew else [f"seen by one alone: {told} / {anew}"]
    side, found = play.side, []
    ignored = ("checks.green", "security.tests") if side.ran_after_merge(number) else ()
    if side.merges_in_doubt(number):
        ignored = (*ignored, "four.eyes")
    if side.is_open(number) or told.merged:
        # Who reads anew compares the last versions only, after a merge none: an approval carried over is missed.
        unmet, seen = play.known.unmet(number), dict(told.results)
        by_history = [one for one in ("approvals.count", "four.eyes") if seen.get(one, "").startswith("satisfied")]
        ignored = (*ignored, *(one for one in by_history if one not in unmet))
    if (told.merged, told.head) != (anew.merged, anew.head) or (
        told.state != anew.state and told.results == anew.results
    ):
        found.append(f"{(told.state, told.merged, told.head)} / {(anew.state, anew.merged, anew.head)}")
    if not side.is_open(number) and not told.merged:
        return found  # Nothing hangs on it, so nobody reads it any more.
    pairs = zip(told.results, anew.results, strict=True)
    return found + [
        f"{one[0]}: {one[1]} / {other[1]}"
        for one, other in pairs
        if one[0] not in ignored and not _same(one[0], one[1], other[1])
    ]


def _same(requirement: str, told: str, anew: str) -> bool:
    """Whether both say the same. Held alike is held: a carried-over approval of somebody who wrote in it is told as
    such by one, and as no approval at all by who cannot see that it was carried over."""
    return told == anew or (requirement == "four.eyes" and {told, anew} == _NO_SECOND)
