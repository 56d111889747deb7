"""The form by which a task follows an issue of a forge, and how an issue is read."""

from dataclasses import replace

from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.issues import read_issue
from bot.chat.reply import FieldKind, Form, Option
from bot.chat.texts import common, issues
from workflows.commands import Command
from workflows.events import plain
from workflows.incident.issues import IssueRef
from workflows.incident.state import IncidentCase
from workflows.incident.task_commands import LinkTask


def ask(q: Questions, case: IncidentCase) -> Form:
    """Which task, and which issue; left empty, it follows none any more."""
    opened = [task for task in case.tasks if task.done_at is None]
    options = [Option(str(task.no), f"{task.no}: {common.one_line(plain(task.text), 60)}") for task in opened]
    number = q.ask("number", FieldKind.CHOICE, required=True, options=options)
    if len(options) == 1 and not number.value:
        number = replace(number, value=options[0].value)
    return q.form("incident.task_link", (number, q.line("issue")), case=case.number)


def read(a: Reading, case: str) -> Command:
    """Let it follow."""
    return LinkTask(case=case, no=a.one_number("number"), issue=issue(a))


def issue(a: Reading) -> IssueRef | None:
    """The issue that was named, None for none; what is no issue gets its words under the field."""
    text = a.text("issue")
    found = read_issue(text) if text else None
    if text and found is None:
        a.fail("issue", issues.no_such_issue(a.t))
    return found
