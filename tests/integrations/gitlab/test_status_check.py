"""The external status check of our name, by the real SDK."""

from integrations.gitlab.client import Client
from integrations.gitlab.status_check import check_named
from integrations.telling.texts import GATE
from tests.fakes.gitlab import FakeGitLab
from tests.integrations.gitlab.conftest import PROJECT


def test_our_check_is_found_behind_however_many_others(forge: FakeGitLab, client: Client) -> None:
    forge.set_rules(PROJECT, tier="ultimate")
    for number in range(120):
        forge.add_status_check(PROJECT, f"check {number}")
    assert check_named(client, PROJECT.replace("/", "%2F"), GATE) is None
    ours = forge.add_status_check(PROJECT, GATE)
    assert check_named(client, PROJECT.replace("/", "%2F"), GATE) == ours
    forge.set_rules(PROJECT, tier="premium")
    assert check_named(client, PROJECT.replace("/", "%2F"), GATE) is None, "the plan knows none"


def test_it_is_not_looked_for_without_end(forge: FakeGitLab, client: Client) -> None:
    forge.set_rules(PROJECT, tier="ultimate")
    for number in range(1000):
        forge.add_status_check(PROJECT, f"check {number}")
    forge.add_status_check(PROJECT, GATE)
    forge.reset_calls()
    assert check_named(client, PROJECT.replace("/", "%2F"), GATE) is None
    assert forge.calls["checks.list"] == 10
