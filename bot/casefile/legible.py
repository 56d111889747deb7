"""Erased fields as a word that says so, wherever they stand: no sentence has to think of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.casefile.reading import CaseFile
from workflows.events import Erased, IdentityData, Recorded
from workflows.incident.state import IncidentCase
from workflows.workflow import field_values

Model = TypeVar("Model", bound=BaseModel)


def legible(file: CaseFile, mark: str) -> CaseFile:
    """The same file with `mark` in the place of everything that two persons had erased."""
    steps = tuple((_step(item, mark), receipt) for item, receipt in file.steps)
    return replace(file, case=_case(file.case, mark), steps=steps)


def _case(case: IncidentCase, mark: str) -> IncidentCase:
    people = {
        key: IdentityData(id="", name=mark) if isinstance(one, Erased) else one for key, one in case.people.items()
    }
    return _filled(case.model_copy(update={"people": people}), mark)


def _step(item: Recorded, mark: str) -> Recorded:
    return replace(item, event=_filled(item.event, mark))


def _filled(model: Model, mark: str) -> Model:
    return model.model_copy(update={name: _value(value, mark) for name, value in field_values(model).items()})


def _value(value: Any, mark: str) -> Any:
    if isinstance(value, Erased):
        return mark
    if isinstance(value, BaseModel):
        return _filled(value, mark)
    if type(value) is tuple:
        return tuple(_value(one, mark) for one in value)
    if isinstance(value, Mapping):
        return {key: _value(one, mark) for key, one in value.items()}
    return value


def erasures(file: CaseFile) -> int:
    """How many fields of its entries were erased, names of people included."""
    return sum(_erased(item.event) + _erased(item.introduces) for item, _ in file.steps)


def _erased(value: Any) -> int:
    if isinstance(value, Erased):
        return 1
    if isinstance(value, BaseModel):
        return sum(map(_erased, field_values(value).values()))
    if isinstance(value, Mapping):
        return sum(map(_erased, value.values()))
    return sum(map(_erased, value)) if type(value) is tuple else 0
