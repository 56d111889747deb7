"""A case that becomes confidential while people talk about it: what is open to more people than may see it is left."""

from collections.abc import Iterator

import pytest

from config.policy.ids import CaseRole, Visibility
from tests.fakes.slack.world import BOT_USER, Channel
from tests.journeys.policies import DIGEST, INTAKE, slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.commands import Command
from workflows.incident.commands import Advance, Assess, AssignRole, MarkUrgent, Note, Report, SetVisibility
from workflows.incident.terms import Kind, State
from workflows.outcome import Accepted

NUMBER = "INC-2026-0001"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)
    office.work(seconds=5)
    office.work(minutes=1)


def channels(office: World) -> list[Channel]:
    return [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]


def test_the_open_channel_is_left_for_a_private_one(office: World) -> None:
    do(office, "max", Report(what="Kundendaten im falschen Postfach", urgent=True))
    (before,) = channels(office)
    assert not before.is_private
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.RESTRICTED, named=(person("lena"),)))
    old, new = channels(office)
    assert (old.is_archived, new.is_private, new.name) == (True, True, "inc-2026-0001-2")
    assert old.topic == "", "neither severity nor who leads stays on what everybody can still open"
    assert {slack_id("lena"), slack_id("petra"), slack_id("tom")} <= set(new.members)
    assert slack_id("max") not in new.members, "who reported it does not see it any more"
    said = " ".join(str(one.blocks) for one in office.slack.messages(new.id))
    assert "was open to everybody and is archived" in said
    assert f"<#{old.id}>" in said
    do(office, "petra", Note(case=NUMBER, text="Postfach gesperrt"))
    assert "Postfach gesperrt" in str([one.blocks for one in office.slack.messages(new.id)])
    assert "Postfach gesperrt" not in str([one.blocks for one in office.slack.messages(old.id)])
    thread = office.slack.messages(INTAKE)[0]
    assert "Kundendaten" not in str(thread.blocks) + str(thread.text)
    assert new.topic, "severity, phase and lead"
    office.intact()


def test_without_a_channel_the_thread_alone_is_taken_back(office: World) -> None:
    do(office, "max", Report(what="Kundendaten im falschen Postfach"))
    assert "Kundendaten" in str(office.slack.messages(INTAKE)[0].blocks)
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.RESTRICTED, named=(person("lena"),)))
    assert channels(office) == []
    assert "Kundendaten" not in str(office.slack.messages(INTAKE)[0].blocks)
    do(office, "petra", MarkUrgent(case=NUMBER))
    (channel,) = channels(office)
    assert channel.is_private
    office.intact()


@pytest.mark.parametrize("visibility", [Visibility.RESTRICTED, Visibility.SEALED])
def test_what_we_said_in_open_places_is_taken_back(office: World, visibility: Visibility) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    do(office, "tom", Note(case=NUMBER, text="Anna am Drucker"))
    do(office, "max", MarkUrgent(case=NUMBER))
    do(office, "tom", Note(case=NUMBER, text="Anna am Server"))
    (before,) = channels(office)
    office.slack.say(before.id, slack_id("tom"), "Anna geht gerade")
    for place in (INTAKE, DIGEST, before.id, "D0TOM"):
        assert "Anna" in said(office, place), f"nothing to take back in {place}"
    do(office, "petra", SetVisibility(case=NUMBER, visibility=visibility, named=(person("lena"), person("petra"))))
    assert "Anna" not in said(office, INTAKE)
    assert "Anna" not in said(office, DIGEST)
    assert (NUMBER in said(office, DIGEST)) == (visibility is Visibility.RESTRICTED)
    left = [(one.user, one.text) for one in office.slack.messages(before.id)]
    assert left == [(slack_id("tom"), "Anna geht gerade")], "what people wrote is theirs"
    assert before.is_archived
    assert ("Anna" in said(office, "D0TOM")) == (visibility is Visibility.RESTRICTED), (
        "who is on call may see it, or not"
    )
    assert office.dead() == []
    office.intact()


def test_a_closed_account_among_the_called_holds_back_nothing(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten", urgent=True))
    (before,) = channels(office)
    office.slack.change_user(slack_id("tom"), deleted=True)
    both = (person("lena"), person("petra"))
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=both))
    assert (said(office, before.id), before.is_archived, office.dead()) == ("", True, [])


@pytest.mark.parametrize("visibility", [Visibility.RESTRICTED, Visibility.SEALED])
def test_what_turned_out_to_be_none_loses_its_title_too(office: World, visibility: Visibility) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.INCIDENT, reason="Logs"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Auftrag"))
    assert "Anna" in said(office, DIGEST)
    both = (person("lena"), person("petra"))
    do(office, "petra", SetVisibility(case=NUMBER, visibility=visibility, named=both))
    assert "Anna" not in said(office, DIGEST)
    do(office, "max", Report(what="Verdacht"))
    do(office, "petra", SetVisibility(case="INC-2026-0002", visibility=Visibility.RESTRICTED))
    assert "INC-2026-0002" not in said(office, DIGEST), "what was never announced is not announced by that"


def test_a_restricted_case_that_is_sealed_leaves_no_announcement(office: World) -> None:
    do(office, "max", Report(what="Verdacht", visibility=Visibility.RESTRICTED, urgent=True))
    assert NUMBER in said(office, DIGEST)
    both = (person("lena"), person("petra"))
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=both))
    assert office.slack.messages(DIGEST) == []
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.RESTRICTED, reason="Geklärt"))
    assert NUMBER in said(office, DIGEST), "announced anew"


def test_an_insider_never_shows_in_an_open_channel_or_announcement(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    insider = {"kind": "incident", "reason": "Logs", "category": "insider", "confidentiality": "high"}
    office.say("tom", "/incident", "contain 1")
    assert "named" not in fields_of(office, "tom"), "asked only where it is needed"
    again = str(office.fill("tom", insider))
    assert "“Named people”" in again
    office.work(minutes=1)
    (channel,) = channels(office)
    assert (channel.is_private, office.incident().visibility) == (True, Visibility.RESTRICTED)
    assert NUMBER in said(office, DIGEST)
    for place in (INTAKE, DIGEST):
        assert "Anna" not in said(office, place)
    office.fill("tom", {"category": "insider", "named": [slack_id("petra"), slack_id("lena")]})
    office.work(minutes=1)
    assert office.incident().visibility is Visibility.SEALED
    assert office.slack.messages(DIGEST) == []
    assert set(channel.members) == {BOT_USER, *map(slack_id, ("tom", "petra", "lena"))}
    assert office.dead() == []


def test_the_assessment_asks_who_is_named_beside_the_category(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    office.say("tom", "/incident", "assess 1")
    named = [slack_id("petra"), slack_id("lena")]
    office.fill("tom", {"kind": "incident", "reason": "Logs", "category": "insider", "named": named})
    office.work(minutes=1)
    (channel,) = channels(office)
    assert (channel.is_private, office.incident().visibility) == (True, Visibility.SEALED)
    assert office.slack.messages(DIGEST) == []


def fields_of(office: World, who: str) -> list[str]:
    return [one["block_id"] for one in office.view(who)["blocks"] if one["type"] == "input"]


def said(office: World, channel: str) -> str:
    return " ".join(f"{one.text} {one.blocks}" for one in office.slack.messages(channel))


def test_who_is_named_no_more_leaves_the_private_channel(office: World) -> None:
    do(office, "max", Report(what="Verdacht", visibility=Visibility.RESTRICTED, named=(person("lena"),), urgent=True))
    (channel,) = channels(office)
    assert slack_id("lena") in channel.members
    do(office, "petra", AssignRole(case=NUMBER, role=CaseRole.NAMED, person=person("lena"), remove=True))
    assert slack_id("lena") not in channel.members
    assert {BOT_USER, slack_id("petra"), slack_id("tom")} <= set(channel.members)


def test_an_archived_channel_cannot_be_emptied_and_both_places_say_so(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten", urgent=True))
    do(office, "tom", Note(case=NUMBER, text="Anna am Drucker"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Auftrag"))
    do(office, "tom", Advance(case=NUMBER, to=State.DISMISSED))
    office.work(minutes=16)
    (before,) = channels(office)
    assert before.is_archived
    told = office.say("petra", "/incident", f"restrict {NUMBER} restricted lena").text
    assert "can still be read there" in told
    office.work(minutes=1)
    assert "Anna" in said(office, before.id), "Slack lets nothing be changed there"
    old, new = channels(office)
    told = said(office, new.id)
    assert "what was said there stays" in told
    assert "is deleted" not in told
    assert "Anna" not in said(office, INTAKE)
    assert old is before
    assert office.dead() == []


def test_the_channel_of_what_turned_out_to_be_none_is_emptied_all_the_same(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.INCIDENT, reason="Logs"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Auftrag"))
    (before,) = channels(office)
    assert "Anna" in said(office, before.id)
    do(office, "petra", SetVisibility(case=NUMBER, visibility=Visibility.RESTRICTED, named=(person("lena"),)))
    assert channels(office) == [before]
    assert (said(office, before.id), before.is_archived) == ("", True)


def test_whoever_is_called_to_a_confidential_report_reads_of_it_once(office: World) -> None:
    do(office, "max", Report(what="Anna kopiert Kundendaten", visibility=Visibility.RESTRICTED))
    (called,) = office.slack.messages("D0TOM")
    assert "The confidential report" in called.text or "Die vertrauliche Meldung" in called.text
    assert "Anna" not in str(called.blocks)
    (told,) = office.slack.messages("D0PETRA")
    assert NUMBER in told.text, "whoever is not called is told"
