"""Questions as inputs: what the page would send back is what the chat reads, and what was known stays known."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker
from bot.chat.reply import Button, Field, FieldKind, Form, Option
from bot.chat.room import Room
from bot.web.console.inputs import Input, Shape, inputs
from bot.web.console.links import link_of
from bot.web.console.posted import Posted
from tests.journeys.policies import policy
from tests.journeys.world import World, world
from tests.properties.catalog import actor

OPTIONS = (Option("yes", "ja"), Option("no", "nein"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with world(f"sqlite:///{tmp_path_factory.mktemp('inputs') / 'wachbuch.db'}") as made:
        yield room_of(made)


def room_of(office: World) -> Room:
    found = policy().policy
    return office.app.core.chat(PolicyDirectory(found)).room(Speaker(actor("tom"), "de"))


def one(room: Room, kind: FieldKind, value: str, options: tuple[Option, ...] = ()) -> Input:
    form = Form("x", "", "", (Field("at", "Frage", kind, "Hinweis", options=options, value=value),))
    (found,) = inputs(room, form, {"at": "falsch"})
    assert found.describedby == "f-at-error f-at-hint"
    return found


MOMENTS = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 aware by timezones


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(at=MOMENTS.map(lambda at: at.replace(microsecond=0)))
def test_a_moment_that_is_left_as_it_is_stays_the_same(room: Room, at: datetime) -> None:
    shown = one(room, FieldKind.DATETIME, at.isoformat())
    assert room.reading({"at": shown.value}).when("at") == at


@pytest.mark.parametrize(
    ("typed", "shape", "value"),
    [
        ("", Shape.MOMENT, ""),
        ("2026-03-02T08:00:00+00:00", Shape.MOMENT, "2026-03-02T09:00"),
        ("02.03. 09:30", Shape.MOMENT, "2026-03-02T09:30"),
        ("2026-10-25T00:30:00+00:00", Shape.MOMENT, "2026-10-25T02:30"),
        ("2026-10-25T01:30:00+00:00", Shape.TEXT, "2026-10-25T01:30:00+00:00"),
        ("gestern oder so", Shape.TEXT, "gestern oder so"),
    ],
)
def test_a_moment_is_asked_on_the_clock_of_the_organisation(room: Room, typed: str, shape: Shape, value: str) -> None:
    shown = one(room, FieldKind.DATETIME, typed)
    assert (shown.shape, shown.value) == (shape, value)


def test_a_day_is_a_day_and_what_is_none_stays_as_it_was_typed(room: Room) -> None:
    assert (one(room, FieldKind.DATE, "2026-05-01").shape, one(room, FieldKind.DATE, "").shape) == (
        Shape.DAY,
        Shape.DAY,
    )
    assert one(room, FieldKind.DATE, "1.5. 12:00").shape is Shape.TEXT
    assert one(room, FieldKind.DATE, "1.5. 12:00").value == "1.5. 12:00"


@pytest.mark.parametrize(
    ("kind", "value", "chosen"),
    [
        (FieldKind.PERSON, "sven", ["sven"]),
        (FieldKind.PERSON, "Sven Otto", ["sven"]),
        (FieldKind.PERSON, "Unbekannt Verzogen", ["Unbekannt Verzogen"]),
        (FieldKind.PEOPLE, "petra tom", ["petra", "tom"]),
        (FieldKind.PEOPLE, "Petra Maurer, tom", ["petra", "tom"]),
        (FieldKind.PEOPLE, "", []),
    ],
)
def test_people_are_chosen_among_those_of_the_policy_and_who_is_known_already(
    room: Room, kind: FieldKind, value: str, chosen: list[str]
) -> None:
    shown = one(room, kind, value)
    assert sorted(option.value for option in shown.options if option.is_chosen) == sorted(chosen)
    assert {"tom", "petra", "sven"} <= {option.value for option in shown.options}
    assert len({option.value for option in shown.options}) == len(shown.options)


@pytest.mark.parametrize("kind", [FieldKind.CHOICE, FieldKind.TRISTATE, FieldKind.YES_NO, FieldKind.CHOICES])
def test_a_choice_offers_its_options_with_the_known_one_chosen(room: Room, kind: FieldKind) -> None:
    shown = one(room, kind, "no", OPTIONS)
    assert [(option.label, option.is_chosen) for option in shown.options] == [("ja", False), ("nein", True)]
    assert one(room, kind, "frei", ()).value == "frei", "without options it is a text"


@pytest.mark.parametrize(
    ("button", "address"),
    [
        (Button("incident.status", "", "INC-2026-0001"), "/incidents/INC-2026-0001"),
        (Button("change.status", "", "CHG-2026-0001"), "/changes/CHG-2026-0001"),
        (Button("incident.report", ""), "/report"),
        (Button("incident.report", "", "Anhang geöffnet"), ""),
        (Button("incident.status", "", "INC-2026-0001 und mehr"), ""),
        (Button("incident.status", "", "../sign-out"), ""),
        (Button("incident.ack", "", "INC-2026-0001"), ""),
        (Button("open", "", "", "https://forge.example/1"), "https://forge.example/1"),
        (Button("open", "", "", "javascript:alert(1)"), ""),
    ],
)
def test_what_only_reads_is_a_link_and_everything_else_is_sent(button: Button, address: str) -> None:
    assert link_of(button) == address


def test_the_same_sending_has_the_same_id_and_any_other_another() -> None:
    first = Posted({"once": "m"}, {"what": "a", "note": "b"})
    others = [
        Posted({"once": "n"}, first.answers),
        Posted(first.own, {"what": "a", "note": "c"}),
        Posted(first.own, {"what": "anote", "b": ""}),
    ]
    ids = {one.request("tom", "incident.note", "INC-2026-0001") for one in (first, *others)}
    ids |= {first.request("petra", "incident.note", "INC-2026-0001"), first.request("tom", "incident.note", "")}
    assert len(ids) == 6
    assert Posted({"once": "m"}, dict(first.answers)).request("tom", "incident.note", "INC-2026-0001") in ids
    assert Posted({}, first.answers).request("tom") == "", "without a mark nothing is known to come again"
