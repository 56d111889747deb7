from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.vectors import vectors
from workflows.ledger.note import MOST_BYTES, NoteError, Signer, Verifier, open_note, parse_note, sign_note

TEXT = "log.example/wachbuch\n5\nAAAA\n"
SIGNER = Signer("log.example/wachbuch", bytes(range(32)))
OTHER = Signer("witness.example", bytes(32))


def cases() -> list[Any]:
    found: list[Any] = vectors("signed-note.json")["cases"]
    return found


@pytest.mark.parametrize("number", range(12))
def test_signed_note_vectors(number: int) -> None:
    case = cases()[number]
    verifiers = [Verifier.parse(text) for text in case["vkeys"]]
    if case["expect"] == "ok":
        note = open_note(case["note"], verifiers)
        assert (len(note.verified), len(note.unverified)) == (case["verified"], case["unverified"])
    else:
        with pytest.raises(NoteError, match=r"expected .* found"):
            open_note(case["note"], verifiers)


def test_all_vectors_are_run() -> None:
    assert len(cases()) == 12


@pytest.mark.parametrize("number", range(2))
def test_bad_keys_of_the_vectors_are_refused(number: int) -> None:
    with pytest.raises(NoteError):
        Verifier.parse(vectors("signed-note.json")["bad_vkeys"][number])


def test_invalid_utf8_of_the_vectors_is_refused() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        open_note(b64decode(vectors("signed-note.json")["invalid_utf8_note_b64"]), [])


def test_a_signed_note_opens_with_its_key_only() -> None:
    message = sign_note(TEXT, [SIGNER])
    note = open_note(message, [SIGNER.verifier, OTHER.verifier])
    assert note.text == TEXT
    assert [signature.name for signature in note.verified] == [SIGNER.name]
    with pytest.raises(NoteError, match="a signature by one of"):
        open_note(message, [OTHER.verifier])
    impostor = Signer(SIGNER.name, bytes(32))
    with pytest.raises(NoteError):
        open_note(message, [impostor.verifier])


def test_a_witness_adds_its_signature() -> None:
    first = open_note(sign_note(TEXT, [SIGNER]), [SIGNER.verifier])
    both = sign_note(first.text, [OTHER], keep=first.verified)
    assert len(open_note(both, [SIGNER.verifier, OTHER.verifier]).verified) == 2
    assert len(open_note(both, [SIGNER.verifier]).unverified) == 1


def test_a_repeated_signature_counts_once() -> None:
    first = open_note(sign_note(TEXT, [SIGNER]), [SIGNER.verifier])
    twice = sign_note(TEXT, [SIGNER], keep=first.verified)
    assert len(open_note(twice, [SIGNER.verifier]).verified) == 1


def test_keys_are_written_and_read() -> None:
    assert Verifier.parse(str(SIGNER.verifier)) == SIGNER.verifier
    assert Signer.parse(SIGNER.export()) == SIGNER


def test_a_private_key_is_never_shown() -> None:
    secret = SIGNER.export().rpartition("+")[2]
    assert secret not in repr(SIGNER)
    assert repr(SIGNER.seed) not in repr(SIGNER)
    for broken in (
        SIGNER.export()[:-2],
        SIGNER.export().replace("PRIVATE", "SECRET"),
        SIGNER.export().replace("+", "-"),
    ):
        with pytest.raises(NoteError) as refused:
            Signer.parse(broken)
        assert secret[:10] not in str(refused.value)


def test_a_key_whose_id_does_not_fit_is_refused() -> None:
    name, key_id, key = str(SIGNER.verifier).split("+", 2)
    wrong = f"{name}+{int(key_id, 16) ^ 1:08x}+{key}"
    with pytest.raises(NoteError, match=f"expected key id {key_id}"):
        Verifier.parse(wrong)
    with pytest.raises(NoteError, match="key id"):
        Signer.parse(SIGNER.export().replace(key_id, f"{int(key_id, 16) ^ 1:08x}"))


def test_a_key_given_twice_is_one_key() -> None:
    message = sign_note(TEXT, [SIGNER])
    assert len(open_note(message, [SIGNER.verifier, SIGNER.verifier]).verified) == 1


@pytest.mark.parametrize(
    "text", ["no newline", "tab\t\n", "", "nul\0\n", "cr\r\n", "\ud800\n", "x" * MOST_BYTES + "\n"]
)
def test_a_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, [SIGNER])


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u2003b"])
def test_a_name_with_blank_or_plus_does_not_sign(name: str) -> None:
    with pytest.raises(NoteError):
        sign_note(TEXT, [Signer(name, bytes(32))])


def test_there_is_one_spelling_of_a_signature() -> None:
    message = sign_note(TEXT, [SIGNER])
    assert message.endswith("=\n")
    loose = message[:-3] + chr(ord(message[-3]) + 1) + "=\n"
    assert b64decode(loose.split(" ")[-1]) == b64decode(message.split(" ")[-1])
    with pytest.raises(NoteError, match="canonical spelling"):
        open_note(loose, [SIGNER.verifier])


@given(st.integers(0, len(sign_note(TEXT, [SIGNER]).encode()) - 1), st.integers(0, 7))
def test_a_note_with_any_bit_flipped_is_refused(place: int, bit: int) -> None:
    message = bytearray(sign_note(TEXT, [SIGNER]).encode())
    message[place] ^= 1 << bit
    with pytest.raises(NoteError):
        open_note(bytes(message), [SIGNER.verifier])


ALPHABET = st.text(st.sampled_from("\n— +=aA0\x01\ud800é"), max_size=80)


@given(ALPHABET | st.text() | st.binary() | st.tuples(st.just(TEXT + "\n— "), ALPHABET).map("".join))
def test_reading_anything_raises_nothing_else(message: str | bytes) -> None:
    with suppress(NoteError):
        parse_note(message)
    with suppress(NoteError):
        open_note(message, [SIGNER.verifier])
    with suppress(NoteError):
        Verifier.parse(str(message))
    with suppress(NoteError):
        Signer.parse(str(message))


@given(st.binary(max_size=80))
def test_any_key_bytes_raise_nothing_else(key: bytes) -> None:
    vkey = f"{SIGNER.name}+00000000+{b64encode(key).decode()}"
    with pytest.raises(NoteError):
        Verifier.parse(vkey)


def test_bytes_that_are_no_point_of_the_curve_verify_nothing() -> None:
    assert not Verifier("x", b"\xff" * 32).verifies(TEXT, b"\0" * 64)
    assert not SIGNER.verifier.verifies(TEXT, b"short")
