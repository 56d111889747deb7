"""What a reader of Markdown makes of a text, counted."""

import re
from collections import Counter

from markdown_it import MarkdownIt

PIECES = (
    "# ", "## x", "\n", "\n\n", "|", "| a | b |", "| --- | --- |", "---", "===", ":-:", "`", "```", "<b>", "<script>",
    "<!--", "[a](http://x.example)", "![](x)", "[a]: http://x", "http://a.example", "HTTPS://A.example",
    "www.a.example", "*", "**", "_", "~~", "~~~", "- ", "+ ", "1. ", "12) ", "> ", "\t", "    ", "\\", "&amp;",
    "\u2028", "\r", "[^1]", "\u202e", "a", " ", "…",
)  # fmt: skip
"""What means something in Markdown, or nearly does."""
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_PLAIN = frozenset({"text", "inline", "softbreak", "hardbreak", "paragraph"})


def structure(text: str) -> Counter[str]:
    """How many headings, tables, cells, links and the like; and cells beyond their table, which readers drop."""
    tokens = _READER.parse(text)
    every = [one for token in tokens for one in (token, *(token.children or ()))]
    found = Counter(one.tag or "html" if one.type.startswith("html") else one.tag for one in every if one.nesting >= 0)
    del found["p"], found["br"], found[""]
    found["|"] = sum(len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|"))
    return found


def clickable(text: str) -> bool:
    """Whether something stands there that viewers turn into a link, although it is none."""
    return re.search(r"(?<!\\)://|www\.", text, re.IGNORECASE) is not None
