"""May it go there? The deploy gate of a change in conversation: the verdict, and who is asked for an approval."""

from typing import Final

from bot.chat import answering
from bot.chat.forms.change_ask import environments
from bot.chat.parser import Intent, case_number
from bot.chat.reply import Button, Paragraph, Reply, say
from bot.chat.room import Room
from bot.chat.texts import change, next_steps, requests
from bot.chat.verbs import Topic, Verb
from config.policy.ids import Mode, Requirement, SecondPersonRule
from config.policy.models import Policy, PolicyPerson
from workflows.change.events import DeployAsked
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.events import IdentityData, plain
from workflows.outcome import Accepted

PLACED: Final = frozenset({Verb.DEPLOY, Verb.DEPLOYED, Verb.ROLLBACK})
"""Verbs whose first word is an environment; the number may come before or after it."""


def numbered(room: Room, intent: Intent) -> Intent:
    """`deploy prod 117` means what `deploy 117 prod` does."""
    words = intent.rest.split(maxsplit=2)
    if intent.verb not in PLACED or intent.case or len(words) <= 1:
        return intent
    number = case_number(words[1], Topic.CHANGE, room.years)
    rest = " ".join([words[0], *words[2:]])
    return Intent(intent.topic, intent.verb, number, rest, intent.german) if number else intent


def where(room: Room, case: ChangeCase) -> Reply:
    """A choice of environments."""
    names = environments(room.questions(), case)
    buttons = tuple(Button("change.deploy", name, f"{case.number} {name}") for name in names)
    return say(change.which_environment(room.t), buttons=buttons)


def page(room: Room, case: ChangeCase, environment: str, outcome: Accepted) -> Reply:
    """The verdict of one environment: why it is held, who can free it, and whom we asked."""
    found = [_request(room, case, request, environment) for request in case.requests]
    lines = [change.headline(room.t, case), *(line for told, _ in found for line in told)]
    buttons = tuple(one for one in answering.change_buttons(room, case) if one.action == "change.status")
    if any(waits for _, waits in found):
        able = approvers(room.policy, case)
        fresh = any(isinstance(one.event, DeployAsked) for one in outcome.recorded)
        lines.append(change.asked(room.t, tuple(one.name for one in able), fresh=fresh))
        own = room.actor.person
        if own is not None and own.id in {one.id for one in able}:
            label = next_steps.approve_deploy(room.t, environment)
            buttons = (Button("change.approve", label, f"{case.number} deploy {environment}", primary=True), *buttons)
    paragraphs = tuple(Paragraph(line) for line in lines if line)
    receipts = tuple(str(one) for one in outcome.receipts)
    return Reply(paragraphs, buttons=buttons, receipts=receipts, case=case.number)


def awaiting(room: Room, case: ChangeCase) -> tuple[str, ...]:
    """Environments for which somebody asked the reader's approval, and it is still missing."""
    own = room.actor.person
    if own is None or case.over or own.id not in {one.id for one in approvers(room.policy, case)}:
        return ()
    asked = dict.fromkeys(plain(one.environment) for one in case.deploy_asks)
    return tuple(one for one in asked if any(_request(room, case, request, one)[1] for request in case.requests))


def approvers(policy: Policy, case: ChangeCase) -> tuple[PolicyPerson, ...]:
    """Who may approve a deployment of this change: holders of the roles, without requester and authors (A.5.3)."""
    first = {case.requester, *(request.author for request in case.requests)}
    barred = {who.id for key, who in case.people.items() if key in first and isinstance(who, IdentityData)}
    roles = policy.second_persons[SecondPersonRule.DEPLOY_APPROVAL].roles
    holders = {one.id: one for one in policy.reachable(*roles)}
    return tuple(one for key, one in holders.items() if key not in barred)


def _request(room: Room, case: ChangeCase, request: LinkedRequest, told: str) -> tuple[list[str], bool]:
    """What is said about one request, and whether its approval is missing."""
    entry = room.policy.change.repository(request.repository) if isinstance(request.repository, str) else None
    environment = entry.environment(told) if entry else None
    stage = request.stage(environment) if environment else None
    if environment is None or stage is None:
        return [f"{requests.name(request)}: {change.not_there(room.t, told)}"], False
    lines = []
    if stage.outcome is not None:
        lines.append(f"{requests.name(request)}: {change.outcome(room.t, stage.outcome, environment)}.")
    tree = stage.verdict.tree if stage.verdict else None
    if tree is None:
        return lines, False
    lines.append(change.verdict_head(room.t, request, tree))
    lines += [f"• {line}" for line in change.verdict_lines(room.t, room.policy, case, tree)]
    if tree.mode is Mode.OBSERVE and not tree.opens:
        lines.append(change.observed(room.t))
    found = tree.of(Requirement.DEPLOY_APPROVED)
    return lines, found is not None and found.held
