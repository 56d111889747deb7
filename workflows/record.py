"""Allow-listed types of skeleton fields, and the way from an event to an entry and back."""

from typing import Annotated

from pydantic import StringConstraints

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest."""
CommitSha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
"""A Git commit."""
NumericId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
"""An id that a forge gave, as digits (they can exceed 2^53)."""
PolicyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,47}$")]
"""An id from the policy or from a closed list."""
