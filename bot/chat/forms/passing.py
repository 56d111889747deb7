"""The forms by which somebody else takes a task or a corrective action over, and how that is typed."""

import re
from collections.abc import Iterable
from typing import Final

from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.reply import FieldKind, Form, Option
from bot.chat.texts import common
from bot.chat.verbs import fold
from workflows.commands import Command
from workflows.events import plain
from workflows.incident.items import Corrective, Task
from workflows.incident.state import IncidentCase
from workflows.incident.task_commands import GiveCorrective, GiveTask
from workflows.incident.terms import CorrectiveState

TASK: Final = "incident.task_give"
CORRECTIVE: Final = "incident.corrective_give"
_GIVE: Final = frozenset({"give", "uebergeben", "abgeben"})
_TO_SOMEBODY: Final = re.compile(r"#?(?P<no>\d{1,9})\s+(?P<who><@[^>]+>|@\S+)", re.ASCII)


def given(rest: str) -> dict[str, str] | None:
    """`2 @max`, or `give 2 Max H.`; None where something else was typed."""
    word, _, tail = rest.strip().partition(" ")
    said = fold(word).strip(":,") in _GIVE
    if found := _TO_SOMEBODY.fullmatch(tail.strip() if said else rest.strip()):
        return {"number": found["no"], "person": found["who"]}
    number, _, who = tail.strip().partition(" ")
    if not said or not number.lstrip("#").isdigit():
        return None
    return {"number": number.lstrip("#"), "person": who.strip()}


def ask_task(q: Questions, case: IncidentCase) -> Form:
    """Which task, and who has it from now on."""
    return _form(q, TASK, case, case.open_tasks)


def ask_corrective(q: Questions, case: IncidentCase) -> Form:
    """Which corrective action, and who has it from now on."""
    return _form(q, CORRECTIVE, case, [one for one in case.correctives if one.state is CorrectiveState.OPEN])


def _form(q: Questions, form_id: str, case: IncidentCase, items: Iterable[Task | Corrective]) -> Form:
    options = [Option(str(one.no), f"{one.no}: {common.one_line(plain(one.text), 60)}") for one in items]
    number = q.ask("number", FieldKind.CHOICE, required=True, options=options)
    if not options:
        number = q.line("number", required=True)
    return q.form(form_id, (number, q.person("person", required=True)), case=case.number)


def read_task(a: Reading, case: str) -> Command:
    """Give it to them."""
    return GiveTask(case=case, no=a.one_number("number"), owner=a.someone("person"))


def read_corrective(a: Reading, case: str) -> Command:
    """Give it to them."""
    return GiveCorrective(case=case, no=a.one_number("number"), owner=a.someone("person"))
