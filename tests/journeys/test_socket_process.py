"""Socket Mode with real processes: one killed between commit and acknowledgement, and two that share the work."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.client import hang_up
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack, SlackSender, over_socket
from tests.journeys.policies import DIGEST, INTAKE, PEOPLE, policy_text, slack_id
from tests.journeys.world import ORIGIN
from tests.running import Running, end, start
from tests.waiting import until
from workflows.store.store import Store
from workflows.verification import verify_store


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        for person, (name, _) in PEOPLE.items():
            fake.add_user(slack_id(person), person, real_name=name, locale="de-DE")
        fake.add_channel(INTAKE, "vorfaelle")
        fake.add_channel(DIGEST, "lage")
        yield fake
        hang_up()


def settings(folder: Path, slack: FakeSlack, **more: str) -> dict[str, str]:
    policy = folder / "policy"
    policy.mkdir(exist_ok=True)
    (policy / "policy.yaml").write_text(policy_text("de"), encoding="utf-8")
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack.url}/api/"}
    return {**given, "WACHBUCH_POLICY_DIR": str(policy), **more}


def connected(slack: FakeSlack, count: int) -> None:
    with slack.sockets._changed:
        assert slack.sockets._changed.wait_for(lambda: len(slack.sockets.open) >= count, 90)


def reports(url: str) -> int:
    with Store.open(url, origin=ORIGIN, runner=False) as store:
        assert verify_store(store, deep=True).intact
        with store.reading() as reads:
            return sum(entry.kind == "incident.reported" for entry in reads.entries())


@pytest.mark.full
def test_a_process_killed_between_commit_and_acknowledgement_doubles_nothing(tmp_path: Path, slack: FakeSlack) -> None:
    environment = settings(tmp_path, slack)
    running = start(tmp_path, environment)
    url = f"sqlite:///{running.data / 'wachbuch.db'}"
    try:
        connected(slack, 1)
        slack.sockets.ack_seconds = 600
        told: list[str] = []
        sender = SlackSender(over_socket(slack.url), slack.url)

        def command() -> None:
            told.append(sender.command("/vorfall", "melden Laptop weg", user=slack_id("jana")).json()["text"])
            hang_up()

        waiting = threading.Thread(target=command)
        slack.sockets.deaf = True
        waiting.start()
        until(lambda: reports(url) > 0)
        running.kill()
        slack.sockets.deaf = False
        running = start(tmp_path, environment)
        waiting.join()
        assert re.search(r"INC-\d{4}-0001 ist aufgenommen", told[0])
        assert reports(url) == 1
    finally:
        end(running.process)


@pytest.mark.full
def test_two_processes_on_one_database_share_the_envelopes(tmp_path: Path, slack: FakeSlack, postgres_url: str) -> None:
    environment = settings(tmp_path, slack, WACHBUCH_DATABASE_URL=postgres_url)
    with Store.open(postgres_url, origin=ORIGIN, runner=True) as store:
        store.migrate()
    running: list[Running] = []
    try:
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            running.append(start(folder, environment))
        connected(slack, 2)
        sender = SlackSender(over_socket(slack.url), slack.url)
        said = [sender.command("/vorfall", f"melden Nummer {one}", user=slack_id("jana")) for one in range(6)]
        assert all("ist aufgenommen" in answer.text for answer in said)
        issued = slack.issue(slack_id("jana"))
        asked = {"command": "/vorfall", "text": "melden Doppelt", "user_id": slack_id("jana"), "channel_id": "D0JANA"}
        first = slack.deliver("slash_commands", {**asked, **issued})
        running[0].kill()
        connected(slack, 1)
        assert slack.deliver("slash_commands", {**asked, **issued})["payload"] == first["payload"]
        assert re.search(r"INC-\d{4}-0007", json.dumps(first))
    finally:
        for one in running:
            end(one.process)
    assert reports(postgres_url) == 7
