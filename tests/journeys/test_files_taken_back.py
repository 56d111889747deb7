"""Files of a case that becomes confidential: whoever may not have them any more loses them, one person at a time."""

import pytest

from config.policy.ids import CaseRole, Visibility
from tests.journeys.policies import slack_id
from tests.journeys.test_case_export import NUMBER, asked, told
from tests.journeys.world import World
from tests.properties.catalog import actor, person
from workflows.commands import Command
from workflows.incident.commands import AssignRole, Report, SetVisibility
from workflows.outcome import Accepted

SAID = f"{NUMBER} has become confidential"


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)


def hide(office: World, visibility: Visibility, *names: str) -> None:
    do(office, "petra", SetVisibility(case=NUMBER, visibility=visibility, named=tuple(person(one) for one in names)))


def has(office: World, who: str) -> int:
    """How many files somebody can still open in their direct messages."""
    files = office.slack.world.files
    shared = [one for message in office.slack.messages(slack_id(who)) for one in message.files]
    return sum(files[one].mode == "hosted" for one in shared)


def handed_out(office: World, *names: str) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    office.work(seconds=5)
    for name in names:
        asked(office, name, "1")
    office.work(seconds=5)
    assert [has(office, name) for name in names] == [2] * len(names)


def test_files_go_from_whoever_may_not_see_the_case_any_more(english: World) -> None:
    handed_out(english, "max", "tom", "petra")
    do(english, "max", Report(what="Etwas anderes"))
    asked(english, "max", "2")
    english.work(seconds=5)
    hide(english, Visibility.RESTRICTED, "lena")
    english.work(seconds=5)
    assert [has(english, name) for name in ("max", "tom", "petra")] == [2, 2, 2], "max keeps those of the other case"
    assert (SAID in told(english, "max"), SAID in told(english, "tom")) == (True, False)
    assert "`wachbuch verify INC-2026-0001" not in told(english, "max")
    assert "`wachbuch verify INC-2026-0002" in told(english, "max")
    hide(english, Visibility.SEALED, "petra", "lena")
    english.work(seconds=5)
    assert [has(english, name) for name in ("max", "tom", "petra")] == [2, 0, 0], "a sealed case lies in no Slack"
    assert SAID in told(english, "petra")
    english.intact()


def test_who_is_named_no_more_loses_them_too(english: World) -> None:
    handed_out(english, "max")
    hide(english, Visibility.RESTRICTED, "max", "lena")
    english.work(seconds=5)
    assert has(english, "max") == 2
    do(english, "petra", AssignRole(case=NUMBER, role=CaseRole.NAMED, person=person("max"), remove=True))
    english.work(seconds=5)
    assert has(english, "max") == 0
    english.intact()


@pytest.mark.full
def test_while_slack_falters_each_is_tried_by_itself_and_one_that_keeps_failing_shows(english: World) -> None:
    handed_out(english, "max", "tom")
    english.slack.delete_file(next(iter(english.slack.world.files)))
    english.slack.fail("files.delete", status=503)
    english.slack.fail("files.delete", status=429, retry_after=30)
    hide(english, Visibility.SEALED, "petra", "lena")
    english.work(seconds=5)
    english.work(minutes=2)
    english.work(minutes=5)
    assert (has(english, "max"), has(english, "tom")) == (0, 0), "what somebody deleted themselves is gone already"
    english.intact()


def test_without_the_scope_it_is_shown_and_done_once_it_is_there(english: World) -> None:
    handed_out(english, "max", "tom")
    english.slack.scopes.discard("files:write")
    hide(english, Visibility.SEALED, "petra", "lena")
    english.work(seconds=5)
    assert [one.kind for one in english.dead()] == ["slack.reclaim", "slack.reclaim"]
    assert has(english, "max") == 2
    assert SAID not in told(english, "max"), "said when it is so"
    english.slack.scopes.add("files:write")
    with english.store.transaction() as uow:
        for job in english.dead():
            uow.jobs.requeue(job.id)
    english.work(seconds=5)
    assert (has(english, "max"), has(english, "tom")) == (0, 0)
    english.intact()


def test_files_that_came_while_the_case_was_hidden_do_not_stay(english: World) -> None:
    do(english, "max", Report(what="Anna kopiert Kundendaten"))
    english.work(seconds=5)
    english.slack.fail("files.completeUploadExternal", after_effect=True)
    asked(english, "max", "1")
    english.work(seconds=5)
    assert has(english, "max") == 2, "the answer was lost, the files had come"
    hide(english, Visibility.RESTRICTED, "lena")
    english.work(minutes=5)
    assert has(english, "max") == 0
    english.intact()


def test_a_file_that_slack_keeps_holds_no_other_back(english: World) -> None:
    handed_out(english, "max")
    english.slack.fail("files.delete", error="restricted_action")
    english.slack.fail("files.delete", status=503)
    hide(english, Visibility.SEALED, "petra", "lena")
    english.work(seconds=5)
    english.work(minutes=2)
    assert has(english, "max") == 0
