"""What surrounds every page: its headers, its language, its one stylesheet."""

import pytest

from bot.web.console.assets import stylesheet
from bot.web.console.templating import HEADERS, render
from config.i18n import translator

SCRIPT = "</title><script>alert(1)</script>"


@pytest.mark.parametrize(("language", "skip"), [("de", "Zum Inhalt springen"), ("en", "Skip to the content")])
def test_a_page_is_in_the_readers_language_and_goes_out_with_its_headers(language: str, skip: str) -> None:
    page = render("base.html", translator(language), title="Title", status=404, who="Jana")
    text = bytes(page.body).decode()
    assert f'<html lang="{language}">' in text
    assert skip in text
    assert page.status_code == 404
    assert {name: page.headers[name] for name in HEADERS} == dict(HEADERS)
    assert "script" not in page.headers["content-security-policy"]
    assert f'href="{stylesheet().address}"' in text


def test_what_is_put_into_a_page_stays_text() -> None:
    text = bytes(render("base.html", translator("en"), title=f"{SCRIPT}\u202e\x00", who=SCRIPT).body).decode()
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 3
    assert "\u202e" not in text
    assert "\x00" not in text


def test_only_who_is_signed_in_finds_pages_and_a_way_out() -> None:
    assert "/sign-out" in bytes(render("base.html", translator("en"), title="", who="Jana").body).decode()
    assert "/incidents" not in bytes(render("base.html", translator("en"), title="").body).decode()
