"""Notices of deployments that were let through while the gate could not be asked: written by the pipeline, told later.

A notice is sealed with the token of the pipeline, so that nobody can report in its name what it did not let through.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from workflows.change.seen import Forge
from workflows.record import CommitSha

VERSION: Final = 1
LONGEST_REASON: Final = 1000
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""A clock beyond these is no clock; within them every zone can be brought to UTC."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON, strip_whitespace=True)]


class Notice(BaseModel):
    """What was let through where, when by the pipeline's clock, and why. `seal`: HMAC-SHA256 over all the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int = VERSION
    id: UUID
    repository: Line
    environment: Line
    sha: CommitSha
    at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
    reason: Reason
    run: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    """Address of the pipeline's run, where it is known."""
    forge: Forge | None = None
    """Where two forges have a repository of this name."""
    seal: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""

    def message(self) -> bytes:
        """What the seal is over."""
        return sealed_bytes(self.model_dump(mode="json", exclude_none=True))


def sealed_bytes(notice: Mapping[str, Any]) -> bytes:
    """A notice without its seal as bytes, the same on both sides."""
    plain = {name: value for name, value in notice.items() if name != "seal"}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
