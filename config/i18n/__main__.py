"""`python -m config.i18n check` (exit 1 on a problem) and `python -m config.i18n compile`."""

import sys
from pathlib import Path

from config.i18n.catalogues import check, compile_all


def main(arguments: list[str]) -> int:
    """0 done, 1 problems found, 2 wrong use."""
    if arguments == ["compile"]:
        compile_all()
        return 0
    if arguments == ["check"]:
        problems = check(Path(__file__).resolve().parents[2])
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    sys.stderr.write("usage: python -m config.i18n check|compile\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
