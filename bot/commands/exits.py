"""Exit codes, the same for every command."""

from enum import IntEnum


class Exit(IntEnum):
    """0 fine, 1 something was found, 2 called wrongly (or, for `verify`, unreadable), 3 the surroundings do not fit."""

    OK = 0
    FINDING = 1
    USAGE = 2
    ENVIRONMENT = 3
