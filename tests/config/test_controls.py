"""Ids and titles of the controls."""

import re

from config.controls import CONTROLS


def test_every_control_has_an_id_of_annex_a_and_two_titles() -> None:
    assert len(CONTROLS) == 49
    for key, control in CONTROLS.items():
        assert key == control.id
        assert re.fullmatch(r"A\.[5-8]\.[1-9][0-9]?", key)
        assert control.title("en")
        assert control.title("de-DE") == control.title_de
    numbers = [tuple(map(int, key[2:].split("."))) for key in CONTROLS]
    assert numbers == sorted(numbers)
