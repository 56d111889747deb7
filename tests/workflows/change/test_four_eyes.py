"""Four eyes count persons: over all accounts and addresses, over all versions, without bots and forges."""

from datetime import timedelta

import pytest

from config.policy.ids import CarryOver, Requirement
from tests.workflows.change.deployments import merged
from tests.workflows.change.world import (
    EVA,
    GREEN,
    HEAD,
    LENA,
    MAX,
    NEXT_HEAD,
    NOON,
    REF,
    REPOSITORY,
    TOM,
    World,
    check,
    checks_read,
    commit,
    policy,
    reading,
    review,
)
from workflows.change.codes import Outcome, ResultCode, VerdictStatus
from workflows.change.people import is_bot, is_known, is_nobody, keys_of
from workflows.change.result import Result
from workflows.change.seen import Forge, Identity, PushSeen, Review, ReviewState, Update, Version, VersionSeen

WEB_FLOW = Identity(id="19864447", login="web-flow", email="noreply@github.com")
NAMELESS = Identity(email="wer@unbekannt.example")


def _judged(*told: Update, **repository: object) -> Result:
    world = World(policy=policy(**repository)).planned().evaluated(*told)
    found = world.verdict.tree.of(Requirement.FOUR_EYES)
    assert isinstance(found, Result)
    return found


def _push(pusher: Identity, before: str | None = None, after: str = HEAD) -> PushSeen:
    return PushSeen(
        forge=REF.forge, repository_id=REPOSITORY, number=REF.number, before=before, after=after, pusher=pusher
    )


CONTRIBUTIONS: dict[str, tuple[Update, ...]] = {
    "author of a commit": (reading(commits=(commit(authors=(LENA,)),)),),
    "committer": (reading(commits=(commit(committer=LENA),)),),
    "co-author": (reading(commits=(commit(co_authors=(LENA,)),)),),
    "co-author by a masked address": (
        reading(commits=(commit(co_authors=(Identity(email="12+lena@users.noreply.github.com"),)),)),
    ),
    "masked address of another host": (
        reading(commits=(commit(co_authors=(Identity(email="12+alt@users.noreply.git.example"),)),)),
    ),
    "author by another address of hers": (
        reading(commits=(commit(authors=(Identity(email="LENA@privat.example"),)),)),
    ),
    "author of the request": (reading(author=LENA),),
    "pusher of an earlier version": (reading(), _push(LENA, after="d" * 40)),
    "author of a version pushed away": (
        reading(),
        _push(MAX, before="d" * 40).model_copy(update={"commits": (commit("d" * 40, authors=(LENA,)),)}),
    ),
    "login in another case": (reading(commits=(commit(authors=(Identity(login="LENA"),)),)),),
}


@pytest.mark.parametrize("told", CONTRIBUTIONS.values(), ids=CONTRIBUTIONS)
def test_who_contributed_does_not_count_and_another_does(told: tuple[Update, ...]) -> None:
    alone = _judged(*told, review(LENA), *GREEN[2:])
    assert (alone.outcome, alone.code) == (Outcome.NOT, ResultCode.APPROVER_CONTRIBUTED)
    assert alone.people == ("lena",)
    assert _judged(*told, review(LENA), review(TOM, id="2"), *GREEN[2:]).outcome is Outcome.SATISFIED


@pytest.mark.parametrize(
    "bot",
    [
        Identity(id="90", login="helper", bot=True),
        Identity(id="91", login="helper[bot]"),
        Identity(id="92", login="Renovate[bot]"),
    ],
)
def test_bots_do_not_count(bot: Identity) -> None:
    assert _judged(reading(), review(bot), *GREEN[2:]).code is ResultCode.NO_APPROVAL
    assert _judged(reading(), review(bot), review(LENA, id="2"), *GREEN[2:]).outcome is Outcome.SATISFIED


def test_the_forges_own_committers_are_nobody() -> None:
    merge = commit(committer=WEB_FLOW, co_authors=(Identity(email="noreply@github.com"),))
    assert _judged(reading(commits=(merge,)), *GREEN[1:]).outcome is Outcome.SATISFIED


def test_a_clean_merge_of_the_base_adds_nobody_but_one_by_hand_does() -> None:
    clean = commit(authors=(LENA,), committer=WEB_FLOW, clean_merge=True)
    assert _judged(reading(commits=(commit("d" * 40), clean)), *GREEN[1:]).outcome is Outcome.SATISFIED
    by_hand = clean.model_copy(update={"clean_merge": False})
    assert _judged(reading(commits=(commit("d" * 40), by_hand)), *GREEN[1:]).outcome is Outcome.NOT


def test_an_unresolved_contributor_leaves_it_unknown() -> None:
    found = _judged(reading(commits=(commit(co_authors=(NAMELESS,)),)), *GREEN[1:])
    assert (found.outcome, found.code) == (Outcome.UNKNOWN, ResultCode.IDENTITY_UNRESOLVED)
    assert found.people == ("wer@unbekannt.example",)
    known = NAMELESS.model_copy(update={"id": "55"})
    assert _judged(reading(commits=(commit(co_authors=(known,)),)), *GREEN[1:]).outcome is Outcome.SATISFIED


def test_two_accounts_of_one_person_are_one_approval() -> None:
    second = review(Identity(login="LENA"), id="2")
    world = World(policy=policy(approvals=2)).planned().evaluated(reading(), review(LENA), second, *GREEN[2:])
    counted = world.verdict.tree.of(Requirement.APPROVALS_COUNT)
    assert (counted.code, counted.found, counted.expected) == (ResultCode.TOO_FEW_APPROVALS, "1", "2")
    world.evaluated(review(EVA, id="3"))
    assert world.verdict.tree.of(Requirement.APPROVALS_COUNT).outcome is Outcome.SATISFIED


def test_who_left_counts_for_nothing_more_and_still_has_contributed() -> None:
    here = policy(approvals=2)
    people = tuple(one.model_copy(update={"slack": f"U0{one.id.upper()}"}) for one in here.people)
    gone = here.model_copy(update={"people": people}).as_of(NOON, {"U0LENA": None})
    told = (reading(), review(LENA), review(TOM, id="2"), *GREEN[2:])
    for known, approved in ((here, "2"), (gone, "1")):
        world = World(policy=known).planned().evaluated(*told)
        assert world.verdict.tree.of(Requirement.APPROVALS_COUNT).found == approved
    alone = World(policy=gone).planned().evaluated(reading(), review(LENA), *GREEN[2:])
    found = alone.verdict.tree.of(Requirement.FOUR_EYES)
    assert (found.code, found.people) == (ResultCode.APPROVER_LEFT, ("lena",))
    both = (
        World(policy=gone)
        .planned()
        .evaluated(reading(commits=(commit(authors=(LENA, TOM)),)), review(TOM, id="2"), *GREEN[2:])
    )
    assert both.verdict.tree.of(Requirement.FOUR_EYES).code is ResultCode.APPROVER_CONTRIBUTED


@pytest.mark.parametrize(("after", "status"), [(2, VerdictStatus.PASSED), (1, VerdictStatus.PENDING)])
def test_a_merge_that_is_told_late_was_judged_by_who_was_there_then(after: int, status: VerdictStatus) -> None:
    world = World().planned()
    here = policy()
    people = tuple(one.model_copy(update={"slack": f"U0{one.id.upper()}"}) for one in here.people)
    left = {"U0LENA": NOON + timedelta(minutes=after)}
    world.policy = here.model_copy(update={"people": people}).as_of(NOON + timedelta(hours=1), left)
    world.later(minutes=1).evaluated(reading(), review(LENA), *GREEN[2:], merged(NOON + timedelta(minutes=1)))
    frozen = world.case.requests[0].frozen
    assert frozen is not None
    assert frozen.status is status
    assert bool(world.case.findings) is (status is not VerdictStatus.PASSED)


def test_a_dismissed_approval_and_a_later_comment() -> None:
    world = World().planned().evaluated(*GREEN, review(LENA, ReviewState.COMMENTED, id="5"))
    assert world.verdict.tree.of(Requirement.FOUR_EYES).outcome is Outcome.SATISFIED
    world.evaluated(review(LENA, ReviewState.DISMISSED))
    assert world.verdict.tree.of(Requirement.FOUR_EYES).code is ResultCode.NO_APPROVAL


def _pushed(carry_over: CarryOver, *versions: Version) -> Result:
    """Lena approved the first head; now there is another."""
    world = World(policy=policy(carry_over=carry_over)).planned().evaluated(*GREEN)
    assert world.verdict.tree.of(Requirement.APPROVALS_COUNT).outcome is Outcome.SATISFIED
    pushed = reading(head=NEXT_HEAD, commits=(commit(NEXT_HEAD),), at=NOON, updated_at=NOON.replace(minute=1))
    told = [VersionSeen(forge=REF.forge, repository_id=REPOSITORY, number=4, version=item) for item in versions]
    world.later(minutes=1)
    greens = (check("build", sha=NEXT_HEAD), check("codeql", sha=NEXT_HEAD), checks_read(NEXT_HEAD))
    world.evaluated(pushed.model_copy(update={"read_at": world.now}), *told, *greens)
    found = world.verdict.tree.of(Requirement.APPROVALS_COUNT)
    assert isinstance(found, Result)
    return found


SAME = (Version(sha=HEAD, diff="1" * 64), Version(sha=NEXT_HEAD, diff="1" * 64))
OTHER = (Version(sha=HEAD, diff="1" * 64), Version(sha=NEXT_HEAD, diff="2" * 64))


def test_a_push_voids_approvals_unless_the_patch_is_the_same() -> None:
    assert _pushed(CarryOver.SAME_DIFF, *SAME).outcome is Outcome.SATISFIED
    assert _pushed(CarryOver.SAME_DIFF, *OTHER).code is ResultCode.TOO_FEW_APPROVALS
    assert _pushed(CarryOver.SAME_DIFF).code is ResultCode.TOO_FEW_APPROVALS
    assert _pushed(CarryOver.NEVER, *SAME).code is ResultCode.TOO_FEW_APPROVALS


def _gitlab(number: int | None = None, login: str | None = None, email: str | None = None) -> Identity:
    return Identity(forge=Forge.GITLAB, id=str(number) if number else None, login=login, email=email)


def test_the_same_number_on_the_other_forge_is_somebody_else() -> None:
    decided = policy()
    assert keys_of(LENA, decided)
    assert LENA.id is not None
    stranger = _gitlab(int(LENA.id), LENA.login)
    assert not keys_of(LENA, decided) & keys_of(stranger, decided)


def test_one_person_is_found_behind_accounts_of_both_forges() -> None:
    people = tuple(
        one.model_copy(update={"gitlab": "lena.g", "gitlab_id": 912}) if one.id == "lena" else one
        for one in policy().people
    )
    decided = policy().model_copy(update={"people": people})
    known = keys_of(LENA, decided)
    for same in (
        _gitlab(912),
        _gitlab(login="Lena.G"),
        _gitlab(email="912-lena.g@users.noreply.gitlab.com"),
        _gitlab(email="912-lena.g@users.noreply.git.example"),
        _gitlab(email=f"{LENA.id}+lena@users.noreply.github.com"),
    ):
        assert keys_of(same, decided) & known, same
    taken_over = _gitlab(913, "lena.g")
    assert not is_known(taken_over, decided), "the login was given up and taken by another account"
    assert not is_known(_gitlab(email=f"{LENA.id}-x@users.noreply.gitlab.com"), decided)


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("project_12_bot_ab12", True),
        ("group_3_bot", True),
        ("project_3_bot1", True),
        ("service_account_9f", True),
        ("project_manager", False),
        ("projectx_1_bot", False),
        ("lena", False),
    ],
)
def test_access_tokens_of_projects_and_groups_are_bots(login: str, expected: bool) -> None:
    assert is_bot(_gitlab(5, login)) is expected


def test_the_committer_that_gitlab_signs_as_is_nobody() -> None:
    assert is_nobody(_gitlab(email="noreply@gitlab.com"))
    assert not is_nobody(_gitlab(7, email="noreply@gitlab.com"))


def test_an_approval_of_an_unknown_commit_counts_for_none_and_is_said_to_be_unknown() -> None:
    found = _judged(reading(reviews=(_unbound(LENA),)))
    assert (found.outcome, found.code) == (Outcome.UNKNOWN, ResultCode.APPROVAL_UNBOUND)
    assert _judged(reading(reviews=(_unbound(MAX),))).code is ResultCode.NO_APPROVAL, (
        "whoever wrote it would not count anyway"
    )
    assert (
        _judged(reading(reviews=(review(LENA).review.model_copy(update={"writes": True}),))).outcome
        is Outcome.SATISFIED
    )


def _unbound(who: Identity) -> Review:
    return review(who).review.model_copy(update={"commit": None, "unsure": True})
