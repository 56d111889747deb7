import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.logs import ORIGIN, START, draft
from workflows.ledger.canonical import Json, canonical
from workflows.ledger.disclosure import digest, make
from workflows.ledger.errors import Broken
from workflows.ledger.kinds import EntryKind
from workflows.ledger.skeleton import Skeleton

FULL: dict[str, Any] = {
    "case": UUID(int=7),
    "seq": 3,
    "from_state": "triage",
    "to_state": "contain",
    "by": "p1",
    "role": "lead",
    "refs": {"request": "98765432109876543210", "commit": "c0ffee00" * 5},
    "controls": ("A.5.24", "10.2"),
    "occurred_at": datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1))),
    "data": {"severity": "S2", "duty": "gdpr_33_1", "counts": [1, -2, None, True], "targets": [[1, "title"]]},
    "disclosures": {"title": make(bytes(16), "title", "Ein Titel")},
}
ALLOWED: list[Json] = [
    True,
    0,
    None,
    -(2**53 - 1),
    "eradicate",
    "S2",
    "gdpr_33_1",
    "evidence.preserved",
    "A.5.24",
    "2026-03-02T09:00:00.000000Z",
    "2026-03-02T09:00:00Z",
    "2026-03-02",
    "ab" * 32,
    "c0ffee00" * 5,
    "00000000-0000-0000-0000-000000000007",
    "p12",
    "98765432109876543210",
    [],
    ["a", 1, None],
    [["a", 1], []],
]
FORBIDDEN: list[Json] = [
    "",
    "two words",
    "Müller",
    "anna@example.org",
    "https://example.org",
    "path/file",
    "a" * 65,
    "token\n",
    "\uff12",
    "slack:U123",
    "+49 30 1",
    1.5,  # type: ignore[list-item]  # what is forbidden
    2**53,
    {"a": 1},
    [[["a"]]],
    ["two words"],
    ("a",),
]


def skeleton(**changes: Any) -> Skeleton:
    return draft(1, **changes).to_skeleton(ORIGIN, START)


def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(skeleton(**FULL).to_bytes())
    return read


def test_the_bytes_of_a_small_entry() -> None:
    assert skeleton().to_bytes() == (
        b'{"at":"2026-03-02T09:00:01.000000Z","id":"00000000-0000-0000-0000-0000000003e9","kind":"incident.noted",'
        b'"origin":"log.example/wachbuch","policy":"' + b"ab" * 32 + b'","source":"slack",'
        b'"ts":"2026-03-02T09:00:00.000000Z","v":1}'
    )


def test_a_full_entry_reads_back() -> None:
    whole = skeleton(**FULL)
    assert Skeleton.from_bytes(whole.to_bytes()) == whole
    assert document()["occurred_at"] == "2026-03-02T09:00:00.000000Z"
    assert document()["_sd"] == {"title": digest(FULL["disclosures"]["title"])}
    assert document()["_sd_alg"] == "sha-256"


@pytest.mark.parametrize("value", ALLOWED)
def test_data_on_the_allow_list_is_kept(value: Json) -> None:
    kept = skeleton(data={"field": value})
    assert Skeleton.from_bytes(kept.to_bytes()).data == {"field": value}


@pytest.mark.parametrize("value", FORBIDDEN, ids=repr)
def test_data_off_the_allow_list_is_refused(value: Json) -> None:
    with pytest.raises(Broken, match=r"expected .* found"):
        skeleton(data={"field": value}).to_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "by mail"},
        {"source": ""},
        {"policy": "ab"},
        {"policy": "AB" * 32},
        {"by": "anna"},
        {"by": "p0"},
        {"role": "the lead"},
        {"from_state": "Müller"},
        {"refs": {"branch": "main"}},
        {"refs": {"Request Nr": "1"}},
        {"controls": ("A.5.24 (Anna)",)},
        {"data": {"Ein Satz": 1}},
        {"case": UUID(int=7)},
        {"seq": 1},
        {"case": UUID(int=7), "seq": 0},
        {"at": datetime(2026, 3, 2)},  # noqa: DTZ001 - what is refused
    ],
    ids=repr,
)
def test_no_field_takes_free_text(changes: dict[str, Any]) -> None:
    skeleton().to_bytes()
    with pytest.raises(Broken, match=r"expected .* found"):
        skeleton(**changes).to_bytes()


def test_an_origin_is_one_word() -> None:
    with pytest.raises(Broken):
        draft(1).to_skeleton("two words", START).to_bytes()


@pytest.mark.parametrize("key", sorted(document()))
def test_each_key_is_checked_for_its_type(key: str) -> None:
    for wrong in (["x y"], 1.5, "x y", {"": 0}, True, None, "", [], {}):
        read = document()
        read[key] = wrong
        body = json.dumps(read, separators=(",", ":"), sort_keys=True).encode()
        with pytest.raises(Broken, match=r"expected .* found"):
            Skeleton.from_bytes(body)


@pytest.mark.parametrize(
    "key", ["v", "origin", "id", "ts", "at", "kind", "source", "policy", "case", "seq", "_sd", "_sd_alg"]
)
def test_a_missing_key_is_refused(key: str) -> None:
    read = document()
    del read[key]
    with pytest.raises(Broken):
        Skeleton.from_bytes(canonical(read))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nickname", "x"),
        ("v", 2),
        ("kind", "incident.forgotten"),
        ("_sd_alg", "sha-512"),
        ("ts", "2026-03-02T09:00:00Z"),
        ("ts", "2026-02-30T09:00:00.000000Z"),
        ("id", "00000000-0000-0000-0000-0000000003E9"),
        ("id", "000000000000000000000000000003e9"),
    ],
)
def test_another_value_is_refused(key: str, value: Json) -> None:
    with pytest.raises(Broken, match=r"expected .* found"):
        Skeleton.from_bytes(canonical({**document(), key: value}))


def test_bytes_that_are_not_the_canonical_ones_are_refused() -> None:
    body = skeleton(**FULL).to_bytes()
    assert Skeleton.from_bytes(body).to_bytes() == body
    loose = (b" " + body, body.replace(b'"v":1', b'"v": 1'), body.replace(b'"p1"', b'"\\u00701"'), body + b"\n")
    for other in (*loose, json.dumps(dict(reversed(document().items()))).encode()):
        with pytest.raises(Broken, match="canonical bytes"):
            Skeleton.from_bytes(other)


@given(
    st.binary(max_size=80) | st.dictionaries(st.text(), st.integers() | st.text()).map(lambda x: json.dumps(x).encode())
)
def test_reading_anything_raises_nothing_else(body: bytes) -> None:
    with pytest.raises(Broken):
        Skeleton.from_bytes(body)


@given(st.dictionaries(st.sampled_from(["title", "text", "name"]), st.text("abcdefghij", min_size=16), min_size=1))
def test_what_is_disclosed_stands_in_no_skeleton(texts: dict[str, str]) -> None:
    opened = {name: make(bytes(16), name, value) for name, value in texts.items()}
    body = skeleton(**{**FULL, "disclosures": opened}).to_bytes().decode()
    for name, value in texts.items():
        assert value not in body
        assert opened[name] not in body


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants it naive
def test_times_keep_their_microseconds(moment: datetime) -> None:
    kept = skeleton(at=moment)
    assert Skeleton.from_bytes(kept.to_bytes()).at == moment


def test_every_kind_can_be_written() -> None:
    for kind in EntryKind:
        assert Skeleton.from_bytes(skeleton(kind=kind).to_bytes()).kind is kind
