"""Nothing secret is logged, by its value, its name or its looks; every line goes through the same pipe."""

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.logs import REDACTED, Redaction, configure_logs, redact


def shown(**event: Any) -> str:
    return repr(dict(redact(None, "", event)))


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-34-abc", "xapp-1-A-2", "ghs_0123456789abcdef", "github_pat_11AA", "wbk_Zm9v", "glpat-0123456789ab",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2ln", "postgresql://wachbuch:hunter2@db/x",
        "DETAIL:  Failing row contains (Quendolin, null).", "Bearer hunter2hunter2",
    ],
)  # fmt: skip
def test_a_secret_is_known_by_its_looks_wherever_it_stands(secret: str) -> None:
    kept = shown(event="failed", exception=f"before {secret}\nafter", inner={"list": [secret]})
    assert REDACTED in kept
    assert secret not in kept
    assert "hunter2" not in kept
    assert "before" in kept
    assert "after" in kept


def test_a_secret_is_known_by_its_name() -> None:
    assert "plain" not in shown(signing_secret="plain", Authorization="plain", api_token="plain")
    assert "plain" in shown(case="plain")


def test_secrets_in_addresses_go_and_the_rest_of_the_address_stays() -> None:
    kept = shown(
        url="wss://wss.slack.com/link/?ticket=abc123&app_id=A1", other="https://u:p@ss@h/x?a=1&access_token=zz#t"
    )
    assert "abc123" not in kept
    assert "p@ss" not in kept
    assert "zz" not in kept
    assert "app_id=A1" in kept
    assert "wss.slack.com" in kept


CORE = st.text(st.sampled_from("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789"), min_size=10, max_size=30)
ODDITY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)
SECRETS = st.builds(lambda before, core, after: (before + core + after).strip(), ODDITY, CORE, ODDITY)


@pytest.fixture
def pipe(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Where the lines of the configured pipe end up; what was configured before is back afterwards."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    yield capsys
    logging.captureWarnings(capture=False)
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.configure(**before)


class Odd:
    """Shows a secret when it is shown."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"Odd({self.secret})"


@given(secret=SECRETS)
def test_a_given_secret_is_in_no_line_whatever_it_looks_like(secret: str) -> None:
    event = {
        "event": f"a {secret} b", "address": f"https://h/x?{urlencode({'a': secret})}", "path": quote(secret, safe=""),
        "exception": f"Traceback: {secret}!", "raw": secret.encode(), "odd": Odd(secret), "deep": [{"x": (secret,)}],
        "body": json.dumps({"k": secret}), f"key {secret}": 1, "error": ValueError(secret),
    }  # fmt: skip
    told = json.dumps(Redaction([secret])(None, "", event), ensure_ascii=False)
    spelled = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe="")}
    assert [one for one in spelled if one in told] == []
    assert told.count(REDACTED) >= len(event) - 1


@given(secret=CORE, name=st.sampled_from(["token", "client_secret", "ticket", "X-Amz-Signature", "api_key", "code"]))
def test_a_secret_in_an_address_is_in_no_line_though_nobody_named_it(secret: str, name: str) -> None:
    addresses = [f"https://h/x?a=1&{name}={secret}&b=2", f"https://h/x?{name}={secret}", f"amqp://user:{secret}@h/x"]
    for address in addresses:
        told = shown(event=f"calling {address} failed", error=OSError(address))
        assert secret not in told
        assert "calling" in told


def test_libraries_warnings_and_exceptions_go_through_the_same_pipe(pipe: pytest.CaptureFixture[str]) -> None:
    secret = "hunter2-hunter2"
    configure_logs(is_terminal=False, secrets=[secret])
    structlog.get_logger("own").info("told", answer=secret, case="INC-2026-0001", hidden=SecretStr("x"))
    try:
        int(f"no way with {secret}")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed with %s", secret)
        structlog.get_logger("own").exception("failed")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"old {secret}", DeprecationWarning, stacklevel=1)
    logging.getLogger("somebody").info("too chatty")
    written = pipe.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"].split()[0] for line in lines[:3]] == ["told", "failed", "failed"]
    assert {line["level"] for line in lines} == {"info", "error", "warning"}
    assert lines[1]["logger"] == "uvicorn.error"
    assert "ValueError" in lines[1]["exception"]
    assert "ValueError" in lines[2]["exception"]
    assert "chatty" not in written
    assert secret not in written
    assert lines[0]["case"] == "INC-2026-0001"
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_on_a_terminal_people_read_lines(pipe: pytest.CaptureFixture[str]) -> None:
    configure_logs(is_terminal=True, secrets=["hunter2-hunter2"])
    structlog.get_logger("own").warning("told", answer="hunter2-hunter2")
    written = pipe.readouterr().err
    assert "told" in written
    assert not written.startswith("{")
    assert "hunter2" not in written
