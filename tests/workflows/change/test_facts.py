"""Facts join: whatever the order and however often they come, the document is the same."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import Mode, Requirement
from tests.workflows.change.deployments import deployment, merged
from tests.workflows.change.world import (
    HEAD,
    LENA,
    MAX,
    NAME,
    NEXT_HEAD,
    NOON,
    REF,
    REPOSITORY,
    TOM,
    check,
    checks_read,
    commit,
    core,
    policy,
    reading,
    review,
    through_store,
)
from workflows.change.facts import CommitFacts, Document, RepositoryFacts, RequestFacts, merge, merge_request
from workflows.change.seen import (
    DeploymentSeen,
    DeploymentState,
    Forge,
    ModeDecided,
    PushSeen,
    RepositorySeen,
    RepositoryWaiverSeen,
    RequestSeen,
    RequestState,
    ReviewState,
    StatusSeen,
    StatusState,
    Stirred,
    Update,
    Version,
    VersionSeen,
)
from workflows.change.snapshot import Why, needs_read, patches_needed

MINUTES = st.integers(0, 3)
HEADS = st.sampled_from((HEAD, NEXT_HEAD, "d" * 40))
PEOPLE = st.sampled_from((MAX, LENA, TOM))


def _at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def seen(minutes: int = 0, seen_minutes: int = 0, **parts: object) -> RequestSeen:
    return RequestSeen(
        forge=REF.forge, repository_id=REPOSITORY, number=REF.number, repository=NAME,
        core=core(updated_at=_at(minutes), **parts), seen_at=_at(seen_minutes),
    )  # fmt: skip


@st.composite
def request_updates(draw: st.DrawFn) -> Update:
    head, minute = draw(HEADS), draw(MINUTES)
    place: dict[str, Any] = {"forge": REF.forge, "repository_id": REPOSITORY, "number": REF.number}
    state = draw(st.sampled_from(RequestState))
    told = draw(st.integers(0, 4))
    if told == 0:
        return seen(minute, draw(MINUTES), head=head, state=state, draft=draw(st.booleans()), merge_commit="c" * 40)
    if told == 1:
        wrote = commit(head, authors=(draw(PEOPLE),), clean_merge=draw(st.booleans()))
        reviews = (review(draw(PEOPLE), draw(st.sampled_from(ReviewState)), id="3").review,)
        return reading(head=head, updated_at=_at(minute), at=_at(draw(MINUTES)), commits=(wrote,), reviews=reviews)
    if told == 2:
        return review(draw(PEOPLE), draw(st.sampled_from(ReviewState)), id=str(draw(st.integers(1, 3))), sha=head)
    if told == 3:
        return PushSeen(**place, before=draw(HEADS), after=head, pusher=draw(PEOPLE), commits=(commit(head),))
    return VersionSeen(**place, version=Version(sha=head, diff=draw(st.sampled_from((None, "1" * 64, "2" * 64)))))


@st.composite
def commit_updates(draw: st.DrawFn) -> Update:
    place: dict[str, Any] = {"forge": REF.forge, "repository_id": REPOSITORY, "sha": "c" * 40}
    minute, number = draw(MINUTES), str(draw(st.integers(1, 3)))
    told = draw(st.integers(0, 4))
    if told == 0:
        conclusion = draw(st.sampled_from((None, "success", "failure", "skipped")))
        return check("build", conclusion, id=number, sha="c" * 40, at=_at(minute))
    if told == 1:
        state = draw(st.sampled_from(StatusState))
        return StatusSeen(**place, id=number, context="ci", state=state, creator=MAX, updated_at=_at(minute))
    if told == 2:
        return checks_read("c" * 40).model_copy(update={"read_at": _at(minute)})
    if told == 3:
        return DeploymentSeen(**place, deployment_id=number, environment="dev", created_at=NOON)
    return deployment("dev", draw(st.sampled_from(DeploymentState)), id=number, at=_at(minute))


@st.composite
def repository_updates(draw: st.DrawFn) -> Update:
    place: dict[str, Any] = {"forge": REF.forge, "repository_id": REPOSITORY}
    minute, told = draw(MINUTES), draw(st.integers(0, 2))
    if told == 0:
        return RepositorySeen(**place, name=draw(st.sampled_from((NAME, "beispiel/laden"))), seen_at=_at(minute))
    if told == 1:
        return ModeDecided(**place, mode=draw(st.sampled_from(Mode)), decided_at=_at(minute))
    ended = draw(st.sampled_from((None, _at(2))))
    return RepositoryWaiverSeen(
        **place, waiver_id=UUID(int=draw(st.integers(1, 2))), requirement=Requirement.CHECKS_GREEN,
        granted_at=NOON, expires=_at(minute + 5), ended_at=ended,
    )  # fmt: skip


@pytest.mark.parametrize("source", [request_updates(), commit_updates(), repository_updates()])
def test_any_order_and_repetition_gives_the_same_document(source: st.SearchStrategy[Update]) -> None:
    @given(told=st.lists(source, min_size=1, max_size=6), data=st.data())
    def converges(told: list[Update], data: st.DataObject) -> None:
        once = _joined(told)
        again = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=4))]))
        assert _joined(again) == once
        assert through_store(once, told[0].scope) == once
        for update in told:
            assert merge(once, update) == once

    converges()


def _joined(told: list[Update]) -> Document:
    document: Document | None = None
    for update in told:
        document = merge(document, update)
    assert document is not None
    return document


def _request(*told: Update) -> RequestFacts:
    document = _joined(list(told))
    assert isinstance(document, RequestFacts)
    return document


def test_the_later_telling_holds_and_ties_ask_for_a_reading() -> None:
    assert _request(seen(1, title="neu"), seen(0, title="alt")).current == core(title="neu", updated_at=_at(1))
    tied: tuple[Update, ...] = (seen(1, 1, head=HEAD), seen(1, 2, head=NEXT_HEAD))
    for order in permutations(tied):
        assert _request(*order).contested
    settled: Update = reading(head=NEXT_HEAD, updated_at=_at(1), at=_at(3))
    told: tuple[Update, ...]
    for told in permutations((*tied, settled)):
        assert not _request(*told).contested
        assert _request(*told).complete
    early: Update = reading(head=HEAD, updated_at=_at(1), at=_at(1))
    for told in permutations((*tied, early)):
        assert _request(*told).contested


def test_a_test_merge_is_no_merge() -> None:
    assert seen(merge_commit="c" * 40).core.merge_commit is None
    assert merged().core.merge_commit == "c" * 40


def test_another_documents_update_is_refused() -> None:
    document = _request(seen())
    with pytest.raises(ValueError, match="expected facts of"):
        merge_request(document, seen().model_copy(update={"number": 9}))
    with pytest.raises(ValueError, match="expected an update of RequestFacts"):
        merge(document, check("build"))


def test_the_newest_run_of_a_check_counts() -> None:
    told = (check("build", "failure", id="1"), check("build", "success", id="2"), check("build", None, id="2"))
    for order in permutations(told):
        document = _joined(list(order))
        assert isinstance(document, CommitFacts)
        assert [(run.id, run.conclusion) for run in document.checks] == [("2", "success")]


def test_a_worse_telling_of_the_same_run_holds() -> None:
    for order in permutations((check("build", "failure"), check("build", "success"))):
        document = _joined(list(order))
        assert isinstance(document, CommitFacts)
        assert document.checks[0].conclusion == "failure"


def test_inactive_says_nothing_about_how_it_went() -> None:
    document = _joined([deployment("dev"), deployment("dev", DeploymentState.INACTIVE, at=_at(5))])
    assert isinstance(document, CommitFacts)
    found = document.in_order()[-1]
    assert found is not None
    assert found.state is DeploymentState.SUCCESS


def test_what_has_to_be_read() -> None:
    rules, read = policy(), reading(at=NOON)
    commit_facts = _joined([checks_read()])
    assert isinstance(commit_facts, CommitFacts)
    assert needs_read(None, None, rules, NOON) == (Why.UNREAD,)
    assert needs_read(_request(seen()), None, rules, NOON) == (Why.UNREAD, Why.CHECKS_UNREAD)
    warm = _request(seen(), read, review())
    assert needs_read(warm, commit_facts, rules, NOON) == ()
    assert needs_read(warm, None, policy(checks=(), security_tests=()), NOON) == ()
    assert needs_read(warm, commit_facts, rules, NOON + timedelta(seconds=601)) == (Why.TOO_OLD,)
    moved = _request(seen(), read, seen(1, 1, head=NEXT_HEAD))
    assert needs_read(moved, commit_facts, rules, NOON) == (Why.HEAD_MOVED,)
    tied = _request(read, seen(0, 1, head=NEXT_HEAD))
    assert needs_read(tied, commit_facts, rules, NOON) == (Why.CONTESTED,)
    assert needs_read(_request(seen(base="spielwiese")), None, rules, NOON) == ()
    assert needs_read(_request(seen(state=RequestState.CLOSED)), None, rules, NOON) == ()


def test_which_patches_are_worth_computing() -> None:
    approved = _request(reading(head=NEXT_HEAD), review(sha=HEAD))
    assert patches_needed(approved, policy()) == (HEAD, NEXT_HEAD)
    assert patches_needed(approved, policy(carry_over="never")) == ()
    assert patches_needed(_request(reading(), review(sha=HEAD)), policy()) == ()


def test_a_repositorys_waivers_and_mode() -> None:
    place: dict[str, Any] = {"forge": REF.forge, "repository_id": REPOSITORY}
    first = ModeDecided(**place, mode=Mode.ENFORCE, decided_at=_at(1))
    document = _joined([first, ModeDecided(**place, mode=Mode.OBSERVE, decided_at=_at(0))])
    assert isinstance(document, RepositoryFacts)
    assert document.mode == first


def _stirred(minutes: int) -> Stirred:
    return Stirred(**_PLACE, number=REF.number, seen_at=_at(minutes))


def test_what_only_a_reading_tells_waits_for_one_that_is_newer() -> None:
    told: list[Update] = [reading(at=_at(1)), _stirred(0), _stirred(2)]
    documents = {_request(*order) for order in permutations(told)}
    assert len(documents) == 1
    found = documents.pop()
    assert found.stirred
    assert not found.settled
    assert not found.complete
    commit_facts = merge(None, checks_read())
    assert isinstance(commit_facts, CommitFacts)
    assert needs_read(found, commit_facts, policy(), _at(2)) == (Why.STIRRED,)
    read = merge_request(found, reading(at=_at(2)))
    assert read.complete
    assert not needs_read(read, commit_facts, policy(), _at(2))


def test_opinions_on_gitlab_are_those_of_the_last_reading() -> None:
    gitlab = {"forge": Forge.GITLAB}
    approved = reading(at=_at(1), reviews=(review(LENA).review,)).model_copy(update=gitlab)
    taken_back = reading(at=_at(2)).model_copy(update=gitlab)
    for order in permutations((approved, taken_back)):
        assert _request(*order).reviews == ()


def test_an_author_told_by_number_alone_keeps_the_login_that_was_read() -> None:
    read = reading(at=_at(1))
    bare = read.core.author.model_copy(update={"login": None})
    later = read.core.model_copy(update={"author": bare, "updated_at": _at(5), "title": "Neu"})
    told = RequestSeen(**_PLACE, number=REF.number, repository=NAME, core=later, seen_at=_at(5))
    found = _request(read, told)
    assert found.current is not None
    assert (found.current.title, found.current.author) == ("Neu", read.core.author)


_PLACE: dict[str, Any] = {"forge": REF.forge, "repository_id": REPOSITORY}
