"""What people typed stays text, in every place that a report has for it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.reports.structure import PIECES, clickable, structure
from workflows.reports import markdown as md

TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join) | st.text(max_size=40)
PLACES: dict[str, Callable[[str], list[str]]] = {
    "heading": lambda text: md.heading(2, f"a {text}"),
    "fact": lambda text: [md.fact(text, text), md.fact(text, text)],
    "item": lambda text: [md.item(text), md.under(text, text), md.item(text)],
    "quote": lambda text: ["above", "", *md.quote(text), "", *md.quote(f"a\n{text}\nb"), "", "below"],
    "table": lambda text: ["", *md.table((text, "b"), [(text, text), ("a", text)])],
}


@pytest.mark.parametrize("place", PLACES)
@given(text=TEXTS)
def test_any_text_stays_text(place: str, text: str) -> None:
    made = "\n".join(PLACES[place](text))
    assert structure(made) == structure("\n".join(PLACES[place]("x")))
    assert not clickable(made)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_at_the_beginning_between_and_alone_on_its_line(place: str, piece: str) -> None:
    for text in (piece, f"{piece}a", f"a{piece}b", f"a\n{piece}", f"a\n{piece}\nb", f"a\n{piece} {piece}"):
        made = "\n".join(PLACES[place](text))
        assert structure(made) == structure("\n".join(PLACES[place]("x"))), repr(text)


def test_code_is_copied_as_it_is() -> None:
    assert md.item("Receipt", md.Code("#2·AB_CD")) == "- Receipt · `#2·AB_CD`"
