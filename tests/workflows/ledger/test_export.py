import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.logs import CASES, ORIGIN, Log, filled
from workflows.ledger.checkpoint import Checkpoint
from workflows.ledger.disclosure import make
from workflows.ledger.errors import Broken
from workflows.ledger.export import ExportScope, export_document, export_text
from workflows.ledger.exportcheck import EXPORT_CHECKS, inspect_export, read_export, verify_export
from workflows.ledger.note import Signer
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, NotProven

SIGNER = Signer(ORIGIN, bytes(32))
CASE = CASES[1]


def signed(log: Log) -> str:
    return Checkpoint(ORIGIN, log.frontier.size, log.frontier.root()).sign([SIGNER])


def exported(log: Log, *, withheld: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document about one case of the log, as it is after writing and reading."""
    entries = [entry for entry in log.entries if entry.case == CASE or entry.kind == "ledger.erased"]
    shown = {entry.index for entry in entries}
    rows = [row for row in log.rows() if row.index in shown and row.name not in withheld]
    scope = ExportScope(
        ORIGIN, entries, rows, case=str(CASE), checkpoint=signed(log), extra={"number": "INC-2026-0001"}
    )
    document = read_export(export_text(export_document(scope, log.leaves)))
    assert isinstance(document, dict)
    return document


def with_erasure() -> Log:
    log = filled()
    log.erase((3, "title"))
    return log


def found(document: object) -> set[tuple[Check, int | None]]:
    return {(finding.check, finding.index) for finding in verify_export(document)}


def test_a_case_with_its_proofs_verifies_without_the_log() -> None:
    report = inspect_export(exported(with_erasure()), verifiers=[SIGNER.verifier])
    assert report.intact, report.findings
    assert dict(report.counts) == dict.fromkeys(EXPORT_CHECKS, 0)
    assert (report.disclosed, report.erased, report.withheld) == (13, 1, 0)
    assert report.not_proven == (NotProven.CONTENT, NotProven.CASE_COMPLETE)


def test_the_same_input_gives_the_same_text() -> None:
    assert export_text(exported(filled())) == export_text(exported(filled()))


def test_withheld_fields_are_counted() -> None:
    report = inspect_export(exported(with_erasure(), withheld=("text",)))
    assert report.intact
    assert report.withheld == 7
    assert {NotProven.WITHHELD, NotProven.NO_CHECKPOINT} <= set(report.not_proven)


def test_a_receipt_is_compared() -> None:
    log = filled()
    document = exported(log)
    mine, other = Receipt(3, log.leaves[3]), Receipt(3, log.leaves[5])
    assert inspect_export(document, receipts=[mine]).intact
    for wrong in (other, Receipt(2, log.leaves[2])):
        findings = inspect_export(document, receipts=[wrong]).findings
        assert [(finding.check, finding.index) for finding in findings] == [(Check.RECEIPTS, wrong.index)]


def put(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update({key: value})


def put_in_entry(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["entries"][1].update({key: value})


def replace_in_body(document: dict[str, Any]) -> None:
    entry = document["entries"][1]
    entry["body"] = entry["body"].replace('"slack"', '"cli"')


TAMPERINGS: dict[str, tuple[Callable[[dict[str, Any]], object], set[tuple[Check, int | None]]]] = {
    "body edited": (replace_in_body, {(Check.PROOFS, 3)}),
    "entry left out": (lambda document: document["entries"].pop(1), {(Check.CASE_SEQ, 5)}),
    "first entry left out": (lambda document: document["entries"].pop(0), {(Check.CASE_SEQ, 3)}),
    "all entries left out": (put("entries", []), {(Check.CASE_SEQ, None)}),
    "proof cut": (lambda document: document["entries"][1]["proof"].pop(), {(Check.PROOFS, 3)}),
    "proof of another": (
        lambda document: document["entries"][1].update(proof=document["entries"][2]["proof"]),
        {(Check.PROOFS, 3)},
    ),
    "another index": (put_in_entry("index", 2), {(Check.PROOFS, 2), (Check.DISCLOSURES, 2)}),
    "disclosure edited": (
        lambda document: document["entries"][0]["disclosures"].update(text=make(bytes(16), "text", "x")),
        {(Check.DISCLOSURES, 1)},
    ),
    "disclosure broken": (
        lambda document: document["entries"][0]["disclosures"].update(text="Ä"),
        {(Check.DISCLOSURES, 1)},
    ),
    "disclosure silently gone": (
        lambda document: document["entries"][0]["disclosures"].update(text=None),
        {(Check.DISCLOSURES, 1)},
    ),
    "disclosure added": (
        lambda document: document["entries"][0]["disclosures"].update(more="x"),
        {(Check.DISCLOSURES, 1)},
    ),
    "erasing entry left out": (lambda document: document["entries"].pop(), {(Check.DISCLOSURES, 3)}),
    "another case": (put("case", str(CASES[0])), {(Check.CASE_SEQ, None)}),
    "entries reversed": (lambda document: document["entries"].reverse(), {(Check.FORM, None)}),
    "entry doubled": (
        lambda document: document["entries"].insert(0, document["entries"][0]),
        {(Check.FORM, None)},
    ),
    "a key more": (put("note", "x"), {(Check.FORM, None)}),
    "no key": (lambda document: document.pop("root"), {(Check.FORM, None)}),
    "another format": (put("format", "other/1"), {(Check.FORM, None)}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(name: str) -> None:
    tamper, expected = TAMPERINGS[name]
    document = exported(with_erasure())
    assert not found(document)
    tamper(document)
    assert found(document) == expected


@pytest.mark.parametrize(("key", "value"), [("origin", "other"), ("size", 14), ("size", 0), ("root", "00" * 32)])
def test_another_head_is_found(key: str, value: object) -> None:
    document = exported(with_erasure())
    document[key] = value
    report = inspect_export(document, verifiers=[SIGNER.verifier])
    assert report.counts[Check.CHECKPOINTS] == 1
    assert NotProven.NO_CHECKPOINT in report.not_proven


def test_a_checkpoint_of_somebody_else_is_found() -> None:
    document = exported(filled())
    stranger = Signer(ORIGIN, bytes(range(32)))
    assert inspect_export(document, verifiers=[SIGNER.verifier]).intact
    assert inspect_export(document, verifiers=[stranger.verifier]).counts[Check.CHECKPOINTS] == 1
    document["checkpoint"] = None
    assert inspect_export(document).intact
    assert inspect_export(document, verifiers=[SIGNER.verifier]).counts[Check.CHECKPOINTS] == 1


TEXT = export_text(exported(with_erasure()))


CHARACTERS = '0aZ"{}[],: \n\\é'


def accepted_though_edited(text: str) -> bool:
    """Whether a document that says something else passes; `extra` says of itself that it proves nothing."""
    original = read_export(TEXT)
    try:
        document = read_export(text)
    except Broken:
        return False
    assert isinstance(original, dict)
    if isinstance(document, dict) and document | {"extra": 0} == original | {"extra": 0}:
        return False
    report = inspect_export(document, verifiers=[SIGNER.verifier])
    return report.intact and not report.withheld


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(CHARACTERS))
def test_no_edited_character_is_accepted(place: int, character: str) -> None:
    assert not accepted_though_edited(TEXT[:place] + character + TEXT[place + 1 :])


@pytest.mark.full
def test_none_of_ten_thousand_mutants_is_accepted() -> None:
    chance = Random(9162)
    lines = TEXT.splitlines(keepends=True)
    for number in range(10_000):
        place, other = chance.randrange(len(TEXT)), chance.randrange(len(TEXT))
        line, target = chance.randrange(len(lines)), chance.randrange(len(lines))
        mutants = (
            TEXT[:place] + chance.choice(CHARACTERS) + TEXT[place + 1 :],
            TEXT[: min(place, other)] + TEXT[max(place, other) :],
            "".join([*lines[:line], *lines[line + 1 :]]),
            "".join([*lines[:target], lines[line], *lines[target:]]),
            TEXT[:place] + TEXT[other : other + 8] + TEXT[place + 8 :],
        )
        assert not accepted_though_edited(mutants[number % len(mutants)]), number


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(exported(filled()))), inner),
)


@given(JUNK, st.sampled_from(sorted(exported(filled()))), st.sampled_from(["index", "body", "proof", "disclosures"]))
def test_checking_anything_raises_nothing(junk: object, key: str, inner: str) -> None:
    assert verify_export(junk)
    inspect_export(exported(filled()) | {key: junk}, verifiers=[SIGNER.verifier])
    document = exported(filled(3))
    document["entries"][0][inner] = junk
    verify_export(document)


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":2}', "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        read_export(text)


def test_the_text_is_readable() -> None:
    assert json.loads(TEXT)["extra"] == {"number": "INC-2026-0001"}
    assert '"index": 3' in TEXT
