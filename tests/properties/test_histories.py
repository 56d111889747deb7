"""Any history at a forge, told late, twice, in any order or not at all.

The gate never stands open against what could be known, and in the end it stands as for somebody who reads it all anew.
"""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from hypothesis import given, settings

from tests.properties.histories.anew import differences, seen_anew
from tests.properties.histories.hub import Hub
from tests.properties.histories.lab import Lab
from tests.properties.histories.play import Play
from tests.properties.histories.side import Side
from tests.properties.histories.steps import History, histories
from tests.properties.town import Town

FORGES: Final[Mapping[str, Callable[[Town, History], Side]]] = {
    "github": lambda town, _: Hub(town.github),
    "gitlab": lambda town, history: Lab(town.gitlab, free=history.seed % 2 == 0),
}
QUICK, LARGE = settings(max_examples=1), settings(max_examples=60)


def lived_through(forge: str, history: History) -> None:
    """Play it; on the way `Play.check` looks at the gate whenever the service rests."""
    play = Play(lambda town: FORGES[forge](town, history))
    try:
        play.play(history)
        play.check_end()
        play.audit()
        anew = seen_anew(play)
        found = {number: differences(play, number, anew[number]) for number in play.side.requests}
        assert not any(found.values()), found
    finally:
        play.close()


@pytest.mark.parametrize("forge", FORGES)
@QUICK
@given(history=histories(10))
def test_however_it_is_told_the_verdict_is_the_same(forge: str, history: History) -> None:
    lived_through(forge, history)


@pytest.mark.full
@pytest.mark.parametrize("forge", FORGES)
@LARGE
@given(history=histories(30))
def test_however_long_it_is_told_the_verdict_is_the_same(forge: str, history: History) -> None:
    lived_through(forge, history)
