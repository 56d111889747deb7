"""Differences of two policies; each loosening is marked one way, and not the other way round."""

import pytest

from config.policy.diff import Difference, differences
from config.policy.loader import default_policy, load_texts
from config.policy.models import Policy

ANNA = "people: [{id: anna, name: Anna%s}]"
REPOSITORY = (
    "change: {repositories: [{match: a/b, checks: [{name: ci%s}], environments: [dev, prod],"
    " approve_environments: [prod]%s}]}"
)
STRICT_REPOSITORY = REPOSITORY % (", source: app", ", mode: enforce, approvals: 2, carry_over: never, bots: []")


def policy(text: str) -> Policy:
    return load_texts({"p.yaml": text.encode()}).policy


ALERTS = "alerts: {rules: [{kinds: [secret], from_level: low%s}, {kinds: [code], urgent: true}]}"
ASKED = "criteria: {added: [{id: told, leaving: contain, question_en: Told, question_de: Informiert%s}]%s}"
LOOSER = [
    # strict, loose
    ("alerts: {join_minutes: 60}", "alerts: {join_minutes: 61}"),
    ("alerts: {most_reports: 10}", "alerts: {most_reports: 9}"),
    (ALERTS % "", (ALERTS % "").replace("from_level: low", "from_level: high")),
    (ALERTS % "", (ALERTS % "").replace("urgent: true", "urgent: false")),
    (ALERTS % ", visibility: restricted", ALERTS % ""),
    (ALERTS % "", "alerts: {rules: [{kinds: [secret], from_level: low}]}"),
    (ALERTS % "", "alerts: {rules: []}"),
    (ANNA % "", ANNA % ", roles: [isb]"),
    (ANNA % ", slack: U111", ANNA % ", slack: U222"),
    ("slack: {}", "slack: {groups: {S0A: responder}}"),
    ("slack: {groups: {S0A: engineer}}", "slack: {groups: {S0A: service_owner}}"),
    ("criteria: {}", "criteria: {relaxed: [monitoring.over]}"),
    (ASKED % ("", ""), "criteria: {}"),
    (ASKED % ("", ""), ASKED % (", severities: [S1, S2]", "")),
    (ASKED % (", severities: [S1, S2]", ""), ASKED % (", severities: [S1]", "")),
    (ASKED % ("", ""), ASKED % (", categories: [malware]", "")),
    (ASKED % (", exemptible: false", ""), ASKED % ("", "")),
    (ASKED % (", by: [isb]", ""), ASKED % (", by: [isb, lead]", "")),
    (ASKED % (", by: [isb]", ""), ASKED % ("", "")),
    (ASKED % ("", ", tightened: {never_exempt: [told, lessons]}"), ASKED % ("", ", tightened: {never_exempt: [told]}")),
    ("severity: {targets: {S1: {contain_minutes: 60}}}", "severity: {targets: {S1: {contain_minutes: 90}}}"),
    ("severity: {matrix: {low: {single: S3}}}", "severity: {matrix: {low: {single: S4}}}"),
    ("monitoring_hours: {S1: 72}", "monitoring_hours: {S1: 71}"),
    ("effectiveness_days: 30", "effectiveness_days: 31"),
    ("paging: {rounds: 3}", "paging: {rounds: 2}"),
    ("paging: {repeat_minutes: 10}", "paging: {repeat_minutes: 11}"),
    ("paging: {remind_minutes: 240}", "paging: {remind_minutes: 241}"),
    ("change: {plan_approval_from: medium}", "change: {plan_approval_from: high}"),
    ("change: {default_risk: medium}", "change: {default_risk: low}"),
    ("change: {risk_rules: [{risk: high, paths: [a, b]}]}", "change: {risk_rules: [{risk: high, paths: [a]}]}"),
    ("change: {risk_rules: [{risk: high, paths: [a]}]}", "change: {risk_rules: []}"),
    ("second_persons: {change.waiver: {fallback: none}}", "second_persons: {change.waiver: {fallback: management}}"),
    (
        "categories: [{id: a, title_en: A, title_de: A, watched: true}]",
        "categories: [{id: a, title_en: A, title_de: A, watched: false}]",
    ),
    (
        "categories: [{id: a, title_en: A, title_de: A, visibility: sealed}]",
        "categories: [{id: a, title_en: A, title_de: A, visibility: team}]",
    ),
    (
        "evidence_access: [{id: a, title_en: A, title_de: A, roles: [isb]}]",
        "evidence_access: [{id: a, title_en: A, title_de: A, roles: []}]",
    ),
    (
        "retention_classes: [{id: a, title_en: A, title_de: A, keep_years: 3}]",
        "retention_classes: [{id: a, title_en: A, title_de: A, keep_years: 2}]",
    ),
    ("regimes: [{id: a, title_en: A, title_de: A}]", "regimes: []"),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("enforce", "observe")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("approvals: 2", "approvals: 1")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("never", "same_diff")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("bots: []", "bots: [x]")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace(", source: app", "")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("approve_environments: [prod]", "approve_environments: []")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("bots: []", "requirements: {review: [four.eyes]}, bots: []")),
    (STRICT_REPOSITORY, STRICT_REPOSITORY.replace("bots: []", "environment_names: {dev: [prod-eu]}, bots: []")),
    (STRICT_REPOSITORY, "change: {repositories: []}"),
]


@pytest.mark.parametrize(("strict", "loose"), LOOSER, ids=range(len(LOOSER)))
def test_a_loosening_is_marked_in_its_direction(strict: str, loose: str) -> None:
    assert any(found.loosens for found in differences(policy(strict), policy(loose)))
    if "slack" not in strict and "source" not in strict:
        assert not any(found.loosens for found in differences(policy(loose), policy(strict)))


def test_a_new_criterion_is_no_loosening_however_narrow_and_another_wording_may_be_one() -> None:
    asked = policy(ASKED % (", severities: [S1], categories: [malware], by: [isb, lead]", ""))
    (found,) = differences(default_policy(), asked)
    assert found == Difference("criteria.added[]", None, ("told",), loosens=False)
    for other in ("leaving: contain", "leaving: review"), ("Told", "Maybe told"), ("Informiert", "Gesagt"):
        (found,) = differences(policy(ASKED % ("", "")), policy((ASKED % ("", "")).replace(*other)))
        assert found.loosens


def test_an_absence_is_no_loosening() -> None:
    away = "people: [{id: anna, name: Anna%s}, {id: ben, name: Ben}]"
    (found,) = differences(
        policy(away % ""), policy(away % ", away: [{from: 2026-12-01, to: 2026-12-02, deputy: ben}]")
    )
    assert not found.loosens


def test_equal_policies_do_not_differ() -> None:
    assert differences(default_policy(), default_policy()) == ()


def test_a_difference_names_path_and_both_values() -> None:
    assert differences(policy("effectiveness_days: 30"), policy("effectiveness_days: 40")) == (
        Difference("effectiveness_days", 30, 40, loosens=True),
    )


def test_of_what_is_new_only_the_loosening_is_told_and_of_what_went_only_that() -> None:
    new = policy(ANNA % ", roles: [isb]")
    assert differences(default_policy(), new) == (
        Difference("people[]", None, ("anna",), loosens=False),
        Difference("people[anna].roles", None, ("engineer", "isb"), loosens=True),
    )
    assert differences(new, default_policy()) == (Difference("people[]", ("anna",), None, loosens=False),)


def test_another_order_of_repositories_may_loosen() -> None:
    first = "change: {repositories: [{match: a/b, mode: enforce}, {match: '*'}]}"
    second = "change: {repositories: [{match: '*'}, {match: a/b, mode: enforce}]}"
    assert [found.loosens for found in differences(policy(first), policy(second))] == [True]
