"""The heads of open requests between two looks: which are due, what changed, and when one is settled."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.forge.watching import Head, Marks, Place, Watched
from config.policy.models import Policy
from workflows.change.seen import RequestState

SETTLED_EVERY: Final = timedelta(minutes=3)
"""A head whose checks are all done is looked at this often: somebody can run one again."""
FRESH: Final = timedelta(seconds=10)
SKEW: Final = timedelta(minutes=5)
"""How far the forge's clock may be behind ours."""
MOST_HEADS: Final = 100
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Told = tuple[str, RequestState, datetime]
"""Of a request: its head, its state, and when it changed last."""


def with_requests(
    watched: Watched, told: Mapping[int, Told], covered: Iterable[int], now: datetime, etag: str = ""
) -> Watched:
    """What is kept after a list of changed requests. Covered ones that are open, merged or known are owed."""
    judged = set(covered)
    wanted = [
        number
        for number, (_, state, _) in told.items()
        if number in judged and (state is not RequestState.CLOSED or number in watched.heads)
    ]
    changed = {
        "owed": joined(watched.owed, watched.fresh, wanted),
        "fresh": tuple(number for number in wanted if now - told[number][2] < FRESH),
        "heads": _heads(watched.heads, told, judged),
        "requests_until": max([watched.requests_until or now - SKEW, *(at for _, _, at in told.values())]),
        "etags": {**watched.etags, "requests": etag},
    }
    return watched.model_copy(update=changed)


def without_news(watched: Watched) -> Watched:
    """What is kept when no request changed: those of the last moment are read once more."""
    return watched.model_copy(update={"owed": joined(watched.owed, watched.fresh), "fresh": ()})


def look_at_heads(
    watched: Watched,
    marks: Callable[[Head], Mapping[str, Marks] | None],
    asked_for: frozenset[str],
    now: datetime,
    *,
    thorough: bool,
) -> Watched:
    """Look at the heads that are due, the longest unseen first. `marks` None: the forge does not know that commit."""
    due = [number for number, head in watched.heads.items() if thorough or _is_due(head, now)]
    due.sort(key=lambda number: watched.heads[number].looked_at or _NEVER)
    heads, changed = dict(watched.heads), []
    for number in due[:MOST_HEADS]:
        known = watched.heads[number]
        lists = marks(known)
        if lists is None:
            heads.pop(number)
            continue
        heads[number] = _looked(known, lists, asked_for, now)
        changed += [number] if _differs(known, lists) else []
    return watched.model_copy(update={"heads": heads, "owed": joined(watched.owed, changed)})


def asked_for(policy: Policy, place: Place) -> frozenset[str]:
    """The checks that the policy names for a repository."""
    rules = [one for one in policy.change.repositories if one.names(place.name)]
    checks = frozenset(one.name for rule in rules for one in rule.checks)
    return checks | frozenset(one.check for rule in rules for one in rule.security_tests)


def joined(*parts: Iterable[int]) -> tuple[int, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys(number for part in parts for number in part))


def _heads(known: Mapping[int, Head], told: Mapping[int, Told], judged: set[int]) -> dict[int, Head]:
    """The heads of open requests, each with what is known of it as long as it is the same commit."""
    heads = dict(known)
    for number, (sha, state, _) in told.items():
        before = heads.pop(number, None)
        if number in judged and state is RequestState.OPEN:
            heads[number] = before if before is not None and before.sha == sha else Head(sha=sha)
    return heads


def _is_due(head: Head, now: datetime) -> bool:
    return not head.settled or head.looked_at is None or now - head.looked_at >= SETTLED_EVERY


def _looked(known: Head, lists: Mapping[str, Marks], asked: frozenset[str], now: datetime) -> Head:
    names = {name for one in lists.values() for name in one.names}
    settled = asked <= names and not any(one.running for one in lists.values())
    return Head(sha=known.sha, lists=lists, settled=settled, looked_at=now)


def _differs(known: Head, lists: Mapping[str, Marks]) -> bool:
    """Whether some check is another than before. Of a new head that has none yet nothing has to be read."""
    digests = {name: marks.digest for name, marks in known.lists.items()}
    return any(
        marks.digest != digests.get(name, "") and (marks.names or name in digests) for name, marks in lists.items()
    )
