"""The examples for proxies: what is for this machine only stays inside, and no body is refused that we would take."""

import re

import pytest

from bot.web.body import SLACK_LIMIT, WEBHOOK_LIMIT
from tests.packaging.files import ROOT

CADDY = (ROOT / "docs" / "proxy" / "Caddyfile").read_text(encoding="utf-8")
NGINX = (ROOT / "docs" / "proxy" / "nginx.conf").read_text(encoding="utf-8")
UNITS = {"": 1, "k": 1024, "m": 1024**2, "MiB": 1024**2}


def sizes(text: str, word: str) -> list[int]:
    return sorted(int(number) * UNITS[unit] for number, unit in re.findall(rf"{word} (\d+)(\w*)", text))


@pytest.mark.parametrize("text", [CADDY, NGINX], ids=["caddy", "nginx"])
def test_braces_close(text: str) -> None:
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}") > 0


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_is_for_this_machine_stays_inside(path: str) -> None:
    (inside,) = re.findall(r"@inside path (.+)", CADDY)
    assert path in inside.split()
    assert "respond @inside 404" in CADDY
    assert re.search(rf"location = {path}\s+{{ return 404; }}", NGINX)


def test_bodies_may_be_as_large_as_we_take_them() -> None:
    assert sizes(CADDY, "max_size") == sizes(NGINX, "client_max_body_size") == [SLACK_LIMIT, WEBHOOK_LIMIT]


def test_nobody_outside_says_where_a_request_came_from() -> None:
    for header in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "X-Forwarded-Host $host"):
        assert f"proxy_set_header {header};" in NGINX
    assert "trusted_proxies" not in CADDY
    assert "$proxy_add_x_forwarded_for" not in NGINX


def test_a_command_is_not_sent_twice() -> None:
    (retried,) = re.findall(r"proxy_next_upstream (.+);", NGINX)
    assert "non_idempotent" not in retried
    assert re.search(r"lb_retry_match \{\s+method GET\s+\}", CADDY)
