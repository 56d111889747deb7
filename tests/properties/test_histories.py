"""Any history at a forge, told late, twice, in any order or not at all: the gate is never open wrongly."""

from hypothesis import given, settings

from tests.properties.histories.hub import Hub
from tests.properties.histories.play import Play
from tests.properties.histories.steps import History, histories


def told_in_any_way(history: History) -> None:
    play = Play(lambda town: Hub(town.github))
    try:
        play.play(history)
        play.audit()
    finally:
        play.close()


@settings(max_examples=15)
@given(histories(14))
def test_a_gate_is_never_open_wrongly_however_it_was_told(history: History) -> None:
    told_in_any_way(history)
