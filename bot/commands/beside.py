"""Programs that live beside the product in its source tree: the demonstration and the measurements."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.show import fail


def run_beside(module: str, arguments: list[str]) -> int:
    """Run a module of the source tree in a process of its own; its exit code."""
    root = Path(__file__).resolve().parents[2]
    if not (root / Path(*module.split("."))).is_dir() or find_spec("bot") is None:
        _ = cli_texts().gettext
        fail(_("This needs the source tree, not an installed package."), then=_("Clone it and run: ./run demo"))
    try:
        return subprocess.run([sys.executable, "-m", module, *arguments], cwd=root, check=False).returncode  # noqa: S603 our own module
    except KeyboardInterrupt:
        return int(Exit.ENVIRONMENT)
