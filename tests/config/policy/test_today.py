"""Who is there on a day, and who stands in for the others."""

from datetime import UTC, datetime
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import Role
from config.policy.loader import load_texts, loaded, stored_policy
from config.policy.models import Policy

TEAM = """
timezone: Europe/Berlin
people:
  - {id: anna, name: Anna, roles: [isb], slack: U0ANNA, away: [{from: 2026-12-21, to: 2026-12-23, deputy: ben}]}
  - {id: ben, name: Ben, roles: [deputy], slack: U0BEN, away: [{from: 2026-12-23, to: 2026-12-24, deputy: cleo}]}
  - {id: cleo, name: Cleo, roles: [responder], slack: U0CLEO, away: [{from: 2026-12-24, to: 2026-12-24, deputy: ben}]}
duty_roster: [anna, cleo]
"""


@cache
def policy() -> Policy:
    return load_texts({"p.yaml": TEAM.encode()}).policy


def on(day: int, *left: str, hour: int = 12) -> Policy:
    return policy().as_of(datetime(2026, 12, day, hour, tzinfo=UTC), dict.fromkeys(left))


def on_call(found: Policy) -> list[str]:
    return [one.id for one in found.on_call()]


def asked(found: Policy, *roles: Role) -> list[str]:
    return [one.id for one in found.reachable(*roles)]


def test_the_deputy_is_on_call_from_the_first_to_the_last_day_in_local_time() -> None:
    assert on_call(on(20)) == ["anna", "cleo"]
    assert on_call(on(20, hour=23)) == ["ben", "cleo"], "it is the 21st in Berlin"
    assert on_call(on(21)) == ["ben", "cleo"]
    assert on_call(on(24)) == ["anna"], "nobody stands in for Cleo: her deputy is away and she is his"
    assert on(21).is_on_duty("ben")
    assert not on(20).is_on_duty("ben")


def test_a_deputy_who_is_away_is_stood_in_for_and_called_once() -> None:
    assert on_call(on(23)) == ["cleo"]


def test_a_deputy_is_asked_only_for_what_they_may_do() -> None:
    assert asked(on(21), Role.ISB, Role.DEPUTY) == ["ben"]
    assert asked(on(21), Role.ISB) == ["anna"], "who cannot act is not asked; better late than nobody"
    assert [one.id for one in on(21).reachable(Role.ISB, able={Role.DEPUTY})] == ["ben"]
    assert [one.id for one in on(21).holders(Role.ISB)] == ["anna"], "standing in grants no role"


def test_who_left_is_neither_called_nor_asked_and_stands_in_for_nobody() -> None:
    assert on_call(on(20, "U0ANNA")) == ["cleo"]
    assert asked(on(20, "U0ANNA"), Role.ISB, Role.DEPUTY) == ["ben"]
    assert on(20, "U0ANNA").holders(Role.ISB) == ()
    assert asked(on(21, "U0BEN"), Role.ISB, Role.DEPUTY) == ["anna"]


def test_a_stored_policy_keeps_its_absences() -> None:
    found = loaded(policy())
    assert '"from":"2026-12-21"' in found.source_text
    assert stored_policy(found.source_text) == policy()


@given(st.integers(1, 28), st.sets(st.sampled_from(["U0ANNA", "U0BEN", "U0CLEO"])))
def test_somebody_is_on_call_as_long_as_anybody_of_the_roster_is_here(day: int, left: set[str]) -> None:
    found = on(day, *left)
    assert bool(found.on_call()) == bool({"U0ANNA", "U0CLEO"} - left)
    assert not left.intersection(str(one.slack) for one in found.on_call())
