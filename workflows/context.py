"""What a decision may know beside the case: time, policy, and the related cases, all handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from config.policy.models import Policy


@dataclass(frozen=True, slots=True)
class Context:
    """One moment. `now` is aware UTC with microseconds; `new_id` gives UUIDv7, `new_salt` 16 random bytes.

    `related` holds the cases that a workflow's `needs()` asked for, by number (`CHG-2026-0001`).
    `facts` holds what the forge told, for the change workflow, read in the same transaction.
    """

    now: datetime
    policy: Policy
    new_id: Callable[[], UUID]
    new_salt: Callable[[], bytes]
    related: Mapping[str, Any] = field(default_factory=dict)
    facts: Any = None
    policy_hash: str = ""
    """SHA-256 of the policy in force; decisions that last name it."""
    newest: int = 0
    """Sequence number of the newest entry of the case, 0 while it has none."""
