"""What README and docs name exists: commands with their options, settings, verbs in chat, files behind links."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from bot.chat.parser import Intent, parse
from bot.cli import build
from config.policy.loader import load_texts
from config.settings.model import names

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOR_ALL = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
COMMAND = re.compile(r"(?:\./run|(?<![\w/.-])wachbuch) +((?:[a-z]|--)[a-z-]*)((?: [^`|\n#>&]*)?)")
SETTING = re.compile(r"\b(?:WACHBUCH|SLACK|GITHUB|GITLAB)_[A-Z_]+\b")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
OF_RUN = {"test", "lint", "lock"}
READ_ELSEWHERE = {"WACHBUCH_OFFLINE_REASON", "WACHBUCH_ENV", "WACHBUCH_"}
NOT_THERE_YET = {"gate check"}
"""Named to say that they are still missing."""


def code(text: str) -> str:
    """What stands in code: blocks and spans. Prose may say “wachbuch” and mean the product."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


def known(app: typer.Typer) -> dict[str, set[str]]:
    """Every command (`gate enforce`) with its options."""
    found: dict[str, set[str]] = {}
    top = get_command(app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        found[name] = {option for one in command.params for option in one.opts}
        for inner, sub in getattr(command, "commands", {}).items():
            found[f"{name} {inner}"] = {option for one in sub.params for option in one.opts}
    return found


@FOR_ALL
def test_commands_and_their_options_exist(document: Path) -> None:
    there = known(build(lambda text: text))
    groups = {name.split()[0] for name in there if " " in name}
    wrong = []
    for verb, tail in COMMAND.findall(code(document.read_text(encoding="utf-8"))):
        if verb in OF_RUN or verb == "--help":
            continue
        words = tail.split()
        name = f"{verb} {words[0]}" if verb in groups and words else verb
        options = {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)}
        if name not in NOT_THERE_YET and (name not in there or not options <= there[name] | {"--help"}):
            wrong.append(f"{verb}{tail}")
    assert wrong == []


@FOR_ALL
def test_settings_exist(document: Path) -> None:
    there = set(names().values())
    found = {name.removesuffix("_FILE") for name in SETTING.findall(document.read_text(encoding="utf-8"))}
    strange = {name for name in found if name not in there | READ_ELSEWHERE}
    assert {name for name in strange if not name.startswith("WACHBUCH_TEST_")} == set()


@FOR_ALL
def test_links_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_what_is_claimed_of_complaints_is_shown_by_tests_that_exist() -> None:
    text = (ROOT / "docs" / "complaints.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`]+)::(\w+)`", text)
    assert named
    assert [one for one in named if f"def {one[1]}(" not in (ROOT / one[0]).read_text(encoding="utf-8")] == []
    rows = [line.rstrip("| ") for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert [row for row in rows[1:] if not row.endswith("`")] == [], "each row ends with what shows it"


@pytest.mark.parametrize(("page", "command"), [("incidents.md", "incident"), ("changes.md", "change")])
def test_verbs_in_both_languages_mean_the_same(page: str, command: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (table,) = re.findall(r"\| English \| German \| Does \|\n\|[-|]+\n((?:\|.*\n)+)", text)
    for row in table.splitlines():
        english, german = (re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:3])
        assert len(english) == len(german) > 0
        meant = [parse(command, one, 2026) for one in (*english, *german)]
        assert all(isinstance(one, Intent) for one in meant), row
        verbs = [one.verb for one in meant if isinstance(one, Intent)]
        assert verbs[: len(english)] == verbs[len(english) :]


def test_the_policy_of_the_readme_loads() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    policy = load_texts({"policy.yaml": example.encode()}).policy
    assert policy.person_by(os_user="jana") == policy.on_call()[0]
