"""Names of types as stable ids."""

import re


def snake(name: str) -> str:
    """`RequestOverride` → `request_override`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
