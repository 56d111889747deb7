"""Who may be the second person (A.5.3), and the refusals of those who may not."""

from collections.abc import Collection

from config.policy.ids import Fallback, Role, SecondPersonRule
from workflows.actors import Pseudonym
from workflows.change.codes import Refusal, Remedy
from workflows.change.people import keys_of, person_keys
from workflows.change.requirements.plan import involved
from workflows.change.rules.draft import Draft
from workflows.change.seen import Identity
from workflows.decisions import Reason


def second_person(
    draft: Draft, rule: SecondPersonRule, remedy: Remedy, first: Collection[Pseudonym] = ()
) -> tuple[Reason, ...]:
    """Reasons why the actor cannot be the second person; none when they can.

    Requester and authors never can, nor those who acted `first`.
    """
    able = seconds(draft, rule, first)
    roles = tuple(role.value for role in able)
    reasons: list[Reason] = []
    if draft.actor.person is None or is_first(draft) or draft.me in first:
        reasons.append(Reason(Refusal.SECOND_PERSON, subject=rule.value, who=roles, remedy=remedy))
    if not draft.actor.has(*able):
        reasons.append(Reason(Refusal.NOT_ALLOWED, subject=rule.value, who=roles, remedy=remedy))
    return tuple(reasons)


def seconds(draft: Draft, rule: SecondPersonRule, first: Collection[Pseudonym] = ()) -> tuple[Role, ...]:
    """The roles of the rule; management too, where the policy says so and nobody else holds one of them.

    `first` are those who acted already: they are nobody else.
    """
    asked = draft.policy.second_persons[rule]
    own = {draft.actor.person.id} if draft.actor.person else set()
    holders = (person.id for role in asked.roles for person in draft.policy.holders(role))
    others = [one for one in holders if one not in own and _pseudonym(draft, one) not in first]
    if asked.fallback is Fallback.MANAGEMENT and not others:
        return (*asked.roles, Role.MANAGEMENT)
    return asked.roles


def _pseudonym(draft: Draft, person_id: str) -> Pseudonym | None:
    return draft.cast.known.get(person_id) or draft.case.pseudonym_of(person_id)


def is_first(draft: Draft) -> bool:
    """Whether the actor asked for the change, or wrote one of its requests under any identity."""
    if draft.me in involved(draft.case):
        return True
    return draft.actor.person is not None and any(
        keys_of(author, draft.policy) & person_keys(draft.actor.person.id, draft.policy) for author in _authors(draft)
    )


def _authors(draft: Draft) -> tuple[Identity, ...]:
    told = (draft.facts.request(item.ref) for item in draft.case.requests)
    return tuple(facts.current.author for facts in told if facts and facts.current)
