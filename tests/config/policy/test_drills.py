"""Scenarios of drills: one a file, checked like the rest of the policy."""

from pathlib import Path

import pytest

from config.policy.drills import Scenario
from config.policy.faults import Fault, PolicyError
from config.policy.loader import default_policy, load_policy

FLOOD = """title: Flood
what: Water in the server room
injects:
  - {after_minutes: 5, text: The pumps fail}
  - {after_minutes: 9, text: The power fails}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.yaml").write_text("organisation: Beispiel GmbH\n")
    (tmp_path / "drills").mkdir()
    return tmp_path


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    return caught.value.faults


@pytest.mark.parametrize("scenario", default_policy().drills.scenarios.values())
def test_what_comes_along_is_told_in_both_languages(scenario: Scenario) -> None:
    assert scenario.titled("de") != scenario.titled("en") == scenario.title
    assert scenario.told("de") != scenario.told("en") == scenario.what
    assert all(one.said("de") != one.said("en") == one.text for one in scenario.injects)
    assert len(scenario.injects) > 2


def test_a_file_is_a_scenario_beside_the_others(folder: Path) -> None:
    without = load_policy(folder)
    (folder / "drills" / "flood.yaml").write_text(FLOOD)
    found = load_policy(folder)
    assert set(found.policy.drills.scenarios) == {*default_policy().drills.scenarios, "flood"}
    assert found.policy.drills.scenarios["flood"].told("de") == "Water in the server room", "where there is no German"
    assert found.sha256 != without.sha256, "it is part of the policy that is on record"


def test_one_of_the_same_name_replaces_ours_whole(folder: Path) -> None:
    (folder / "drills" / "ransomware.yaml").write_text(FLOOD)
    found = load_policy(folder).policy.drills.scenarios["ransomware"]
    assert (found.titled("de"), len(found.injects)) == ("Flood", 2)


@pytest.mark.parametrize(
    ("name", "wrong", "code", "line", "column"),
    [
        ("flood", FLOOD.replace("5,", "soon,"), "expected_number", 4, 21),
        ("flood", FLOOD.replace("9,", "3,"), "not_upwards", 4, 3),
        ("flood", FLOOD.replace("what:", "waht:"), "unknown_key_near", 2, 1),
        ("flood", FLOOD.replace("title: Flood\n", ""), "missing_key", 1, 1),
        ("flood", FLOOD.replace("Flood", "xoxb-" + "123456789012-abcdefabcdef"), "secret_value", 1, 8),
        ("Flood 1", FLOOD, "wrong_form", 1, 1),
    ],
)
def test_a_fault_stands_in_its_file(folder: Path, name: str, wrong: str, code: str, line: int, column: int) -> None:
    file = folder / "drills" / f"{name}.yaml"
    file.write_text(wrong)
    found = [one for one in faults_of(folder) if one.code == code]
    assert [(one.file, one.line, one.column) for one in found] == [(str(file), line, column)]
    file.unlink()
    (folder / "drills" / "flood.yaml").write_text(FLOOD)
    assert load_policy(folder).sha256


def test_a_file_that_is_not_read_is_none_to_overlook(folder: Path) -> None:
    (folder / "drills" / "flood.yml").write_text(FLOOD)
    assert [one.code for one in faults_of(folder)] == ["wrong_suffix"]
