"""The two workflows, by name, and the way from a command to its own."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from workflows.change.workflow import WORKFLOW as CHANGE
from workflows.commands import Command
from workflows.incident.workflow import WORKFLOW as INCIDENT
from workflows.store.rows import CaseRow
from workflows.workflow import Case, Workflow

AnyWorkflow: TypeAlias = Workflow[Any]
WORKFLOWS: Final[Mapping[str, AnyWorkflow]] = {INCIDENT.name: INCIDENT, CHANGE.name: CHANGE}


def workflow_of(command: Command) -> AnyWorkflow:
    """The workflow that a command belongs to. LookupError for one that no workflow lists."""
    for workflow in WORKFLOWS.values():
        if type(command) in workflow.access:
            return workflow
    message = f"no workflow takes {type(command).__name__}"
    raise LookupError(message)


def read_case(row: CaseRow) -> Case:
    """The case of a row."""
    case: Case = WORKFLOWS[row.workflow].case_type.model_validate_json(row.doc)
    return case
