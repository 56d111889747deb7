"""Programs that live beside the product in its source tree: the demonstration and the measurements."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from bot.commands.language import cli_texts
from bot.commands.show import fail


def run_beside(module: str, arguments: list[str]) -> NoReturn:
    """Become a module of the source tree. In place of this process: signals reach it, and paths keep their meaning."""
    root = Path(__file__).resolve().parents[2]
    if not (root / Path(*module.split("."))).is_dir() or find_spec("bot") is None:
        _ = cli_texts().gettext
        fail(_("This needs the source tree, not an installed package."), then=_("Clone it and run: ./run demo"))
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-P", "-m", module, *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606 no shell is wanted
