from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.backoff import Backoff

CHANCE = st.floats(0, 1, exclude_max=True)


@given(attempts=st.integers(1, 10_000), chance=CHANCE)
def test_a_wait_stays_within_a_quarter_of_the_doubled_time_and_its_limit(attempts: int, chance: float) -> None:
    backoff = Backoff(lambda: chance)
    middle = min(timedelta(seconds=2 * 2 ** min(attempts - 1, 20)), timedelta(minutes=10))
    assert middle * 0.75 <= backoff.after(attempts) <= middle * 1.25


@given(seconds=st.integers(0, 86_400), chance=CHANCE)
def test_what_the_other_side_asked_for_is_never_undercut(seconds: int, chance: float) -> None:
    asked = timedelta(seconds=seconds)
    assert asked <= Backoff(lambda: chance).at_least(asked) <= asked * 1.1
