"""Messages onto the timeline and files into the evidence folder, as people in Slack live it."""

import json
import os
from typing import Any

import pytest

from bot.evidence.folder import EvidenceFolder
from config.policy.ids import CaseRole, Visibility
from tests.fakes.slack.filling import NotThere
from tests.journeys.policies import DIGEST, INTAKE, slack_id
from tests.journeys.telling import REPORT, in_slack
from tests.journeys.world import World
from tests.properties.catalog import actor, person
from tests.waiting import until
from workflows.incident.commands import Advance, Assess, AssignRole, DecideDuty
from workflows.incident.evidence_commands import AskDisposal, ConfirmDisposal
from workflows.incident.evidence_terms import CheckResult, CustodyStep, NoteKind, Unfetched
from workflows.incident.terms import Kind, State


@pytest.fixture
def thread(shop: World) -> str:
    """A report whose thread stands."""
    shop.say("jana", "/vorfall")
    shop.fill("jana", in_slack(REPORT, shop.clock.now))
    shop.work()
    return shop.slack.messages(INTAKE)[0].ts


def write(shop: World, thread: str, text: str, who: str = "max") -> str:
    said, _ = shop.sender.message(INTAKE, slack_id(who), text, thread)
    return str(said["ts"])


def pin(shop: World, ts: str, who: str = "tom", name: str = "pushpin") -> None:
    shop.sender.reaction(INTAKE, ts, slack_id(who), name)
    shop.work()


def thread_says(shop: World) -> str:
    return "\n".join(one.text for one in shop.slack.messages(INTAKE))


def test_a_pushpin_puts_a_message_on_the_timeline_and_its_author_may_correct(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Um neun war die Mail schon da")
    pin(shop, ts, name="eyes")
    pin(shop, ts, who="lena")
    assert not shop.incident().notes, "neither another reaction nor somebody who does not work on it"
    pin(shop, ts)
    pin(shop, ts, who="petra")
    (note,) = shop.incident().notes
    assert (note.kind, note.text) == (NoteKind.MESSAGE, "Um neun war die Mail schon da")
    case = shop.incident()
    assert (case.name_of(note.author), case.name_of(note.by)) == ("Max Dietz", "Tom Berger")
    assert "Um neun war die Mail schon da" in thread_says(shop)
    told = shop.slack.messages(f"D{slack_id('max')[1:]}")
    assert len(told) == 1
    assert "Berichtig" not in json.dumps(told[0].blocks), "who may not see the case gets no button"
    shop.intact()


def test_a_pushpin_that_was_refused_can_be_set_again(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Um neun war die Mail schon da")
    pin(shop, ts, who="max")
    assert not shop.incident().notes
    shop.app.core.service.handle(
        AssignRole(case=shop.incident().number, role=CaseRole.SCRIBE, person=person("max")), actor("petra")
    )
    for _ in range(2):
        shop.clock.move(seconds=1)
        pin(shop, ts, who="max")
    (note,) = shop.incident().notes
    assert shop.incident().name_of(note.by) == "Max Dietz"


def test_a_message_reads_on_the_timeline_as_it_was_written(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Login & Passwort <weg>")
    pin(shop, ts)
    shop.sender.edited(INTAKE, ts, slack_id("max"), "Login & PIN")
    shop.work(seconds=5)
    told = write(shop, thread, "x")
    shop.slack.world.channel(INTAKE).message(
        told
    ).text = "Siehe <https://a.example/b?c=1&amp;d|hier>, <@U0TOM|tom> <@U0SVEN> &lt;!here&gt;"
    pin(shop, told)
    texts = [one.text for one in shop.incident().notes]
    assert texts == [
        "Login & Passwort <weg>",
        "Login & PIN",
        "Siehe hier (https://a.example/b?c=1&d), @tom @Sven Otto <!here>",
    ]
    shop.sender.message_action("report_incident", user=slack_id("tom"), channel=INTAKE, ts=ts)
    assert "Login & PIN" in str(shop.view("tom")["blocks"])


def test_the_author_who_sees_the_case_corrects_by_the_button(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Um neun", who="jana")
    pin(shop, ts)
    direct = f"D{slack_id('jana')[1:]}"
    (told,) = [one for one in shop.slack.messages(direct) if "Verlauf" in one.text]
    (button,) = [one for block in told.blocks for one in block.get("elements", []) if one.get("type") == "button"]
    shop.sender.click(button["action_id"], user=slack_id("jana"), channel=direct)
    shop.fill("jana", {"note": "Um acht"})
    first, second = shop.incident().notes
    assert (first.text, second.text, second.corrects) == ("Um neun", "Um acht", first.seq)


def test_edits_and_deletions_are_added_each_once(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Um neun")
    shop.sender.reaction(INTAKE, ts, slack_id("tom"), "pushpin")
    shop.sender.edited(INTAKE, ts, slack_id("max"), "Um zehn")
    for _ in range(4):
        shop.work(seconds=5)
    shop.sender.edited(INTAKE, ts, slack_id("max"), "Um elf")
    shop.sender.deleted(INTAKE, ts)
    shop.work(seconds=5)
    notes = shop.incident().notes
    assert [(one.kind, one.text) for one in notes] == [
        (NoteKind.MESSAGE, "Um zehn"), (NoteKind.EDITED, "Um elf"), (NoteKind.DELETED, ""),
    ]  # fmt: skip
    assert {one.about for one in notes[1:]} == {notes[0].seq}
    shop.intact()


def test_a_file_in_the_thread_is_kept_as_evidence(shop: World, thread: str) -> None:
    shared, _ = shop.sender.file(INTAKE, slack_id("max"), "mail.txt", "Absender: x", thread_ts=thread)
    shop.sender.file(INTAKE, slack_id("max"), "kantine.txt", "Suppe")
    shop.work()
    (item,) = shop.incident().evidence
    assert (item.number, item.file_name, item.size) == ("EV-2026-0001", "mail.txt", 11)
    assert item.sha256 is not None
    kept = EvidenceFolder(shop.app.settings.evidence_dir).path(item.sha256)
    assert kept.read_bytes() == b"Absender: x"
    shop.proves(thread_says(shop), "evidence.recorded")
    shop.sender.file_deleted(shared["id"])
    shop.work()
    assert [one.step for one in shop.incident().evidence[0].custody] == [CustodyStep.ORIGINAL_DELETED]
    kept.chmod(0o640)
    kept.write_bytes(b"anders")
    shop.work(days=31)
    assert shop.incident().evidence[0].finding is CheckResult.ALTERED
    alarms = [one.text for one in shop.slack.messages(f"D{slack_id('petra')[1:]}")]
    assert any("EV-2026-0001" in text for text in alarms)


def test_a_link_to_a_file_anywhere_keeps_it_in_the_name_of_who_asked(shop: World, thread: str) -> None:
    shared, _ = shop.sender.file("C0DIGEST01", slack_id("max"), "netz.pcap", "1234")
    shop.work()
    assert not shop.incident().evidence, "not in the thread of the report"
    said = shop.say("tom", "/vorfall", f"beweis INC-2026-0001 {shared['permalink']}").text
    shop.proves(json.loads(said)["text"], "evidence.asked")
    shop.work()
    (item,) = shop.incident().evidence
    assert (item.file_name, shop.incident().name_of(item.collected_by)) == ("netz.pcap", "Tom Berger")
    shop.say("tom", "/vorfall", "notiz INC-2026-0001 berichtigt 1 Es war acht")
    status = json.loads(shop.say("tom", "/vorfall", "status INC-2026-0001").text)
    assert "berichtigt Eintrag 1: Es war acht" in json.dumps(status, ensure_ascii=False)
    assert "1 Beweismittel" in json.dumps(status, ensure_ascii=False)


def test_shortcuts_take_a_message_from_anywhere_into_a_case_one_may_see(shop: World, thread: str) -> None:
    ts = write(shop, thread, "Um neun")
    shop.sender.message_action("add_to_timeline", user=slack_id("tom"), channel=INTAKE, ts=ts)
    shop.work()
    assert [one.text for one in shop.incident().notes] == ["Um neun"], "in the thread the case is known"
    said, _ = shop.sender.message(DIGEST, slack_id("max"), "Und hier")
    shop.sender.message_action("add_to_timeline", user=slack_id("lena"), channel=DIGEST, ts=said["ts"])
    shop.sender.message_action("add_to_timeline", user=slack_id("jana"), channel=DIGEST, ts=said["ts"])
    with pytest.raises(NotThere):
        shop.view("lena")
    answers = shop.slack.world.responses.values()
    until(lambda: any("in den Sie das aufnehmen dürfen" in str(one.replies) for one in answers))
    shop.sender.message_action("add_to_timeline", user=slack_id("tom"), channel=DIGEST, ts=said["ts"])
    shop.proves(json.dumps(shop.fill("tom", {"case": "INC-2026-0001"}), ensure_ascii=False), "message.pinned")
    assert [one.text for one in shop.incident().notes] == ["Um neun", "Und hier"]
    shared, _ = shop.sender.file(DIGEST, slack_id("max"), "netz.pcap", "1234")
    for where in (said["ts"], shared["message_ts"]):
        shop.sender.message_action("preserve_evidence", user=slack_id("tom"), channel=DIGEST, ts=where)
    shop.fill("tom", {"case": "INC-2026-0001"})
    shop.work()
    assert [one.file_name for one in shop.incident().evidence] == ["netz.pcap"]
    shop.intact()


def test_nobody_gets_a_file_of_a_private_channel_by_its_link(shop: World, thread: str) -> None:
    shop.slack.add_channel("C0GEHEIM01", "geheim", is_private=True, members=[slack_id("petra")])
    shared, _ = shop.sender.file("C0GEHEIM01", slack_id("petra"), "akte.txt", "1234")
    shop.say("tom", "/vorfall", f"beweis INC-2026-0001 {shared['permalink']}")
    shop.work()
    case = shop.incident()
    assert (case.evidence, [gap.why for gap in case.gaps]) == ((), [Unfetched.FORBIDDEN])
    assert "akte" not in thread_says(shop), "not even its name"
    shop.say("petra", "/vorfall", f"beweis INC-2026-0001 {shared['permalink']}")
    shop.work()
    assert [one.file_name for one in shop.incident().evidence] == ["akte.txt"]


def test_a_file_in_the_thread_of_a_case_that_is_over_is_kept_too(shop: World, thread: str) -> None:
    service, number = shop.app.core.service, shop.incident().number
    service.handle(Assess(case=number, kind=Kind.FALSE_ALARM, reason="Test"), actor("petra"))
    service.handle(Advance(case=number, to=State.DISMISSED), actor("petra"))
    shop.sender.file(INTAKE, slack_id("max"), "doch.txt", "Absender: y", thread_ts=thread)
    shop.work()
    assert shop.incident().state is State.DISMISSED
    assert [one.file_name for one in shop.incident().evidence] == ["doch.txt"]
    assert str(shop.incident().evidence[0].number) in thread_says(shop)
    shop.intact()


def test_only_the_file_that_is_named_is_destroyed(shop: World, thread: str) -> None:
    for name in ("a.txt", "b.txt"):
        shop.sender.file(INTAKE, slack_id("max"), name, name, thread_ts=thread)
    shop.work()
    service, number = shop.app.core.service, shop.incident().number
    for item in shop.incident().evidence:
        service.handle(AskDisposal(case=number, no=item.no, reason="Frist"), actor("petra"))
    first, second = (str(one.number) for one in shop.incident().evidence)
    service.handle(DecideDuty(case=number, regime="gdpr_33_1", required=False, reason="Nur Testdaten"), actor("petra"))

    def gone() -> list[str]:
        return [str(one.number) for one in shop.incident().evidence if one.disposed_at]

    for _ in range(3):
        shop.say("paul", "/vorfall", f"bestätigen {number} gdpr_33_1")
    for rest in ("", "EV-2020-0009"):
        shop.say("paul", "/vorfall", f"bestätigen {number} {rest}")
    assert (gone(), shop.incident().duties[0].is_settled) == ([], True)
    shop.say("paul", "/vorfall", f"bestätigen {number} {second.lower()}")
    assert gone() == [second] != [first]
    shop.intact()


def test_a_destroyed_file_goes_unless_another_item_keeps_the_same(shop: World, thread: str) -> None:
    for name in ("a.txt", "b.txt"):
        shop.sender.file(INTAKE, slack_id("max"), name, "gleich", thread_ts=thread)
    shop.work()
    items = shop.incident().evidence
    file = EvidenceFolder(shop.app.settings.evidence_dir).path(str(items[0].sha256))
    os.utime(file, (0, 0))
    for item in items:
        assert file.exists()
        service, number = shop.app.core.service, shop.incident().number
        service.handle(AskDisposal(case=number, no=item.no, reason="Frist"), actor("petra"))
        service.handle(ConfirmDisposal(case=number, no=item.no), actor("paul"))
        shop.work(minutes=1)
    assert not file.exists()
    shop.intact()


BROKEN = [
    ("gone", Unfetched.GONE), ("scope", Unfetched.FORBIDDEN), ("elsewhere", Unfetched.ELSEWHERE),
    ("size", Unfetched.INCOMPLETE), ("large", Unfetched.TOO_LARGE), ("page", Unfetched.SIGN_IN_PAGE),
    ("redirect", Unfetched.ELSEWHERE),
]  # fmt: skip


@pytest.mark.parametrize(("how", "why"), BROKEN)
def test_a_file_that_does_not_come_is_a_gap(shop: World, thread: str, how: str, why: Unfetched) -> None:
    more: dict[str, Any] = {"thread_ts": thread}
    more |= {"mode": {"gone": "tombstone", "elsewhere": "external"}.get(how, "hosted")}
    more |= {"told_size": 5} if how == "size" else {"told_size": 10**12} if how == "large" else {}
    if how == "scope":
        shop.slack.scopes.discard("files:read")
    if how == "redirect":
        shop.slack.redirect = f"{shop.github.url}/files/mail.txt"
    if how == "page":
        shop.slack.pages = True
    shop.sender.file(INTAKE, slack_id("max"), "mail.txt", "Absender: x", **more)
    for _ in range(4):
        shop.work(minutes=10)
    case = shop.incident()
    assert [(gap.why, str(gap.origin)[:1]) for gap in case.gaps] == [(why, "F")]
    assert not case.evidence
    assert "nicht abrufbar" in thread_says(shop)


def test_a_photo_in_a_thread_whose_first_message_got_no_answer_is_kept(shop: World) -> None:
    shop.slack.fail("chat.postMessage", after_effect=True, times=3)
    shop.say("jana", "/vorfall", "melden Fremdes Gerät im Serverraum")
    shop.work()
    (thread,) = [one for one in shop.slack.messages(INTAKE) if not one.thread_ts]
    shop.sender.file(INTAKE, slack_id("jana"), "foto.jpg", "Bild", thread_ts=thread.ts)
    shop.work(seconds=1)
    assert not shop.incident().evidence, "nobody knows yet whose thread it is"
    for _ in range(4):
        shop.work(minutes=1)
    assert [one.file_name for one in shop.incident().evidence] == ["foto.jpg"]
    shop.intact()


def test_who_never_saw_the_case_learns_no_number_when_it_becomes_confidential(shop: World, thread: str) -> None:
    pin(shop, write(shop, thread, "Um neun war die Mail schon da"))
    pin(shop, write(shop, thread, "Und um zehn noch eine", who="jana"))
    assert "Verlauf" in str([one.blocks for one in shop.slack.messages("D0JANA")])
    before = [(one.text, one.blocks) for one in shop.slack.messages("D0MAX")]
    assert "festgehalten" in str(before)
    shop.say("petra", "/vorfall", f"einschränken {shop.incident().number} vertraulich")
    shop.work(seconds=5)
    assert shop.incident().visibility is Visibility.RESTRICTED
    assert [(one.text, one.blocks) for one in shop.slack.messages("D0MAX")] == before, "there was nothing to take back"
    assert "Verlauf" not in str([one.blocks for one in shop.slack.messages("D0JANA")]), "what named the case is"
