"""From an event to a ledger entry and back. The one codec, used when writing and when verifying."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import StringConstraints

from config.policy.ids import CaseRole, Role
from workflows.actors import Pseudonym, Source
from workflows.errors import BrokenInput, Tampered
from workflows.events import ERASED, Erased, Event, IdentityData, Recorded, is_disclosed
from workflows.ledger import disclosure
from workflows.ledger.draft import EntryDraft
from workflows.ledger.kinds import EntryKind
from workflows.ledger.skeleton import Skeleton

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest."""
CommitSha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
"""A Git commit."""
NUMERIC_ID: Final = r"^[0-9]{1,20}$"
NumericId = Annotated[str, StringConstraints(pattern=NUMERIC_ID)]
"""An id that a forge gave, as digits (they can exceed 2^53)."""
PolicyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,47}$")]
"""An id from the policy or from a closed list."""
EvidenceNumber = Annotated[str, StringConstraints(pattern=r"^EV(-S)?-[0-9]{4}-[0-9]{4,10}$")]
"""The readable number of an item of evidence."""
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.\-]{0,63}$")]
"""Name of a disclosure."""

NUMBER = "case_number"
"""Disclosure of a case's first entry: its readable number."""
PERSON = "person_"
"""Prefix of the disclosures that introduce a pseudonym."""
MOVE_FIELDS = {"from_state", "to_state"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an entry carries that its event does not know. `case` None: an entry of the log itself."""

    case: UUID | None
    policy: str
    new_id: Callable[[], UUID]
    new_salt: Callable[[], bytes]
    number: str = ""
    actor: IdentityData | None = None
    """Discloses who acted, for entries that belong to no case and so have no pseudonyms."""


def to_draft(recorded: Recorded, envelope: Envelope) -> EntryDraft:
    """The entry for an event: plain fields into the skeleton, texts and identities into salted disclosures.

    BrokenInput for a time that is not in UTC: it would come back from the ledger as another spelling of the moment, and
    the case folded from it would differ from the one stored.
    """
    _expect_utc(recorded)
    values = recorded.event.model_dump(mode="json")
    kind = type(recorded.event)
    hidden = {name: values[name] for name in values if is_disclosed(kind, name) and values[name] is not None}
    shown = {name: value for name, value in values.items() if not is_disclosed(kind, name) and value is not None}
    hidden.update(_identities(recorded, envelope))
    return EntryDraft(
        entry_id=envelope.new_id(),
        kind=kind.kind,
        case=envelope.case,
        seq=recorded.seq if envelope.case else None,
        from_state=shown.get("from_state"),
        to_state=shown.get("to_state"),
        by=recorded.by,
        role=recorded.role.value if recorded.role else None,
        source=recorded.source.value,
        refs={},
        controls=kind.controls,
        policy=envelope.policy,
        occurred_at=recorded.occurred_at,
        at=recorded.at,
        data={name: value for name, value in shown.items() if name not in MOVE_FIELDS},
        disclosures={name: disclosure.make(envelope.new_salt(), name, value) for name, value in hidden.items()},
    )


def _expect_utc(recorded: Recorded) -> None:
    named = {"at": recorded.at, "occurred_at": recorded.occurred_at, **dict(recorded.event)}
    for name, value in named.items():
        if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
            message = f"{recorded.event.kind.value}.{name}: expected a time in UTC, found {value.isoformat()}"
            raise BrokenInput(message)


def _identities(recorded: Recorded, envelope: Envelope) -> dict[str, Any]:
    hidden: dict[str, Any] = {
        PERSON + pseudonym: who.model_dump()
        for pseudonym, who in recorded.introduces.items()
        if isinstance(who, IdentityData)
    }
    if envelope.number and recorded.seq == 1:
        hidden[NUMBER] = envelope.number
    if envelope.actor:
        hidden["actor"] = envelope.actor.model_dump()
    return hidden


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry read back: its skeleton and the disclosed values that are still there."""

    skeleton: Skeleton
    disclosed: Mapping[str, Any]

    @property
    def number(self) -> str:
        """The case number that a first entry discloses, empty otherwise."""
        value = self.disclosed.get(NUMBER, "")
        return value if isinstance(value, str) else ""


def read_entry(body: bytes, disclosures: Iterable[tuple[str, str | None]]) -> Entry:
    """Open an entry's skeleton and its disclosures; an erased one becomes `ERASED`."""
    skeleton = Skeleton.from_bytes(body)
    values: dict[str, Any] = dict.fromkeys(skeleton.sd, ERASED)
    for name, text in disclosures:
        if text is None:
            continue
        opened = disclosure.open_disclosure(text)
        if opened.name != name:
            message = f"disclosure of entry {skeleton.entry_id}: expected name {name!r}, found {opened.name!r}"
            raise Tampered(message)
        values[name] = opened.value
    return Entry(skeleton, values)


def to_recorded(entry: Entry, events: Mapping[EntryKind, type[Event]]) -> Recorded:
    """The event of an entry, with its circumstances. Raises Tampered when the fields do not fit the kind."""
    skeleton = entry.skeleton
    event_type = events.get(skeleton.kind)
    if event_type is None:
        message = f"entry {skeleton.entry_id}: kind {skeleton.kind.value} does not belong to this workflow"
        raise Tampered(message)
    values = dict(skeleton.data)
    moves = {"from_state": skeleton.from_state, "to_state": skeleton.to_state}
    values.update({name: value for name, value in moves.items() if value is not None})
    values.update({name: value for name, value in entry.disclosed.items() if name in event_type.model_fields})
    try:
        return Recorded(
            event=event_type.model_validate(values),
            seq=skeleton.seq or 0,
            at=skeleton.at,
            source=Source(skeleton.source),
            by=Pseudonym(skeleton.by) if skeleton.by else None,
            role=_role(skeleton.role),
            occurred_at=skeleton.occurred_at,
            introduces=_introduced(entry.disclosed),
        )
    except ValueError as error:  # pydantic's is one; its text would repeat what is disclosed
        message = f"entry {skeleton.entry_id}: expected the fields of {skeleton.kind.value}, found others"
        raise Tampered(message) from error


def _role(value: str | None) -> Role | CaseRole | None:
    if value is None:
        return None
    return Role(value) if value in {role.value for role in Role} else CaseRole(value)


def _introduced(disclosed: Mapping[str, Any]) -> dict[Pseudonym, IdentityData | Erased]:
    return {
        Pseudonym(name.removeprefix(PERSON)): (
            value if isinstance(value, Erased) else IdentityData.model_validate(value)
        )
        for name, value in disclosed.items()
        if name.startswith(PERSON)
    }
