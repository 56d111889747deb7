from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.i18n import translator
from config.policy.ids import Mode
from integrations.errors import NotPermitted, RateLimited, Unreachable
from integrations.github import gate
from integrations.github.client import Client
from integrations.github.gate import Shown, Way, Written
from integrations.github.read import read_request
from integrations.telling import texts
from integrations.telling.comment import Commented
from integrations.telling.texts import GATE, MARKER, Surroundings, Told
from tests.fakes.github import FakeGitHub
from tests.fakes.github.world import GitHubError
from tests.integrations.github.conftest import NOW, REPO
from tests.integrations.verdicts import needs_second_person, red_check, verdict, waived
from workflows.change.result import Result, Verdict
from workflows.change.seen import Forge

Head = Callable[[], str]
ZONE = ZoneInfo("Europe/Berlin")


def _told(shown: Verdict, minutes: int = 0) -> Told:
    around = Surroundings(
        Forge.GITHUB, "CHG-2026-0117", NOW + timedelta(minutes=minutes), ZONE, title="Basket", able=("max",)
    )
    return texts.told(translator("de"), shown, around)


def _report(client: Client, shown: Verdict, way: Way = Way.CHECK_RUN, **more: Any) -> Written:
    return gate.report(client, REPO, shown, _told(shown), way=way, **more)


def _checks(forge: FakeGitHub, head: str) -> list[tuple[str, str | None]]:
    known = forge.world.repository(REPO)
    return [(one.status, one.conclusion) for one in known.latest_checks(head) if one.name == "wachbuch/gate"]


@pytest.mark.parametrize(
    ("results", "mode", "check", "status"),
    [
        ((), Mode.ENFORCE, ("completed", "success"), "success"),
        ((needs_second_person(),), Mode.ENFORCE, ("in_progress", None), "pending"),
        ((red_check(),), Mode.ENFORCE, ("completed", "failure"), "failure"),
        ((waived(red_check()),), Mode.ENFORCE, ("completed", "success"), "success"),
        ((red_check(),), Mode.OBSERVE, ("completed", "success"), "success"),
    ],
)
def test_what_github_shows_for_each_verdict(
    forge: FakeGitHub,
    client: Client,
    token_client: Client,
    head: Head,
    results: tuple[Result, ...],
    mode: Mode,
    check: tuple[str, str | None],
    status: str,
) -> None:
    shown = verdict(*results, mode=mode, head=head())
    _report(client, shown)
    _report(token_client, shown, Way.COMMIT_STATUS)

    assert _checks(forge, head()) == [check]
    (written,) = forge.world.repository(REPO).statuses
    assert (written.context, written.state) == ("wachbuch/gate", status)
    assert 0 < len(written.description) <= 140


def test_the_required_check_holds_the_merge_until_the_verdict_passes(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    for results, words in (((), None), ((needs_second_person(),), "in_progress"), ((red_check(),), "failure")):
        _report(client, verdict(*results, head=head()))
        if words is None:
            assert not forge.world.repository(REPO).unmet(forge.world.repository(REPO).pull(pull))
            continue
        with pytest.raises(GitHubError, match=f'"wachbuch/gate" is {words}') as caught:
            forge.merge(REPO, pull, "max")
        assert caught.value.status == 405
    _report(client, verdict(head=head()))
    assert forge.merge(REPO, pull, "max")


def test_a_cold_verdict_takes_one_reading_and_one_write(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    client.get(REPO, "")
    forge.reset_calls()
    reading = read_request(client, REPO, pull, NOW)
    _report(client, verdict(needs_second_person(), head=reading.request.core.head))

    assert forge.calls == {"graphql": 1, "checks.create": 1}


def test_only_what_changed_is_written(forge: FakeGitHub, client: Client, head: Head) -> None:
    first = _report(client, verdict(needs_second_person(), head=head()))
    kept = Written.from_dict(first.as_dict())
    assert kept == first
    forge.reset_calls()
    again = verdict(needs_second_person(), head=head())
    assert gate.report(client, REPO, again, _told(again, minutes=9), way=Way.CHECK_RUN, last=kept) == first
    assert forge.calls == {}

    changed = _report(client, verdict(head=head()), last=kept)
    assert changed.number == first.number
    assert forge.calls == {"checks.update": 1}
    forge.reset_calls()
    reopened = _report(client, verdict(needs_second_person(), head=head()), last=changed)
    assert reopened.number != changed.number
    assert forge.calls == {"checks.create": 1}
    assert _checks(forge, head()) == [("in_progress", None)]


def test_a_new_head_gets_a_verdict_of_its_own(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    old = head()
    first = _report(client, verdict(head=old))
    forge.push(REPO, "feature", "lena")
    second = _report(client, verdict(needs_second_person(), head=head()), last=first)

    assert second.number != first.number
    assert (_checks(forge, old), _checks(forge, head())) == ([("completed", "success")], [("in_progress", None)])


@pytest.mark.parametrize("operation", ["checks.create", "checks.update"])
def test_a_write_that_took_effect_without_an_answer_is_not_made_twice(
    forge: FakeGitHub, client: Client, head: Head, operation: str
) -> None:
    before = None if operation == "checks.create" else _report(client, verdict(needs_second_person(), head=head()))
    forge.fail(operation, after_effect=True)
    with pytest.raises(Unreachable):
        _report(client, verdict(head=head()), last=before)
    forge.reset_calls()
    written = _report(client, verdict(head=head()), last=before, unsure=True)

    assert forge.calls == {"commits.checks": 1}
    assert _checks(forge, head()) == [("completed", "success")]
    assert len(forge.world.repository(REPO).checks) == 1
    assert written.shown is Shown.SUCCESS


def test_a_status_that_took_effect_without_an_answer_is_not_written_twice(
    forge: FakeGitHub, client: Client, head: Head
) -> None:
    def write(shown: Verdict, *, unsure: bool) -> Written:
        return gate.report(client, REPO, shown, _told(shown), way=Way.COMMIT_STATUS, unsure=unsure)

    first, second = verdict(needs_second_person(), head=head()), verdict(head=head())
    forge.fail("statuses.create", after_effect=True)
    with pytest.raises(Unreachable):
        write(first, unsure=False)
    assert write(first, unsure=True).shown is Shown.PENDING
    assert [one.state for one in forge.world.repository(REPO).statuses] == ["pending"]
    assert write(second, unsure=True).shown is Shown.SUCCESS
    assert [one.state for one in forge.world.repository(REPO).statuses] == ["pending", "success"]
    ours = forge.world.repository(REPO).statuses[-1]
    forge.set_status(REPO, head(), GATE, "success", by="mallory")
    forge.world.repository(REPO).statuses[-1].description = ours.description
    write(second, unsure=True)
    assert forge.world.repository(REPO).statuses[-1].creator == ours.creator, "somebody else's does not stand for ours"


def test_after_a_write_that_took_no_effect_it_is_made_once(forge: FakeGitHub, client: Client, head: Head) -> None:
    forge.fail("checks.create", status=502)
    with pytest.raises(Unreachable):
        _report(client, verdict(head=head()))
    _report(client, verdict(head=head()), unsure=True)
    assert len(forge.world.repository(REPO).checks) == 1


def test_a_rate_limit_at_the_write_goes_to_the_caller(forge: FakeGitHub, client: Client, head: Head) -> None:
    client.get(REPO, "")
    forge.fail("checks.create", status=403, error="secondary", retry_after=12)
    with pytest.raises(RateLimited) as caught:
        _report(client, verdict(head=head()))
    assert caught.value.retry_after == 12
    assert _report(client, verdict(head=head())).shown is Shown.SUCCESS


def test_a_token_cannot_write_check_runs_and_is_told_so(forge: FakeGitHub, token_client: Client, head: Head) -> None:
    with pytest.raises(NotPermitted, match="GitHub App"):
        _report(token_client, verdict(head=head()))
    assert _report(token_client, verdict(head=head()), Way.COMMIT_STATUS).number == 0


def test_the_same_status_is_written_once(forge: FakeGitHub, token_client: Client, head: Head) -> None:
    last = None
    for _ in range(20):
        last = _report(token_client, verdict(red_check(), head=head()), Way.COMMIT_STATUS, last=last)
    assert len(forge.world.repository(REPO).statuses) == 1


def test_the_check_run_carries_the_whole_tree(forge: FakeGitHub, client: Client, head: Head) -> None:
    _report(client, verdict(needs_second_person(), head=head()), details_url="https://wachbuch.example/changes/1")
    (check,) = forge.world.repository(REPO).checks.values()
    assert check.output["title"].startswith("Wartet auf 1 von 10")
    assert "@max" in check.output["summary"]
    assert MARKER not in check.output["summary"]
    assert check.details_url == "https://wachbuch.example/changes/1"


# comment


def test_one_comment_is_edited_in_place(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    first = gate.comment(client, REPO, pull, _told(verdict(needs_second_person(), head=head())))
    forge.reset_calls()
    same = _told(verdict(needs_second_person(), head=head()), minutes=3)
    assert gate.comment(client, REPO, pull, same, last=first) == first
    assert forge.calls == {}
    second = gate.comment(client, REPO, pull, _told(verdict(head=head())), last=first)

    assert second.number == first.number
    (comment,) = forge.world.repository(REPO).pull(pull).comments
    assert "Alle 10 erfüllt." in comment.body
    assert comment.user.login == "wachbuch[bot]"


def test_a_new_head_alone_is_news_for_the_comment(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    first = gate.comment(client, REPO, pull, _told(verdict(needs_second_person(), head=head())))
    forge.push(REPO, "feature", "lena")
    gate.comment(client, REPO, pull, _told(verdict(needs_second_person(), head=head())), last=first)
    (comment,) = forge.world.repository(REPO).pull(pull).comments
    assert head()[:7] in comment.body


@pytest.mark.parametrize("who", ["client", "token_client"])
def test_our_comment_is_found_again_and_nobody_elses(
    forge: FakeGitHub, pull: int, head: Head, who: str, request: pytest.FixtureRequest
) -> None:
    acting: Client = request.getfixturevalue(who)
    forged = forge.comment(REPO, pull, "mallory", f"{MARKER}\n**Alle 10 erfüllt.**")
    for number in range(120):
        forge.comment(REPO, pull, "tom", f"talk {number}")
    forge.fail("comments.create", after_effect=True)
    with pytest.raises(Unreachable):
        gate.comment(acting, REPO, pull, _told(verdict(needs_second_person(), head=head())))
    again = gate.comment(acting, REPO, pull, _told(verdict(needs_second_person(), head=head())))

    comments = forge.world.repository(REPO).pull(pull).comments
    ours = [one for one in comments if one.body.startswith(MARKER) and one.id != forged]
    assert [one.id for one in ours] == [again.number]
    assert "Alle 10 erfüllt" in next(one.body for one in comments if one.id == forged)


def test_a_comment_that_was_deleted_is_written_anew(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    first = gate.comment(client, REPO, pull, _told(verdict(needs_second_person(), head=head())))
    forge.world.repository(REPO).pull(pull).comments.clear()
    second = gate.comment(client, REPO, pull, _told(verdict(head=head())), last=first)
    assert second != first
    assert isinstance(second, Commented)
    assert [one.id for one in forge.world.repository(REPO).pull(pull).comments] == [second.number]
