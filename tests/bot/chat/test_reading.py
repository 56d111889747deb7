"""Answers as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.forms.reading import Side, read_moment
from bot.chat.reply import FieldErrors
from tests.bot.stage import Stage

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-23 14:05", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("2026-11-23T14:05+00:00", datetime(2026, 11, 23, 14, 5, tzinfo=UTC)),
        ("23.11.2026 14:05", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("23.11. um 14:05", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("now", NOW),
        ("Jetzt", NOW),
        ("3:07", datetime(2026, 11, 23, 2, 7, tzinfo=UTC)),
        ("1.7.2026", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 23, 23, 0, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_zone_of_the_organisation(typed: str, meant: datetime) -> None:
    assert read_moment(typed, BERLIN, NOW) == meant


def test_a_due_date_ends_with_its_day() -> None:
    assert read_moment("2026-12-24", BERLIN, NOW, end_of_day=True) == datetime(2026, 12, 24, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "now", "side", "meant"),
    [
        ("05.01.", "2026-12-12 10:00", Side.AHEAD, "2027-01-05"),
        ("12.12.", "2026-12-12 10:00", Side.AHEAD, "2026-12-12"),
        ("11.12.", "2026-12-12 10:00", Side.AHEAD, "2027-12-11"),
        ("05.01.", "2026-12-12 10:00", Side.PAST, "2026-01-05"),
        ("31.12.", "2027-01-02 10:00", Side.PAST, "2026-12-31"),
        ("31.12.", "2027-01-02 10:00", Side.EITHER, "2026-12-31"),
        ("05.01.", "2026-12-12 10:00", Side.EITHER, "2027-01-05"),
        ("29.02.", "2027-12-12 10:00", Side.AHEAD, "2028-02-29"),
        ("23:50", "2026-11-24 00:10", Side.PAST, "2026-11-23 23:50"),
        ("00:10", "2026-11-24 00:10", Side.PAST, "2026-11-24 00:10"),
        ("23:50", "2026-11-24 00:10", Side.EITHER, "2026-11-24 23:50"),
    ],
)
def test_what_is_left_out_of_a_time_is_what_is_meant(typed: str, now: str, side: Side, meant: str) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=BERLIN)

    assert read_moment(typed, BERLIN, local(now), side) == local(meant)


@pytest.mark.parametrize("typed", ["yesterday", "31.02.2026", "25:00", "9999-12-31", "", "2026-13-01"])
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed, BERLIN, NOW) is None


@given(st.text(max_size=40))
def test_reading_a_moment_never_fails(typed: str) -> None:
    found = read_moment(typed, BERLIN, NOW)
    assert found is None or found.tzinfo is UTC


def test_what_cannot_stand_is_told_in_the_words_of_the_reader(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    number = on_stage.fill("jana", on_stage.say("jana", "notiz 1"), note="Doch in Halle 2", corrects="der erste")
    assert number == FieldErrors({"corrects": "Hier genügt die Nummer, zum Beispiel 2."})
    duty = on_stage.say("petra", "pflicht 1 gdpr_33_1")
    answer = on_stage.fill("petra", duty, required="vielleicht", reason="noch offen")
    assert answer == FieldErrors({"required": "Bitte eines davon: ja, nein"})
