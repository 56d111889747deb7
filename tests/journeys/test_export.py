"""`/incident export`: the lessons of this year, or of the period that is typed, and never of another one."""

from collections.abc import Iterator

import pytest

from tests.journeys.world import World, world


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        yield made


def answered(office: World, typed: str) -> str:
    return str(office.say("petra", "/vorfall", f"export {typed}").json()["blocks"])


def test_the_period_that_is_typed_is_the_one_that_is_told(office: World) -> None:
    assert "2026-01-01" in answered(office, "") or "01.01.2026" in answered(office, "")
    for typed in ("bis 28.02.2026", "--to 2026-02-28"):
        told = answered(office, typed)
        assert "01.01.2026" in told, typed
        assert "28.02.2026" in told, "the day is the last one, not the first"
    for typed in ("2026-02-01 2026-02-28", "01.02.2026 bis 28.02.2026", "--from 2026-02-01 --to 2026-02-28"):
        assert "01.02.2026" in answered(office, typed), typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-99-99", "„2026-99-99“ ist kein Tag"),
        ("2026-03-01 2026-02-01", "endet"),
        ("2026-02-01 2026-02-02 2026-02-03", "ein erster und ein letzter Tag"),
    ],
)
def test_what_is_no_period_is_answered_with_what_is_expected(office: World, typed: str, said: str) -> None:
    told = answered(office, typed)
    assert said in told
    assert "export 2026-07-01 2026-09-30" in told.replace("exportieren", "export")
