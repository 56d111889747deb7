from base64 import urlsafe_b64decode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.test_canonical import TEXTS, VALUES
from tests.workflows.ledger.vectors import vectors
from workflows.ledger.canonical import Json
from workflows.ledger.disclosure import digest, make, open_disclosure
from workflows.ledger.errors import Broken

SALT = bytes(range(16))


def test_rfc_9901_example() -> None:
    case = vectors("rfc9901-disclosure.json")["cases"][0]
    opened = open_disclosure(case["disclosure_b64url"])
    assert (opened.name, opened.value) == (case["name"], case["value"])
    assert opened.salt == urlsafe_b64decode(case["salt"] + "=")
    assert digest(case["disclosure_b64url"]) == case["sha256_b64url"]


@given(st.binary(min_size=16, max_size=40), TEXTS, VALUES)
def test_opening_is_the_inverse_of_making(salt: bytes, name: str, value: Json) -> None:
    opened = open_disclosure(make(salt, name, value))
    assert (opened.salt, opened.name, opened.value) == (salt, name, value)


def test_salt_name_and_value_all_count() -> None:
    texts = {make(SALT, "a", "x"), make(bytes(16), "a", "x"), make(SALT, "b", "x"), make(SALT, "a", "y")}
    assert len({digest(text) for text in texts}) == 4


@pytest.mark.parametrize("value", [1.5, "\ud800", {1: 2}, b"x"])
def test_what_is_no_json_is_not_disclosed(value: Json) -> None:
    with pytest.raises(Broken):
        make(SALT, "a", value)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(Broken, match="at least 16 bytes, found 15"):
        make(SALT[:15], "a", "x")


@pytest.mark.parametrize(
    "text", ["", "ä", "!!!!", make(SALT, "a", "x") + "=", "WzFd", "W10", make(SALT, "a", 1) + "\n"]
)
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        open_disclosure(text)


@given(st.text())
def test_opening_anything_raises_nothing_else(text: str) -> None:
    for read in (open_disclosure, digest):
        with suppress(Broken):
            read(text)
