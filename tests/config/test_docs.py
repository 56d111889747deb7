"""The documents say what the code does."""

import re
from pathlib import Path

from config.policy.ids import GATE_OF, Role, SecondPersonRule
from config.policy.loader import load_texts
from config.policy.people import check_people
from config.settings.model import names

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_of_settings_is_complete_and_in_order() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE) == list(names().values())


def test_the_example_policy_loads_and_its_people_suffice_for_the_response() -> None:
    text = (DOCS / "policy.md").read_text(encoding="utf-8")
    scenario, example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    policy = load_texts({"policy.yaml": example.encode()}, {"flood.yaml": scenario.encode()}).policy
    assert policy.change.repository("example/api", "main") != policy.change.repository("example/web", "main")
    assert {gap.id for gap in check_people(policy)}.isdisjoint({SecondPersonRule.OVERRIDE, SecondPersonRule.CLOSE})


def test_the_tables_of_values_are_complete() -> None:
    text = (DOCS / "policy.md").read_text(encoding="utf-8")
    for value in (*Role, *SecondPersonRule, *GATE_OF):
        assert f"`{value}`" in text


def test_every_test_that_a_document_names_exists() -> None:
    missing = []
    for page in DOCS.rglob("*.md"):
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8")):
            source = DOCS.parent / file
            if not source.exists() or f"def {name}(" not in source.read_text(encoding="utf-8"):
                missing.append(f"{page.name}: {file}::{name}")
    assert missing == []
