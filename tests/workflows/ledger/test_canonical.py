import json
from contextlib import suppress
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.vectors import vectors
from workflows.ledger.canonical import BIGGEST_INTEGER, canonical, is_canonical, parse, parse_value
from workflows.ledger.errors import Broken

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-BIGGEST_INTEGER, BIGGEST_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["arrays", "french", "unicode", "weird"])
def test_jcs_vectors(name: str) -> None:
    case = vectors("rfc8785-jcs.json")["cases"][name]
    assert canonical(json.loads(case["input"])) == bytes.fromhex(case["outhex"].replace("\n", " "))


@pytest.mark.parametrize("name", ["structures", "values"])
def test_jcs_vectors_with_floats_are_refused(name: str) -> None:
    case = vectors("rfc8785-jcs.json")["cases"][name]
    with pytest.raises(Broken):
        canonical(json.loads(case["input"]))
    with pytest.raises(Broken):
        parse_value(case["input"].encode())


@given(VALUES)
def test_canonical_is_idempotent_and_what_the_standard_says(value: Any) -> None:
    body = canonical(value)
    assert parse_value(body) == value
    assert canonical(parse_value(body)) == body == rfc8785.dumps(value)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.randoms())
def test_order_and_white_space_do_not_matter(value: dict[str, Any], chance: Any) -> None:
    pairs = list(value.items())
    chance.shuffle(pairs)
    loose = json.dumps(dict(pairs), indent=chance.choice([None, 1, 4])).encode()
    assert canonical(parse(loose)) == canonical(value)
    assert is_canonical(parse(loose), loose) == (loose == canonical(value))
    assert is_canonical(value, canonical(value))


@pytest.mark.parametrize(
    "value",
    [1.0, -0.0, float("nan"), 2**53, -(2**53), (1, 2), b"x", {1: 2}, "\ud800", {"\udfff": 1}, [{"a": 0.5}], {1, 2}],
)
def test_what_two_readers_could_read_differently_is_refused(value: Any) -> None:
    with pytest.raises(Broken, match=r"expected .* found"):
        canonical(value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"b":{"a":1,"a":2}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b"[1]",
        b'{"a":1} x',
        b"",
        b"\xef\xbb\xbf{}",
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
    ],
)
def test_reading_refuses(body: bytes) -> None:
    with pytest.raises(Broken):
        parse(body)


@given(st.binary(max_size=60))
def test_reading_anything_raises_nothing_else(body: bytes) -> None:
    with suppress(Broken):
        assert isinstance(parse(body), dict)
