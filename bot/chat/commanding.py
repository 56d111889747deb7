"""Verbs that are commands as they stand, without a form."""

import re
from typing import Final

from bot.chat.forms.disposal import item_no, number_in
from bot.chat.parser import Intent
from bot.chat.texts.waiting import duties
from bot.chat.typed import ACCEPT, AGREE
from bot.chat.verbs import Topic, Verb, fold
from workflows.change import commands as change
from workflows.change import emergency_commands as glass
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.incident import commands as incident
from workflows.incident import evidence_commands as kept
from workflows.incident.handover_commands import AcceptHandover
from workflows.incident.owner_commands import Agree
from workflows.incident.paging_commands import DeclinePage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DISMISSED_KINDS, State
from workflows.workflow import Case

_SLACK_FILE: Final = re.compile(r"https://[^\s/]+/(?:files/[A-Z0-9]+/|files-pri/[A-Z0-9]+-)(F[A-Z0-9]{2,20})\b")
"""The address of a file of Slack, as people copy it."""
PLAN_WORDS = frozenset({"plan", "planung"})
DEPLOY_WORDS = frozenset({"deploy", "einspielen", "ausrollen"})
CONFIRM_WORDS = frozenset({"confirm", "bestaetigen", "zustimmen"})
GRANT_WORDS = frozenset({"grant", "erteilen", "genehmigen"})


def simple(intent: Intent, case: Case) -> Command | None:
    """The command of a verb that needs nothing more; None for all others."""
    if intent.topic is Topic.INCIDENT and isinstance(case, IncidentCase):
        return _incident(intent, case)
    if isinstance(case, ChangeCase):
        return _change(intent, case)
    return None


def _incident(intent: Intent, case: IncidentCase) -> Command | None:
    match intent.verb:
        case Verb.ACK:
            return incident.Acknowledge(case=case.number)
        case Verb.CANT | Verb.HANDOVER | Verb.AGREEMENT:
            return _asked_to(intent, case)
        case Verb.URGENT:
            return incident.MarkUrgent(case=case.number)
        case Verb.CONFIRM:
            return _confirm(intent.rest, case)
        case Verb.EVIDENCE if link := _SLACK_FILE.search(intent.rest):
            return kept.AskFile(case=case.number, origin=link[1])
        case _:
            return None


def _asked_to(intent: Intent, case: IncidentCase) -> Command | None:
    """The answer of who was called, or asked to lead, or to agree."""
    if intent.verb is Verb.CANT:
        return DeclinePage(case=case.number, reason=intent.rest.strip())
    if intent.verb is Verb.AGREEMENT:
        return Agree(case=case.number) if fold(intent.rest.strip()) in AGREE else None
    return AcceptHandover(case=case.number) if fold(intent.rest.strip()) in ACCEPT else None


def _confirm(rest: str, case: IncidentCase) -> Command | None:
    """What awaits a second person here: what is named, else a dismissal, a duty, a countersignature, in this order.

    What is named is meant and nothing else: a button under an old message must not confirm something newer. Destroying
    a file cannot be taken back, so its number is never guessed.
    """
    number = number_in(rest)
    if number:
        return kept.ConfirmDisposal(case=case.number, no=item_no(case, number))
    regime = rest.strip().lower()
    waiting = [one.regime for one in duties(case)]
    if any(one.regime == regime for one in case.duties):
        return incident.ConfirmDuty(case=case.number, regime=regime)
    if case.state is State.IDENTIFY and case.kind in DISMISSED_KINDS:
        return incident.ConfirmDismissal(case=case.number)
    if waiting and not case.awaits_management:
        return incident.ConfirmDuty(case=case.number, regime=waiting[0])
    return incident.Countersign(case=case.number) if case.awaits_management else None


def _change(intent: Intent, case: ChangeCase) -> Command | None:
    word, _, tail = intent.rest.strip().partition(" ")
    match intent.verb:
        case Verb.APPROVE if fold(word) in PLAN_WORDS:
            return change.ApprovePlan(case=case.number, note=tail.strip() or None)
        case Verb.APPROVE if fold(word) in DEPLOY_WORDS and tail.strip():
            return change.ApproveDeploy(case=case.number, environment=tail.strip())
        case Verb.EMERGENCY if fold(word) in CONFIRM_WORDS:
            return glass.ConfirmEmergency(case=case.number)
        case Verb.WAIVE if fold(word) in GRANT_WORDS:
            return _grant(case)
        case _:
            return None


def _grant(case: ChangeCase) -> Command:
    """The waiver that was asked for last and is not decided yet."""
    waiting = [one for one in case.waivers if one.granted_at is None and one.ended_at is None]
    return change.GrantWaiver(case=case.number, waiver=waiting[-1].id if waiting else None)
