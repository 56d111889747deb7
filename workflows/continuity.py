"""What holds on a forge, whether that makes a gate effective, and since when (A.8.32; SLSA calls it continuity).

A gate that nobody has to pass is a notice. `Posture` is what was seen of a repository, `gaps_of` says what is missing
for the gate to hold, and entries are written when that changes: each tells from when on it was so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict

from workflows.change.seen import Forge
from workflows.events import Event, OptionalText, Recorded, Text, plain
from workflows.ledger.kinds import EntryKind
from workflows.record import NumericId, Sha256Hex


class Effect(StrEnum):
    """What a gate is worth. The later here outweighs the earlier."""

    EFFECTIVE = "effective"
    UNKNOWN = "unknown"
    """It could not be seen whether it holds."""
    DEGRADED = "degraded"
    """It holds, but somebody can pass it by, or verdicts come late."""
    OFF = "off"
    """Nobody has to pass it: it only informs."""


class Gap(StrEnum):
    """What keeps a gate from holding."""

    OBSERVING = "observing"
    PLAN = "plan"
    NOT_REQUIRED = "not_required"
    OTHER_SOURCE = "other_source"
    ANY_SOURCE = "any_source"
    BYPASS = "bypass"
    ADMINS = "admins"
    RULES_UNSEEN = "rules_unseen"
    BYPASS_UNSEEN = "bypass_unseen"
    HOOK_MISSING = "hook_missing"
    HOOK_UNSEEN = "hook_unseen"
    HOOK_OFF = "hook_off"
    HOOK_ELSEWHERE = "hook_elsewhere"
    HOOK_EVENTS = "hook_events"
    HOOK_FAILING = "hook_failing"
    PERMISSIONS = "permissions"
    UNREACHED = "unreached"
    UNCOVERED = "uncovered"
    SERVICE_DOWN = "service_down"
    PIPELINES_OPTIONAL = "pipelines_optional"
    UNPROTECTED = "unprotected"
    SKIPPED_PIPELINES = "skipped_pipelines"


EFFECT_OF: Final[Mapping[Gap, Effect]] = {
    Gap.OBSERVING: Effect.OFF,
    Gap.PLAN: Effect.OFF,
    Gap.NOT_REQUIRED: Effect.OFF,
    Gap.OTHER_SOURCE: Effect.OFF,
    Gap.PIPELINES_OPTIONAL: Effect.OFF,
    Gap.UNPROTECTED: Effect.OFF,
    Gap.ANY_SOURCE: Effect.DEGRADED,
    Gap.BYPASS: Effect.DEGRADED,
    Gap.ADMINS: Effect.DEGRADED,
    Gap.SKIPPED_PIPELINES: Effect.DEGRADED,
    Gap.HOOK_MISSING: Effect.DEGRADED,
    Gap.HOOK_OFF: Effect.DEGRADED,
    Gap.HOOK_ELSEWHERE: Effect.DEGRADED,
    Gap.HOOK_EVENTS: Effect.DEGRADED,
    Gap.HOOK_FAILING: Effect.DEGRADED,
    Gap.PERMISSIONS: Effect.DEGRADED,
    Gap.UNREACHED: Effect.DEGRADED,
    Gap.UNCOVERED: Effect.OFF,
    Gap.SERVICE_DOWN: Effect.DEGRADED,
    Gap.RULES_UNSEEN: Effect.UNKNOWN,
    Gap.HOOK_UNSEEN: Effect.UNKNOWN,
    Gap.BYPASS_UNSEEN: Effect.EFFECTIVE,
}
"""What each gap makes of a gate by itself."""
_WEIGHT: Final = {effect: weight for weight, effect in enumerate(Effect)}


class Seen(BaseModel):
    """Root of what was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Required(Seen):
    """A rule that requires our check. `source` None: from anybody; True: from us alone; False: from somebody else.

    `bypass`: how many may pass the rule by, None when that is not shown to us. `admins`: whether it spares them.
    """

    source: bool | None = None
    bypass: int | None = None
    admins: bool = False


class Branch(Seen):
    """A judged branch with the rules that require our check there; `rules` None: they are not shown to us."""

    name: str
    rules: tuple[Required, ...] | None = ()


class Hook(Seen):
    """The way in by webhooks. `active` None: not told. Counts are those of the last deliveries that the forge keeps.

    `group`: the path of the group that it belongs to; empty where it is the repository's or our App's own.
    """

    active: bool | None = None
    ours: bool = True
    missing_events: tuple[str, ...] = ()
    delivered: int = 0
    failed: int = 0
    last_at: datetime | None = None
    group: str = ""


class Posture(Seen):
    """What was seen of a repository. `hook` None with `told`: there is none that we can see.

    `gaps`: what the forge's own way of enforcing lacks, already named by whoever read it. `quota` is (left, limit).
    """

    forge: Forge
    repository_id: NumericId
    repository: str
    private: bool
    enforced: bool
    told: bool
    reached: bool = True
    plan: bool = True
    branches: tuple[Branch, ...] = ()
    hook: Hook | None = None
    hook_seen: bool = True
    missing_permissions: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    quota: tuple[int, int] | None = None


def gaps_of(posture: Posture) -> tuple[Gap, ...]:
    """What keeps the gate of a repository from holding, in the order of `Gap`; empty: it holds."""
    if not posture.reached:
        return (Gap.UNREACHED,)
    found = set(posture.gaps)
    found |= set() if posture.enforced else {Gap.OBSERVING}
    found |= {Gap.PERMISSIONS} if posture.missing_permissions else set()
    found |= _of_rules(posture)
    found |= _of_hook(posture) if posture.told else set()
    return tuple(gap for gap in Gap if gap in found)


def effect_of(gaps: Iterable[Gap]) -> Effect:
    """What the gate is worth with these gaps."""
    return max((EFFECT_OF[gap] for gap in gaps), key=_WEIGHT.__getitem__, default=Effect.EFFECTIVE)


def _of_rules(posture: Posture) -> set[Gap]:
    if posture.forge is not Forge.GITHUB:
        return set()
    if not posture.plan:
        return {Gap.PLAN}
    if not posture.branches:
        return {Gap.NOT_REQUIRED}
    return set[Gap]().union(*(_of_branch(branch) for branch in posture.branches))


def _of_branch(branch: Branch) -> set[Gap]:
    """Several rules hold at once: the strictest of them decides."""
    if branch.rules is None:
        return {Gap.RULES_UNSEEN}
    if not branch.rules:
        return {Gap.NOT_REQUIRED}
    return min((_of_rule(rule) for rule in branch.rules), key=lambda gaps: (_WEIGHT[effect_of(gaps)], len(gaps)))


def _of_rule(rule: Required) -> set[Gap]:
    source = {None: {Gap.ANY_SOURCE}, False: {Gap.OTHER_SOURCE}, True: set[Gap]()}[rule.source]
    bypass = {Gap.BYPASS_UNSEEN} if rule.bypass is None else {Gap.BYPASS} if rule.bypass else set()
    return source | bypass | ({Gap.ADMINS} if rule.admins else set())


def _of_hook(posture: Posture) -> set[Gap]:
    hook = posture.hook
    if hook is None:
        return {Gap.HOOK_MISSING} if posture.hook_seen else set()
    found = (
        (Gap.HOOK_OFF, hook.active is False),
        (Gap.HOOK_ELSEWHERE, not hook.ours),
        (Gap.HOOK_EVENTS, bool(hook.missing_events)),
        (Gap.HOOK_FAILING, hook.failed > hook.delivered),
    )
    return {gap for gap, holds in found if holds}


# the record -------------------------------------------------------------------------------------------------------


class RepositoryEntry(Event):
    """Root of the entries about the gate of a repository, which belong to no change."""

    forge: Forge
    repository_id: NumericId
    repository: Text


class GateChecked(RepositoryEntry):
    """What is really enforced was looked at. `report` is everything that was seen, `digest` its SHA-256."""

    kind: ClassVar[EntryKind] = EntryKind.GATE_CHECKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.36")
    effect: Effect
    gaps: tuple[Gap, ...]
    digest: Sha256Hex
    report: OptionalText = None


class GateStanding(RepositoryEntry):
    """The gate of a repository is worth something else than before.

    `since`: when that was first seen; `confirmed`: when the state before was seen last, so the change lies between.
    With `until` it is an interval that is over already (the service was down), and the state before goes on.
    `merges` are requests that were merged while the gate was not effective, in the interval that ends with this entry.
    """

    kind: ClassVar[EntryKind] = EntryKind.GATE_STANDING
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.8.16")
    effect: Effect
    gaps: tuple[Gap, ...]
    since: datetime
    confirmed: datetime | None = None
    until: datetime | None = None
    merges: tuple[int, ...] = ()


class ForgeReconciled(Event):
    """What webhooks had not told was found by asking (or they were sent again): the facts are the same ones.

    `requests` were brought up to date in the parts named; `redelivered` deliveries were asked for once more.
    """

    kind: ClassVar[EntryKind] = EntryKind.FORGE_RECONCILED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.8.16")
    forge: Forge
    repository_id: NumericId | None = None
    repository: OptionalText = None
    requests: tuple[int, ...] = ()
    parts: tuple["Part", ...] = ()
    redelivered: int = 0
    since: datetime | None = None


class Part(StrEnum):
    """What can be missed of a forge's news."""

    REQUEST = "request"
    REVIEWS = "reviews"
    CHECKS = "checks"
    PUSHES = "pushes"
    DEPLOYMENTS = "deployments"
    HOOK = "hook"
    """The hook was switched off, and is on again."""


EVENTS: Final[Mapping[EntryKind, type[Event]]] = {
    event.kind: event for event in (GateChecked, GateStanding, ForgeReconciled)
}
"""Entries of this module, for reading back."""


@dataclass(frozen=True, slots=True)
class Interval:
    """How long the gate of a repository was worth the same. `until` None: it still is."""

    forge: Forge
    repository_id: str
    repository: str
    effect: Effect
    gaps: tuple[Gap, ...]
    since: datetime
    until: datetime | None
    merges: tuple[int, ...] = ()


def intervals(entries: Sequence[Recorded]) -> tuple[Interval, ...]:
    """The history that these entries tell, repository by repository in the order of time."""
    open_ones: dict[tuple[Forge, str], Interval] = {}
    found: list[Interval] = []
    for recorded in entries:
        event = recorded.event
        if not isinstance(event, GateStanding):
            continue
        now = Interval(event.forge, event.repository_id, plain(event.repository), event.effect, event.gaps, event.since,
                       event.until, event.merges if event.until else ())  # fmt: skip
        if event.until is not None:
            found.append(now)
            continue
        before = open_ones.get((event.forge, event.repository_id))
        if before is not None:
            found.append(_ended(before, event))
        open_ones[event.forge, event.repository_id] = now
    everything = (*found, *open_ones.values())
    return tuple(sorted(everything, key=lambda one: (one.repository, one.since, one.until is None)))


def _ended(before: Interval, by: GateStanding) -> Interval:
    return Interval(before.forge, before.repository_id, before.repository, before.effect, before.gaps, before.since,
                    by.since, by.merges)  # fmt: skip
