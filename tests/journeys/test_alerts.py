"""Warnings of the forges, by signed webhooks: which open a report, which join one, and which are nobody's business."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Visibility
from config.policy.loader import load_texts
from tests.journeys.policies import DEPOT, INTAKE, SHOP, TILL, policy_text, slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.incident.commands import Advance, Assess, SetVisibility
from workflows.incident.terms import Kind, Relation, State
from workflows.outcome import Accepted

SECRET = {"secret_type": "amazon_aws_access_key_id", "secret_type_display_name": "Amazon AWS Access Key ID"}


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def shop(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=request.param) as made:
        yield made


@pytest.fixture
def till(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def github(shop: World, event: str, number: int, action: str = "created", repo: str = SHOP, **fields: Any) -> None:
    shop.clock.move(seconds=2)
    shop.github.warn(repo, event, number, action, **fields)
    shop.work(seconds=2)


def gitlab(shop: World, number: int, state: str = "detected", **fields: Any) -> None:
    shop.clock.move(seconds=2)
    shop.gitlab.vulnerability(TILL, number, state, **fields)
    shop.work(seconds=2)


def incidents(shop: World) -> list[str]:
    with shop.store.reading() as reads:
        return sorted(row.number for row in reads.cases() if row.workflow == "incident")


def notes(shop: World, number: str = "INC-2026-0001") -> list[str]:
    return [str(one.text) for one in shop.incident(number).notes]


def test_a_leaked_secret_becomes_a_report_that_says_what_comes_first(shop: World) -> None:
    github(shop, "secret_scanning_alert", 12, **SECRET, validity="active")
    case = shop.incident()
    german = shop.app.core.policy.policy.language == "de"
    expected = "GitHub hat in acme/shop ein Geheimnis gefunden" if german else "GitHub found a secret in acme/shop"
    assert str(case.title).startswith(expected)
    what = str(case.what)
    assert "Amazon AWS Access Key ID" in what
    assert "https://github.example/acme/shop/security/secret-scanning/12" in what
    assert ("Zuerst sperren" if german else "Revoke it first") in what
    assert (case.reporter, case.affected) == (None, SHOP)
    (thread,) = shop.slack.messages(INTAKE)
    assert slack_id("tom") in str(thread.blocks), "who is on call is mentioned"
    shop.intact()


def test_what_is_told_twice_or_late_is_one_report(till: World) -> None:
    github(till, "secret_scanning_alert", 12, **SECRET)
    till.github.redeliver()
    github(till, "secret_scanning_alert", 12, "resolved", by="petra", **SECRET, resolution="revoked")
    assert incidents(till) == ["INC-2026-0001"]
    (line,) = notes(till)
    assert line.startswith("Resolved at GitHub by petra: Amazon AWS Access Key ID (https://")
    github(till, "secret_scanning_alert", 12, "created", **SECRET, updated_at="2026-03-02T09:00:01Z")
    assert (incidents(till), len(notes(till))) == (["INC-2026-0001"], 1), "that was long before"
    till.intact()


def test_a_secret_that_becomes_known_outside_is_a_line_in_its_report(till: World) -> None:
    github(till, "secret_scanning_alert", 12, **SECRET)
    github(till, "secret_scanning_alert", 12, "validated", **SECRET)
    assert notes(till) == []
    github(till, "secret_scanning_alert", 12, "publicly_leaked", **SECRET, publicly_leaked=True)
    (line,) = notes(till)
    assert line.endswith(". Level: critical")
    till.intact()


def test_a_flood_is_one_report_for_each_kind_and_repository(till: World) -> None:
    for number in range(1, 8):
        github(till, "secret_scanning_alert", number, **SECRET)
    github(till, "secret_scanning_alert", 1, repo=DEPOT, **SECRET)
    assert (incidents(till), len(notes(till))) == (["INC-2026-0001", "INC-2026-0002"], 6)
    till.clock.move(minutes=61)
    github(till, "secret_scanning_alert", 99, **SECRET)
    assert len(incidents(till)) == 3, "an hour later it is another matter"
    till.intact()


def test_what_comes_back_after_its_case_is_over_is_reported_anew_and_names_it(till: World) -> None:
    github(till, "secret_scanning_alert", 12, **SECRET)
    example = Assess(case="INC-2026-0001", kind=Kind.FALSE_ALARM, reason="Beispielwert aus der Dokumentation")
    command = Advance(case="INC-2026-0001", to=State.DISMISSED, assess=example)
    assert isinstance(till.app.core.service.handle(command, actor("tom")), Accepted)
    github(till, "secret_scanning_alert", 12, "reopened", **SECRET)
    assert incidents(till) == ["INC-2026-0001", "INC-2026-0002"]
    (link,) = till.incident("INC-2026-0002").links
    assert (link.number, link.relation) == ("INC-2026-0001", Relation.RELATED)
    till.intact()


RULES = """alerts:
  rules:
    - {kinds: [secret], from_level: critical, visibility: restricted, urgent: true}
    - {kinds: [secret], from_level: low}
"""


@pytest.fixture
def guarded(sqlite_url: str) -> Iterator[World]:
    """Secrets that are known outside are for few people, and do not wait."""
    decided = load_texts({"policy.yaml": f"{policy_text('en')}{RULES}".encode()})
    with world(sqlite_url, language="en", decided=decided) as made:
        yield made


def test_none_joins_a_report_that_more_people_see_than_its_rule_says(guarded: World) -> None:
    github(guarded, "secret_scanning_alert", 1, **SECRET)
    github(
        guarded,
        "secret_scanning_alert",
        2,
        **{**SECRET, "secret_type_display_name": "Key of the CEO"},
        validity="active",
    )
    assert incidents(guarded) == ["INC-2026-0001", "INC-2026-0002"]
    first, second = (guarded.incident(number) for number in incidents(guarded))
    assert [(one.visibility, one.urgent) for one in (first, second)] == [
        (Visibility.TEAM, False), (Visibility.RESTRICTED, True),
    ]  # fmt: skip
    guarded.work(minutes=1)
    assert "CEO" not in str([(one.text, one.blocks) for one in guarded.slack.messages(INTAKE)])
    github(guarded, "secret_scanning_alert", 3, **SECRET)
    assert len(incidents(guarded)) == 2, "where fewer people see it, it may join"
    assert len(notes(guarded, "INC-2026-0002")) == 1
    guarded.intact()


def test_what_does_not_wait_gives_the_report_that_it_joins_a_channel(guarded: World) -> None:
    github(guarded, "secret_scanning_alert", 1, **SECRET)
    hide = SetVisibility(case="INC-2026-0001", visibility=Visibility.RESTRICTED)
    assert isinstance(guarded.app.core.service.handle(hide, actor("petra")), Accepted)
    github(guarded, "secret_scanning_alert", 2, **SECRET)
    assert not guarded.incident().urgent
    github(guarded, "secret_scanning_alert", 3, **SECRET, validity="active")
    assert (incidents(guarded), guarded.incident().urgent) == (["INC-2026-0001"], True)
    guarded.intact()


def test_what_comes_back_names_no_earlier_report_that_became_confidential(till: World) -> None:
    github(till, "secret_scanning_alert", 12, **SECRET)
    over = Assess(case="INC-2026-0001", kind=Kind.FALSE_ALARM, reason="Beispielwert")
    hide = SetVisibility(case="INC-2026-0001", visibility=Visibility.RESTRICTED)
    for command in (Advance(case="INC-2026-0001", to=State.DISMISSED, assess=over), hide):
        assert isinstance(till.app.core.service.handle(command, actor("petra")), Accepted)
    github(till, "secret_scanning_alert", 12, "reopened", **SECRET)
    assert incidents(till) == ["INC-2026-0001", "INC-2026-0002"]
    assert till.incident("INC-2026-0002").links == ()
    till.intact()


def test_the_policy_decides_from_which_level_on(till: World) -> None:
    rule = {"description": "SQL injection", "security_severity_level": "high"}
    github(till, "code_scanning_alert", 3, rule=rule, most_recent_instance={"ref": "refs/heads/main"})
    gitlab(till, 1, severity="high", report_type="sast")
    assert incidents(till) == []
    critical = {**rule, "security_severity_level": "critical"}
    github(till, "code_scanning_alert", 4, rule=critical, most_recent_instance={"ref": "refs/pull/7/merge"})
    assert incidents(till) == [], "only proposed: the gate holds that"
    github(till, "code_scanning_alert", 4, "appeared_in_branch", rule=critical)
    gitlab(till, 2, severity="critical", report_type="sast", title="Path traversal")
    assert [str(till.incident(number).title) for number in incidents(till)] == [
        "GitHub found a vulnerability in the code of acme/shop: SQL injection",
        "GitLab found a vulnerability in the code of acme/till: Path traversal",
    ]
    till.intact()


def test_malware_in_a_dependency_is_always_critical(till: World) -> None:
    package: dict[str, Any] = {"dependency": {"package": {"name": "left-pad"}}}
    advisory = {"ghsa_id": "GHSA-1", "summary": "Steals tokens", "severity": "low", "classification": "general"}
    github(till, "dependabot_alert", 5, **package, security_advisory=advisory)
    assert incidents(till) == []
    malware = {**advisory, "classification": "malware"}
    github(till, "dependabot_alert", 6, **package, security_advisory=malware)
    assert "left-pad, GHSA-1, Steals tokens" in str(till.incident().what)


def test_gitlabs_dismissal_is_a_line_in_the_report(till: World) -> None:
    gitlab(till, 7, report_type="secret_detection", severity="unknown", title="AWS key")
    gitlab(till, 7, "confirmed", report_type="secret_detection", severity="unknown", title="AWS key")
    assert notes(till) == [], "still open, so nothing new"
    gitlab(till, 7, "dismissed", report_type="secret_detection", title="AWS key")
    (line,) = notes(till)
    assert line.startswith("Dismissed at GitLab: AWS key (http")
    till.intact()
