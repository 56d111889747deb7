"""`wachbuch slack resync`: asks the running service, watches it, and says how far it is."""

import json
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from bot.commands import slack_resync_run
from bot.services import announce_routes
from bot.slack.resync import drafts_for
from config.policy.ids import Visibility
from tests.bot.commands.conftest import Terminal
from tests.office import Office
from workflows.incident.effects import RESYNC


@pytest.fixture
def connected(place: Office) -> Office:
    announce_routes(place.store, frozenset({"slack", "timer"}))
    return place


def asked(place: Office) -> list[str]:
    with place.store.reading() as reads:
        return [str(one.payload["case"]) for one in reads.jobs.listed(None, "slack.resync", 10)]


def test_without_slack_it_says_what_to_do(terminal: Terminal, place: Office) -> None:
    place.report()
    done = terminal.run("slack", "resync", language="de")
    assert (done.code, done.out) == (3, "")
    assert "SLACK_BOT_TOKEN" in done.err


def test_every_open_incident_is_asked_for_and_the_rest_left_to_the_service(
    terminal: Terminal, connected: Office
) -> None:
    first, second = connected.report(), connected.report(backfill=True, reported=datetime.now(UTC) - timedelta(days=1))
    done = terminal.run("slack", "resync", "--wait", "0", language="de")
    assert done.code == 0
    assert "Einen offenen Fall angesehen.\n0 von 2 Schritten erledigt.\nDen Rest erledigt" in done.out
    assert asked(connected) == [str(connected.case(first).id)]
    assert json.loads(terminal.run("slack", "resync", "--wait", "0", "--json").out) == {
        "cases": 1, "steps": 2, "done": 0, "waiting": 2, "given_up": 0,
    }  # fmt: skip
    over = terminal.run("slack", "resync", second, "--wait", "0")
    assert (over.code, over.out) == (1, "")


def test_one_incident_by_its_number_and_none_that_may_not_be_seen(terminal: Terminal, connected: Office) -> None:
    named = (connected.person("petra"), connected.person("dora"))
    sealed = connected.report(visibility=Visibility.SEALED, named=named)
    shown = connected.report()
    assert terminal.run("slack", "resync", shown.lower(), "--wait", "0").code == 0
    assert asked(connected) == [str(connected.case(shown).id)]
    hidden = terminal.run("slack", "resync", sealed, "--wait", "0", user="ada")
    absent = terminal.run("slack", "resync", "INC-2020-0999", "--wait", "0", user="ada")
    assert (hidden.code, hidden.err.replace(sealed, "…")) == (absent.code, absent.err.replace("INC-2020-0999", "…"))
    assert hidden.code == 1
    assert terminal.run("slack", "resync", sealed, "--wait", "0", user="petra").code == 0


def test_it_watches_until_all_is_done_and_ends_with_1_when_a_step_was_given_up(
    terminal: Terminal, connected: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_resync_run, "LOOK_EVERY", 0.01)
    case, ended = connected.case(connected.report()), Event()

    def serve() -> None:
        """The first step is given up, the others are done."""
        while not ended.wait(0.005):
            with connected.store.transaction() as uow:
                due = datetime.now(UTC) + timedelta(minutes=1)
                for claim in uow.jobs.claim(due, "test", 9, timedelta(minutes=1)):
                    if claim.kind == RESYNC:
                        uow.jobs.bury(claim, "channel_not_found")
                        uow.jobs.enqueue_all(drafts_for(case, int(claim.payload["run"]))[1:])
                    else:
                        uow.jobs.finish(claim)

    service = Thread(target=serve)
    service.start()
    try:
        done = terminal.run("slack", "resync", "--wait", "60")
    finally:
        ended.set()
        service.join()
    assert done.code == 1
    assert "1 of 2 steps done." in done.out
    assert "1 given up; see why: wachbuch jobs list" in done.out
