"""GitLab's webhooks that stand in a group: looked after like those of a project, as far as they are shown to us."""

from collections.abc import Iterator

import pytest

from tests.fakes.gitlab import BOT, SIGNING_TOKEN
from tests.journeys.policies import TILL
from tests.journeys.test_change_gitlab import Request
from tests.journeys.test_reconcile_github import HOUR, standing, told
from tests.journeys.world import World, world
from workflows.continuity import ForgeReconciled, Gap, Part

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

GROUP = "acme"


@pytest.fixture
def grouped(sqlite_url: str) -> Iterator[World]:
    """The project has no hook of its own: one of its group calls us, and we are an owner there."""
    with world(sqlite_url, language="en") as made:
        made.gitlab.hooks.hooks.clear()
        made.gitlab.add_hook(group=GROUP, signing_token=SIGNING_TOKEN)
        made.gitlab.own_group(GROUP, BOT)
        made.work(seconds=1)
        yield made


def redelivered(shop: World) -> int:
    return sum(one.redelivered for one in told(shop, ForgeReconciled))


def test_what_a_group_s_hook_failed_to_deliver_is_sent_again_a_few_at_a_time(grouped: World) -> None:
    request = Request(grouped)
    grouped.gitlab.keep_hooks_on()
    grouped.gitlab.add_project("acme/other", hook=False)
    grouped.gitlab.lose(1)
    grouped.gitlab.push("acme/other", "work", "max")
    grouped.work(seconds=1)
    told_before = len(grouped.gitlab.hooks.deliveries)
    for _ in range(7):
        grouped.gitlab.lose(1)
        request.step("comment", TILL, request.iid, "max", "Bitte ansehen")
    lost = {one.key for one in grouped.gitlab.hooks.deliveries[told_before:]}
    assert len(lost) == 7
    grouped.work(seconds=HOUR)
    assert redelivered(grouped) == 5, "GitLab allows no more in a minute"
    grouped.work(seconds=HOUR)
    grouped.work(seconds=HOUR)
    assert redelivered(grouped) == 7
    again = [one for one in grouped.gitlab.hooks.deliveries if one.again]
    assert {one.key for one in again} == lost, "those of a project that no policy covers stay lost"
    assert {one.response_status for one in again} == {"202"}
    grouped.intact()


def test_a_group_s_hook_that_is_off_or_lacks_events_is_found(grouped: World) -> None:
    Request(grouped)
    (hook,) = grouped.gitlab.hooks.hooks.values()
    hook.off = True
    grouped.work(seconds=HOUR)
    assert not hook.off
    assert Part.HOOK in [part for one in told(grouped, ForgeReconciled) for part in one.parts]
    grouped.gitlab.fail("groups.test", times=9, status=422, error="422 Unprocessable Entity")
    hook.disabled_until = grouped.clock.now.replace(year=2027)
    hook.events.discard("pipeline_events")
    grouped.work(seconds=HOUR)
    assert {Gap.HOOK_OFF, Gap.HOOK_EVENTS} < set(standing(grouped, TILL).gaps)
    hook.disabled_until = None
    hook.events.add("pipeline_events")
    grouped.work(seconds=HOUR)
    assert not {Gap.HOOK_OFF, Gap.HOOK_EVENTS} & set(standing(grouped, TILL).gaps)
    grouped.intact()


def test_hooks_of_a_group_that_are_not_shown_are_told_and_no_error(grouped: World) -> None:
    hooks = {Gap.HOOK_UNSEEN, Gap.HOOK_MISSING}
    assert not hooks & set(standing(grouped, TILL).gaps)
    project, owners = grouped.gitlab.world.project(TILL), grouped.gitlab.world.owners
    owners.clear()
    project.members.clear()
    grouped.work(seconds=HOUR)
    assert hooks & set(standing(grouped, TILL).gaps) == {Gap.HOOK_UNSEEN}
    grouped.gitlab.own_group(GROUP, BOT)
    grouped.gitlab.hooks.hooks.clear()
    grouped.work(seconds=HOUR)
    assert hooks & set(standing(grouped, TILL).gaps) == {Gap.HOOK_MISSING}
    grouped.intact()


def story(shop: World) -> tuple[list[str], int]:
    """A request until it is released: all entries, and how often the fake was told a status."""
    request = Request(shop)
    request.green()
    request.approve("lena")
    shop.work(seconds=60)
    assert request.shown == "success"
    shop.intact()
    return shop.kinds(), len(request.request.notes)


def test_where_hooks_of_project_and_group_tell_the_same_it_counts_once(sqlite_url: str, tmp_path: object) -> None:
    with world(sqlite_url, language="en") as once:
        expected, deliveries = story(once), once.inbox()
    with world(f"sqlite:///{tmp_path}/twice.db", language="en") as twice:
        twice.gitlab.add_hook(group=GROUP, signing_token=SIGNING_TOKEN)
        assert story(twice) == expected
        assert twice.inbox() == 2 * deliveries
