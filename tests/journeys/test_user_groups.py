"""Members of a Slack user group hold the role that the policy gives the group, as long as Slack says they are in it."""

from collections.abc import Callable, Iterator

import pytest

from bot.doctor.result import Patient
from bot.doctor.stored import database
from config.i18n import translator
from config.policy.loader import load_texts
from tests.journeys.policies import policy_text, slack_id
from tests.journeys.world import World, world
from workflows.groups import MEMBERS
from workflows.leavers import today

GROUP = "S0RESPOND"
NUMBER = "INC-2026-0001"
GUEST = "U0GAST"
POLICY = policy_text("de").replace("slack:\n", f"slack:\n  groups: {{{GROUP}: responder}}\n", 1)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, decided=load_texts({"policy.yaml": POLICY.encode()})) as made:
        made.slack.add_user(GUEST, "gast", real_name="Gast Groß")
        made.say("max", "/vorfall", "melden Drucker druckt von selbst")
        yield made


def put(office: World, *users: str) -> None:
    assert office.sender.group_changed(GROUP, users).status == 200
    office.work(seconds=3)


def may_look_after(office: World, user: str) -> bool:
    """Whether somebody sees the report and may take it."""
    office.clock.move(minutes=1)
    answer = office.sender.command("/vorfall", f"status {NUMBER}", user=user).json()["text"]
    return "Drucker" in answer


def changes(office: World) -> int:
    return office.kinds().count("roles.by_group")


def test_members_hold_the_role_until_they_leave_the_group(office: World) -> None:
    assert not may_look_after(office, slack_id("lena"))
    put(office, slack_id("lena"), GUEST)
    assert may_look_after(office, slack_id("lena"))
    assert may_look_after(office, GUEST), "whether the policy names them or not"
    with office.store.reading() as reads:
        known = today(office.app.core.policy.policy, reads.links, office.clock.now).person_by(os_user="lena")
    assert known is not None
    assert "responder" in known.roles, "on the terminal too"
    said = office.sender.command("/vorfall", f"übernehmen {NUMBER}", user=GUEST).json()["text"]
    assert "Gast Groß" in said
    office.proves(said, "incident.acknowledged")
    put(office, GUEST)
    assert not may_look_after(office, slack_id("lena"))
    assert may_look_after(office, GUEST)
    office.work(hours=1)
    assert changes(office) == 2, "what did not change is no entry"
    office.intact()


def test_a_group_that_the_policy_names_no_more_gives_nothing_and_that_is_an_entry(office: World) -> None:
    office.work(seconds=3)
    with office.store.transaction() as uow:
        uow.links.put(MEMBERS, "S0FORMER", GUEST)
    assert not may_look_after(office, GUEST)
    office.work(hours=1)
    assert changes(office) == 1
    with office.store.reading() as reads:
        assert "S0FORMER" not in reads.links.of(MEMBERS)


def without_scope(office: World) -> None:
    office.slack.scopes -= {"usergroups:read"}


def without_plan(office: World) -> None:
    office.slack.world.no_groups = "paid_teams_only"


def without_group(office: World) -> None:
    office.slack.world.groups.clear()


@pytest.mark.parametrize(
    ("happens", "code"),
    [(without_scope, "missing_scope"), (without_plan, "paid_teams_only"), (without_group, "no_such_subteam")],
)
def test_where_slack_does_not_tell_nobody_holds_it_and_doctor_says_so(
    office: World, happens: Callable[[World], None], code: str
) -> None:
    put(office, slack_id("lena"))
    assert doctored(office) == []
    happens(office)
    office.work(hours=2)
    assert not may_look_after(office, slack_id("lena"))
    assert doctored(office) == [f"Slack nennt nicht, wer in der Nutzergruppe {GROUP} ist: {code}"]
    assert changes(office) == 2


def test_while_slack_does_not_answer_what_was_read_last_holds(office: World) -> None:
    put(office, slack_id("lena"))
    office.slack.world.no_groups = "internal_error"
    office.work(hours=2)
    assert may_look_after(office, slack_id("lena"))
    assert doctored(office) == []


def test_a_group_that_nobody_asked_for_is_not_read(office: World) -> None:
    office.work(seconds=3)
    before = office.slack.calls["usergroups.users.list"]
    assert office.sender.group_changed("S0OTHER", [GUEST]).status == 200
    office.work(seconds=3)
    assert office.slack.calls["usergroups.users.list"] == before
    assert not may_look_after(office, GUEST)


def doctored(office: World) -> list[str]:
    core = office.app.core
    patient = Patient({}, office.app.settings, core.policy, translator("de"), office.clock)
    return [one.what for one in database(patient) if one.id.startswith("group.")]
