"""Tasks that follow an issue: which one is meant, and what a telling of it does."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.issues import read_issue, trailing_issue
from tests.workflows.incident.desk import START, Desk, reported
from workflows.actors import Source
from workflows.events import Recorded
from workflows.incident.apply import apply
from workflows.incident.codes import Code
from workflows.incident.commands import FinishTask, OpenTask
from workflows.incident.issues import IssueRef, IssueTold, Known, is_followed, is_wanted
from workflows.incident.task_commands import FollowIssue, LinkTask, OpenIssueTask
from workflows.incident.task_events import TaskFollowed
from workflows.incident.terms import IssueState

ADDRESS = "https://github.com/acme/shop/issues/12"
SHOP = IssueRef(repository="acme/shop", number=12)


@pytest.mark.parametrize(
    ("typed", "repository", "source", "key"),
    [
        ("acme/shop#12", "acme/shop", None, "acme/shop#12"),
        ("Acme/Web/Shop.io#12", "Acme/Web/Shop.io", None, "acme/web/shop.io#12"),
        (ADDRESS, "acme/shop", Source.GITHUB, "github.com/acme/shop#12"),
        (f"<{ADDRESS}#issuecomment-1|acme/shop#12>", "acme/shop", Source.GITHUB, "github.com/acme/shop#12"),
        ("https://git.example.org/a/b/c/-/issues/12?x=1", "a/b/c", Source.GITLAB, "git.example.org/a/b/c#12"),
        ("https://git.example.org/a/b/-/work_items/12/", "a/b", Source.GITLAB, "git.example.org/a/b#12"),
        ("https://ghe.example.org/a/b/issues/12", "a/b", None, "ghe.example.org/a/b#12"),
    ],
)
def test_an_issue_is_named_as_people_paste_it(typed: str, repository: str, source: Source | None, key: str) -> None:
    found = read_issue(typed)
    assert found is not None
    assert (found.repository, found.number, found.source, found.key) == (repository, 12, source, key)
    assert trailing_issue(f"Rotate the keys: {typed}.") == ("Rotate the keys", typed)


@pytest.mark.parametrize(
    "typed",
    ["", "#12", "shop#12", "acme/shop", "https://github.com/acme/shop/pull/12", "https://x:y@github.com/a/b/issues/1",
     "https://github.com/issues/12", "ftp://github.com/a/b/issues/1", "https://[/a/b/issues/1",
     "https://github.com/a/b/issues/99999999999", "https://github.com/a/b/issues/²", "CHG-2026-0117"],
)  # fmt: skip
def test_anything_else_is_none(typed: str) -> None:
    assert read_issue(typed) is None
    assert trailing_issue(f"Call them {typed}") == (f"Call them {typed}".strip(), "")


@given(st.text(max_size=60))
def test_any_text_is_read_or_left_as_it_is(text: str) -> None:
    said, issue = trailing_issue(text)
    assert (said, issue) == (text.strip(), "") or read_issue(issue) is not None


def test_an_issue_alone_is_what_is_to_be_done() -> None:
    assert trailing_issue(ADDRESS) == ("acme/shop#12", ADDRESS)


def told(state: IssueState, minute: int, *, reopened: bool = False, **more: object) -> IssueTold:
    url = "https://git.example.org/git/acme/shop/-/issues/12"
    fields = {"source": Source.GITLAB, "repository": "acme/shop", "repository_id": "7", "url": url, **more}
    return IssueTold(number=12, state=state, at=START + timedelta(minutes=minute), reopened=reopened, **fields)  # type: ignore[arg-type]


def test_a_forge_below_a_path_and_a_renamed_repository_are_known_again() -> None:
    keys = told(IssueState.OPEN, 1).keys(["acme/old"])
    pasted = ["acme/shop#12", "Acme/Old#12", "https://git.example.org/git/acme/old/-/issues/12"]
    assert all((found := read_issue(one)) is not None and found.key in keys for one in pasted)
    foreign = ["acme/shop#13", "https://other.example.org/git/acme/shop/-/issues/12"]
    assert not any((found := read_issue(one)) is not None and found.key in keys for one in foreign)


def followed(**more: object) -> Desk:
    desk = reported()
    desk.do("jana", OpenIssueTask(text="Rotate the keys", issue=SHOP, **more))  # type: ignore[arg-type]
    return desk


def is_done(desk: Desk) -> bool:
    return desk.case.tasks[0].done_at is not None


def tell(desk: Desk, telling: IssueTold, known: Known | None) -> Known:
    """As the service takes it in."""
    if known is not None and not known.is_news(telling):
        return known
    task = desk.case.tasks[0]
    if is_followed(task.issue, telling) and is_wanted(task, telling, known):
        desk.do("", FollowIssue(no=1, state=telling.state, at=telling.at, address=telling.url, by=telling.by))
    return Known(state=telling.state, at=telling.at)


STATES = st.lists(st.sampled_from(IssueState), min_size=1, max_size=6)


@given(STATES, st.randoms(use_true_random=False))
def test_in_any_order_and_however_often_told_the_newest_state_counts(
    states: Sequence[IssueState], random: object
) -> None:
    tellings = [
        told(state, minute, reopened=state is IssueState.OPEN and states[minute - 1] is IssueState.CLOSED)
        for minute, state in enumerate(states)
    ]
    arriving = tellings * 2
    random.shuffle(arriving)  # type: ignore[attr-defined]
    desk, known = followed().later(hours=1), None
    for telling in arriving:
        known = tell(desk, telling, known)
    assert is_done(desk) is (states[-1] is IssueState.CLOSED)


def test_what_somebody_ended_by_hand_stays_done_until_the_issue_is_opened_again() -> None:
    desk = followed().later(hours=1)
    desk.do("jana", FinishTask(no=1, result="Rotated"))
    known = tell(desk, told(IssueState.OPEN, 1), None)
    assert is_done(desk)
    known = tell(desk, told(IssueState.CLOSED, 2), known)
    assert (is_done(desk), desk.case.tasks[0].result) == (True, "Rotated")
    tell(desk, told(IssueState.OPEN, 3, reopened=True), known)
    assert not is_done(desk)


def test_a_name_alone_is_that_of_the_forge_that_tells_first() -> None:
    desk = followed().later(hours=1)
    closed = Recorded(TaskFollowed(no=1, state=IssueState.CLOSED), 9, desk.now, Source.GITLAB, occurred_at=START)
    task = apply(desk.case, closed).tasks[0]
    assert (task.done_at, task.done_by) == (START, None)
    assert not is_followed(task.issue, told(IssueState.OPEN, 2, source=Source.GITHUB))
    assert is_followed(task.issue, told(IssueState.OPEN, 2))


def test_it_is_tied_later_to_another_and_untied_by_who_works_on_it() -> None:
    desk = reported()
    desk.do("jana", OpenTask(text="Call the provider", owner=desk.person("max")))
    link = LinkTask(no=1, issue=SHOP)
    assert [one.code for one in desk.refused("max", LinkTask(no=2, issue=SHOP))] == [Code.UNKNOWN_ITEM]
    assert not desk.may("sven", LinkTask)
    desk.do("max", link)
    assert [one.code for one in desk.refused("max", link)] == [Code.ALREADY]
    desk.do("jana", LinkTask(no=1, issue=IssueRef(repository="acme/shop", number=13)))
    assert [one.code for one in desk.refused("jana", LinkTask(no=1, issue=IssueRef(repository="", number=1)))] == [
        Code.INVALID
    ]
    desk.do("jana", LinkTask(no=1))
    assert desk.case.tasks[0].issue is None
    assert not desk.may("petra", FollowIssue)
    assert [one.code for one in desk.refused("", FollowIssue(no=1, state=IssueState.CLOSED, at=START))] == [
        Code.UNKNOWN_ITEM
    ]
