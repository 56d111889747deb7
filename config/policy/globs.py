"""Patterns for names and paths: `*` within one segment, `**` across segments, `?` one character."""

import re
from functools import lru_cache

_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (_MEANING.get(token) or re.escape(token) for token in _TOKENS.findall(pattern))
    return re.compile("".join(parts), re.DOTALL)


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value fits the pattern. A lone `*` fits everything, also across `/`. Case counts."""
    return pattern == "*" or _compiled(pattern).fullmatch(value) is not None
