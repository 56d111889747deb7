from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ledger.checkpoint import Checkpoint
from workflows.ledger.errors import Broken
from workflows.ledger.note import Signer, open_note, sign_note

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint("log.example/wachbuch", 1234, ROOT)
SIGNER = Signer(CHECKPOINT.origin, bytes(32))
WITNESS = Signer("witness.example", bytes(range(32)))


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.to_text() == f"log.example/wachbuch\n1234\n{b64encode(ROOT).decode()}\n"


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32))
def test_reading_is_the_inverse_of_writing(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("a", size, root)
    assert Checkpoint.parse(checkpoint.to_text()) == checkpoint
    assert Checkpoint.parse(checkpoint.to_text() + "an extension\n") == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        CHECKPOINT.to_text()[:-1],
        CHECKPOINT.to_text() + "\n",
        CHECKPOINT.to_text().replace("1234", "01234"),
        CHECKPOINT.to_text().replace("1234", "-1"),
        CHECKPOINT.to_text().replace("1234", "\uff11"),
        CHECKPOINT.to_text().replace("AAEC", "AAE"),
        CHECKPOINT.to_text().replace("AAEC", "AAECAAEC"),
        CHECKPOINT.to_text().replace("AAEC", "ä"),
        "\n" + CHECKPOINT.to_text(),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Broken, match="expected"):
        Checkpoint.parse(text)


@pytest.mark.parametrize("values", [("", 1, ROOT), ("a\nb", 1, ROOT), ("a", -1, ROOT), ("a", 1, ROOT[:31])])
def test_no_broken_checkpoint_is_built(values: tuple[str, int, bytes]) -> None:
    with pytest.raises(Broken):
        Checkpoint(*values)


def test_a_signed_checkpoint_opens_with_the_key_of_its_log() -> None:
    note = CHECKPOINT.sign([SIGNER])
    assert Checkpoint.open(note, [SIGNER.verifier]) == CHECKPOINT
    cosigned = sign_note(CHECKPOINT.to_text(), [WITNESS], keep=open_note(note, [SIGNER.verifier]).verified)
    assert Checkpoint.open(cosigned, [SIGNER.verifier, WITNESS.verifier]) == CHECKPOINT
    with pytest.raises(Broken, match="a signature by log"):
        Checkpoint.open(cosigned, [WITNESS.verifier])


@given(st.text())
def test_reading_anything_raises_nothing_else(text: str) -> None:
    with pytest.raises(Broken):
        Checkpoint.parse(text)
