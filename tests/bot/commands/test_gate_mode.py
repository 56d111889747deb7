"""`wachbuch gate enforce`: which repository is meant."""

import json

from bot.forge.intake import remember_name
from tests.bot.commands.conftest import Terminal
from tests.office import Office
from workflows.change.seen import Forge

SHOP = "example/shop"


def _known(place: Office, forge: Forge, number: str) -> None:
    with place.store.transaction() as uow:
        remember_name(uow, forge, SHOP, number)


def test_a_repository_is_found_on_either_forge_and_asked_about_when_both_have_it(
    terminal: Terminal, place: Office
) -> None:
    unknown = terminal.run("gate", "enforce", SHOP)
    assert unknown.code == 1
    assert "Nothing is known of example/shop yet." in unknown.err
    assert "wachbuch doctor" in unknown.err
    _known(place, Forge.GITLAB, "7")
    assert terminal.run("gate", "enforce", SHOP).code == 0
    assert terminal.run("gate", "enforce", SHOP, "--forge", "github").code == 1
    _known(place, Forge.GITHUB, "8")
    both = terminal.run("gate", "observe", SHOP, "--reason", "why not")
    assert both.code == 2
    assert "--forge github" in both.err
    done = terminal.run("gate", "enforce", SHOP, "--forge", "github", "--json")
    assert (done.code, json.loads(done.out)["mode"]) == (0, "enforce")
    with place.store.reading() as reads:
        decided = [row for row in (reads.facts.get("repository", f"{one.value}:{number}") for one, number in (
            (Forge.GITLAB, "7"), (Forge.GITHUB, "8"))) if row]  # fmt: skip
    assert len(decided) == 2
