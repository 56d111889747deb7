"""Where the console is: as browsers name it, whatever way it was written."""

import pytest

from bot.chat.port import Reach
from bot.signin.address import Address


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://wachbuch.example", "https://wachbuch.example"),
        ("https://Wachbuch.Example.org", "https://wachbuch.example.org"),
        ("https://wachbuch.example:443", "https://wachbuch.example"),
        ("https://wachbuch.example:8443", "https://wachbuch.example:8443"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_an_origin_is_lower_case_and_names_no_usual_port(url: str, origin: str) -> None:
    assert Address(url, Reach.ANYWHERE).origin == origin
