"""What the settings are enough for."""

import pytest

from config.settings import Capability, State, System, load_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
GITLAB = {
    "GITLAB_URL": "https://gitlab.com",
    "GITLAB_TOKEN": "t",
    "GITLAB_WEBHOOK_TOKEN": "s",
    "WACHBUCH_FORGE_MODE": "webhook",
}
GITHUB = {"GITHUB_TOKEN": "t", "GITHUB_WEBHOOK_SECRET": "s", "WACHBUCH_FORGE_MODE": "webhook"}


def capability(system: System, environ: dict[str, str]) -> Capability:
    return next(found for found in load_settings(environ).capabilities() if found.system is system)


def test_nothing_configured_names_all_that_is_missing() -> None:
    found = {entry.system: entry for entry in load_settings({}).capabilities()}
    assert set(found) == set(System)
    assert {entry.state for entry in found.values()} == {State.ABSENT}
    assert found[System.SLACK_HTTP].missing == (("SLACK_BOT_TOKEN",), ("SLACK_SIGNING_SECRET",))
    assert found[System.GITHUB].missing == (("GITHUB_APP_ID", "GITHUB_TOKEN"),), "asked for news, not told them"


@pytest.mark.parametrize("absent", sorted(SLACK))
def test_slack_needs_both_token_and_secret(absent: str) -> None:
    assert load_settings(SLACK).slack_http_ready
    less = {name: value for name, value in SLACK.items() if name != absent}
    assert not load_settings(less).slack_http_ready
    found = capability(System.SLACK_HTTP, less)
    assert (found.state, found.missing) == (State.PARTIAL, ((absent,),))


@pytest.mark.parametrize("absent", ["GITHUB_TOKEN", "GITHUB_WEBHOOK_SECRET"])
def test_github_needs_a_way_in_and_a_way_out(absent: str) -> None:
    assert load_settings(GITHUB).github_ready
    less = {name: value for name, value in GITHUB.items() if name != absent}
    assert not load_settings(less).github_ready
    assert any(absent in names for names in capability(System.GITHUB, less).missing)


def test_without_a_public_address_a_forge_is_asked_for_news_and_needs_no_secret() -> None:
    asked = capability(System.GITHUB, {"GITHUB_TOKEN": "t"})
    assert (asked.state, asked.advised) == (State.READY, ())
    told = capability(System.GITHUB, {"GITHUB_TOKEN": "t", "WACHBUCH_PUBLIC_URL": "https://h"})
    assert (told.state, told.missing) == (State.PARTIAL, (("GITHUB_WEBHOOK_SECRET",),))
    assert load_settings({"GITLAB_URL": "https://gitlab.com", "GITLAB_TOKEN": "t"}).gitlab_ready


@pytest.mark.parametrize("absent", ["GITLAB_TOKEN", "GITLAB_WEBHOOK_TOKEN"])
def test_gitlab_needs_a_token_and_a_secret_of_either_kind(absent: str) -> None:
    signed = {**GITLAB, "GITLAB_SIGNING_TOKEN": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
    assert load_settings(GITLAB).gitlab_ready
    assert load_settings({name: value for name, value in signed.items() if name != "GITLAB_WEBHOOK_TOKEN"}).gitlab_ready
    less = {name: value for name, value in GITLAB.items() if name != absent}
    assert not load_settings(less).gitlab_ready
    assert any(absent in names for names in capability(System.GITLAB, less).missing)


def test_a_public_address_is_advised_and_not_needed() -> None:
    assert capability(System.SLACK_HTTP, SLACK).advised == ("WACHBUCH_PUBLIC_URL",)
    assert capability(System.SLACK_HTTP, {**SLACK, "WACHBUCH_PUBLIC_URL": "https://h"}).advised == ()
