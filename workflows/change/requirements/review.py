"""Gate of the review phase: enough approvals, one of them by somebody who did not contribute, and no objection.

An approval is bound to the commit it was given on. A push voids it, unless the policy carries it over because the patch
against the merge base is the same.
"""

from dataclasses import dataclass

from config.policy.ids import CarryOver, Requirement
from workflows.change.codes import ROLE_OBJECTOR, ROLE_REVIEWER, Remedy, ResultCode
from workflows.change.people import Keys, distinct, has_left, is_bot, is_known, keys_of, shown
from workflows.change.requirements.inputs import Found, Inputs, not_configured, satisfied, unknown, unread, waits, wrong
from workflows.change.result import FactUsed, Result
from workflows.change.seen import Identity, Review, ReviewState


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approvals that count for the head: the reviews, and one entry per person behind them; `gone` of whoever left."""

    reviews: tuple[Review, ...]
    persons: tuple[tuple[Identity, Keys], ...]
    gone: tuple[Review, ...] = ()

    @property
    def used(self) -> tuple[FactUsed, ...]:
        """The reviews as facts."""
        return tuple(FactUsed(what="review", id=review.id, source="forge") for review in self.reviews)


def opinions(inputs: Inputs) -> tuple[Review, ...]:
    """The last opinion of each account; a comment is none. A dismissed opinion leaves the account without one."""
    last: dict[str, Review] = {}
    reviews = inputs.facts.reviews if inputs.facts else ()
    for review in sorted(reviews, key=lambda item: (item.submitted_at, int(item.id))):
        if review.state is not ReviewState.COMMENTED and inputs.in_time(review.submitted_at):
            last[_account(review.reviewer)] = review
    return tuple(review for review in last.values() if review.state is not ReviewState.DISMISSED)


def approvals(inputs: Inputs) -> Approvals:
    """The approvals of people on the head, or carried over to it.

    They come from persons of the policy, or from accounts that may write here: in public everybody may approve. Of
    whoever left none counts any more (A.6.5).
    """
    commits = same_patch(inputs)
    given = tuple(
        review
        for review in _by_people(inputs)
        if review.commit in commits
        and not review.unsure
        and (review.writes or is_known(review.reviewer, inputs.policy))
    )
    gone = tuple(review for review in given if has_left(review.reviewer, inputs.policy, inputs.until))
    counted = tuple(review for review in given if review not in gone)
    return Approvals(counted, distinct((review.reviewer for review in counted), inputs.policy), gone)


def _by_people(inputs: Inputs) -> tuple[Review, ...]:
    """Approvals, on any commit, that are not a machine's."""
    return tuple(
        review
        for review in opinions(inputs)
        if review.state is ReviewState.APPROVED
        and not is_bot(review.reviewer, inputs.rules.bots)
        and keys_of(review.reviewer, inputs.policy)
    )


def unbound(inputs: Inputs) -> tuple[Review, ...]:
    """Approvals of people of which the forge does not tell the commit: they count for none, and may be for this one."""
    found = (review for review in _by_people(inputs) if review.unsure)
    return tuple(review for review in found if not has_left(review.reviewer, inputs.policy, inputs.until))


def _unbound(requirement: Requirement, loose: tuple[Review, ...], expected: str) -> Result:
    people = tuple(dict.fromkeys(shown(review.reviewer) for review in loose))
    used = tuple(FactUsed(what="review", id=review.id, source="forge") for review in loose)
    details = Found(expected, "0", (ROLE_REVIEWER,), Remedy.APPROVE_AGAIN, facts=used, people=people)
    return unknown(requirement, ResultCode.APPROVAL_UNBOUND, details)


def same_patch(inputs: Inputs) -> frozenset[str]:
    """The head, and earlier heads with the same patch where the policy carries approvals over."""
    facts = inputs.facts
    if facts is None or facts.head is None:
        return frozenset()
    patches = facts.patches
    patch = patches.get(facts.head)
    if patch is None or inputs.rules.carry_over is CarryOver.NEVER:
        return frozenset({facts.head})
    return frozenset({facts.head, *(sha for sha, diff in patches.items() if diff == patch)})


def approvals_count(inputs: Inputs) -> Result:
    """As many persons approved this commit as the policy asks for; one person with two accounts is one."""
    needed = inputs.rules.approvals
    if needed == 0:
        return not_configured(Requirement.APPROVALS_COUNT)
    if not inputs.read:
        return unread(Requirement.APPROVALS_COUNT)
    counted = approvals(inputs)
    people = tuple(shown(identity) for identity, _ in counted.persons)
    found = Found(str(needed), str(len(counted.persons)), facts=counted.used, people=people)
    if len(counted.persons) >= needed:
        return satisfied(Requirement.APPROVALS_COUNT, found)
    loose = unbound(inputs)
    if len(counted.persons) + len(loose) >= needed:
        return _unbound(Requirement.APPROVALS_COUNT, loose, found.expected)
    missing = Found(
        found.expected, found.found, (ROLE_REVIEWER,), Remedy.REVIEW_REQUEST, facts=found.facts, people=people
    )
    return waits(Requirement.APPROVALS_COUNT, ResultCode.TOO_FEW_APPROVALS, missing)


def four_eyes(inputs: Inputs) -> Result:
    """Somebody approved who is not among author, committers, co-authors and pushers of any version (A.5.3)."""
    facts = inputs.facts
    if facts is None or not inputs.read:
        return unread(Requirement.FOUR_EYES)
    wrote = [(identity, keys_of(identity, inputs.policy)) for identity in inputs.contributors]
    written_by: Keys = frozenset().union(*(keys for _, keys in wrote))
    counted = approvals(inputs)
    independent = [identity for identity, keys in counted.persons if not keys & written_by]
    if not independent:
        loose = tuple(one for one in unbound(inputs) if not keys_of(one.reviewer, inputs.policy) & written_by)
        return _unbound(Requirement.FOUR_EYES, loose, "1") if loose else _no_second_person(counted, wrote)
    nameless = [shown(identity) for identity, keys in wrote if not keys]
    if nameless:
        return unknown(
            Requirement.FOUR_EYES,
            ResultCode.IDENTITY_UNRESOLVED,
            Found("1", str(len(set(nameless))), ("admin",), Remedy.LINK_ACCOUNT, people=tuple(dict.fromkeys(nameless))),
        )
    people = tuple(shown(identity) for identity in independent)
    return satisfied(Requirement.FOUR_EYES, Found("1", "1", facts=counted.used, people=people))


def _no_second_person(counted: Approvals, wrote: list[tuple[Identity, Keys]]) -> Result:
    if counted.persons:
        # Named are those who approved and contributed: they ask why their approval does not count.
        people = tuple(shown(identity) for identity, _ in counted.persons)
        code = ResultCode.APPROVER_CONTRIBUTED
    elif counted.gone:
        people = tuple(dict.fromkeys(shown(review.reviewer) for review in counted.gone))
        code = ResultCode.APPROVER_LEFT
    else:
        people = tuple(dict.fromkeys(shown(identity) for identity, _ in wrote))
        code = ResultCode.NO_APPROVAL
    found = Found("1", "0", (ROLE_REVIEWER,), Remedy.REVIEW_REQUEST, facts=counted.used, people=people)
    return waits(Requirement.FOUR_EYES, code, found)


def no_objection(inputs: Inputs) -> Result:
    """Nobody's last opinion asks for changes. An objection survives pushes, until it is taken back or dismissed."""
    against = tuple(review for review in opinions(inputs) if review.state is ReviewState.CHANGES_REQUESTED)
    if against:
        people = tuple(shown(review.reviewer) for review in against)
        used = tuple(FactUsed(what="review", id=review.id, source="forge") for review in against)
        found = Found("0", str(len(against)), (ROLE_OBJECTOR,), Remedy.RESOLVE_OBJECTION, facts=used, people=people)
        return wrong(Requirement.NO_OBJECTION, ResultCode.OBJECTION_OPEN, found)
    if not inputs.read:
        return unread(Requirement.NO_OBJECTION)
    return satisfied(Requirement.NO_OBJECTION, Found("0", "0"))


def _account(identity: Identity) -> str:
    return identity.id or (identity.login or identity.email or "").casefold()
