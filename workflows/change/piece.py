"""Root of the parts of a change."""

from pydantic import BaseModel, ConfigDict


class Piece(BaseModel):
    """Frozen, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
