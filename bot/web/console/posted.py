"""What a form of the console sent: its own inputs, and the answers to its questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.web.body import FORM_LIMIT, read_body
from bot.web.console.inputs import PREFIX

_KIND: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 1000


class Unreadable(Exception):
    """The body is no form of ours."""


@dataclass(frozen=True, slots=True)
class Posted:
    """`own`: inputs of ours, such as the case; `answers`: field id → answer, several of them with blanks between."""

    own: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def request(self, *about: str) -> str:
        """Id of this sending: the same one again is carried out once, another step or another answer is another.

        `about` says whose it is and what is asked for. Empty for a form without the mark that each page gives it.
        """
        once = self.own.get("once", "")
        parts = [once, *about, *(part for pair in sorted(self.answers.items()) for part in pair)]
        return sha256("\0".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest() if once else ""


async def read_form(request: Request) -> Posted:
    """Raises TooLarge, and Unreadable for another kind of body, or one with too many fields."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise Unreadable(f"expected {_KIND}")
    raw = await read_body(request, FORM_LIMIT)
    try:
        pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Unreadable(f"expected at most {_MOST_FIELDS} fields") from error
    own: dict[str, str] = {}
    answers: dict[str, list[str]] = {}
    for name, value in pairs:
        # Browsers send every line break as a return and a feed.
        text = value.replace("\r\n", "\n")
        if name.startswith(PREFIX):
            answers.setdefault(name.removeprefix(PREFIX), []).append(text)
        else:
            own[name] = text
    return Posted(own, {name: " ".join(filter(None, given)) for name, given in answers.items()})
