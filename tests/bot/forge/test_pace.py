"""Looks become rarer with the number of calls that they take, and never more frequent than once a minute."""

import pytest

from bot.forge.rounds import CALLS_PER_SECOND, pace_of


@pytest.mark.parametrize(
    ("open_requests", "seconds"), [([], 60), ([5] * 10, 60), ([10] * 20, 62), ([0] * 500, 200), ([50] * 100, 1374)]
)
def test_the_pace_follows_the_number_of_calls(open_requests: list[int], seconds: int) -> None:
    assert pace_of(open_requests) == seconds
    assert sum(3 + 2 * number for number in open_requests) / seconds <= CALLS_PER_SECOND
