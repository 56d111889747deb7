"""The folder over the defaults, the canonical text, and its hash."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.policy.faults import PolicyError
from config.policy.ids import Gate, Mode, Requirement, SecondPersonRule, Severity
from config.policy.loader import default_policy, load_policy, load_texts, stored_policy
from config.policy.schema import policy_schema


def test_the_default_policy_stands_on_its_own() -> None:
    policy = default_policy()
    entry = policy.change.repository("anybody/anything")
    assert policy.people == ()
    assert entry is not None
    assert entry.mode is Mode.OBSERVE
    assert {requirement for gate in Gate for requirement in entry.requirements[gate]} == set(Requirement)
    assert set(policy.second_persons) == set(SecondPersonRule)
    assert set(policy.monitoring_hours) == set(Severity)
    assert policy.criteria.relaxed == frozenset()
    assert [regime.id for regime in policy.regimes if regime.on_personal_data] == ["gdpr_33_1"]


def test_the_holidays_of_the_defaults_follow_easter() -> None:
    easter = {2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16)}
    moving = {day + timedelta(offset) for day in easter.values() for offset in (-2, 1, 39, 50)}
    fixed = {date(year, *day) for year in easter for day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))}
    assert set(default_policy().holidays) == moving | fixed


def test_maps_merge_and_lists_replace(tmp_path: Path) -> None:
    (tmp_path / "10-incident.yaml").write_text("severity: {targets: {S1: {contain_minutes: 30}}}\nholidays: []\n")
    (tmp_path / "20-change.yaml").write_text("change: {repositories: [{match: acme/*, mode: enforce}]}\n")
    policy = load_policy(tmp_path).policy
    default = default_policy()
    assert policy.severity.targets[Severity.S1].contain_minutes == 30
    assert policy.severity.targets[Severity.S1].update_minutes == default.severity.targets[Severity.S1].update_minutes
    assert policy.severity.targets[Severity.S2] == default.severity.targets[Severity.S2]
    assert policy.holidays == ()
    assert policy.change.repository("other/thing") is None
    assert policy.change.risk_rules == default.change.risk_rules


def test_a_repository_that_names_one_gate_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("change: {repositories: [{match: '*', requirements: {test: []}}]}\n")
    entry = load_policy(tmp_path).policy.change.repository("a/b")
    assert entry is not None
    assert entry.requirements[Gate.TEST] == ()
    assert entry.requires(Requirement.FOUR_EYES)
    assert not entry.requires(Requirement.CHECKS_GREEN)


def test_the_canonical_text_is_the_whole_policy_and_comes_back() -> None:
    found = load_texts({"a.yaml": "people: [{id: jörg, name: Jörg}]".replace("jörg,", "joerg,").encode()})
    assert found.sha256 == hashlib.sha256(found.source_text.encode()).hexdigest()
    assert stored_policy(found.source_text) == found.policy
    assert json.loads(found.source_text)["people"][0]["name"] == "Jörg"
    assert json.loads(found.source_text)["monitoring_hours"] == {"S1": 72, "S2": 48, "S3": 24, "S4": 8}


def test_the_hash_follows_the_meaning_not_the_writing() -> None:
    first = load_texts({"a.yaml": b"people: [{id: a, name: A, roles: [isb, dpo]}]\nlanguage: de"})
    again = load_texts(
        {
            "y.yaml": b"language: 'de' # comment",
            "x.yaml": b"people:\n  - name: A\n    id: a\n    roles: [dpo, isb, engineer]",
        }
    )
    other = load_texts({"a.yaml": b"people: [{id: a, name: A, roles: [isb]}]\nlanguage: de"})
    assert first == again
    assert first.sha256 != other.sha256


def test_a_stored_text_of_another_shape_is_refused() -> None:
    with pytest.raises(ValidationError):
        stored_policy('{"language":"de"}')


def test_a_folder_must_exist_and_hold_what_is_read(tmp_path: Path) -> None:
    def codes(folder: Path) -> list[str]:
        with pytest.raises(PolicyError) as caught:
            load_policy(folder)
        return [fault.code for fault in caught.value.faults]

    assert codes(tmp_path / "none") == ["no_folder"]
    assert codes(tmp_path) == ["no_files"]
    (tmp_path / "a.yml").touch()
    assert codes(tmp_path) == ["wrong_suffix"]
    (tmp_path / "dir.yaml").mkdir()
    assert codes(tmp_path) == ["wrong_suffix", "unreadable"]
    (tmp_path / "dir.yaml").rmdir()
    (tmp_path / "a.yml").rename(tmp_path / "a.yaml")
    assert load_policy(tmp_path).sha256 == load_policy(None).sha256


def test_the_schema_asks_for_nothing_that_the_defaults_supply() -> None:
    schema = policy_schema()
    assert "required" not in schema
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["RepositoryPolicy"]["required"] == ["match"]
    assert schema["properties"]["effectiveness_days"]["minimum"] == 1
    assert json.loads(json.dumps(schema)) == schema
