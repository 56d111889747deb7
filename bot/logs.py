"""Logs: one JSON object per line on standard error; readable lines on a terminal. Secrets never reach them."""

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

import structlog

REDACTED: Final = "[redacted]"
SHORTEST: Final = 6
"""A shorter value would be found in ordinary words; who sets such a secret has none."""
_SECRET_KEY: Final = re.compile(
    r"token|secret|passw(or)?d|authorization|cookie|private_key|api_key|credential|signature", re.IGNORECASE
)
_SECRET_VALUE: Final = re.compile(
    r"xox[abeprs]-[\w-]+|xapp-[\w-]+|gh[opsur]_\w{10,}|github_pat_\w+|gl[a-z]{2,5}-[\w-]{10,}|whsec_[\w+/=]+|wb[gkls]_[\w-]+"
    r"|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+|DETAIL:[^\n]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
    # Addresses: a password before the host (it may hold anything but a space), and parameters that are secret by name.
    r"|(?<=://)[^/\s:@]*:[^\s]*(?=@)"
    r"|(?<=[?&;])[\w.-]*(?:token|secret|passw(?:or)?d|ticket|signature|key|code|state)=[^&;#\s\"']*"
    r"|(?:Bearer|Basic|token)\s+[\w.~+/=-]{8,}",
    re.DOTALL | re.IGNORECASE,
)
"""Tokens, signed assertions, keys, passwords in addresses; also the detail with which PostgreSQL repeats a row."""


class Redaction:
    """Takes secrets out of everything that is logged. A processor of structlog.

    The given values wherever they stand, all others by their names and by their looks.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        """`values`: the secrets that this process was given."""
        spelled = {form for value in values for form in _spellings(value) if len(form) >= SHORTEST}
        # The longest first: one secret may be the beginning of another.
        known = sorted(spelled, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        """The event without its secrets."""
        return self._mapping(event)

    def _mapping(self, event: Mapping[Any, Any]) -> dict[str, Any]:
        return {
            self.text(str(key)): REDACTED if _SECRET_KEY.search(str(key)) and value else self._clean(value)
            for key, value in event.items()
        }

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(one) for one in value]
        # Whatever else is logged is logged by how it shows itself, and that may hold a secret too.
        return self.text(value if isinstance(value, str) else repr(value))

    def text(self, text: str) -> str:
        """A text without its secrets."""
        found = self._known.sub(REDACTED, text) if self._known else text
        return _SECRET_VALUE.sub(REDACTED, found)


redact: Final = Redaction()
"""By names and looks alone."""


def configure_logs(is_terminal: bool, secrets: Iterable[str] = ()) -> None:  # noqa: FBT001 what standard error is
    """Set up structlog and the standard library's loggers alike. `secrets`: values that must never be logged."""
    last: Any = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    clean = Redaction(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Exceptions become text before they are cleaned: their text may hold what was in the variables.
    ending: list[Any] = [structlog.processors.format_exc_info, clean, last]
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    plain = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    named = [structlog.stdlib.add_logger_name, *shared]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[plain, *ending], foreign_pre_chain=named))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


def _spellings(value: str) -> set[str]:
    """A secret as it may stand in a text: as it is, in an address, in JSON, line by line, as Python shows it."""
    lines = value.splitlines() if "-----BEGIN" in value else []
    body = {line for line in lines if line and not line.startswith("-----")}
    in_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return {value, quote(value, safe=""), quote(value), quote_plus(value), repr(value)[1:-1], *in_json, *body}
