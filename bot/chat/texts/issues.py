"""What people read about tasks that follow an issue of a forge."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling, told_at
from config.i18n import Translator
from integrations.telling.wording import FORGE
from workflows.actors import Source
from workflows.change.seen import Forge
from workflows.events import Event, Recorded, plain
from workflows.incident import task_events as e
from workflows.incident.items import TaskIssue
from workflows.incident.terms import IssueState


def name(issue: TaskIssue) -> str:
    """`acme/shop#12`."""
    return f"{common.one_line(plain(issue.repository), 80)}#{issue.number}"


def no_such_issue(t: Translator) -> str:
    """Under the field."""
    return t.gettext("No issue I can read. For example acme/shop#12, or its address at GitHub or GitLab.")


def _linked(x: Telling, _item: Recorded, event: e.TaskLinked) -> str:
    if event.repository is None:
        return x.t.gettext("Task {no} follows no issue any more.").format(no=event.no)
    issue = f"{common.one_line(plain(event.repository), 80)}#{event.number}"
    text = x.t.gettext("Task {no} follows {issue}: closed there, it is done; opened again, it is open again.")
    return text.format(no=event.no, issue=issue)


def _followed(x: Telling, item: Recorded, event: e.TaskFollowed) -> str:
    closed = event.state is IssueState.CLOSED
    text = x.t.gettext("Task {no} is open again: {issue} was opened again at {forge} ({when}).")
    if closed:
        text = x.t.gettext("Task {no} is done: {issue} was closed at {forge} ({when}).")
    if event.by:
        text = x.t.gettext("Task {no} is open again: {issue} was opened again at {forge} by {who} ({when}).")
        if closed:
            text = x.t.gettext("Task {no} is done: {issue} was closed at {forge} by {who} ({when}).")
    task = next((one for one in x.case.tasks if one.no == event.no), None)
    told = text.format(
        no=event.no,
        issue=name(task.issue) if task is not None and task.issue is not None else "?",
        forge=_forge(item.source),
        who=common.one_line(plain(event.by), 40),
        when=told_at(x, item),
    )
    return f"{told} {common.one_line(plain(event.address), 300)}".strip()


def _forge(source: Source) -> str:
    return FORGE[Forge(source.value)] if source.value in set(Forge) else "?"


ISSUE_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.TaskLinked: _linked,
    e.TaskFollowed: _followed,
}
