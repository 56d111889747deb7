"""Form fields as Slack inputs, and what came back from them as plain values."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.chat.measure import clip, length
from bot.chat.reply import Field, FieldKind, Option
from bot.slack import limits
from bot.slack.blocks import Block, option, plain

SlackIdOf = Callable[[str], str | None]
"""The Slack id behind a person id, None for somebody without one."""

ANSWER: Final = "answer"
"""Action id of every input; the block id names the field."""


def input_block(field: Field, slack_id: SlackIdOf) -> Block:
    """One question of a modal."""
    block: Block = {
        "type": "input",
        "block_id": field.id[: limits.ACTION_ID],
        "label": plain(field.label, limits.LABEL),
        "optional": not field.required,
        "element": _element(field, slack_id),
    }
    if field.hint:
        block["hint"] = plain(field.hint, limits.LABEL)
    return block


def _element(field: Field, slack_id: SlackIdOf) -> Block:
    if field.kind in {FieldKind.PERSON, FieldKind.PEOPLE}:
        return _people(field, slack_id)
    if field.kind in _CHOSEN:
        # A choice without options is none that Slack would show.
        return _CHOSEN[field.kind](field) if _options(field) else _text(field)
    return _TIMES[field.kind](field) if field.kind in _TIMES else _text(field)


def _people(field: Field, slack_id: SlackIdOf) -> Block:
    found = [one for one in map(slack_id, field.value.split()) if one]
    if field.kind is FieldKind.PEOPLE:
        return _with_initial("multi_users_select", "initial_users", found)
    return _with_initial("users_select", "initial_user", found[0] if found else None)


def _with_initial(kind: str, key: str, initial: object) -> Block:
    element: Block = {"type": kind, "action_id": ANSWER}
    return {**element, key: initial} if initial else element


def _text(field: Field) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": ANSWER,
        "multiline": field.kind is FieldKind.MULTILINE,
        "max_length": limits.TYPED,
    }
    if field.value:
        element["initial_value"] = clip(field.value, limits.TYPED)
    return element


def _choice(field: Field) -> Block:
    few = 5
    listed = _options(field)
    radio = len(listed) <= few
    element: Block = {
        "type": "radio_buttons" if radio else "static_select",
        "action_id": ANSWER,
        "options": listed,
    }
    initial = next((one for one in listed if one["value"] == field.value), None)
    return {**element, "initial_option": initial} if initial else element


def _choices(field: Field) -> Block:
    few = 10
    listed = _options(field)
    chosen = [one for one in listed if one["value"] in field.value.split()]
    element: Block = {
        "type": "checkboxes" if len(listed) <= few else "multi_static_select",
        "action_id": ANSWER,
        "options": listed,
    }
    return {**element, "initial_options": chosen} if chosen else element


def _options(field: Field) -> list[Block]:
    seen: dict[str, Option] = {}
    for one in field.options:
        if 0 < length(one.value) <= limits.OPTION_VALUE:
            seen.setdefault(one.value, one)
    return [option(one) for one in list(seen.values())[: limits.OPTIONS]]


def _moment(field: Field) -> Block:
    try:
        initial = int(datetime.fromisoformat(field.value).timestamp()) if field.value else None
    except ValueError:
        initial = None
    return _with_initial("datetimepicker", "initial_date_time", initial)


def _date(field: Field) -> Block:
    try:
        initial = datetime.fromisoformat(field.value).date().isoformat() if field.value else None
    except ValueError:
        initial = None
    return _with_initial("datepicker", "initial_date", initial)


_CHOSEN: Final[Mapping[FieldKind, Callable[[Field], Block]]] = {
    FieldKind.CHOICE: _choice,
    FieldKind.TRISTATE: _choice,
    FieldKind.YES_NO: _choice,
    FieldKind.CHOICES: _choices,
}
_TIMES: Final[Mapping[FieldKind, Callable[[Field], Block]]] = {FieldKind.DATETIME: _moment, FieldKind.DATE: _date}


def values_of(state: object) -> Mapping[str, str]:
    """The answers of a submitted view: field id to value; a question left open is an empty text."""
    found: dict[str, str] = {}
    blocks = state.get("values") if isinstance(state, Mapping) else None
    for field_id, elements in blocks.items() if isinstance(blocks, Mapping) else ():
        for element in elements.values() if isinstance(elements, Mapping) else ():
            if isinstance(element, Mapping):
                found[str(field_id)] = _value(element)
    return found


def _value(element: Mapping[str, Any]) -> str:
    if isinstance(chosen := element.get("selected_option"), Mapping):
        return str(chosen.get("value") or "")
    if isinstance(several := element.get("selected_options"), list):
        return " ".join(str(one.get("value")) for one in several if isinstance(one, Mapping) and one.get("value"))
    if user := element.get("selected_user"):
        return f"slack:{user}"
    if isinstance(users := element.get("selected_users"), list):
        return " ".join(f"slack:{one}" for one in users)
    if isinstance(seconds := element.get("selected_date_time"), int):
        return _iso(seconds)
    return str(element.get("selected_date") or element.get("value") or "")


def _iso(seconds: int) -> str:
    """Whole seconds since 1970 as UTC; empty when out of any calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return ""
