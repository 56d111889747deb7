"""`wachbuch doctor`: what is not well is found and said, with why and what to do; nothing hangs, no secret shows."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.alarm import PART_ALARM
from bot.doctor.examine import examine
from bot.doctor.result import Level, Patient, Result
from bot.doctor.stored import database
from bot.verified import LastVerification, remember_verification
from config.i18n import translator
from config.settings import load_settings
from tests.bot.commands.conftest import Terminal
from tests.fakes.github import FakeGitHub
from tests.fakes.pager import FakePager
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.journeys.policies import policy
from tests.office import Office
from workflows.pointers import PAGER_FAILED
from workflows.store.rows import JobDraft
from workflows.store.store import Store


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


def found(terminal: Terminal) -> dict[str, dict[str, Any]]:
    """Every result by its id."""
    done = terminal.run("doctor", "--json")
    told = json.loads(done.out)
    assert told["code"] == done.code
    return {one["id"]: one for one in told["results"]}


def levels(terminal: Terminal, *ids: str) -> list[str]:
    results = found(terminal)
    return [results[one]["level"] if one in results else "" for one in ids]


def test_with_nothing_configured_it_says_what_is_not_there_and_breaks_nothing(terminal: Terminal) -> None:
    terminal.environment.delenv("WACHBUCH_POLICY_DIR")
    done = terminal.run("doctor")
    assert done.code != 3
    for line in ("✓ Wachbuch", "– There is no database yet", "– Slack is not connected", "– No forge is connected"):
        assert line in done.out
    assert not list((terminal.folder / "data").iterdir()), "looking leaves nothing behind"
    results = found(terminal)
    assert {one["level"] for one in results.values() if one["id"] != "room"} == {"ok", "note"}


def test_settings_that_cannot_be_used_are_all_told_and_end_with_3(terminal: Terminal) -> None:
    terminal.set("WACHBUCH_PORT", "hunter2")
    terminal.set("WACHBUCH_METRIC_TOKEN", "hunter2")
    done = terminal.run("doctor")
    assert done.code == 3
    assert "WACHBUCH_PORT" in done.out
    assert "WACHBUCH_METRICS_TOKEN" in done.out
    assert "hunter2" not in done.text


def test_a_policy_with_faults_ends_with_3_and_the_rest_is_looked_at_all_the_same(terminal: Terminal) -> None:
    (terminal.folder / "policy" / "policy.yaml").write_text("peple: []\n", encoding="utf-8")
    results = found(terminal)
    assert results["fault"]["group"] == "policy"
    assert "database" in results
    assert terminal.run("doctor").code == 3


def test_a_rule_with_one_person_is_not_said_to_have_nobody(terminal: Terminal) -> None:
    (terminal.folder / "small").mkdir()
    people = (
        "people:\n  - {id: petra, name: Petra M., roles: [isb]}\n  - {id: cleo, name: Cleo V., roles: [risk_owner]}\n"
    )
    (terminal.folder / "small" / "policy.yaml").write_text("organisation: Example GmbH\n" + people)
    terminal.set("WACHBUCH_POLICY_DIR", str(terminal.folder / "small"))
    results = found(terminal)
    assert "change.waiver" in results["people.alone"]["what"]
    assert "change.waiver" not in results["people"]["what"]
    assert "release_manager" in results["people"]["what"]


def test_work_that_was_given_up_or_is_late_is_found(terminal: Terminal, place: Office) -> None:
    assert levels(terminal, "database", "jobs", "head", "verified") == ["ok", "ok", "ok", "note"]
    with place.store.transaction() as uow:
        uow.enqueue(JobDraft(PART_ALARM, "", "d1"))
        (claim,) = uow.jobs.claim(datetime.now(UTC) + timedelta(minutes=1), "test", 1, timedelta(minutes=1))
        uow.jobs.bury(claim, "alarm_unreachable")
        uow.enqueue(JobDraft(PART_ALARM, "", "d2", run_at=datetime.now(UTC) - timedelta(hours=1)))
    done = terminal.run("doctor", language="de")
    assert done.code == 1
    assert "! 1 Job wurde aufgegeben" in done.out
    assert "! Der älteste fällige Job wartet seit 60 min" in done.out
    assert "→ Läuft der Dienst?" in done.out


def test_the_last_verification_counts(terminal: Terminal, place: Office) -> None:
    assert terminal.run("verify").code == 0
    assert levels(terminal, "verified") == ["ok"]
    for last, level in ((timedelta(days=3), "warning"), (timedelta(), "fault")):
        with place.store.transaction() as uow:
            seen = LastVerification(datetime.now(UTC) - last, 3, intact=level == "warning")
            remember_verification(uow.links, seen)
        assert levels(terminal, "verified") == [level]
    assert terminal.run("doctor").code == 1


def test_unsafe_settings_and_open_files_are_found(terminal: Terminal, place: Office) -> None:
    secret = terminal.folder / "secret"
    secret.write_text("a-long-and-random-secret", encoding="utf-8")
    secret.chmod(0o644)
    terminal.set("GITHUB_WEBHOOK_SECRET_FILE", str(secret))
    terminal.set("WACHBUCH_METRICS_TOKEN", "short")
    terminal.set("WACHBUCH_ALLOW_PLAIN_HTTP", "true")
    terminal.set("WACHBUCH_HOST", "0.0.0.0")  # noqa: S104 only named
    terminal.database.chmod(0o644)
    ids = ("readable.github_webhook_secret", "short.metrics_token", "plain_http", "open", "partial.github", "host")
    assert levels(terminal, *ids) == ["warning"] * 5 + ["note"]
    done = terminal.run("doctor")
    assert f"chmod o-rwx {secret}" in done.out
    assert "a-long-and-random-secret" not in done.text
    secret.chmod(0o600)
    terminal.database.chmod(0o600)
    terminal.set("WACHBUCH_METRICS_TOKEN", "long-enough-to-be-safe")
    assert levels(terminal, *ids[:2], "open") == ["", "", ""]


@pytest.mark.parametrize("kind", ["pagerduty", "opsgenie", "ntfy", "json"])
def test_a_pager_is_looked_at_without_waking_anybody(terminal: Terminal, kind: str) -> None:
    with FakePager() as pager:
        for name, value in pager.environment(kind).items():
            terminal.set(name, value)
        assert levels(terminal, "pager") == ["ok"]
        assert (pager.world.rings, pager.bodies) == ([], [])
        pager.fail(status=500)
        assert levels(terminal, "pager") == ["warning"]
        if kind == "opsgenie":
            terminal.set("WACHBUCH_PAGING_TOKEN", "another")
            assert levels(terminal, "pager") == ["fault"]
    terminal.set("WACHBUCH_PAGING_TOKEN", "another")
    assert levels(terminal, "pager") == ["warning"]


def test_a_test_call_rings_once_and_says_whether_it_was_taken(terminal: Terminal) -> None:
    assert "No pager is set" in terminal.run("doctor", "--page").out
    with FakePager() as pager:
        for name, value in pager.environment("pagerduty").items():
            terminal.set(name, value)
        assert "✓ The pager took the test call TEST-" in terminal.run("doctor", "--page").out
        (ring,) = pager.world.rings
        assert "test call of Wachbuch" in ring
        terminal.set("WACHBUCH_PAGING_TOKEN", "another")
        done = terminal.run("doctor", "--page")
        assert "✗ The pager did not take the test call: Rejected" in done.out
        assert done.code == 1
        assert len(pager.world.rings) == 1


def test_a_call_that_the_pager_did_not_take_is_found(terminal: Terminal, place: Office) -> None:
    with place.store.transaction() as uow:
        uow.links.put(PAGER_FAILED, "last", "pager_busy")
    assert levels(terminal, "pager.failed") == ["warning"]


def test_a_file_that_is_no_database_ends_with_3(terminal: Terminal) -> None:
    terminal.database.write_bytes(b"my diary")
    done = terminal.run("doctor")
    assert done.code == 3
    assert "✗ The database cannot be used." in done.out
    assert terminal.database.read_bytes() == b"my diary"


def connect(terminal: Terminal, slack: FakeSlack, token: str = BOT_TOKEN, app: str = APP_TOKEN) -> None:
    for name, value in {"SLACK_BOT_TOKEN": token, "SLACK_APP_TOKEN": app, "SLACK_API_URL": f"{slack.url}/api/"}.items():
        terminal.set(name, value)


def test_slacks_tokens_and_scopes_are_tried(terminal: Terminal, slack: FakeSlack) -> None:
    connect(terminal, slack)
    assert levels(terminal, "bot", "app", "scope.pins:write") == ["ok", "ok", ""]
    slack.scopes -= {"pins:write"}
    assert levels(terminal, "bot", "scope.pins:write") == ["ok", "warning"]
    assert "pin the summary of a case" in terminal.run("doctor").out
    connect(terminal, slack, token="xoxb-another", app="xapp-another")
    results = found(terminal)
    assert [results[one]["level"] for one in ("bot", "app")] == ["fault", "fault"]
    done = terminal.run("doctor")
    assert (done.code, done.out.count("invalid_auth")) == (1, 2)
    assert "another" not in done.text
    assert not slack.sockets.open, "looking opens no connection"


def test_a_slack_that_is_away_or_hangs_holds_nothing_up(terminal: Terminal, slack: FakeSlack) -> None:
    connect(terminal, slack)
    slack.latency_ms = 3000
    settings = load_settings(dict(os.environ))
    patient = Patient({}, settings, None, translator("en"), lambda: datetime.now(UTC))
    results = {one.id: one for one in examine(patient, patience=0.5)}
    assert results["slack.time"].level is Level.WARNING
    assert "version" in results
    slack.latency_ms = 0
    slack.stop()
    assert levels(terminal, "bot", "app") == ["warning", ""], "said once"


def test_githubs_permissions_are_compared(terminal: Terminal) -> None:
    with FakeGitHub() as github:
        given = github.credentials()
        terminal.set("GITHUB_APP_ID", str(given["app_id"]))
        terminal.set("GITHUB_PRIVATE_KEY", given["private_key"])
        terminal.set("GITHUB_API_URL", given["api_url"])
        results = found(terminal)
        assert results["github"]["level"] == "ok", results["github"]
        github.gate.granted["checks"] = "read"
        assert levels(terminal, "github", "github.checks", "github.statuses") == ["ok", "warning", ""]
        terminal.set("GITHUB_APP_ID", "999999")
        assert levels(terminal, "github") == ["fault"]
        assert given["private_key"].splitlines()[1] not in terminal.run("doctor").text


def test_a_token_that_soon_ends_is_told(terminal: Terminal) -> None:
    with FakeGitHub() as github:
        terminal.set("GITHUB_TOKEN", github.personal_token("wachbuch-bot"))
        terminal.set("GITHUB_API_URL", github.credentials()["api_url"])
        assert levels(terminal, "github", "github.token") == ["ok", ""], "it never ends"
        for days, level in ((60, "ok"), (5, "warning")):
            github.gate.personal_until = datetime.now(UTC) + timedelta(days=days)
            assert levels(terminal, "github.token") == [level]


def looked_at(url: str, now: datetime) -> dict[str, Result]:
    settings = load_settings({"WACHBUCH_DATABASE_URL": url})
    return {one.id: one for one in database(Patient({}, settings, policy(), translator("en"), lambda: now))}


def test_postgresql_that_may_lose_commits_and_clocks_that_differ_are_found(postgres_url: str) -> None:
    assert looked_at(postgres_url, datetime.now(UTC))["database"].level is Level.FAULT, "no schema yet"
    with Store.open(postgres_url, origin="test", runner=True) as store:
        store.migrate()
    results = looked_at(postgres_url, datetime.now(UTC))
    assert results["database"].what.startswith("PostgreSQL ")
    assert results["durability"].level is Level.FAULT, "the tests' own server does not sync"
    assert "clock" not in results
    assert looked_at(postgres_url, datetime.now(UTC) + timedelta(hours=1))["clock"].level is Level.WARNING


def test_an_address_with_a_password_shows_none(terminal: Terminal) -> None:
    terminal.set("WACHBUCH_DATABASE_URL", "postgresql://wachbuch:hunter2hunter2@127.0.0.1:1/x")
    done = terminal.run("doctor")
    assert done.code == 3
    assert "hunter2" not in done.text
    assert "It does not answer." in done.text
    assert "Sie antwortet nicht." in terminal.run("doctor", language="de").text


def test_a_forge_that_is_away_is_told_in_words(terminal: Terminal) -> None:
    terminal.set("GITLAB_URL", "http://127.0.0.1:1")
    terminal.set("GITLAB_TOKEN", "glpat-hunter2hunter2hunter2")
    done = terminal.run("doctor", language="de")
    assert "GitLab antwortet nicht\n    Keine Verbindung oder keine rechtzeitige Antwort.\n" in done.text
    assert "hunter2" not in done.text
