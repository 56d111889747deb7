"""Which run waits, told by an address that may point anywhere."""

import pytest

from integrations.github.protection import run_of

API = "https://github.example.org/api/v3"
RULE = "deployment_protection_rule"


@pytest.mark.parametrize(
    ("callback", "run"),
    [
        (f"{API}/repos/acme/depot/actions/runs/77/{RULE}", 77),
        (f"{API}/repos/Acme/Depot/actions/runs/77/{RULE}", 77),
        (f"HTTPS://GitHub.example.org/api/v3/repos/acme/depot/actions/runs/77/{RULE}", 77),
        (f"http://github.example.org/api/v3/repos/acme/depot/actions/runs/77/{RULE}", None),
        (f"https://github.example.com/api/v3/repos/acme/depot/actions/runs/77/{RULE}", None),
        (f"https://github.example.org@elsewhere.example/api/v3/repos/acme/depot/actions/runs/77/{RULE}", None),
        (f"https://github.example.org:444/api/v3/repos/acme/depot/actions/runs/77/{RULE}", None),
        (f"{API}/repos/acme/other/actions/runs/77/{RULE}", None),
        (f"{API}/repos/acme/depot/actions/runs/77/{RULE}?to=elsewhere", None),
        (f"{API}/repos/acme/depot/actions/runs/77/{RULE}#x", None),
        (f"{API}/../repos/acme/depot/actions/runs/77/{RULE}", None),
        (f"{API}/repos/acme/depot/actions/runs/x/{RULE}", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_the_run_of_an_address_at_our_github_alone(callback: str, run: int | None) -> None:
    assert run_of(callback, API, "acme/depot") == run


def test_at_github_com_there_is_no_path_before() -> None:
    callback = f"https://api.github.com/repos/acme/depot/actions/runs/5/{RULE}"
    assert run_of(callback, "https://api.github.com", "acme/depot") == 5
    assert run_of(callback, "https://api.github.com/", "acme/depot") == 5
