"""`wachbuch migrate` and `wachbuch slack manifest`."""

import json

from tests.bot.commands.conftest import Terminal
from workflows.store.store import Store


def test_a_new_database_and_one_that_is_up_to_date(terminal: Terminal) -> None:
    for _ in range(2):
        done = terminal.run("migrate")
        assert (done.code, done.out, done.err) == (0, "The database is up to date.\n", "")
    assert json.loads(terminal.run("migrate", "--json").out) == {"migrated": True}
    assert terminal.run("verify").code == 0


def test_not_beside_a_running_service(terminal: Terminal) -> None:
    terminal.run("migrate")
    with Store.open(f"sqlite:///{terminal.database}", origin="wachbuch", runner=True):
        done = terminal.run("migrate", language="de")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Die Datenbank wurde nicht aktualisiert.\n")


def test_postgresql(postgres_url: str, terminal: Terminal) -> None:
    terminal.set("WACHBUCH_DATABASE_URL", postgres_url)
    before = terminal.run("verify")
    assert before.code == 2
    assert "run `wachbuch migrate`" in before.err
    assert terminal.run("migrate").code == 0
    assert terminal.run("verify").code == 0


def test_the_manifest_is_for_socket_mode_unless_it_gets_an_address(terminal: Terminal) -> None:
    done = terminal.run("slack", "manifest")
    assert done.code == 0
    assert "socket_mode_enabled: true" in done.out
    given = terminal.run("slack", "manifest", "--url", "https://wachbuch.example.org")
    assert given.code == 0
    assert "socket_mode_enabled: false" in given.out
    assert "https://wachbuch.example.org/slack/events" in given.out
    assert "/vorfall" in given.out
    refused = terminal.run("slack", "manifest", "--url", "http://wachbuch.example.org")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("Slack does not take this address.")
