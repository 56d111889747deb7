"""Beside the looks: what a look repaired is recorded, lost deliveries are sent again, and what each gate is worth.

The pulse tells how long nobody worked: what happened at a forge meanwhile was judged late, if at all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import structlog

from bot.forge.turn import Turn
from bot.forge.watching import COVERED, Kept, Mended, Place, Watcher
from bot.jobs.port import GiveUp, Job, JobTools, Retry
from bot.startup import MACHINE
from config.policy.ids import Mode
from workflows.change.facts import RepositoryFacts, RequestFacts
from workflows.change.seen import Forge
from workflows.continuity import (
    Effect,
    ForgeReconciled,
    Gap,
    GateChecked,
    GateStanding,
    Part,
    Posture,
    effect_of,
    gaps_of,
)
from workflows.ledger.canonical import canonical
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

PULSE_JOB: Final = JobDraft("forge.pulse", "pulse", "pulse")
PULSE: Final = ("forge.pulse", "last")
"""Link: when work was last under way."""
PULSE_EVERY: Final = timedelta(minutes=1)
DOWN_AFTER: Final = timedelta(minutes=5)
"""A shorter silence is a restart."""
OUTAGE: Final = "forge.outage"
"""Link scope: forge and repository id → an outage that is not recorded yet."""
STANDING: Final = "gate.standing"
"""Link scope: forge and repository id → what the gate was worth when it was looked at last."""
CHECK_EVERY: Final = timedelta(minutes=55)
EVIDENCE: Final = "gate.checked"
"""Link scope: forge and repository id → when everything that was seen there was recorded last."""
EVIDENCE_EVERY: Final = timedelta(days=7)
MENDED: Final = "forge.mended"
"""Link scope: forge, or forge and repository id → until when lost deliveries were sent again."""
KEPT_BY_FORGES: Final = timedelta(days=3)


class Span(Kept):
    """From when until when."""

    since: datetime
    until: datetime


class Known(Kept):
    """What a gate was worth, since when, and when that was seen last."""

    effect: Effect
    gaps: tuple[Gap, ...]
    since: datetime
    confirmed: datetime


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is done around the looks. `told`: whether the forges call us."""

    service: Service
    told: bool

    # the pulse ----------------------------------------------------------------------------------------------------

    def pulse(self, _: Job, tools: JobTools) -> timedelta:
        """Note that work is under way; after a silence, that every gate was on its own meanwhile."""
        self.service.retrying(lambda uow: self._beat(uow, tools.now))
        return PULSE_EVERY

    def _beat(self, uow: UnitOfWork, now: datetime) -> None:
        last = uow.links.get(*PULSE)
        since = datetime.fromisoformat(last) if last else now
        if now - since > DOWN_AFTER:
            log.warning("service_was_down", since=since.isoformat(), until=now.isoformat())
            for key in uow.links.of(COVERED):
                # Recorded by the look that follows, which knows what was merged meanwhile.
                uow.links.put(OUTAGE, key, Span(since=since, until=now).model_dump_json())
        uow.links.put(*PULSE, now.isoformat())

    # after a look -------------------------------------------------------------------------------------------------

    def after(self, turn: Turn, watcher: Watcher) -> None:
        """What a look that went through leaves to do."""
        self.service.retrying(lambda uow: self._outage(uow, turn.place))
        if self.told:
            self.mend(turn.place.forge, watcher, turn.place, turn.tools)
        self._check(turn.place, watcher, turn.tools.now)

    def repaired(self, turn: Turn) -> None:
        """Record what webhooks should have told and did not."""
        if not turn.parts:
            return
        log.warning("forge_repaired", repository=turn.place.key, requests=sorted(turn.requests), parts=len(turn.parts))
        event = ForgeReconciled(
            forge=turn.place.forge, repository_id=turn.place.repository_id, repository=turn.place.name,
            requests=tuple(sorted(turn.requests)), parts=_ordered(turn.parts), since=turn.watched.looked_at,
        )  # fmt: skip
        self._log(event, turn.tools.now)

    def mend(self, forge: Forge, watcher: Watcher, place: Place | None, tools: JobTools) -> None:
        """Have lost deliveries sent again and switch the hook on, as far as we may. Trouble here holds nothing."""
        key = place.key if place else forge.value
        with self.service.store.reading() as reads:
            kept = reads.links.get(MENDED, key)
        since = datetime.fromisoformat(kept) if kept else tools.now - KEPT_BY_FORGES
        try:
            mended = watcher.mend(place, since, tools.now)
        except (Retry, GiveUp) as error:
            log.info("forge_hook_unreached", place=key, reason=error.reason)
            return
        self.service.retrying(lambda uow: uow.links.put(MENDED, key, (tools.now - DOWN_AFTER).isoformat()))
        if mended != Mended():
            log.warning("forge_mended", place=key, redelivered=mended.redelivered, switched_on=mended.switched_on)
            event = ForgeReconciled(
                forge=forge, repository_id=place.repository_id if place else None,
                repository=place.name if place else None, redelivered=mended.redelivered,
                parts=(Part.HOOK,) if mended.switched_on else (), since=since,
            )  # fmt: skip
            self._log(event, tools.now)

    def lost(self, uow: UnitOfWork, place: Place, gap: Gap) -> None:
        """A repository that we do not reach any more, or that the policy covers no longer."""
        self._note(uow, place, (gap,), self.service.moment.now())

    # what a gate is worth -----------------------------------------------------------------------------------------

    def _outage(self, uow: UnitOfWork, place: Place) -> None:
        kept = uow.links.get(OUTAGE, place.key)
        if kept is None:
            return
        span = Span.model_validate_json(kept)
        gaps = (Gap.SERVICE_DOWN,)
        merges = _merged_between(uow, place, span.since, span.until)
        event = GateStanding(
            **_named(place), effect=effect_of(gaps), gaps=gaps, since=span.since, until=span.until, merges=merges
        )
        self.service.log(uow, event, MACHINE, self.service.moment.now())
        uow.links.remove(OUTAGE, place.key)

    def _check(self, place: Place, watcher: Watcher, now: datetime) -> None:
        with self.service.store.reading() as reads:
            kept = reads.links.get(STANDING, place.key)
            row = reads.facts.get("repository", place.key)
        known = Known.model_validate_json(kept) if kept else None
        is_back = known is not None and not {Gap.UNREACHED, Gap.UNCOVERED}.isdisjoint(known.gaps)
        if known is not None and now - known.confirmed < CHECK_EVERY and not is_back:
            return
        facts = RepositoryFacts.model_validate_json(row.doc) if row else None
        try:
            posture = watcher.posture(place, enforced=is_enforced(self.service, place, facts), told=self.told, now=now)
        except (Retry, GiveUp) as error:
            log.info("gate_unseen", repository=place.key, reason=error.reason)
            return
        gaps = gaps_of(posture)
        self.service.retrying(lambda uow: self._note(uow, place, gaps, now))
        self.service.retrying(lambda uow: self._keep_evidence(uow, posture, now))

    def _keep_evidence(self, uow: UnitOfWork, posture: Posture, now: datetime) -> None:
        """Once a week everything that was seen, whether it changed or not."""
        key = f"{posture.forge.value}:{posture.repository_id}"
        last = uow.links.get(EVIDENCE, key)
        if last is None or now - datetime.fromisoformat(last) >= EVIDENCE_EVERY:
            uow.links.put(EVIDENCE, key, now.isoformat())
            self.service.log(uow, evidence(posture), MACHINE, now)

    def _note(self, uow: UnitOfWork, place: Place, gaps: tuple[Gap, ...], now: datetime) -> None:
        """Keep what the gate is worth; an entry where that is something else than before."""
        kept = uow.links.get(STANDING, place.key)
        before = Known.model_validate_json(kept) if kept else None
        same = before is not None and before.gaps == gaps
        since = before.since if before is not None and same else now
        fresh = Known(effect=effect_of(gaps), gaps=gaps, since=since, confirmed=now)
        uow.links.put(STANDING, place.key, fresh.model_dump_json())
        if same:
            return
        ended = before is not None and before.effect is not Effect.EFFECTIVE
        merges = _merged_between(uow, place, before.since, now) if before is not None and ended else ()
        event = GateStanding(
            **_named(place), effect=fresh.effect, gaps=gaps, since=now, confirmed=before.confirmed if before else None,
            merges=merges,
        )  # fmt: skip
        log.info("gate_standing", repository=place.key, effect=fresh.effect.value, gaps=[gap.value for gap in gaps])
        self.service.log(uow, event, MACHINE, now)

    def _log(self, event: ForgeReconciled, now: datetime) -> None:
        self.service.retrying(lambda uow: self.service.log(uow, event, MACHINE, now))


def evidence(posture: Posture) -> GateChecked:
    """Everything that was seen of a repository, with its digest."""
    report = canonical(posture.model_dump(mode="json"))
    gaps = gaps_of(posture)
    return GateChecked(
        forge=posture.forge, repository_id=posture.repository_id, repository=posture.repository,
        effect=effect_of(gaps), gaps=gaps, digest=sha256(report).hexdigest(), report=report.decode(),
    )  # fmt: skip


def is_enforced(service: Service, place: Place, facts: RepositoryFacts | None) -> bool:
    """Whether the gate is meant to hold: as decided last, else as the policy says."""
    rules = service.policy.change.repository(place.name)
    decided = facts.mode.mode if facts and facts.mode else rules.mode if rules else Mode.OBSERVE
    return decided is Mode.ENFORCE


def _merged_between(uow: UnitOfWork, place: Place, since: datetime, until: datetime) -> tuple[int, ...]:
    rows = (row for row in uow.facts.by_repository(place.key) if row.scope == "request")
    told = (RequestFacts.model_validate_json(row.doc) for row in rows)
    merged = ((one.number, one.current.merged_at) for one in told if one.current)
    return tuple(sorted(number for number, at in merged if at is not None and since < at <= until))


def _named(place: Place) -> dict[str, Any]:
    return {"forge": place.forge, "repository_id": place.repository_id, "repository": place.name}


def _ordered(parts: set[Part]) -> tuple[Part, ...]:
    return tuple(part for part in Part if part in parts)
