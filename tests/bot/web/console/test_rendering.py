"""Whatever the chat answers, the page is whole: every element is ours and closed, every question has its label."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from starlette.responses import Response

from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker
from bot.chat.reply import Choice, FieldErrors, Form, Option, Paragraph, Reply
from bot.web.console.page import Page
from tests.bot.slack.test_render import forms, replies, texts
from tests.fakes.client import Answer
from tests.journeys.pages import filled, read
from tests.journeys.policies import policy
from tests.journeys.world import world
from tests.properties.catalog import actor

SCRIPT = "</textarea></title></option><script>alert(1)</script><b onclick='x'>\"'`&lt;"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    found = policy().policy
    with world(f"sqlite:///{tmp_path_factory.mktemp('rendering') / 'wachbuch.db'}") as made:
        yield Page(Speaker(actor("tom"), "de"), made.app.core.chat(PolicyDirectory(found)))


def seen(response: Response) -> Answer:
    return Answer(response.status_code, dict(response.headers), bytes(response.body))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=replies)
def test_any_reply(page: Page, told: Reply) -> None:
    shown = read(seen(page.reply(told)))
    buttons = [*told.buttons, *(one for paragraph in told.paragraphs for one in paragraph.buttons)]
    links = [one for one in shown.links() if "button" in one.get("class").split()]
    assert len(links) + len(shown.forms("/press")) == len(buttons)
    assert not [one for one in links if not one.get("href").startswith(("https://", "/"))]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=forms, wrong=texts)
def test_any_form(page: Page, form: Form, wrong: str) -> None:
    errors = FieldErrors({one.id: wrong or "x" for one in form.fields[:3]} | {"elsewhere": wrong or "x"})
    shown = read(seen(page.form(form, errors)))
    assert shown.answer.status == 422
    assert dict(filled(shown.form()))["case"] == form.case
    assert {one.id for one in form.fields} == {
        one.get("id").removeprefix("f-") for one in shown.form().every("input", "select", "textarea", "fieldset")
        if one.get("id") and one.get("type") != "checkbox"
    }  # fmt: skip


def test_markup_stays_text_wherever_it_stands(page: Page) -> None:
    options = tuple(Option(f"{SCRIPT}{no}", SCRIPT) for no in range(3))
    told = Reply((Paragraph(SCRIPT),), receipts=(SCRIPT,), case=SCRIPT, choice=Choice(SCRIPT, SCRIPT, options))
    shown = read(seen(page.reply(told)))
    assert shown.text.count("<script>") == 8, "paragraph, receipt, heading, link, label, options"
    assert dict(filled(shown.forms("/press")[0])) == {
        "once": dict(filled(shown.forms("/press")[0]))["once"], "action": SCRIPT, "value": f"{SCRIPT}0",
    }  # fmt: skip
