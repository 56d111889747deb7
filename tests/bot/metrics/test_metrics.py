"""What a scrape gets, and who gets it. Figures tell how much, never whose."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.alarm import PART_ALARM
from bot.app import compose
from bot.verified import LastVerification, remember_verification
from bot.web.server import create_app
from config.policy.ids import Visibility
from config.settings import load_settings
from tests.fakes.client import Answer
from tests.journeys.door import Door
from tests.journeys.payloads import GITHUB_PATH, github_post
from tests.journeys.policies import policy
from tests.journeys.test_change_github import Request
from tests.journeys.world import Clock, World, moment_of, opened, world
from workflows.store.rows import JobDraft

TOKEN = "a-token-for-figures"
NAME = re.compile(r"^(wachbuch|process|python_gc)_[a-z_]+$")
KNOWN_LABELS = {
    "route", "status", "source", "result", "kind", "state", "method", "error", "forge", "phase", "severity", "le",
    "version", "generation",
}  # fmt: skip


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def scraped(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample by name and labels."""
    families = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def figure(world: World, name: str, **labels: str) -> float:
    """One figure; 0 where there is none."""
    return scraped(world.app.metrics.text().decode()).get((f"wachbuch_{name}", frozenset(labels.items())), 0.0)


def get(world: World, headers: dict[str, str], client: str = "127.0.0.1", token: str | None = None) -> Answer:
    endpoint = world.app.edge.metrics
    assert endpoint is not None
    door = Door(create_app(replace(world.app.edge, metrics=replace(endpoint, token=token))), client=client)
    answer = door.send("GET", "/metrics", headers, b"").result(10)
    door.close()
    return answer


@pytest.mark.parametrize(
    ("client", "headers", "token", "status"),
    [
        ("127.0.0.1", {}, None, 200),
        ("::1", {}, None, 200),
        ("192.0.2.7", {}, None, 403),
        ("192.0.2.7", {}, TOKEN, 403),
        ("192.0.2.7", {"authorization": f"Bearer {TOKEN}"}, TOKEN, 200),
        ("192.0.2.7", {"authorization": f"bearer {TOKEN}"}, TOKEN, 200),
        ("192.0.2.7", {"authorization": f"Basic {TOKEN}"}, TOKEN, 403),
        ("192.0.2.7", {"authorization": "Bearer another"}, TOKEN, 403),
        ("192.0.2.7", {"authorization": "Bearer "}, None, 403),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, None, 403),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, None, 403),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7", "authorization": f"Bearer {TOKEN}"}, TOKEN, 200),
    ],
)
def test_this_machine_and_the_token_get_figures_nobody_else(
    shop: World, client: str, headers: dict[str, str], token: str | None, status: int
) -> None:
    answer = get(shop, headers, client, token)
    assert answer.status == status
    assert ("wachbuch_database_up" in answer.text) is (status == 200)
    if status == 403:
        assert answer.headers["content-type"] == "application/problem+json"
        assert TOKEN not in answer.text


def test_every_name_and_label_is_known_and_none_has_personal_data(shop: World) -> None:
    shop.say("jana", "/vorfall", "melden Laptop von Max Dietz weg")
    Request(shop).green()
    shop.work()
    text = shop.app.metrics.text().decode()
    families = list(text_string_to_metric_families(text))
    assert len(families) > 25
    assert [one.name for one in families if not NAME.match(one.name)] == []
    assert {label for one in families for sample in one.samples for label in sample.labels} <= KNOWN_LABELS
    assert [one.name for one in families if not one.documentation] == []
    for word in ("Laptop", "Dietz", "Jana", "jana", "INC-", "CHG-", "acme", "shop"):
        assert word not in text.replace("wachbuch", "")


def test_every_figure_of_ours_is_documented(shop: World) -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(wachbuch_[a-z_]+)`", text.partition("## Figures")[2].partition("\n## ")[0]))
    with shop.store.transaction() as uow:
        remember_verification(uow.links, LastVerification(shop.clock.now, 3, intact=True))
    with world(f"sqlite:///{shop.store._file}-2", by_socket=True) as other:
        other.say("jana", "/vorfall", "hilfe")
        exposed = set(re.findall(r"^# TYPE (wachbuch_[a-z_]+)", other.app.metrics.text().decode(), re.MULTILINE))
    exposed |= set(re.findall(r"^# TYPE (wachbuch_[a-z_]+)", shop.app.metrics.text().decode(), re.MULTILINE))
    assert {name for name in exposed if not name.endswith("_created")} - documented == set()
    assert documented - exposed == set()


def test_webhooks_are_counted_by_what_became_of_them(shop: World) -> None:
    post = github_post("ping", "ping", b'{"zen": "x"}')
    for headers, body in (
        (post.signed(), post.body), (post.signed(), post.body), (post.headers, post.body),
        (replace(post, body=b"[]").signed(), b"[]"),
    ):  # fmt: skip
        shop.door(GITHUB_PATH, headers, body)
    shop.door("/webhooks/somebody", {}, b"")
    for result in ("stored", "seen", "unsigned", "unreadable"):
        assert figure(shop, "webhook_deliveries_total", source="github", result=result) == 1, result
    assert figure(shop, "http_request_seconds_count", route="unknown", status="404") == 1
    assert figure(shop, "inbox_backlog") == 1
    shop.work()
    assert figure(shop, "inbox_backlog") == 0


def test_work_gates_forge_slack_and_ledger_are_measured(shop: World) -> None:
    shop.say("jana", "/vorfall", "melden Laptop weg")
    request = Request(shop)
    request.green()
    shop.work()
    assert figure(shop, "gate_evaluation_seconds_count") >= 1
    assert figure(shop, "job_seconds_count", kind="forge.evaluate", result="done") >= 1
    assert figure(shop, "verdicts", status="pending") == 1
    assert figure(shop, "changes_open", phase=shop.change().state) == 1
    assert figure(shop, "forge_call_seconds_count", forge="github", result="ok") > 0
    assert figure(shop, "slack_call_seconds_count", method="chat.postMessage") > 0
    assert figure(shop, "ledger_entries_total") == len(shop.entries())
    assert figure(shop, "ledger_appended_entries_total") == len(shop.entries())
    assert figure(shop, "ledger_append_seconds_count") > 0
    shop.slack.fail("chat.postMessage", times=1, status=429, retry_after=3)
    shop.say("jana", "/vorfall", "melden Noch einer")
    shop.work()
    assert figure(shop, "slack_call_errors_total", method="chat.postMessage", error="ratelimited") == 1
    assert figure(shop, "job_seconds_count", kind="slack.thread", result="again") == 1
    assert "process_resident_memory_bytes" in shop.app.metrics.text().decode()


def test_jobs_are_counted_by_kind_and_the_oldest_due_has_an_age(shop: World) -> None:
    with shop.store.transaction() as uow:
        uow.jobs.enqueue(JobDraft(PART_ALARM, "", "a", {"part": "slack", "state": "part_down", "process": "p"}))
    shop.clock.move(seconds=90)
    assert figure(shop, "jobs", kind=PART_ALARM, state="ready") == 1
    assert figure(shop, "jobs_oldest_due_seconds") >= 90
    assert figure(shop, "jobs_dead") == 0
    with shop.store.transaction() as uow:
        claims = uow.jobs.claim(shop.clock.now, "test", 99, timedelta(minutes=1))
        uow.jobs.bury(next(one for one in claims if one.kind == PART_ALARM), "alarm_unreachable")
    assert figure(shop, "jobs", kind=PART_ALARM, state="dead") == 1
    assert figure(shop, "jobs_dead") == 1


def test_a_sealed_case_changes_no_figure_about_incidents(shop: World) -> None:
    shop.say("jana", "/vorfall", "melden Laptop weg")
    assert figure(shop, "incidents_open", phase="identify", severity="none") == 1
    shop.say("jana", "/vorfall")
    sealed = {"what": "Kollege kopiert", "visibility": "sealed", "named": ["U0JANA", "U0PETRA"]}
    shop.fill("jana", sealed)
    with shop.store.reading() as reads:
        assert {row.visibility for row in reads.all_cases()} == {Visibility.TEAM.value, Visibility.SEALED.value}
    found = scraped(shop.app.metrics.text().decode())
    assert [value for (name, _), value in found.items() if name == "wachbuch_incidents_open"] == [1.0]


def test_the_last_verification_is_shown(shop: World) -> None:
    assert "ledger_verified" not in shop.app.metrics.text().decode()
    with shop.store.transaction() as uow:
        remember_verification(uow.links, LastVerification(shop.clock.now, 3, intact=False))
    assert figure(shop, "ledger_verified_timestamp_seconds") == shop.clock.now.timestamp()
    assert "wachbuch_ledger_verified_intact 0.0" in shop.app.metrics.text().decode()


def test_without_the_database_a_scrape_says_so_and_nothing_is_asked_at_the_start(sqlite_url: str) -> None:
    clock = Clock()
    with opened(sqlite_url, clock) as store:
        app = compose(load_settings({"WACHBUCH_DATABASE_URL": sqlite_url}), policy(), store, moment_of(clock))
        with store.transaction() as uow:
            uow.connection.exec_driver_sql("ALTER TABLE job RENAME TO gone")
        assert "wachbuch_database_up 0.0" in app.metrics.text().decode()
        with store.transaction() as uow:
            uow.connection.exec_driver_sql("ALTER TABLE gone RENAME TO job")
        assert "wachbuch_database_up 1.0" in app.metrics.text().decode()


def test_every_answer_has_the_id_that_its_log_lines_have(shop: World) -> None:
    first, second = shop.door.get("/healthz"), shop.door.get("/healthz")
    ids = {one.headers["x-request-id"] for one in (first, second)}
    assert len(ids) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ids)
