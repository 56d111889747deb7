"""When the next update comes, as people write it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.forms.soon import read_next, split_next

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
"""23:30 in Berlin, a Monday."""


@pytest.mark.parametrize(
    ("said", "text", "when"),
    [
        ("Mail is back next in 2h", "Mail is back", "2h"),
        ("Mail is back, next update at 14:30", "Mail is back", "14:30"),
        ("Mail is back. Next: 30 min.", "Mail is back.", "30 min."),
        ("Postfach zu – nächster Stand in 2 h", "Postfach zu", "2 h"),
        ("Postfach zu, naechstes um 14:30 Uhr", "Postfach zu", "14:30 Uhr"),
        ("Postfach zu (nächster Stand morgen um 9:00)", "Postfach zu", "morgen um 9:00"),
        ("Zeile eins\nZeile zwei\nnächster 1 Std 30 min", "Zeile eins\nZeile zwei", "1 Std 30 min"),
        ("The next steps are clear", "The next steps are clear", ""),
        ("Next in 2h we patch", "Next in 2h we patch", ""),
        ("We patch the context 14:30", "We patch the context 14:30", ""),
        ("next in 2h", "next in 2h", ""),
    ],
)
def test_what_stands_behind_a_sentence(said: str, text: str, when: str) -> None:
    assert split_next(said) == (text, when)


@pytest.mark.parametrize(
    ("said", "day", "hour", "minute"),
    [
        ("2h", 3, 0, 30), ("in 2 h", 3, 0, 30), ("1,5 Stunden", 3, 0, 0), ("1h 30 min", 3, 0, 0), ("90 min", 3, 0, 0),
        ("23:45", 2, 22, 45), ("um 23:45 Uhr", 2, 22, 45), ("2:00", 3, 1, 0), ("morgen 9:00", 3, 8, 0),
        ("tomorrow at 9:00", 3, 8, 0), ("3.3. 10:00", 3, 9, 0), ("2026-03-03 10:00", 3, 9, 0),
        ("2026-03-03T10:00:00+00:00", 3, 10, 0),
    ],
)  # fmt: skip
def test_which_time_it_is(said: str, day: int, hour: int, minute: int) -> None:
    assert read_next(said, ZONE, NOW) == datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("said", ["soon", "25:00", "14:75", "h", "99.99. 10:00", "", "9999999 h"])
def test_what_is_no_time(said: str) -> None:
    assert read_next(said, ZONE, NOW) is None


MIDDLES = st.sampled_from(["", "next ", "nächster Stand in ", "um "])


@given(st.text(max_size=80), MIDDLES, st.sampled_from(["", "14:30", "2h"]))
def test_any_text_is_read_or_not_and_nothing_is_lost(text: str, middle: str, end: str) -> None:
    told, when = split_next(f"{text} {middle}{end}")
    assert told in f"{text} {middle}{end}"
    assert not when or when in f"{middle}{end}" or when in text
    read_next(text + end, ZONE, NOW)
