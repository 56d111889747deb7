"""Every text of this tree has its German."""

from pathlib import Path

from config.i18n.catalogues import check, texts_in_code
from config.i18n.translator import LOCALE_FOLDER

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("chat.po", "cli.po", "gate.po", "report.po", "policy.po")
PARTS_COMPLETE = all((LOCALE_FOLDER / "de" / "LC_MESSAGES" / part).is_file() for part in PARTS)


def test_every_text_has_its_german_and_no_german_is_left_over() -> None:
    problems = [
        problem for problem in check(ROOT) if PARTS_COMPLETE or problem.where.startswith(("config/", "policy."))
    ]
    assert not problems, "\n".join(map(str, problems))


def test_the_texts_are_found_at_all() -> None:
    assert "unknown key" in texts_in_code(ROOT)
