"""Deliveries that tell nothing about a gate or a warning: stored and acknowledged, and named where operators look."""

import re
from typing import Final

import structlog

from bot.meter import Meter
from integrations.parsing import Ignored
from workflows.store.rows import InboxRow

log = structlog.get_logger(__name__)

_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
_OTHER: Final = "other"
_COUNTED: Final = frozenset(
    {
        "build", "create", "delete", "deployment", "emoji", "feature_flag", "fork", "issue", "issue_comment", "issues",
        "label", "member", "merge_request", "milestone", "note", "ping", "pipeline", "pull_request",
        "pull_request_review", "push", "release", "star", "tag_push", "team", "watch", "wiki_page", "work_item",
        "workflow_job", "workflow_run",
    }
)  # fmt: skip
"""Kinds that are counted by name; figures take no name that a delivery made up."""


def ignore(found: Ignored, row: InboxRow, meter: Meter) -> str:
    """Log and count it by name; the short code under which it is kept: `emoji.award`."""
    kind = _named(found.event)
    code = f"{kind}.{_named(found.action)}" if found.action else kind
    log.info("delivery_ignored", source=row.source, told=code)
    meter.ignored(row.source, kind if kind in _COUNTED else _OTHER)
    return code


def _named(text: str) -> str:
    """A name as forges write them; whatever else a body says there is content, and goes nowhere."""
    return text if _NAME.fullmatch(text) else _OTHER
