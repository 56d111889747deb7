"""`python -m tests.demo [--json]`: shows everything once, and ends by itself."""

import sys


def main() -> int:
    """What `play.main` says. Loading takes a moment, in which nothing is started yet that would have to be ended."""
    try:
        from tests.demo.play import main as play  # noqa: PLC0415 see above
    except KeyboardInterrupt:
        return 130
    return play()


if __name__ == "__main__":
    sys.exit(main())
