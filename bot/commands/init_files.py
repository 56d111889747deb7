"""What `wachbuch init` writes: the policy with remarks, and the settings. All files or none."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.commands.init_answers import Answers, Named, Way
from config.i18n import Translator
from config.policy.ids import Role

PRIVATE: Final = 0o600
PUBLIC: Final = 0o644
BEFORE: Final = ".before"
"""Suffix of the copy of a file that was replaced; policy folders read `*.yaml` only."""
TOKENS: Final[Mapping[Way, tuple[tuple[str, str], ...]]] = {
    Way.NONE: (),
    Way.SOCKET: (("SLACK_BOT_TOKEN", "xoxb-…"), ("SLACK_APP_TOKEN", "xapp-…")),
    Way.HTTP: (("SLACK_BOT_TOKEN", "xoxb-…"), ("SLACK_SIGNING_SECRET", "…")),
}
"""Secrets that each way takes, with what they look like."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to be written. `mode` are its permissions."""

    path: Path
    content: str
    mode: int


def policy_text(answers: Answers, t: Translator) -> str:
    """`policy.yaml`: what was answered, and what comes next as remarks."""
    people = [line for line in (_person(answers.isb, Role.ISB), _person(answers.deputy, Role.DEPUTY)) if line]
    duty = ", ".join(one.id for one in (answers.isb, answers.deputy) if one)
    example = t.gettext("Example Ltd")
    parts = (
        _remark(t.gettext("What your organisation decides. Everything not named here keeps its default.\n"
                          "Check it with: wachbuch policy check --people. All keys: docs/policy.md.\n"
                          "Secrets never belong in here.")),
        f"# organisation: {example}",
        f"language: {answers.language}",
        "",
        _remark(t.gettext("People and their roles. Everybody else is an engineer. Two persons never share an account.\n"
                          "slack: member id; os_user: account on this machine; github_login, gitlab: for the gates.")),
        "people:" if people else "people: []",
        *people,
        *(f"#  - {{id: {key}, name: {json.dumps(name, ensure_ascii=False)}, roles: [{role.value}]}}"
          for key, name, role in _missing(answers, t)),
        "",
        _remark(t.gettext("Who is on call; the first is called first.")),
        f"duty_roster: [{duty}]",
        "",
        *_slack(answers, t),
        _remark(t.gettext("Repositories are observed until you say otherwise (mode: enforce).")),
        "# change:",
        "#   repositories:",
        '#     - {match: "example/shop", branches: [main], mode: observe}',
        '#     - {match: "*"}',
    )  # fmt: skip
    return "\n".join(parts) + "\n"


def env_text(answers: Answers, policy_dir: str, secrets: Mapping[str, str], t: Translator) -> str:
    """`.env`: settings and secrets; a secret that was not given stays a remark."""
    lines = [
        _remark(t.gettext("Settings, read from the folder in which wachbuch is started. The environment wins.\n"
                          "All of them: docs/settings.md. Readable by you only; never commit this file.")),
        f"WACHBUCH_POLICY_DIR={_quoted(policy_dir)}",
        f"WACHBUCH_LANGUAGE={answers.language}",
    ]  # fmt: skip
    for name, like in TOKENS[answers.slack]:
        lines.append(f"{name}={_quoted(secrets[name])}" if secrets.get(name) else f"# {name}={like}")
    if answers.slack is Way.HTTP:
        lines.append("# WACHBUCH_PUBLIC_URL=https://wachbuch.example.org")
    return "\n".join(lines) + "\n"


def _person(named: Named | None, role: Role) -> str:
    if named is None:
        return ""
    accounts = {"slack": named.slack, "os_user": named.os_user}
    more = "".join(f", {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in accounts.items() if value)
    return f"  - {{id: {named.id}, name: {json.dumps(named.name, ensure_ascii=False)}, roles: [{role.value}]{more}}}"


def _missing(answers: Answers, t: Translator) -> Iterator[tuple[str, str, Role]]:
    """Roles that somebody should hold as well, as lines to fill in."""
    if answers.isb is None:
        yield "isb", t.gettext("Information security officer"), Role.ISB
    if answers.deputy is None:
        yield "deputy", t.gettext("Deputy of the information security officer"), Role.DEPUTY
    yield "management", t.gettext("Management"), Role.MANAGEMENT
    yield "responder", t.gettext("Whoever helps with incidents"), Role.RESPONDER


def _slack(answers: Answers, t: Translator) -> tuple[str, ...]:
    if answers.slack is Way.NONE:
        return ()
    told = t.gettext("Channels by id, or by name without '#'; invite the bot to them.")
    return (_remark(told), "# slack: {intake_channel: C0123456789, digest_channel: C0123456780}", "")


def _remark(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def _quoted(value: str) -> str:
    """A value for the file; quotes only where it needs them."""
    mark = "'" if '"' in value else '"'
    return f"{mark}{value}{mark}" if any(sign in value for sign in " #'\"") or not value else value


def write(files: tuple[File, ...]) -> None:
    """Write all of them beside their places first, then put each in its place; what was there is kept as a copy.

    Whatever interrupts it, a file is either the old or the new one, never a part. Raises OSError.
    """
    with _folders(files), _beside() as put:
        fresh = [put(file.path, file.content, file.mode) for file in files]
        kept = [
            (put(file.path, file.path.read_text(encoding="utf-8", errors="replace"), file.mode), file.path)
            for file in files
            if file.path.exists()
        ]
        for copy, path in kept:
            copy.replace(path.with_name(path.name + BEFORE))
        for new, file in zip(fresh, files, strict=True):
            new.replace(file.path)


@contextmanager
def _folders(files: tuple[File, ...]) -> Iterator[None]:
    """The folders exist while this runs, and go again when nothing came into them."""
    made = [folder for folder in dict.fromkeys(file.path.parent for file in files) if not folder.exists()]
    for folder in made:
        folder.mkdir(parents=True)
    try:
        yield
    except BaseException:
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()
        raise


@contextmanager
def _beside() -> Iterator[Callable[[Path, str, int], Path]]:
    """Writes files of names of their own beside their places; those that were not moved there are gone at the end."""
    made: list[Path] = []

    def put(path: Path, content: str, mode: int) -> Path:
        # Made readable by its owner only; the mode that was asked for comes before the first byte.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        made.append(Path(name))
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            os.fchmod(handle, mode)
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        return made[-1]

    try:
        yield put
    finally:
        for path in made:
            path.unlink(missing_ok=True)
