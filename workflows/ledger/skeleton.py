"""The hashed part of an entry: what happened, when, by which pseudonym; neither names nor free text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from workflows.ledger import fields
from workflows.ledger.canonical import Json, canonical, is_canonical, parse
from workflows.ledger.errors import Broken, refuse
from workflows.ledger.kinds import EntryKind

SCHEMA_VERSION: Final = 1
FIRST_SEQ: Final = 1
"""`seq` of a case's first entry."""
DIGEST_ALGORITHM: Final = "sha-256"
_EMPTY: Final[tuple[object, ...]] = (None, "", {}, [], ())
"""What is left out of the bytes, so that there is one way to say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """One entry without its disclosures.

    `ts` is the log's time (never decreasing), `at` the clock at the decision, `occurred_at` the time it tells about.
    `seq` counts a case's entries from 1. `sd` maps the name of a disclosure to its digest.
    """

    version: int = SCHEMA_VERSION
    origin: str
    entry_id: UUID
    ts: datetime
    at: datetime
    kind: EntryKind
    case: UUID | None = None
    seq: int | None = None
    from_state: str | None = None
    to_state: str | None = None
    by: str | None = None
    role: str | None = None
    source: str
    refs: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[str, ...] = ()
    policy: str
    occurred_at: datetime | None = None
    data: Mapping[str, Json] = field(default_factory=dict)
    sd: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The canonical bytes, which are hashed and stored. Broken when a field holds what may not be kept for ever."""
        document: dict[str, Json] = {}
        for key, entry in _FIELDS.items():
            value = getattr(self, entry.attribute)
            if value is None or (not entry.required and value in _EMPTY):
                continue
            encoded = entry.encode(key, value)
            entry.decode(key, encoded)
            document[key] = encoded
        if self.sd:
            document["_sd_alg"] = DIGEST_ALGORITHM
        _check_together(document)
        return canonical(document)

    @classmethod
    def from_bytes(cls, body: bytes) -> "Skeleton":
        """Read stored bytes. Broken: unknown or missing keys, wrong types, bytes that are not the canonical ones."""
        document = parse(body)
        _check_keys(document)
        _check_together(document)
        values = {
            entry.attribute: entry.decode(key, document[key]) for key, entry in _FIELDS.items() if key in document
        }
        if not is_canonical(document, body):
            refuse("entry", "the canonical bytes (RFC 8785)", body)
        return cls(**values)


class _Field(NamedTuple):
    attribute: str
    encode: Callable[[str, Any], Json]
    decode: Callable[[str, object], Any]
    required: bool = False


def _check_keys(document: Mapping[str, Json]) -> None:
    unknown = sorted(document.keys() - _FIELDS.keys() - {"_sd_alg"})
    if unknown:
        refuse("entry keys", "only known ones", unknown)
    missing = sorted(key for key, entry in _FIELDS.items() if entry.required and key not in document)
    if missing:
        refuse("entry keys", f"also {missing}", sorted(document))
    empty = sorted(key for key, value in document.items() if value in _EMPTY)
    if empty:
        refuse("entry keys", "what is empty left out", empty)


def _check_together(document: Mapping[str, Json]) -> None:
    if ("case" in document) != ("seq" in document):
        refuse("entry", "case and seq together", sorted(document))
    algorithm = document.get("_sd_alg")
    if algorithm != (DIGEST_ALGORITHM if "_sd" in document else None):
        refuse("_sd_alg", f"{DIGEST_ALGORITHM} exactly where _sd is", algorithm)


def _version(key: str, value: object) -> int:
    if value != SCHEMA_VERSION or isinstance(value, bool):
        refuse(key, SCHEMA_VERSION, value)
    return SCHEMA_VERSION


def _kind(key: str, value: object) -> EntryKind:
    try:
        return EntryKind(value)  # type: ignore[arg-type]  # any other type is no member either
    except ValueError as error:
        raise Broken(key, "a known kind of entry", value) from error


def _same(_: str, value: Any) -> Any:
    return value


def _plain(_: str, value: str) -> str:
    return str(value)


def _mapping(_: str, value: Mapping[str, Json]) -> dict[str, Json]:
    return dict(value)


def _list(_: str, value: tuple[str, ...]) -> list[str]:
    return list(value)


def _matching(attribute: str, pattern: Any, *, required: bool = False) -> _Field:
    return _Field(attribute, _same, lambda key, value: fields.text(key, value, pattern), required)


def _named(attribute: str, pattern: Any) -> _Field:
    return _Field(attribute, _mapping, lambda key, value: fields.named(key, value, pattern))


def _time(attribute: str, *, required: bool = False) -> _Field:
    return _Field(attribute, fields.format_time, fields.parse_time, required)


def _uuid(attribute: str, *, required: bool = False) -> _Field:
    return _Field(attribute, _plain, fields.parse_uuid, required)


_FIELDS: Final[Mapping[str, _Field]] = {
    "v": _Field("version", _same, _version, required=True),
    "origin": _matching("origin", fields.ORIGIN, required=True),
    "id": _uuid("entry_id", required=True),
    "ts": _time("ts", required=True),
    "at": _time("at", required=True),
    "kind": _Field("kind", _plain, _kind, required=True),
    "case": _uuid("case"),
    "seq": _Field("seq", _same, lambda key, value: fields.integer(key, value, FIRST_SEQ)),
    "from": _matching("from_state", fields.WORD),
    "to": _matching("to_state", fields.WORD),
    "by": _matching("by", fields.PSEUDONYM),
    "role": _matching("role", fields.WORD),
    "source": _matching("source", fields.WORD, required=True),
    "refs": _named("refs", fields.OBJECT_ID),
    "controls": _Field("controls", _list, fields.controls),
    "policy": _matching("policy", fields.SHA256_HEX, required=True),
    "occurred_at": _time("occurred_at"),
    "data": _Field("data", _mapping, fields.data),
    "_sd": _named("sd", fields.SHA256_B64),
}
