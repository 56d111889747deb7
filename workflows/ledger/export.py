"""The export of a case or a range: its entries with proofs, as one JSON document that needs no database to check."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workflows.ledger.canonical import Json
from workflows.ledger.merkle import proof_bundle
from workflows.ledger.stored import StoredDisclosure, StoredEntry

FORMAT: Final = "wachbuch-export/1"


@dataclass(frozen=True, slots=True)
class ExportScope:
    """What to hand out. `entries` holds, beside those asked for, the entries that erased any of their fields.

    `disclosures` are those in scope; erased ones too, so that the document says so. `checkpoint` is a signed note
    over exactly this size, where there is one. `case` is the internal id of the case, None for a range.
    """

    origin: str
    entries: Sequence[StoredEntry]
    disclosures: Iterable[StoredDisclosure] = ()
    case: str | None = None
    checkpoint: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    """For readers (number, title, language); proves nothing and is not checked."""


def export_document(scope: ExportScope, leaves: Sequence[bytes]) -> dict[str, Json]:
    """The document; `leaves` are the leaf hashes of the whole log in order. Same input, same document."""
    bundle = proof_bundle(leaves, (entry.index for entry in scope.entries))
    fields: dict[int, dict[str, Json]] = {}
    for row in scope.disclosures:
        fields.setdefault(row.index, {})[row.name] = row.disclosure
    entries: list[Json] = [
        {
            "index": entry.index,
            "body": entry.body.decode("utf-8"),
            "proof": [step.hex() for step in bundle.proofs[entry.index]],
            "disclosures": fields.get(entry.index, {}),
        }
        for entry in sorted(scope.entries, key=lambda entry: entry.index)
    ]
    return {
        "format": FORMAT,
        "origin": scope.origin,
        "case": scope.case,
        "size": bundle.size,
        "root": bundle.root.hex(),
        "checkpoint": scope.checkpoint,
        "entries": entries,
        "extra": dict(scope.extra),
    }


def export_text(document: Mapping[str, Json]) -> str:
    """The document as people store it: indented, keys sorted, last newline."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
