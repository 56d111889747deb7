"""Which merges a deployed commit contains: told on to their commits, whatever the order of the news."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.office import START
from tests.templates import laid_out
from workflows.change.facts import CommitFacts
from workflows.change.seen import (
    BranchPushed,
    Commit,
    DeploymentSeen,
    DeploymentState,
    DeploymentStatusSeen,
    Forge,
    Identity,
    RequestCore,
    RequestRead,
    RequestSeen,
    RequestState,
    Update,
)
from workflows.factbook import Mark, absorb
from workflows.lineage import Lineage
from workflows.store.store import Store

PLACE: dict[str, Any] = {"forge": Forge.GITHUB, "repository_id": "7001"}
MAX = Identity(id="11", login="max")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(laid_out(database_url), origin="wachbuch.example/wachbuch", runner=True) as opened:
        opened.migrate()
        yield opened


def sha(letter: str) -> str:
    return letter * 40


def core(number: int, commit: str, minutes: float, base: str) -> RequestCore:
    at = START + timedelta(minutes=minutes)
    return RequestCore(
        title="Kasse", head=f"{number:040d}", base=base, state=RequestState.MERGED, merge_commit=sha(commit),
        merged_at=at, author=MAX, updated_at=at,
    )  # fmt: skip


def merge(number: int, commit: str, minutes: float, base: str = "main") -> RequestSeen:
    told = core(number, commit, minutes, base)
    return RequestSeen(**PLACE, number=number, repository="acme/shop", core=told, seen_at=told.updated_at)


def deployed(commit: str, id: str, minutes: float, environment: str = "prod") -> DeploymentStatusSeen:  # noqa: A002
    at = START + timedelta(minutes=minutes)
    return DeploymentStatusSeen(
        **PLACE, sha=sha(commit), deployment_id=id, environment=environment, created_at=at, status_id=f"{id}0",
        state=DeploymentState.SUCCESS, at=at,
    )  # fmt: skip


def pushed(commit: str, before: str, branch: str = "main") -> BranchPushed:
    return BranchPushed(**PLACE, sha=sha(commit), before=sha(before), branch=branch, pusher=MAX)


def told(store: Store, commit: str) -> dict[str, bool]:
    """What a merge commit knows of deployments: id to whether it is carried."""
    with store.reading() as reads:
        row = reads.facts.get("commit", f"github:7001:{sha(commit)}")
    facts = CommitFacts.model_validate_json(row.doc) if row else None
    return {item.id: item.carries for item in facts.deployments} if facts else {}


def absorbed(store: Store, updates: Sequence[Update]) -> None:
    for update in updates:
        with store.transaction() as uow:
            absorb(uow, (update,))


def test_a_deployment_carries_what_was_merged_before_and_not_what_came_after(store: Store) -> None:
    absorbed(store, [merge(1, "a", 1), merge(2, "b", 2), merge(3, "c", 3), merge(4, "d", 20)])
    absorbed(store, [deployed("b", "7", 10)])
    assert [told(store, one) for one in "abcd"] == [{"7": True}, {"7": True}, {"7": False}, {}]


def test_a_commit_pushed_on_top_carries_what_is_below_it(store: Store) -> None:
    absorbed(store, [merge(1, "a", 1), merge(2, "b", 5), pushed("e", "a"), pushed("f", "e"), deployed("f", "7", 10)])
    assert [told(store, one) for one in "ab"] == [{"7": True}, {"7": False}]
    with store.transaction() as uow:
        lineage = Lineage(uow.links, uow.facts, "github:7001")
        found = lineage.position(sha("f"))
        assert found is not None
        assert (found.merge.number, lineage.position(sha("9"))) == (1, None)


def test_another_branch_is_another_history(store: Store) -> None:
    absorbed(store, [merge(1, "a", 1, "release"), merge(2, "b", 2), deployed("b", "7", 10)])
    assert told(store, "a") == {}


def test_a_release_carries_the_merges_among_its_commits(store: Store) -> None:
    read = RequestRead(
        **PLACE, number=9, repository="acme/shop", core=core(9, "e", 5, "release"), read_at=START,
        commits=(Commit(sha=sha("a"), authors=(MAX,)), Commit(sha=sha("b"), authors=(MAX,))),
    )  # fmt: skip
    absorbed(store, [merge(1, "a", 1), merge(2, "b", 2), merge(3, "c", 3), deployed("e", "7", 10), read])
    assert [told(store, one) for one in "abc"] == [{"7": True}, {"7": True}, {}]


def test_merges_of_the_same_second_prove_nothing(store: Store) -> None:
    absorbed(store, [merge(1, "a", 1), merge(2, "b", 1), deployed("b", "7", 10)])
    assert told(store, "a") == {}


NEWS: tuple[Update, ...] = (
    merge(1, "a", 1), merge(2, "b", 2), pushed("e", "b"), deployed("e", "7", 10), deployed("a", "8", 12),
)  # fmt: skip


def test_whatever_the_order_of_the_news(store: Store) -> None:
    seen = []
    for number, order in enumerate(permutations(NEWS)):
        if number % 12:
            continue
        with store.transaction() as uow:
            uow.connection.exec_driver_sql("DELETE FROM fact")
            uow.connection.exec_driver_sql("DELETE FROM link")
        absorbed(store, order)
        seen.append((told(store, "a"), told(store, "b")))
    assert set(map(str, seen)) == {str(({"7": True, "8": True}, {"7": True, "8": False}))}


def test_only_whom_it_concerns_is_judged_anew(store: Store) -> None:
    absorbed(store, [merge(1, "a", 1), deployed("a", "6", 4), merge(2, "b", 5)])
    with store.transaction() as uow:
        marks = absorb(uow, (deployed("b", "7", 10),))
        assert [mark.request.number for mark in marks if isinstance(mark, Mark)] == [2], "the first was there"
    with store.transaction() as uow:
        marks = absorb(uow, (deployed("a", "8", 12),))
        assert {mark.request.number for mark in marks if isinstance(mark, Mark)} == {1, 2}, "there again, taken away"
    with store.transaction() as uow:
        seen = DeploymentSeen(
            **PLACE, sha=sha("9"), deployment_id="9", environment="prod", created_at=START, creator=MAX
        )  # fmt: skip
        assert absorb(uow, (seen,)) == (), "nothing connects it"
