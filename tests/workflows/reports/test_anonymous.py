"""Nobody is named, however people write."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.policy.loader import load_texts
from tests.office import POLICY
from workflows.events import ERASED
from workflows.reports.anonymous import NO_NAMES, Anonymiser, names_of

CLEAN = Anonymiser(names_of(load_texts({"policy.yaml": POLICY.encode()}).policy, ()), "[x]")
LETTERS = st.characters(whitelist_categories=("Lu", "Ll"), max_codepoint=0x17F)
PARTS = st.text(LETTERS, min_size=2, max_size=12).map(str.title)
NAMES = st.lists(PARTS, min_size=2, max_size=3).map(" ".join)
AROUND = st.text(st.sampled_from("abcdefgh .,;!?\n"), max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "Jana Kowalski", "jana", "KOWALSKI", "Janas", "Jana's", "Jana’s", "Kowalskis", "Petra Meier-Schmidt", "Meier",
        "Schmidt", "Meier-Schmidt", "Dora Däubler", "Daeubler", "Daubler", "Däubler", "Da\u0308ubler", "Weiss", "Weiß",
        "Weiß'", "Li", "petra-dev", "U0JANA", "<@U0JANA>", "<@U0JANA|jana>", "<@W999ABC>", "@jana", "@someone.else",
        "jana.k@example.org", "a+b@mail.example.org", "dev@localhost",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "Then {} called.", "({})", "“{}”", "x\n{}\ny"])
def test_names_in_any_spelling_are_gone(text: str, around: str) -> None:
    assert CLEAN(around.format(text)) == around.format("[x]")


@pytest.mark.parametrize(
    "text",
    ["Liste der Maßnahmen", "root cause", "the admin panel", "meierei", "npm i @babel/core", "li", "Tomate", "5 @ 10"],
)  # fmt: skip
def test_other_words_stay(text: str) -> None:
    assert CLEAN(text) == text


def test_what_was_erased_is_empty() -> None:
    assert [CLEAN(ERASED), CLEAN(None), CLEAN("")] == ["", "", ""]


@given(NAMES, AROUND, AROUND)
def test_no_name_and_no_part_of_one_is_left_over(name: str, before: str, after: str) -> None:
    parts = [unicodedata.normalize("NFC", part) for part in (name, *name.split())]
    assume(not {part.casefold() for part in parts} & NO_NAMES)
    clean = Anonymiser([name], "·")
    for part in parts:
        words = clean(f"{before} {part} {after}").replace("·", " ").split()
        assert part not in words
        assert part.lower() not in words or len(part) == 2


@given(st.text(max_size=80), NAMES)
def test_a_placeholder_with_backslashes_does_no_harm(text: str, name: str) -> None:
    assert isinstance(Anonymiser([name], r"\1\g<9>")(f"{text} {name}"), str)


def test_without_names_texts_stay_as_they_are() -> None:
    assert Anonymiser([], "[x]")("Nothing to hide") == "Nothing to hide"
