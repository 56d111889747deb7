"""A short number just after New Year: last year's open case, unless this year has one of that number."""

from bot.chat.reply import Reply
from tests.bot.stage import Stage


def test_a_short_number_means_last_years_open_case_until_there_is_a_new_one(on_stage: Stage) -> None:
    year = on_stage.clock.at.year
    old, new = f"INC-{year}-0001", f"INC-{year + 1}-0001"
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.clock.forward(days=365)
    assert old in on_stage.say("jana", "status 1").text
    assert on_stage.say("jana", "notiz 1").form is not None
    assert old not in on_stage.say("jana", f"status {new}").text, "a number in full means itself"
    assert old not in on_stage.say("max", "status 1").text, "what one may not see is not there"
    on_stage.say("jana", "melden Schlüssel verloren")
    assert new in on_stage.say("jana", "status 1").text
    assert old in on_stage.say("jana", f"status {old}").text


def test_a_case_of_last_year_that_is_over_has_to_be_named_in_full(on_stage: Stage) -> None:
    number = f"INC-{on_stage.clock.at.year}-0001"
    on_stage.say("jana", "melden Laptop gestohlen")
    form = on_stage.say("petra", f"schließen {number}")
    on_stage.fill("petra", form, kind="false_alarm", reason="war im Schrank")
    on_stage.clock.forward(days=365)
    assert "nichts anzeigen" in on_stage.say("petra", "status 1").text


def test_a_number_with_blanks_is_the_case_and_what_it_is_linked_to(on_stage: Stage) -> None:
    year = on_stage.clock.at.year
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.say("jana", "melden Schlüssel verloren")
    assert f"INC-{year}-0001" in on_stage.say("jana", f"status INC {year} 0001").text
    linked = on_stage.say("jana", f"verknüpfen INC {year} 0002 INC {year} 0001 verwandt")
    assert linked.case == f"INC-{year}-0002"
    assert linked.receipts, linked.text
    assert f"INC-{year}-0001" in linked.text


def test_a_form_means_the_same_case_by_a_short_number_as_a_command(on_stage: Stage) -> None:
    year = on_stage.clock.at.year
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.say("jana", "melden Bildschirm flackert")
    on_stage.clock.forward(days=365)
    on_stage.say("jana", "melden Laptop fehlt")
    form = on_stage.say("jana", f"bewerten INC-{year + 1}-0001")
    done = on_stage.fill("jana", form, kind="duplicate", reason="Derselbe Bildschirm", duplicate_of="2")
    assert isinstance(done, Reply)
    ended = on_stage.say("jana", f"schließen INC-{year + 1}-0001").text
    assert f"INC-{year}-0002" in ended, "the open case of last year, as with `status 2`"
