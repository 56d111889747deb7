"""Nothing secret is logged, by its name or by its looks."""

from typing import Any

import pytest

from bot.logs import REDACTED, redact


def shown(**event: Any) -> str:
    return repr(dict(redact(None, "", event)))


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-34-abc", "xapp-1-A-2", "ghs_0123456789abcdef", "github_pat_11AA", "wbk_Zm9v",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2ln", "postgresql://wachbuch:hunter2@db/x",
        "DETAIL:  Failing row contains (Quendolin, null).",
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
