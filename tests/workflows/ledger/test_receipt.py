import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ledger.errors import Broken
from workflows.ledger.receipt import Receipt

LEAF = bytes.fromhex("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")


def test_a_receipt_reads_well() -> None:
    assert str(Receipt(1234, LEAF)) == "#1234·HFNKAZFKJQU7OAIK"
    assert Receipt.parse(" #1234·hfnkazfkjqu7oaik\n") == Receipt(1234, LEAF)


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.integers(0, 79))
def test_parsing_is_the_inverse_of_printing(index: int, leaf: bytes, bit: int) -> None:
    receipt = Receipt(index, leaf)
    assert Receipt.parse(str(receipt)) == receipt
    assert receipt.matches(leaf)
    bent = (int.from_bytes(leaf) ^ (1 << (255 - bit))).to_bytes(32)
    assert not receipt.matches(bent)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234·HFNKAZFKJQU7OAIK",
        "#1234",
        "#01·HFNKAZFKJQU7OAIK",
        "#1·HFNKAZFKJQU7OAI",
        "#1·HFNKAZFKJQU7OAI1",
        "#-1·" + "A" * 16,
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(Broken, match="expected #index·16 base32 characters"):
        Receipt.parse(text)


def test_a_receipt_needs_an_index_and_a_leaf() -> None:
    with pytest.raises(Broken):
        Receipt(-1, LEAF)
    with pytest.raises(Broken):
        Receipt(0, LEAF[:9])
