"""What a gate is worth, by what was seen; and the history that the entries tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows.actors import Source
from workflows.change.seen import Forge
from workflows.continuity import (
    EFFECT_OF,
    Branch,
    Effect,
    Gap,
    GateStanding,
    Hook,
    Posture,
    Required,
    effect_of,
    gaps_of,
    intervals,
)
from workflows.events import Recorded

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = Required(source=True, bypass=0)


def posture(*rules: Required, **seen: Any) -> Posture:
    """A repository where everything holds, but for what a test says."""
    held = {"branches": (Branch(name="main", rules=rules or (OURS,)),), "hook": Hook(active=True, delivered=9), **seen}
    place = {"forge": Forge.GITHUB, "repository_id": "1", "repository": "acme/shop"}
    return Posture(**{**place, "private": True, "enforced": True, "told": True, **held})


SEEN: dict[str, tuple[Posture, tuple[Gap, ...], Effect]] = {
    "everything holds": (posture(), (), Effect.EFFECTIVE),
    "only observed": (posture(enforced=False), (Gap.OBSERVING,), Effect.OFF),
    "a plan without rules": (posture(plan=False), (Gap.PLAN,), Effect.OFF),
    "not required": (posture(branches=(Branch(name="main"),)), (Gap.NOT_REQUIRED,), Effect.OFF),
    "no judged branch": (posture(branches=()), (Gap.NOT_REQUIRED,), Effect.OFF),
    "required on one of two": (
        posture(branches=(Branch(name="main", rules=(OURS,)), Branch(name="release"))),
        (Gap.NOT_REQUIRED,),
        Effect.OFF,
    ),
    "rules not shown": (posture(branches=(Branch(name="main", rules=None),)), (Gap.RULES_UNSEEN,), Effect.UNKNOWN),
    "from anybody": (posture(Required(bypass=0)), (Gap.ANY_SOURCE,), Effect.DEGRADED),
    "from another app": (posture(Required(source=False, bypass=0)), (Gap.OTHER_SOURCE,), Effect.OFF),
    "somebody may pass it by": (posture(Required(source=True, bypass=2)), (Gap.BYPASS,), Effect.DEGRADED),
    "who may pass is not shown": (posture(Required(source=True)), (Gap.BYPASS_UNSEEN,), Effect.EFFECTIVE),
    "administrators may": (posture(Required(source=True, bypass=0, admins=True)), (Gap.ADMINS,), Effect.DEGRADED),
    "two rules, one strict": (posture(Required(), OURS), (), Effect.EFFECTIVE),
    "no hook": (posture(hook=None), (Gap.HOOK_MISSING,), Effect.DEGRADED),
    "no hook, and none asked for": (posture(hook=None, told=False), (), Effect.EFFECTIVE),
    "hooks not shown": (posture(hook=None, hook_seen=False), (), Effect.EFFECTIVE),
    "hook off": (posture(hook=Hook(active=False)), (Gap.HOOK_OFF,), Effect.DEGRADED),
    "hook elsewhere": (posture(hook=Hook(ours=False)), (Gap.HOOK_ELSEWHERE,), Effect.DEGRADED),
    "events missing": (posture(hook=Hook(missing_events=("push",))), (Gap.HOOK_EVENTS,), Effect.DEGRADED),
    "deliveries fail": (posture(hook=Hook(delivered=1, failed=2)), (Gap.HOOK_FAILING,), Effect.DEGRADED),
    "some deliveries failed": (posture(hook=Hook(delivered=2, failed=1)), (), Effect.EFFECTIVE),
    "a permission is missing": (posture(missing_permissions=("checks: write",)), (Gap.PERMISSIONS,), Effect.DEGRADED),
    "not reached": (posture(reached=False), (Gap.UNREACHED,), Effect.DEGRADED),
    "what the forge itself lacks": (
        posture(forge=Forge.GITLAB, branches=(), gaps=(Gap.PIPELINES_OPTIONAL,)),
        (Gap.PIPELINES_OPTIONAL,),
        Effect.OFF,
    ),
}


@pytest.mark.parametrize(("seen", "gaps", "effect"), SEEN.values(), ids=SEEN)
def test_what_was_seen_says_what_the_gate_is_worth(seen: Posture, gaps: tuple[Gap, ...], effect: Effect) -> None:
    assert gaps_of(seen) == gaps
    assert effect_of(gaps) is effect


def test_every_gap_has_an_effect_and_several_are_worth_the_least() -> None:
    assert set(EFFECT_OF) == set(Gap)
    assert effect_of((Gap.BYPASS, Gap.BYPASS_UNSEEN)) is Effect.DEGRADED
    assert effect_of((Gap.BYPASS, Gap.NOT_REQUIRED)) is Effect.OFF


def standing(hours: int, *gaps: Gap, repository: str = "acme/shop", **more: Any) -> Recorded:
    since = START + timedelta(hours=hours)
    number = str(len(repository))
    event = GateStanding(forge=Forge.GITHUB, repository_id=number, repository=repository, effect=effect_of(gaps),
                         gaps=gaps, since=since, **more)  # fmt: skip
    return Recorded(event, 0, since, Source.TIMER)


def test_each_entry_ends_the_state_before_it() -> None:
    told = [standing(0), standing(5, Gap.NOT_REQUIRED), standing(9, merges=(4, 7))]
    told.append(standing(2, repository="acme/depot"))
    found = intervals(told)
    assert [(one.repository, one.effect) for one in found] == [
        ("acme/depot", Effect.EFFECTIVE), ("acme/shop", Effect.EFFECTIVE), ("acme/shop", Effect.OFF),
        ("acme/shop", Effect.EFFECTIVE),
    ]  # fmt: skip
    assert [one.until for one in found] == [None, START + timedelta(hours=5), START + timedelta(hours=9), None]
    assert [one.merges for one in found] == [(), (), (4, 7), ()]


def test_an_outage_stands_beside_the_state_it_fell_into() -> None:
    down = standing(3, Gap.SERVICE_DOWN, until=START + timedelta(hours=4), merges=(1,))
    found = intervals([standing(0), down, standing(6, Gap.BYPASS)])
    assert [(one.since, one.until) for one in found] == [
        (START, START + timedelta(hours=6)),
        (START + timedelta(hours=3), START + timedelta(hours=4)),
        (START + timedelta(hours=6), None),
    ]
    assert found[1].merges == (1,)
