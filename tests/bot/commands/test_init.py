"""`wachbuch init`: five questions, a policy and an `.env` that everything else picks up."""

import json
import stat
from pathlib import Path

import pytest

from config.policy.loader import load_policy
from config.policy.people import check_people
from tests.bot.commands.conftest import Done, Terminal

OPTIONS = ("--language", "en", "--size", "12", "--isb", "Petra M., petra", "--deputy", "Cleo V.", "--slack", "none")
TOKEN = "xoxb-" + "1-2-abcdef"


@pytest.fixture
def bare(terminal: Terminal) -> Terminal:
    """A folder with nothing in it, and nothing set."""
    terminal.environment.delenv("WACHBUCH_POLICY_DIR")
    (terminal.folder / "policy" / "policy.yaml").unlink()
    (terminal.folder / "policy").rmdir()
    return terminal


def answered(terminal: Terminal, *lines: str, language: str = "en") -> Done:
    return terminal.run("init", stdin="".join(f"{line}\n" for line in lines), language=language)


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_five_questions_in_the_language_of_the_first(bare: Terminal) -> None:
    done = answered(bare, "deutsch", "8", "Jörg Müller, U0JOERG01, petra", "", "socket", TOKEN, "")
    assert done.code == 0, done.text
    assert "5. Slack anbinden?" in done.err
    assert TOKEN not in done.text
    assert "Noch in .env einzutragen: SLACK_APP_TOKEN." in done.out
    loaded = load_policy(bare.folder / "policy").policy
    person = loaded.person_by(os_user="petra")
    assert person is not None
    assert (loaded.language, person.id, person.slack) == ("de", "joerg", "U0JOERG01")
    env = bare.folder / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert f"SLACK_BOT_TOKEN={TOKEN}\n# SLACK_APP_TOKEN=xapp-…\n" in env.read_text()
    assert TOKEN not in (bare.folder / "policy" / "policy.yaml").read_text()
    assert files(bare.folder) == {"policy/policy.yaml", ".env"}


def test_what_the_policy_check_says_was_said_before(bare: Terminal) -> None:
    done = bare.run("init", *OPTIONS)
    told = {line for line in done.out.splitlines() if line.startswith("• ")}
    checked = bare.run("policy", "check", "--people")
    gaps = check_people(load_policy(bare.folder / "policy").policy)
    found = [line for line in checked.out.splitlines() if line.startswith("• ")]
    assert len(found) == len(gaps) > 0
    assert set(found) <= told
    assert "• Name somebody from management" in done.out
    assert "§ 28" not in done.out
    many = bare.run("init", *OPTIONS[:2], "--size", "60", *OPTIONS[4:], "--force")
    assert "§ 28" in many.out


@pytest.mark.parametrize(
    ("wrong", "right", "why"),
    [
        (("fr",), ("en", "8", "Petra M.", "", "none"), "Please answer de or en."),
        (("en", "-3"), ("8", "Petra M.", "", "none"), "A whole number is needed"),
        (("en", "8", "Petra, not an account"), ("Petra M.", "", "none"), "is no account name"),
        (("en", "8", "Petra, petra, other"), ("Petra M.", "", "none"), "Only one"),
        (("en", "8", "Petra M.", "petra m."), ("Cleo V.", "none"), "somebody else"),
        (("en", "8", "Petra M.", "", "perhaps"), ("none",), "socket, http or none"),
        (("en", "8", "Petra M.", "", "socket", "xapp-1"), (TOKEN, ""), "begins with: xoxb-"),
    ],
)
def test_a_bad_answer_is_asked_again_with_the_reason(
    wrong: tuple[str, ...], right: tuple[str, ...], why: str, bare: Terminal
) -> None:
    done = answered(bare, *wrong, *right)
    assert done.code == 0, done.text
    assert why in done.err


def test_an_end_in_between_leaves_nothing(bare: Terminal) -> None:
    done = answered(bare, "en", "8", "Petra M.")
    assert (done.code, files(bare.folder)) == (130, set())
    assert not (bare.folder / "policy").exists()


def test_nothing_half_is_left_when_the_second_file_cannot_be_written(bare: Terminal) -> None:
    (bare.folder / "file").write_text("no folder")
    bare.set("WACHBUCH_ENV_FILE", "file/.env")
    done = bare.run("init", *OPTIONS)
    assert (done.code, "Nothing was written." in done.err, files(bare.folder)) == (3, True, {"file"})
    assert not (bare.folder / "policy").exists()
    bare.set("WACHBUCH_ENV_FILE", ".env")
    assert bare.run("init", *OPTIONS).code == 0


def test_what_is_there_is_replaced_only_when_asked_and_kept(bare: Terminal) -> None:
    assert bare.run("init", *OPTIONS).code == 0
    before = (bare.folder / "policy" / "policy.yaml").read_text()
    done = bare.run("init", *OPTIONS[:6], "--deputy", "Tom S.", "--slack", "none")
    assert (done.code, "--force" in done.err) == (1, True)
    assert answered(bare, "n").code == 1
    assert (bare.folder / "policy" / "policy.yaml").read_text() == before
    assert answered(bare, "y", "en", "8", "Petra M.", "Tom S.", "none").code == 0
    assert "tom" in (bare.folder / "policy" / "policy.yaml").read_text()
    assert (bare.folder / "policy" / "policy.yaml.before").read_text() == before
    assert stat.S_IMODE((bare.folder / ".env.before").stat().st_mode) == 0o600
    assert bare.run("policy", "check").code == 0


def test_answers_from_a_file(bare: Terminal) -> None:
    answers = bare.folder / "answers.yaml"
    answers.write_text("language: de\nsize: 12\nisb: Petra M., petra\nslack: http\n")
    done = bare.run("init", "--answers", str(answers), "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert told["missing"] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert "name_deputy" in told["proposals"]
    assert told["sha256"] == load_policy(bare.folder / "policy").sha256


def test_every_answer_that_is_not_taken_at_once(bare: Terminal) -> None:
    answers = bare.folder / "answers.yaml"
    answers.write_text("language: fr\nsize: many\n")
    done = bare.run("init", "--answers", str(answers))
    assert done.code == 2
    assert [word for word in ("language:", "size:", "isb:") if word not in done.err] == []
    answers.write_text(f"language: de\nslack_bot_token: {TOKEN}\n")
    refused = bare.run("init", "--answers", str(answers))
    assert (refused.code, TOKEN in refused.text) == (2, False)
    assert files(bare.folder) == {"answers.yaml"}


def test_the_env_file_is_read_and_the_environment_wins(bare: Terminal) -> None:
    bare.run("init", *OPTIONS)
    assert json.loads(bare.run("policy", "show", "--json").out)["policy"]["people"][0]["name"] == "Petra M."
    env = bare.folder / ".env"
    env.write_text("WACHBUCH_POLICY_DIR=elsewhere # a remark\nCOMPOSE_PROFILES=x\nexport GITLAB_URL='not an address'\n")
    assert "GITLAB_URL" in bare.run("policy", "show").err
    bare.set("GITLAB_URL", "https://gitlab.example.org")
    assert "elsewhere" in bare.run("policy", "check").text
    bare.set("WACHBUCH_POLICY_DIR", str(bare.folder / "policy"))
    assert bare.run("policy", "show").code == 0


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        ("WACHBUCH_PORT\n", 0o600, ".env:1: expected NAME=value"),
        ("\nWACHBUCH_PORT=1\nWACHBUCH_PORT=2\n", 0o600, ".env:3: this name is set twice"),
        ("WACHBUCH_PROT=1\n", 0o600, "WACHBUCH_PROT"),
        ("WACHBUCH_PORT='1\n", 0o600, ".env:1: expected NAME=value"),
        ("WACHBUCH_PORT=1\n", 0o666, ".env: others could write into this file"),
    ],
)
def test_an_env_file_that_cannot_be_used_says_why(content: str, mode: int, why: str, terminal: Terminal) -> None:
    env = terminal.folder / ".env"
    env.write_text("WACHBUCH_PORT=8081\n")
    env.chmod(0o600)
    assert terminal.run("policy", "show").code == 0
    env.write_text(content)
    env.chmod(mode)
    done = terminal.run("policy", "show")
    assert (done.code, why in done.err) == (3, True), done.err


def test_a_pipeline_asks_nobody_whom_the_checkout_names(terminal: Terminal) -> None:
    env = terminal.folder / ".env"
    env.write_text("WACHBUCH_API_URL=https://attacker.example.org\nWACHBUCH_API_TOKEN=t\n")
    env.chmod(0o600)
    done = terminal.run("gate", "check", "--env", "prod", "--sha", "a" * 40, "--repo", "example/shop")
    assert (done.code, "WACHBUCH_API_URL and WACHBUCH_API_TOKEN are needed" in done.err) == (2, True)
