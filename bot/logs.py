"""Logs: one JSON object per line on standard error; readable lines on a terminal. Secrets never reach them."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

REDACTED: Final = "[redacted]"
_SECRET_KEY: Final = re.compile(r"token|secret|password|authorization|cookie|private_key|api_key", re.IGNORECASE)
_SECRET_VALUE: Final = re.compile(
    r"xox[abeprs]-[\w-]+|xapp-[\w-]+|gh[opsur]_\w{10,}|github_pat_\w+|glpat-[\w-]+|whsec_[\w+/=]+|wbk_[\w-]+"
    r"|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+|DETAIL:[^\n]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*|://[^/\s:@]+:[^/\s@]+@",
    re.DOTALL,
)
"""Tokens, signed assertions, keys, passwords in addresses; also the detail with which PostgreSQL repeats a row."""


def configure_logs(is_terminal: bool) -> None:  # noqa: FBT001 what standard error is
    """Set up structlog and the standard library's loggers alike."""
    last: Any = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, redact, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    plain = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[plain, structlog.processors.format_exc_info, redact, last], foreign_pre_chain=shared
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def redact(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Take secrets out of everything that is logged, by their names and by their looks."""
    return {key: REDACTED if _SECRET_KEY.search(key) and value else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRET_VALUE.sub(REDACTED, value)
    if isinstance(value, Mapping):
        return redact(None, "", dict(value))
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value
