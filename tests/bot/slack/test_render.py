"""Whatever a reply holds, Slack takes it: its limits, and nothing of it calls anybody."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.home import Home
from bot.chat.reply import Button, Fact, Field, FieldErrors, FieldKind, Form, Option, Paragraph, Reply
from bot.slack import limits
from bot.slack.blocks import button
from bot.slack.inputs import values_of
from bot.slack.render import Renderer, case_of
from config.i18n import translator
from tests.fakes.slack.blocks import findings, view_findings

RENDERER = Renderer(translator("de"), lambda person: person.removeprefix("slack:") or None)
HOSTILE = "<!channel> <@U12345> <https://evil.example|here> & *bold* \n> quote :tada: `x`"

texts = st.one_of(st.text(max_size=60), st.text(min_size=2900, max_size=3300), st.just(HOSTILE * 60))
short = st.text(max_size=300)
buttons = st.builds(
    Button,
    action=st.sampled_from(["incident.contain", "change.status"]),
    label=short,
    value=short,
    url=st.sampled_from(["", "https://wachbuch.example.org/x", "javascript:alert(1)"]),
    primary=st.booleans(),
)
several = st.lists(buttons, max_size=8).map(tuple)
replies = st.builds(
    Reply,
    paragraphs=st.lists(st.builds(Paragraph, text=texts, buttons=several), max_size=60).map(tuple),
    facts=st.lists(st.builds(Fact, label=short, value=texts), max_size=25).map(tuple),
    buttons=st.lists(buttons, max_size=60).map(tuple),
    receipts=st.lists(st.just("#1·K7QXK7QXK7QXK7QX"), max_size=12).map(tuple),
    case=st.sampled_from(["", "INC-2026-0042"]),
)
options = st.lists(st.builds(Option, value=st.text(max_size=160), label=short), max_size=120).map(tuple)


def _form(asked: list[tuple[FieldKind, str, str, bool, tuple[Option, ...]]]) -> Form:
    fields = tuple(
        Field(f"field{at}~text", label, kind, hint=label, required=required, options=chosen, value=value)
        for at, (kind, label, value, required, chosen) in enumerate(asked)
    )
    return Form("incident.contain", HOSTILE, HOSTILE, fields, "INC-2026-0042", HOSTILE, (Button("a", HOSTILE),) * 9)


forms = st.lists(
    st.tuples(st.sampled_from(list(FieldKind)), short, short, st.booleans(), options), min_size=1, max_size=12
).map(_form)


@given(replies)
def test_any_reply_renders_within_the_limits_of_a_message(reply: Reply) -> None:
    message = RENDERER.answer(reply)
    assert findings(message["blocks"]) == []
    assert 0 < len(message["text"]) <= 40_000
    assert not view_findings(dict(RENDERER.result(reply)))


@given(forms)
def test_any_form_renders_within_the_limits_of_a_modal(form: Form) -> None:
    view = dict(RENDERER.view(form))
    assert view_findings(view) == []
    ids = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert len(ids) == len(set(ids))
    assert "submit" in view
    assert case_of(view["private_metadata"]) == form.case


def test_more_questions_than_a_modal_holds_are_cut() -> None:
    many = tuple(Field(f"f{at}", "Frage", FieldKind.TEXT) for at in range(130))
    view = dict(RENDERER.view(Form("incident.walk", "Alle", "Los", many, notice="x", buttons=(Button("a", "b"),))))
    assert view_findings(view) == []
    assert len(view["blocks"]) == limits.MODAL_BLOCKS


@given(texts)
def test_no_text_of_a_person_becomes_a_mention_or_a_link(text: str) -> None:
    message = RENDERER.message(Reply((Paragraph(text),), (Fact("x", text),), receipts=("#1·A",)))
    for found in _mrkdwn(message):
        assert "<" not in found["text"]
        assert ">" not in found["text"]
        assert found["verbatim"] is True
    assert "<" not in message["text"]


def test_escapes_are_never_cut_in_two() -> None:
    for length in range(1, 40):
        cut = limits.cut_escaped("&<>" * 20, length)
        assert len(cut) <= length
        assert not cut.rstrip("…").endswith(("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt"))


def test_what_does_not_fit_is_left_out_with_a_note_and_the_receipt_stays() -> None:
    reply = Reply(tuple(Paragraph(f"Zeile {at}") for at in range(80)), receipts=("#7·K7QXK7QXK7QXK7QX",))
    blocks = RENDERER.message(reply)["blocks"]
    assert len(blocks) == limits.MESSAGE_BLOCKS
    assert "K7QXK7QXK7QXK7QX" in json.dumps(blocks[-1])
    assert "Mehr passt hier nicht" in json.dumps(blocks[-2], ensure_ascii=False)


def test_errors_stand_under_their_fields() -> None:
    ack = RENDERER.submitted(FieldErrors({"what": "x" * 5000}))
    assert ack["response_action"] == "errors"
    assert len(ack["errors"]["what"]) == limits.FIELD_ERROR


def test_answers_come_back_as_plain_values() -> None:
    state = {
        "values": {
            "what": {"answer": {"type": "plain_text_input", "value": "Laptop weg"}},
            "affected": {"answer": {"type": "plain_text_input", "value": None}},
            "personal_data": {"answer": {"type": "radio_buttons", "selected_option": {"value": "yes"}}},
            "lead": {"answer": {"type": "users_select", "selected_user": "U1"}},
            "named": {"answer": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
            "factors": {"answer": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
            "occurred": {"answer": {"type": "datetimepicker", "selected_date_time": 1_795_435_200}},
            "due": {"answer": {"type": "datepicker", "selected_date": "2026-12-24"}},
        }
    }
    assert values_of(state) == {
        "what": "Laptop weg",
        "affected": "",
        "personal_data": "yes",
        "lead": "slack:U1",
        "named": "slack:U1 slack:U2",
        "factors": "a b",
        "occurred": "2026-11-23T12:00:00+00:00",
        "due": "2026-12-24",
    }
    assert values_of(None) == {}
    assert values_of({"values": {"a": None, "b": {"c": 1}}}) == {}


def _mrkdwn(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") == "mrkdwn" else []
        return own + [found for one in value.values() for found in _mrkdwn(one)]
    return [found for one in value for found in _mrkdwn(one)] if isinstance(value, list) else []


def test_nothing_turns_the_direction_of_writing_and_a_button_says_all_or_nothing() -> None:
    turned = "a\u202eb\u2066c\u200fd"
    long = Button("incident.note", turned, "x" * 2001)
    reply = Reply((Paragraph(turned, (long,)),), (Fact(turned, turned),), (Button("incident.note", turned, "x"), long))
    sent = json.dumps(RENDERER.message(reply), ensure_ascii=False)
    assert "abcd" in sent
    assert not any(sign in sent for sign in "\u202e\u2066\u200f")
    assert sent.count('"button"') == 1, "one that would say less than was typed is left out"


def test_what_is_left_out_on_the_home_tab_is_a_link_where_there_is_a_console_to_reach() -> None:
    page = Home(Paragraph("Hallo"), (), "3 weitere, mit `/vorfall liste`", 3)
    there = RENDERER.home(page, "https://wachbuch.example/incidents")["blocks"][-1]
    assert there["accessory"]["url"] == "https://wachbuch.example/incidents"
    assert "/vorfall" not in there["text"]["text"]
    assert view_findings(RENDERER.home(page, "https://wachbuch.example/incidents")) == []
    assert "/vorfall liste" in json.dumps(RENDERER.home(page))
    assert "accessory" not in json.dumps(RENDERER.home(page))


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://wachbuch.example/x", True),
        ("http://localhost/x", True),
        ("http://127.0.0.2:8080/x", True),
        ("http://[::1]:8080/x", True),
        ("http://wachbuch.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("javascript:alert(1)", False),
        ("http://[", False),
    ],
)
def test_a_button_leads_only_where_nothing_can_be_read_on_the_way(url: str, *, leads: bool) -> None:
    assert ("url" in button(Button("incident.status", "x", url=url), 0)) is leads
