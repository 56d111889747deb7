"""Scalars mean what a reader of the file expects, and nothing that YAML 1.1 made of them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config.policy.reading import read, scalar

ONCE_SOMETHING_ELSE = (
    *("no", "yes", "on", "off", "y", "N", "True", "NULL", "22:30", "1:30:00", "2026-12-24", "2026-12-24T10:00:00Z"),
    *("0123", "0x1f", "0b1", "1_000", "+1", "-0", "1.5", "1e3", ".inf", ".nan", "=", "<<", "1.", "٣", "1" + "0" * 19),
)


def value_of(text: str) -> object:
    tree, faults = read("a.yaml", f"key: {text}\n".encode())
    assert tree is not None, faults
    plain = tree.plain()
    assert isinstance(plain, dict)
    return plain["key"]


@pytest.mark.parametrize("text", ONCE_SOMETHING_ELSE)
def test_what_yaml_once_changed_stays_text(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7), ("15", 15)],
)
def test_the_few_words_that_mean_something(text: str, value: object) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["true", "null", "15", "~", ""])
def test_quotes_make_text(text: str) -> None:
    assert value_of(f"'{text}'") == text
    assert value_of(f'"{text}"') == text


def test_an_empty_file_is_an_empty_map() -> None:
    for content in (b"", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf"):
        tree, faults = read("a.yaml", content)
        assert (tree.plain() if tree else None, faults) == ({}, ())


@given(st.integers(-(10**17), 10**17))
def test_every_decimal_number_is_a_number(number: int) -> None:
    assert scalar(str(number)) == number


@given(st.text(max_size=30))
def test_unquoted_text_is_itself_or_one_of_the_few_words(text: str) -> None:
    found = scalar(text)
    assert found == text or str(found) == text or text in {"true", "false", "null", "~", ""}


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=20)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_what_a_yaml_writer_quotes_is_read_back(value: object) -> None:
    """PyYAML quotes whatever YAML 1.1 would misread, so everything it writes must come back as it was."""
    written = yaml.safe_dump({"key": value})
    tree, faults = read("a.yaml", written.encode())
    assert not [fault for fault in faults if fault.code != "alias"]
    if not faults:
        assert tree is not None
        assert tree.plain() == {"key": value}


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    tree, faults = read("a.yaml", content)
    assert tree is not None or faults


@given(st.text(alphabet="ab:-[]{}&*!? \n\"'#|>,", max_size=60))
def test_no_punctuation_makes_the_reader_fail(text: str) -> None:
    tree, faults = read("a.yaml", text.encode())
    assert tree is not None or faults
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)
