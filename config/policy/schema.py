"""Holds a tree against the models: every schema fault with its place, and the JSON Schema for editors."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.policy.faults import Fault, Path
from config.policy.models import Policy
from config.policy.tree import Node

_SIMPLE: Final[Mapping[str, str]] = {
    "missing": "missing_key",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
    "string_type": "expected_text",
    "int_type": "expected_number",
    "int_parsing": "expected_number",
    "bool_type": "expected_boolean",
    "tuple_type": "expected_list",
    "list_type": "expected_list",
    "frozen_set_type": "expected_list",
    "model_type": "expected_map",
    "model_attributes_type": "expected_map",
    "mapping_type": "expected_map",
    "dict_type": "expected_map",
    "date_type": "expected_date",
    "date_parsing": "expected_date",
    "date_from_datetime_parsing": "expected_date",
    "date_from_datetime_inexact": "expected_date",
    "too_short": "empty",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "string_pattern_mismatch": "wrong_form",
}
_OWN: Final = frozenset(
    {
        "away_twice", "ends_before", "incomplete", "not_by_group", "not_relaxable", "not_a_second_person",
        "not_upwards", "unknown_timezone",
    }
)  # fmt: skip
_LIMITS: Final = ("ge", "le", "max_length")
_LONGEST_ECHO: Final = 40


def validate(tree: Node) -> tuple[Policy | None, tuple[Fault, ...]]:
    """The policy that the tree describes, or every reason why it describes none."""
    try:
        return Policy.model_validate(tree.plain()), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        return None, tuple(_fault(tree, detail) for detail in details if not _told_elsewhere(tree, detail))


def _told_elsewhere(tree: Node, detail: ErrorDetails) -> bool:
    """Gates are judged item by item in `references`; a list is only too short when nothing was given."""
    if detail["type"] == "too_short":
        node = tree.get(*detail["loc"])
        return node is not None and bool(node.items())
    return detail["type"] == "wrong_gate"


def _fault(tree: Node, detail: ErrorDetails) -> Fault:
    at_key = bool(detail["loc"]) and detail["loc"][-1] == "[key]"
    path: Path = detail["loc"][:-1] if at_key else detail["loc"]
    if at_key or detail["type"] == "extra_forbidden":
        return _key_fault(tree, detail, path)
    code = _SIMPLE.get(detail["type"], detail["type"] if detail["type"] in _OWN else "invalid")
    return Fault.at(tree.place(path), code, path, **_params(detail, path))


def _key_fault(tree: Node, detail: ErrorDetails, path: Path) -> Fault:
    """A fault of a key stands where the key stands, not where its value begins."""
    key = str(path[-1])
    parent = tree.get(*path[:-1])
    entry = parent.entries().get(key) if parent else None
    place = entry.at if entry else tree.place(path)
    if detail["type"] != "extra_forbidden":
        return Fault.at(place, _SIMPLE.get(detail["type"], "not_allowed"), path, **_params(detail, path))
    near = get_close_matches(key, _keys_at(path[:-1]), n=1, cutoff=0.7)
    if near:
        return Fault.at(place, "unknown_key_near", path, near=near[0])
    return Fault.at(place, "unknown_key", path)


def _params(detail: ErrorDetails, path: Path) -> dict[str, str]:
    """What the text of a fault needs, and nothing else: values are shown only where the text names them."""
    context: Mapping[str, Any] = detail.get("ctx") or {}
    params = {
        **{name: _expected(str(value)) for name, value in context.items()},
        "limit": str(next((context[name] for name in _LIMITS if name in context), "")),
        "found": str(context.get("found", _echo(detail["input"]))),
        "reason": detail["msg"],
        "key": str(path[-1]) if path else "",
    }
    return {name: params[name] for name in _PARAMS_OF.get(detail["type"], ("reason",))}


def _echo(value: object) -> str:
    """A short value as it was given; of lists and maps only that they are there."""
    return str(value)[:_LONGEST_ECHO] if isinstance(value, str | int | None) else "…"


_PARAMS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_SIMPLE, ()),
    "missing": ("key",),
    "enum": ("expected", "found"),
    "literal_error": ("expected", "found"),
    "string_too_long": ("limit",),
    "too_long": ("limit",),
    "greater_than_equal": ("limit",),
    "less_than_equal": ("limit",),
    "string_pattern_mismatch": ("pattern",),
    "incomplete": ("missing",),
    "not_relaxable": ("found", "expected"),
    "not_a_second_person": ("found",),
    "not_upwards": ("found",),
    "not_by_group": ("found", "expected"),
    "ends_before": ("found",),
    "away_twice": ("found",),
    "unknown_timezone": ("found",),
}


def _expected(listed: str) -> str:
    """`'a', 'b' or 'c'` as `a, b, c`: the same in every language."""
    return listed.replace("' or '", "', '").replace("'", "")


def _keys_at(path: Path) -> tuple[str, ...]:
    """The keys that the schema knows at this place."""
    schema = _schema()
    part: dict[str, Any] = schema
    for step in path:
        below = part.get("items") if isinstance(step, int) else part.get("properties", {}).get(step)
        of_map = next(iter(part.get("patternProperties", {}).values()), None)
        part = below or part.get("additionalProperties") or of_map or {}
        part = schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return tuple(part.get("properties", {}))


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return Policy.model_json_schema()


_MERGED: Final = ("SeverityPolicy", "SeverityTargets", "ChangePolicy", "EmergencyPolicy", "SecondPerson")


def policy_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy file. Nothing that the defaults supply is required."""
    schema = Policy.model_json_schema(mode="validation")
    for part in (schema, *(schema["$defs"][name] for name in _MERGED)):
        part.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Wachbuch policy"}
