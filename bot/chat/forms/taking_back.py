"""What was given or tied by mistake is taken back: a role, or a tie to another case (A.5.15)."""

from typing import Final

from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.reply import Form
from bot.chat.roles import CASE_ROLES, ROLE_WORDS
from bot.chat.verbs import Topic, fold
from config.policy.ids import CaseRole
from workflows.commands import Command
from workflows.incident.commands import AssignRole, LinkChange
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation

ROLE: Final = "incident.role_remove"
LINK: Final = "incident.link_remove"
_WORDS: Final = frozenset({"remove", "revoke", "unlink", "untie", "entfernen", "entziehen", "aufheben", "loesen"})
"""Folded, in both languages; they stand before or behind what is taken back."""


def split_removal(rest: str) -> tuple[str, bool]:
    """What is left without the word that takes back, and whether it was there."""
    words = rest.split()
    for at, kept in ((-1, words[:-1]), (0, words[1:])):
        if words and fold(words[at]).strip(".:,") in _WORDS:
            return " ".join(kept), True
    return rest, False


def ask_role(q: Questions, case: IncidentCase) -> Form:
    """Whose role: only those that somebody holds are offered."""
    held = tuple(role for role in CASE_ROLES if case.holders(role)) or CASE_ROLES
    return q.form(ROLE, (q.choice("role", held, required=True), q.person("person", required=True)), case=case.number)


def read_role(a: Reading, case: str) -> Command:
    """Take it away."""
    role = a.among("role", CASE_ROLES, required=True, words=ROLE_WORDS) or CaseRole.NAMED
    return AssignRole(case=case, role=role, person=a.someone("person"), remove=True)


def ask_link(q: Questions, case: IncidentCase) -> Form:
    """Which tie: there may be several to one change."""
    tied = tuple(one for one in Relation if any(link.relation is one for link in case.links)) or tuple(Relation)
    asked = (q.line("linked", required=True), q.choice("relation", tied))
    return q.form(LINK, asked, case=case.number)


def read_link(a: Reading, case: str) -> Command:
    """Untie. The relation need not be said where there is one."""
    number = a.case_number("linked", Topic.CHANGE, Topic.INCIDENT, required=True)
    links = a.case.links if isinstance(a.case, IncidentCase) else ()
    tied = tuple(link.relation for link in links if link.number == number)
    relation = a.among("relation", tuple(Relation), required=len(tied) > 1)
    return LinkChange(case=case, number=number, relation=relation or next(iter(tied), Relation.RELATED), remove=True)
