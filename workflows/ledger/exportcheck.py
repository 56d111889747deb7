"""What an auditor runs on an export: no database, nothing but the document and, better, a key from elsewhere."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workflows.ledger.checkpoint import Checkpoint
from workflows.ledger.disclosure import digest, open_disclosure
from workflows.ledger.errors import Broken, refuse
from workflows.ledger.export import FORMAT
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from workflows.ledger.note import Verifier
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, Finding, Findings, LogReport, NotProven
from workflows.ledger.skeleton import FIRST_SEQ, Skeleton

EXPORT_CHECKS: Final = (
    Check.FORM,
    Check.CHECKPOINTS,
    Check.PROOFS,
    Check.BODIES,
    Check.ORIGIN,
    Check.TIMESTAMPS,
    Check.CASE_SEQ,
    Check.DISCLOSURES,
    Check.ERASURES,
    Check.RECEIPTS,
)
_DOCUMENT_KEYS: Final = {"format", "origin", "case", "size", "root", "checkpoint", "entries", "extra"}
_ENTRY_KEYS: Final = {"index", "body", "proof", "disclosures"}


@dataclass(frozen=True, slots=True)
class _Entry:
    index: int
    body: bytes
    proof: tuple[bytes, ...]
    disclosures: Mapping[str, str | None]
    skeleton: Skeleton | None


@dataclass(frozen=True, slots=True)
class _Document:
    origin: str
    case: str | None
    size: int
    root: bytes
    checkpoint: str | None
    entries: tuple[_Entry, ...]


def verify_export(document: object) -> tuple[Finding, ...]:
    """All contradictions in an export, taken by itself; empty when it is consistent. Never raises."""
    return inspect_export(document).findings


def inspect_export(
    document: object, *, verifiers: Sequence[Verifier] = (), receipts: Sequence[Receipt] = ()
) -> LogReport:
    """The report on an export (a parsed JSON value).

    With `verifiers` (keys the auditor has from elsewhere) the document's checkpoint must be signed by one of them.
    """
    findings = Findings()
    try:
        read = _read(document, findings)
    except Broken as error:
        findings.add(Check.FORM, None, f"{error.what}: {error.expected}", error.found)
        return LogReport(0, b"", tuple(findings.kept), findings.over(EXPORT_CHECKS), tuple(NotProven))
    anchored = _check_checkpoint(read, verifiers, findings)
    _check_proofs(read, findings)
    _check_order(read, findings)
    disclosed, erased, withheld = _check_fields(read, findings)
    _check_receipts(read, receipts, findings)
    open_points = [NotProven.CONTENT, NotProven.CASE_COMPLETE]
    open_points += [] if anchored else [NotProven.NO_CHECKPOINT]
    open_points += [NotProven.WITHHELD] if withheld else []
    return LogReport(
        size=read.size,
        root=read.root,
        findings=tuple(findings.kept),
        counts=findings.over(EXPORT_CHECKS),
        not_proven=tuple(open_points),
        disclosed=disclosed,
        erased=erased,
        withheld=withheld,
    )


def _check_checkpoint(read: _Document, verifiers: Sequence[Verifier], findings: Findings) -> bool:
    """Whether a key from elsewhere vouches for the root."""
    if not verifiers:
        return False
    if read.checkpoint is None:
        findings.add(Check.CHECKPOINTS, None, "a signed checkpoint", "none")
        return False
    try:
        checkpoint = Checkpoint.open(read.checkpoint, verifiers)
    except Broken as error:
        findings.add(Check.CHECKPOINTS, None, f"{error.what}: {error.expected}", error.found)
        return False
    if checkpoint != Checkpoint(read.origin, read.size, read.root):
        findings.add(Check.CHECKPOINTS, None, checkpoint, f"{read.origin}, {read.size}, {read.root.hex()}")
        return False
    return True


def _check_proofs(read: _Document, findings: Findings) -> None:
    for entry in read.entries:
        if not verify_inclusion(leaf_hash(entry.body), entry.index, read.size, entry.proof, read.root):
            found = "a proof that does not verify"
            findings.add(Check.PROOFS, entry.index, f"entry {entry.index} of {read.size} under the root", found)


def _check_order(read: _Document, findings: Findings) -> None:
    """Origin, times and the gap-free count of each case; a document about one case must hold that case from 1."""
    last: Skeleton | None = None
    seqs: dict[str, int] = {read.case: FIRST_SEQ - 1} if read.case else {}
    for entry in read.entries:
        skeleton = entry.skeleton
        if skeleton is None:
            continue
        if skeleton.origin != read.origin:
            findings.add(Check.ORIGIN, entry.index, read.origin, skeleton.origin)
        if last and skeleton.ts < last.ts:
            findings.add(Check.TIMESTAMPS, entry.index, f"not before {last.ts}", skeleton.ts)
        last = skeleton
        case, seq = str(skeleton.case), skeleton.seq
        if skeleton.case is None or seq is None or (read.case and case != read.case):
            continue
        if case in seqs and seq != seqs[case] + 1:
            findings.add(Check.CASE_SEQ, entry.index, f"{seqs[case] + 1} in case {case}", seq)
        seqs[case] = seq
    if read.case and seqs[read.case] < FIRST_SEQ:
        findings.add(Check.CASE_SEQ, None, f"entries of case {read.case}", "none")


def _check_fields(read: _Document, findings: Findings) -> tuple[int, int, int]:
    """Counts of disclosed, erased and withheld fields."""
    erasures = _erasures(read, findings)
    disclosed = erased = withheld = 0
    for entry in read.entries:
        digests = entry.skeleton.sd if entry.skeleton else {}
        withheld += len(digests.keys() - entry.disclosures.keys())
        for name, disclosure in entry.disclosures.items():
            if name not in digests:
                findings.add(Check.DISCLOSURES, entry.index, "only fields that the entry names", name)
            elif disclosure is not None:
                disclosed += 1
                _check_disclosure(entry.index, name, disclosure, digests[name], findings)
            elif (entry.index, name) in erasures:
                erased += 1
            else:
                found = "gone without a record"
                findings.add(Check.DISCLOSURES, entry.index, f"{name} disclosed, or erased by a later entry", found)
        for name, disclosure in entry.disclosures.items():
            if disclosure is not None and (entry.index, name) in erasures:
                findings.add(Check.ERASURES, entry.index, f"{name} erased", "still there")
    return disclosed, erased, withheld


def _check_disclosure(index: int, name: str, disclosure: str, expected: str, findings: Findings) -> None:
    try:
        found, opened = digest(disclosure), open_disclosure(disclosure)
    except Broken as error:
        findings.add(Check.DISCLOSURES, index, f"{name}: {error.expected}", error.found)
        return
    if found != expected or opened.name != name:
        findings.add(Check.DISCLOSURES, index, f"{name}: {expected}", f"{opened.name}: {found}")


def _erasures(read: _Document, findings: Findings) -> set[tuple[int, str]]:
    """The fields that entries of this document erased."""
    targets: set[tuple[int, str]] = set()
    for entry in read.entries:
        if entry.skeleton is None or entry.skeleton.kind is not EntryKind.LEDGER_ERASED:
            continue
        pairs = entry.skeleton.data.get("targets")
        for pair in pairs if isinstance(pairs, list) else [pairs]:
            match pair:
                case [int(index), str(name)] if 0 <= index < entry.index:
                    targets.add((index, name))
                case _:
                    findings.add(Check.ERASURES, entry.index, "[index of an earlier entry, field name]", pair)
    return targets


def _check_receipts(read: _Document, receipts: Sequence[Receipt], findings: Findings) -> None:
    leaves = {entry.index: leaf_hash(entry.body) for entry in read.entries}
    for receipt in receipts:
        leaf = leaves.get(receipt.index)
        if leaf is None:
            findings.add(Check.RECEIPTS, receipt.index, receipt, "no such entry in this export")
        elif not receipt.matches(leaf):
            findings.add(Check.RECEIPTS, receipt.index, receipt, Receipt(receipt.index, leaf))


def _read(document: object, findings: Findings) -> _Document:
    outer = _object("export", document, _DOCUMENT_KEYS)
    if outer["format"] != FORMAT:
        refuse("format", FORMAT, outer["format"])
    entries = [_read_entry(element, findings) for element in _list("entries", outer["entries"])]
    indices = [entry.index for entry in entries]
    if indices != sorted(set(indices)):
        refuse("entries", "each index once, in order", indices)
    return _Document(
        origin=_text("origin", outer["origin"]),
        case=None if outer["case"] is None else _text("case", outer["case"]),
        size=_number("size", outer["size"]),
        root=_hash("root", outer["root"]),
        checkpoint=None if outer["checkpoint"] is None else _text("checkpoint", outer["checkpoint"]),
        entries=tuple(entries),
    )


def _read_entry(element: object, findings: Findings) -> _Entry:
    outer = _object("entry", element, _ENTRY_KEYS)
    index = _number("index", outer["index"])
    disclosures = outer["disclosures"]
    if not isinstance(disclosures, dict):
        refuse("disclosures", "an object", disclosures)
    fields = {str(k): None if v is None else _text("disclosure", v) for k, v in disclosures.items()}
    proof = tuple(_hash("proof", step) for step in _list("proof", outer["proof"]))
    body = _bytes(_text("body", outer["body"]))
    try:
        skeleton = Skeleton.from_bytes(body)
    except Broken as error:
        findings.add(Check.BODIES, index, f"{error.what}: {error.expected}", error.found)
        skeleton = None
    return _Entry(index, body, proof, fields, skeleton)


def _object(what: str, value: object, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        refuse(what, f"an object with {sorted(keys)}", sorted(map(str, value)) if isinstance(value, dict) else value)
    return value


def _list(what: str, value: object) -> list[Any]:
    return value if isinstance(value, list) else refuse(what, "a list", value)


def _text(what: str, value: object) -> str:
    return value if isinstance(value, str) else refuse(what, "a string", value)


def _number(what: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        refuse(what, "a whole number from 0", value)
    return value


def _hash(what: str, value: object) -> bytes:
    text = _text(what, value)
    try:
        found = bytes.fromhex(text)
    except ValueError as error:
        raise Broken(what, "hex", text) from error
    if len(found) != HASH_BYTES or found.hex() != text:
        refuse(what, f"{HASH_BYTES} bytes in lower-case hex", text)
    return found


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Broken("body", "Unicode without lone surrogates", str(error)) from error


def read_export(text: str) -> object:
    """The document of a file. Broken when it is no JSON or says anything twice."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Broken("export", "JSON", str(error)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        refuse("export", "each key once", [key for key, _ in pairs])
    return found
