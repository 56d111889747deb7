"""The work of `wachbuch init`: answers in, policy and settings out, and which rules nobody can fill (A.5.2, A.5.3)."""

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bot.commands.exits import Exit
from bot.commands.identity import os_user
from bot.commands.init_answers import READERS, Answers, NotTaken, Way, distinct
from bot.commands.init_ask import Asking
from bot.commands.init_files import BEFORE, PRIVATE, PUBLIC, TOKENS, File, env_text, policy_text, write
from bot.commands.init_proposals import proposals
from bot.commands.language import cli_texts
from bot.commands.policy_run import gap_line
from bot.commands.show import Shown, fail
from config.dotenv import DEFAULT, NAME
from config.i18n import Translator, translator
from config.policy.faults import PolicyError
from config.policy.loader import Loaded, load_texts
from config.policy.people import check_people
from config.policy.reading import read

OPTIONAL: Final = {"deputy": "", "slack": ""}
"""What counts as answered where nobody is asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the command was called. `told` are the answers given as options."""

    folder: Path
    told: Mapping[str, str]
    answers: Path | None
    force: bool
    as_json: bool

    @property
    def is_silent(self) -> bool:
        """Whether nothing is asked: what is missing is an error then."""
        return self.as_json or self.answers is not None


def run(wanted: Wanted) -> Exit:
    """Ask what is not answered yet, write both files, say what cannot be staffed. 1 when nothing was replaced."""
    texts = cli_texts()
    given = _given(wanted, texts)
    asking = Asking(translator(given["language"]) if "language" in given else texts, os_user())
    policy, env = wanted.folder / "policy.yaml", Path(os.environ.get(NAME, "").strip() or DEFAULT)
    if not _may_write((policy, env), wanted, asking):
        return Exit.FINDING
    answers = Answers(**(given if wanted.is_silent else asking.answers(given)))
    secrets = {} if wanted.is_silent or not _is_asked(wanted) else asking.secrets(answers.slack)
    t = translator(answers.language)
    text = policy_text(answers, t)
    loaded = _loaded(wanted.folder, policy, text, t)
    place = str(wanted.folder) if env.parent == Path() else str(wanted.folder.absolute())
    files = (File(policy, text, PUBLIC), File(env, env_text(answers, place, secrets, t), PRIVATE))
    try:
        write(files)
    except OSError as error:
        fail(t.gettext("Nothing was written."), f"{error.filename}: {error.strerror}")
    _tell(wanted, answers, loaded, files, secrets)
    return Exit.OK


def _is_asked(wanted: Wanted) -> bool:
    """With all answers given as options nobody sits there to type secrets."""
    return not set(READERS) <= set(wanted.told)


def _given(wanted: Wanted, texts: Translator) -> dict[str, Any]:
    """The answers of file and options, read. Ends the command with every one that is not taken."""
    raw = {**(_file(wanted.answers, texts) if wanted.answers else {}), **wanted.told}
    if wanted.is_silent:
        raw = {**OPTIONAL, **raw}
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for name, reader in READERS.items():
        if name not in raw:
            wrong += [f"  {name}: " + texts.gettext("is missing")] if wanted.is_silent else []
            continue
        try:
            answer = reader(raw[name], texts)
            found[name] = distinct(found.get("isb"), answer, texts) if name == "deputy" else answer
        except NotTaken as why:
            wrong.append(f"  {name}: {why}")
    if wrong:
        fail(texts.gettext("These answers are not taken:"), "\n".join(wrong), code=Exit.USAGE)
    return found


def _file(path: Path, texts: Translator) -> dict[str, str]:
    """The answers of a YAML file, read without YAML's surprises. Ends the command where it is none."""
    what = texts.gettext("The file with the answers cannot be used.")
    try:
        tree, faults = read(str(path), path.read_bytes())
    except OSError as error:
        fail(what, f"{path}: {error.strerror}", code=Exit.USAGE)
    if tree is None or faults:
        fail(what, "\n".join(fault.line_for(texts) for fault in faults), code=Exit.USAGE)
    plain = {key: entry.node.value for key, entry in tree.entries().items()}
    strange = sorted(key for key, value in plain.items() if key not in READERS or isinstance(value, tuple | dict))
    if strange:
        then = texts.gettext("It takes: {names}. Secrets never stand in YAML.").format(names=", ".join(READERS))
        fail(what, f"{path}: {', '.join(strange)}", then, Exit.USAGE)
    return {key: "" if value is None else str(value) for key, value in plain.items()}


def _may_write(paths: tuple[Path, ...], wanted: Wanted, asking: Asking) -> bool:
    """Whether nothing is there, or it may be replaced."""
    t, there = asking.texts, [str(path) for path in paths if _is_file(path)]
    if not there or wanted.force:
        return True
    what = t.gettext("There already: {files}.").format(files=", ".join(there))
    if wanted.is_silent or not _is_asked(wanted):
        sys.stderr.write(what + " " + t.gettext("With --force they are replaced, and copies kept.") + "\n")
        return False
    question = t.gettext("{what} Replace? Copies ({suffix}) are kept. (y/N)").format(what=what, suffix=BEFORE)
    if asking.agrees(question):
        return True
    sys.stderr.write(t.gettext("Nothing was changed.") + "\n")
    return False


def _is_file(path: Path) -> bool:
    return path.exists() and stat.S_ISREG(path.stat().st_mode)


def _loaded(folder: Path, policy: Path, text: str, t: Translator) -> Loaded:
    """The policy as the service will read it, with the files that lie beside it already."""
    try:
        beside = {str(one): one.read_bytes() for one in sorted(folder.glob("*.yaml")) if one != policy}
        return load_texts({**beside, str(policy): text.encode()})
    except (PolicyError, OSError) as error:
        lines = [one.line_for(t) for one in error.faults] if isinstance(error, PolicyError) else [str(error)]
        fail(t.gettext("Nothing was written."), "\n".join(lines))


def _tell(
    wanted: Wanted, answers: Answers, loaded: Loaded, files: tuple[File, ...], secrets: Mapping[str, str]
) -> None:
    t, gaps = translator(answers.language), check_people(loaded.policy)
    proposed = proposals(answers, gaps)
    later = [name for name, _like in TOKENS[answers.slack] if not secrets.get(name)]
    lines = [
        t.gettext("Written: {files}. The second one can be read by you only.").format(
            files=", ".join(str(one.path) for one in files)
        ),
        *_staffed(t, [gap_line(t, gap) for gap in gaps]),
        *(["", t.gettext("Suggested:")] if proposed else []),
        *(f"• {one.text(t)}" for one in proposed),
        "",
        *_next(t, answers, later),
    ]
    data = {
        "files": [str(one.path) for one in files],
        "sha256": loaded.sha256,
        "gaps": [asdict(gap) for gap in gaps],
        "proposals": [one.value for one in proposed],
        "missing": later,
    }
    Shown(wanted.as_json).result(data, lines)


def _staffed(t: Translator, gaps: list[str]) -> list[str]:
    if not gaps:
        return [t.gettext("Every rule can be filled by two people or more.")]
    return ["", t.gettext("Not staffed yet (wachbuch policy check --people says the same):"), *gaps]


def _next(t: Translator, answers: Answers, later: list[str]) -> list[str]:
    lines = [t.gettext("Next: ./run starts the service, wachbuch doctor looks at everything.")]
    if answers.slack is not Way.NONE:
        lines.append(t.gettext("The app for Slack: wachbuch slack manifest (README, “Connect Slack”)."))
    if later:
        lines.append(t.gettext("Still to be put into .env: {names}.").format(names=", ".join(later)))
    return lines
