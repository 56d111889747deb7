"""`wachbuch forge`: what is really enforced, in a table of set-ups, and the history of it."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.startup import MACHINE
from tests.bot.commands.conftest import Terminal
from tests.fakes.github import FakeGitHub
from tests.fakes.github.world import Protection, Repository
from tests.office import POLICY, Office, write_policy
from workflows.change.seen import Forge
from workflows.continuity import Effect, Gap, GateStanding, effect_of

REPO = "acme/shop"
APP = 4711
COVERED = """
change:
  repositories:
    - {match: acme/shop, branches: [main], mode: enforce}
"""


@cache
def _key() -> rsa.RSAPrivateKey:
    """One key for all tests here: making it takes longer than any of them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def github(terminal: Terminal) -> Iterator[FakeGitHub]:
    """A repository where the gate holds, and the App connected to it by webhook."""
    with FakeGitHub() as forge:
        forge.gate._key = _key()
        forge.add_repository(REPO, private=True)
        forge.world.repository(REPO).required["main"] = {("wachbuch/gate", "wachbuch")}
        given = forge.credentials()
        write_policy(terminal.folder / "policy", POLICY + COVERED)
        terminal.set("GITHUB_APP_ID", str(given["app_id"]))
        terminal.set("GITHUB_PRIVATE_KEY", given["private_key"])
        terminal.set("GITHUB_API_URL", given["api_url"])
        terminal.set("WACHBUCH_PUBLIC_URL", "https://wachbuch.example")
        yield forge


def unrequired(repository: Repository) -> None:
    repository.required.clear()


def evaluated(repository: Repository) -> None:
    repository.enforcement = "evaluate"


def from_anybody(repository: Repository) -> None:
    repository.required["main"] = {("wachbuch/gate", None)}


def from_another_app(repository: Repository) -> None:
    repository.required["main"] = {("wachbuch/gate", "github-actions")}


def another_check(repository: Repository) -> None:
    repository.required["main"] = {("build", None)}


def a_free_plan(repository: Repository) -> None:
    repository.rules_available = False


def older_protection(repository: Repository) -> None:
    repository.required.clear()
    repository.protection["main"] = Protection((("wachbuch/gate", APP),))


def older_protection_without_admins(repository: Repository) -> None:
    repository.required.clear()
    repository.protection["main"] = Protection((("wachbuch/gate", APP),), admins=False)


SET_UPS: dict[str, tuple[Callable[[Repository], None], Effect, list[Gap]]] = {
    "a ruleset with our App": (lambda _: None, Effect.EFFECTIVE, [Gap.BYPASS_UNSEEN]),
    "no rule": (unrequired, Effect.OFF, [Gap.NOT_REQUIRED]),
    "only evaluated": (evaluated, Effect.OFF, [Gap.NOT_REQUIRED]),
    "any source": (from_anybody, Effect.DEGRADED, [Gap.ANY_SOURCE, Gap.BYPASS_UNSEEN]),
    "another app": (from_another_app, Effect.OFF, [Gap.OTHER_SOURCE, Gap.BYPASS_UNSEEN]),
    "another check": (another_check, Effect.OFF, [Gap.NOT_REQUIRED]),
    "a free plan": (a_free_plan, Effect.OFF, [Gap.PLAN]),
    "older protection": (older_protection, Effect.EFFECTIVE, []),
    "older protection, not for administrators": (older_protection_without_admins, Effect.DEGRADED, [Gap.ADMINS]),
}


@pytest.mark.parametrize(("change", "effect", "gaps"), SET_UPS.values(), ids=SET_UPS)
def test_what_is_enforced_in_each_set_up(
    change: Callable[[Repository], None], effect: Effect, gaps: list[Gap], terminal: Terminal, place: Office,
    github: FakeGitHub,
) -> None:  # fmt: skip
    change(github.world.repository(REPO))
    done = terminal.run("forge", "check", "--json")
    assert done.err == ""
    found: dict[str, Any] = json.loads(done.out)
    (seen,) = found["repositories"]
    assert (seen["effect"], seen["gaps"]) == (effect.value, [gap.value for gap in gaps])
    assert done.code == (0 if effect is Effect.EFFECTIVE else 1)
    assert len(found["receipts"]) == 1


def test_gaps_of_hook_and_permissions_are_named_with_what_to_do(
    terminal: Terminal, place: Office, github: FakeGitHub
) -> None:
    assert terminal.run("forge", "check").code == 0
    github.hook.events.remove("push")
    github.hook.url = "https://elsewhere.example/webhooks/github"
    del github.gate.granted["checks"]
    github.gate.granted["statuses"] = "read"
    github.gate.granted["pull_requests"] = "write"
    done = terminal.run("forge", "check", REPO)
    assert done.code == 3, "an installation token with these permissions is not given out"
    github.gate.granted["checks"] = github.gate.granted["statuses"] = "write"
    german = terminal.run("forge", "check", REPO, language="de")
    assert german.code == 1
    assert "Der Webhook meldet nicht: push." in german.out
    assert "Der Webhook ruft eine andere Adresse auf." in german.out
    assert "→ Auch diese Ereignisse auswählen." in german.out


def test_it_is_kept_as_dated_evidence(terminal: Terminal, place: Office, github: FakeGitHub) -> None:
    done = terminal.run("forge", "check")
    assert "Recorded: #" in done.out
    with place.store.reading() as reads:
        kept = [one for one in reads.entries() if one.kind == "gate.checked"]
    assert len(kept) == 1
    assert b"digest" in kept[0].body
    assert terminal.run("verify").code == 0


def test_what_cannot_be_looked_at_is_said(terminal: Terminal, place: Office, github: FakeGitHub) -> None:
    unknown = terminal.run("forge", "check", "acme/nothing")
    assert (unknown.code, "Not found: acme/nothing" in unknown.err) == (3, True)
    with place.store.transaction() as uow:
        uow.links.put("forge.covered", "github:9", "acme/gone")
    gone = terminal.run("forge", "check")
    assert (gone.code, "The repository is not reached" in gone.out) == (1, True)
    github.stop()
    away = terminal.run("forge", "check")
    assert (away.code, "cannot be reached" in away.err) == (3, True)


def test_a_policy_that_covers_nothing_is_a_finding(terminal: Terminal, place: Office, github: FakeGitHub) -> None:
    assert terminal.run("forge", "check").code == 0
    write_policy(terminal.folder / "policy", POLICY + COVERED.replace("acme/shop", "acme/other"))
    done = terminal.run("forge", "check")
    assert (done.code, "change.repositories" in done.out) == (1, True)


def test_without_a_forge_it_says_what_to_set(terminal: Terminal, place: Office) -> None:
    done = terminal.run("forge", "check")
    assert (done.code, "GITHUB_TOKEN" in done.err) == (3, True)
    assert terminal.run("forge", "history").out == "Nothing is recorded yet.\n"


def test_the_history_is_a_table_of_what_was_recorded(terminal: Terminal, place: Office) -> None:
    now = place.clock()

    def told(hours: int, *gaps: Gap, **more: Any) -> GateStanding:
        since = now + timedelta(hours=hours)
        return GateStanding(forge=Forge.GITHUB, repository_id="7", repository=REPO, effect=effect_of(gaps), gaps=gaps,
                            since=since, **more)  # fmt: skip

    with place.store.transaction() as uow:
        for event in (told(0), told(2, Gap.NOT_REQUIRED), told(5, merges=(12,))):
            place.service.log(uow, event, MACHINE, now)
    table = terminal.run("forge", "history", "--repo", REPO, language="de")
    assert table.code == 0
    rows = table.out.splitlines()[2:]
    assert [row.split(" | ")[3] for row in rows] == ["hält", "informiert nur", "hält"]
    assert "| #12 |" in rows[1]
    assert "heute" in rows[2]
    found = json.loads(terminal.run("forge", "history", "--json").out)["intervals"]
    assert [one["effect"] for one in found] == ["effective", "off", "effective"]
    assert terminal.run("forge", "history", "--repo", "acme/other").out == "Nothing is recorded yet.\n"
