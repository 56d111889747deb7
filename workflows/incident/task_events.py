"""Events about tasks that an issue of a forge stands for, and about what somebody else takes over."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym, Source
from workflows.events import Event, OptionalText
from workflows.incident.terms import IssueState
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class TaskLinked(Event):
    """A task follows an issue from now on; without a repository: none any more."""

    kind: ClassVar[EntryKind] = EntryKind.TASK_LINKED
    controls: ClassVar[Controls] = iso.RESPOND
    no: int
    repository: OptionalText = None
    number: int | None = None
    address: OptionalText = None
    forge: Source | None = None


class TaskFollowed(Event):
    """The issue was closed, so the task is done; or opened again, and so is the task. When: the time it tells about.

    `by`: who did that there, as the forge calls them.
    """

    kind: ClassVar[EntryKind] = EntryKind.TASK_FOLLOWED
    controls: ClassVar[Controls] = iso.RESPOND
    no: int
    state: IssueState
    address: OptionalText = None
    by: OptionalText = None


class TaskGiven(Event):
    """Somebody else has the task from now on."""

    kind: ClassVar[EntryKind] = EntryKind.TASK_GIVEN
    controls: ClassVar[Controls] = iso.RESPOND
    no: int
    owner: Pseudonym


class CorrectiveGiven(Event):
    """Somebody else has the corrective action from now on; its due date stays."""

    kind: ClassVar[EntryKind] = EntryKind.CORRECTIVE_GIVEN
    controls: ClassVar[Controls] = iso.CORRECT
    no: int
    owner: Pseudonym


TASK_EVENTS: Final[tuple[type[Event], ...]] = (TaskLinked, TaskFollowed, TaskGiven, CorrectiveGiven)
