"""The verifier keeps up with a log of years: one pass, seconds for 100,000 entries.

Measured in processor time: what other processes do meanwhile says nothing about the verifier.
"""

import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from tests.workflows.ledger.logs import ORIGIN, START, draft
from workflows.ledger.disclosure import digest, make
from workflows.ledger.fields import format_time
from workflows.ledger.merkle import Frontier, Tree, leaf_hash, verify_inclusion
from workflows.ledger.stored import StoredDisclosure, StoredEntry, StoredHead
from workflows.ledger.verify import verify_log, verify_tree


def long_log(size: int) -> tuple[list[StoredEntry], list[StoredDisclosure], StoredHead]:
    """Entries of ten cases with two fields each, written by hand because the log itself is not what is measured."""
    document = json.loads(draft(0, case=UUID(int=1), seq=1, by="p1").to_skeleton(ORIGIN, START).to_bytes())
    entries, rows = [], []
    for index in range(size):
        texts = [make(index.to_bytes(16), name, f"value {index}") for name in ("text", "title")]
        ts, entry_id, case = START + timedelta(milliseconds=index), UUID(int=index), UUID(int=index % 10)
        sd = {"text": digest(texts[0]), "title": digest(texts[1])}
        document |= {"id": str(entry_id), "ts": format_time("ts", ts), "case": str(case), "seq": index // 10 + 1}
        document |= {"_sd": sd, "_sd_alg": "sha-256"}
        body = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
        entries.append(StoredEntry(index, entry_id, ts, "incident.noted", case, index // 10 + 1, body, leaf_hash(body)))
        rows += [StoredDisclosure(index, "text", texts[0]), StoredDisclosure(index, "title", texts[1])]
    frontier = Frontier().extend(entry.leaf for entry in entries)
    return entries, rows, StoredHead(size, frontier.to_bytes(), entries[-1].ts)


def hashing_probe(count: int) -> float:
    """Seconds that this machine needs for some of the least that verifying takes."""
    started = time.thread_time()
    for number in range(count):
        urlsafe_b64encode(sha256(number.to_bytes(500)).digest())
        json.loads('{"a":["b",1,null],"c":{"d":"e"},"f":"0123456789012345678901234567890123456789"}')
    return time.thread_time() - started


@pytest.mark.parametrize("size", [5_000, pytest.param(100_000, marks=pytest.mark.full)])
def test_verifying_takes_seconds_for_a_hundred_thousand_entries(size: int) -> None:
    entries, rows, head = long_log(size)
    probe = hashing_probe(size)
    started = time.thread_time()
    report = verify_log(entries, head, rows)
    seconds = time.thread_time() - started
    assert report.intact, report.findings[:3]
    assert report.disclosed == 2 * size
    # 10 s for 100,000, and on a machine slower than it seems no more than a multiple of what cannot be saved
    assert seconds < max(10 * size / 100_000, 10 * probe)

    started = time.thread_time()
    assert verify_tree(((entry.index, entry.body, entry.leaf) for entry in entries), head).intact
    assert time.thread_time() - started < max(0.5 * size / 100_000, 2 * probe)


def test_the_written_entries_are_real_ones() -> None:
    entries, rows, head = long_log(50)
    assert verify_log(entries, head, rows, deep=True).intact


def test_a_proof_is_quick_once_the_tree_is_built() -> None:
    leaves = [leaf_hash(number.to_bytes(4)) for number in range(20_000)]
    tree = Tree(leaves)
    started = time.thread_time()
    proofs = [tree.inclusion_proof(index) for index in range(0, 20_000, 100)]
    seconds = time.thread_time() - started
    assert seconds / len(proofs) < 0.005
    assert verify_inclusion(leaves[100], 100, 20_000, proofs[1], tree.root())
