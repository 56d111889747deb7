"""How a person fills a view: from short values to the state that Slack sends."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack.blocks import elements

_TEXTS: Final = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_PICKS: Final = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_ONE_OF: Final = {"static_select", "radio_buttons", "external_select"}
_SOME_OF: Final = {"multi_static_select", "checkboxes", "multi_external_select"}
_STATEFUL: Final = _TEXTS | set(_PICKS) | _ONE_OF | _SOME_OF | {"rich_text_input", "file_input"}


class NotThere(LookupError):
    """A person cannot click or fill what the view does not show."""


def _options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    grouped = [one for group in element.get("option_groups", ()) for one in group["options"]]
    return [*element.get("options", ()), *grouped]


def option(element: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The option of that value (or shown text)."""
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    for one in _options(element):
        if value in (one["value"], one["text"]["text"]):
            return one
    raise NotThere(f"no option {value!r} in {element['action_id']}: {[one['value'] for one in _options(element)]}")


def _initial(element: Mapping[str, Any]) -> Any:
    kind = element["type"]
    if kind in _TEXTS:
        return {"value": element.get("initial_value")}
    if kind in _ONE_OF:
        return {"selected_option": element.get("initial_option")}
    if kind in _SOME_OF:
        return {"selected_options": element.get("initial_options", [])}
    if kind in _PICKS:
        name = _PICKS[kind]
        return {name: element.get(name.replace("selected", "initial", 1), [] if name.endswith("s") else None)}
    return {"rich_text_value": element.get("initial_value")} if kind == "rich_text_input" else {"files": []}


def chosen(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """What an element holds after a person put `value` in."""
    kind = element["type"]
    if kind in _TEXTS:
        limit = int(element.get("max_length") or 3000)
        if len(str(value)) > limit:
            raise NotThere(f"{element['action_id']} takes {limit} characters, not {len(str(value))}")
        return {"value": str(value)}
    if kind in _ONE_OF:
        return {"selected_option": None if value is None else option(element, value)}
    if kind in _SOME_OF:
        return {"selected_options": [option(element, one) for one in value]}
    return {_PICKS[kind]: value}


def state(view: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """`view.state.values` after filling; keys of `values` are block ids or action ids. Unknown keys are an error."""
    filled: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    for block, element in elements(view["blocks"]):
        if element["type"] not in _STATEFUL:
            continue
        held = _initial(element)
        for key in (block["block_id"], element["action_id"]):
            if key in values and not (key == block["block_id"] and block["type"] == "actions"):
                held = chosen(element, values[key])
                used.add(key)
        filled.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **held}
    if missing := set(values) - used:
        raise NotThere(f"the view has no field {sorted(missing)}; it has {sorted(filled)}")
    return filled


def unanswered(view: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Required inputs that are empty: Slack's client would not let the person submit."""
    empty = []
    for block in view["blocks"]:
        if block["type"] == "input" and not block.get("optional"):
            held = values[block["block_id"]][block["element"]["action_id"]]
            if not any(value for name, value in held.items() if name != "type"):
                empty.append(block["block_id"])
    return empty
