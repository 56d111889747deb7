"""The forms about destroying evidence, how they are typed, and which item a number means (A.5.28)."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.reply import FieldKind, Form, Option
from bot.chat.texts import common
from bot.chat.verbs import fold
from workflows.commands import Command
from workflows.events import plain
from workflows.incident.evidence_commands import AskDisposal, RefuseDisposal, WithdrawDisposal
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

ASK: Final = "incident.disposal_ask"
WITHDRAW: Final = "incident.disposal_withdraw"
REFUSE: Final = "incident.disposal_refuse"
ITEM: Final = "evidence_no"
REASON: Final = "reason"
_NUMBER: Final = re.compile(r"\bEV-(?:S-)?\d{4}-\d{4,}\b", re.ASCII | re.IGNORECASE)
_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("dispose", "destroy", "vernichten"), ASK),
    **dict.fromkeys(("withdraw", "zurueckziehen"), WITHDRAW),
    **dict.fromkeys(("refuse", "decline", "deny", "ablehnen"), REFUSE),
}
"""Folded, in both languages."""


def number_in(text: str) -> str:
    """The number of an item of evidence in a text; empty where there is none."""
    found = _NUMBER.search(text)
    return found[0].upper() if found else ""


def item_no(case: Case | None, number: str) -> int:
    """Which item of the case has this number; 0 for none."""
    kept = case.evidence if isinstance(case, IncidentCase) else ()
    return next((one.no for one in kept if one.number and one.number == number.upper()), 0)


def read_words(rest: str) -> tuple[str, dict[str, str]] | None:
    """`refuse EV-2026-0007 why`, or the word alone; None where evidence is described that only begins like that."""
    word, _, tail = rest.strip().partition(" ")
    form_id = _WORDS.get(fold(word).strip(":,"))
    named, _, reason = tail.strip().partition(" ")
    number = number_in(named)
    if form_id is None or (tail.strip() and not number):
        return None
    return form_id, {ITEM: number, REASON: reason.strip(" :")}


def ask(q: Questions, case: IncidentCase) -> Form:
    """Which file is to be destroyed, and why."""
    return q.form(ASK, (q.line(ITEM, required=True), q.text(REASON, required=True)), case=case.number)


def withdraw(q: Questions, case: IncidentCase) -> Form:
    """Which request is taken back, and why."""
    return _of_waiting(q, case, WITHDRAW)


def refuse(q: Questions, case: IncidentCase) -> Form:
    """Which request is refused, and why."""
    return _of_waiting(q, case, REFUSE)


def _of_waiting(q: Questions, case: IncidentCase, form_id: str) -> Form:
    named = {one.number: common.one_line(plain(one.description), 50) for one in case.disposals if one.number}
    options = [Option(number, f"{number}: {what}") for number, what in named.items()]
    item = q.ask(ITEM, FieldKind.CHOICE, required=True, options=options) if options else q.line(ITEM, required=True)
    return q.form(form_id, (item, q.text(REASON, required=True)), case=case.number)


def _reader(kind: Callable[..., Command]) -> Callable[[Reading, str], Command]:
    def read(a: Reading, case: str) -> Command:
        typed = a.text(ITEM, required=True)
        no = item_no(a.case, typed)
        if typed and not no:
            a.fail(ITEM, common.no_such_evidence(a.t))
        return kind(case=case, no=no, reason=a.text(REASON, required=True))

    return read


ASKS: Final[Mapping[str, Callable[[Questions, IncidentCase], Form]]] = {ASK: ask, WITHDRAW: withdraw, REFUSE: refuse}
READS: Final[Mapping[str, Callable[[Reading, str], Command]]] = {
    ASK: _reader(AskDisposal),
    WITHDRAW: _reader(WithdrawDisposal),
    REFUSE: _reader(RefuseDisposal),
}
