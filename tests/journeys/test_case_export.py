"""A case as files: by button and by verb, to whoever asked and to nobody else, once, after it is on record."""

import json
from typing import Any

import pytest

from config.policy.ids import Visibility
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.sights import Eyes, alike
from tests.journeys.test_feedback import buttons, closed, language_of
from tests.journeys.world import World
from tests.properties.catalog import actor, person
from tests.waiting import until
from tests.workflows.reports.structure import PIECES, structure
from workflows.commands import Command
from workflows.exported import ExportForm
from workflows.incident.commands import Report, SetVisibility
from workflows.ledger.exportcheck import verify_export
from workflows.outcome import Accepted

NUMBER = "INC-2026-0001"
SAYS = {
    "de": f"{NUMBER}: Bericht (.md) und prüfbarer Export (.json) kommen als Direktnachricht",
    "en": f"{NUMBER}: the report (.md) and the export that can be verified (.json) come to you by direct message",
}
TITLE = {"de": f"# Vorfallsbericht {NUMBER}\n", "en": f"# Incident report {NUMBER}\n"}
SHELL = f"wachbuch report case {NUMBER}"


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)
    office.work(seconds=5)


def given(office: World, who: str) -> list[dict[str, bytes]]:
    """The files that came to somebody directly, by message."""
    world = office.slack.world
    return [
        {world.files[one].name: world.files[one].content for one in message.files}
        for message in office.slack.messages(slack_id(who))
        if message.files
    ]


def told(office: World, who: str) -> str:
    return str([(one.text, one.blocks) for one in office.slack.messages(slack_id(who))])


def elsewhere(office: World, who: str) -> list[str]:
    """Files that anybody else could see."""
    own = office.slack.world.direct(slack_id(who)).id
    return [
        key for key, one in office.slack.world.channels.items() if key != own and any(m.files for m in one.messages)
    ]


def asked(office: World, who: str, text: str, channel: str = "") -> str:
    german = language_of(office) == "de"
    word = ("/vorfall", "exportieren") if german else ("/incident", "export")
    return json.dumps(office.say(who, word[0], f"{word[1]} {text}".strip(), channel).json(), ensure_ascii=False)


def button_in(blocks: list[dict[str, Any]], language: str) -> str:
    label = "Bericht" if language == "de" else "Case report"
    (found,) = [one for one in buttons(blocks) if one["text"]["text"] == label]
    return str(found["action_id"])


def press_in_window(office: World, who: str) -> None:
    language = language_of(office)
    office.clock.move(seconds=1)
    office.sender.click(button_in(office.view(who)["blocks"], language), user=slack_id(who))
    until(lambda: SAYS[language] in str(office.view(who)))
    office.work(seconds=5)


def proof(content: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(content)
    assert verify_export(document) == ()
    return document


def test_the_report_of_a_closed_case_comes_to_whoever_asks(office: World) -> None:
    language = language_of(office)
    closed(office, language)
    channel = office.slack.channel_named("inc-2026-0001")
    last = channel.messages[-1]
    before = office.incident()
    office.clock.move(seconds=1)
    office.sender.click(button_in(last.blocks, language), user=slack_id("paul"), channel=channel.id, ts=last.ts)
    mine = [one for one in office.slack.world.responses.values() if one.user == slack_id("paul")]
    until(lambda: any(one.replies for one in mine))
    answer = json.dumps([one.replies for one in mine], ensure_ascii=False)
    assert SAYS[language] in answer
    office.proves(answer, "case.exported")
    assert given(office, "paul") == [], "on record before anything leaves"
    office.work(seconds=5)
    (files,) = given(office, "paul")
    stem = f"{NUMBER}-{max(one.seq or 0 for one in office.entries() if one.case == before.id)}"
    assert list(files) == [f"{stem}.md", f"{stem}.json"]
    assert files[f"{stem}.md"].decode().startswith(TITLE[language])
    assert "Makros waren nie geregelt" in files[f"{stem}.md"].decode()
    document = proof(files[f"{stem}.json"])
    assert json.loads(document["entries"][-1]["body"])["kind"] == "case.exported"
    office.proves(told(office, "paul"), "case.exported")
    assert elsewhere(office, "paul") == []
    after = office.incident()
    assert after.model_copy(update={"exports": (), "people": before.people}) == before, "nothing else changes"

    press_in_window(office, "petra")
    assert len(given(office, "petra")) == 1, "whoever closes gets it from the window, too"

    assert SAYS[language] in asked(office, "petra", "1 Audit 2026")
    office.work(seconds=5)
    assert len(given(office, "petra")) == 2
    assert [(one.form, one.purpose) for one in office.incident().exports] == [
        (ExportForm.BOTH, None), (ExportForm.BOTH, None), (ExportForm.BOTH, "Audit 2026"),
    ]  # fmt: skip
    status = str(office.say("petra", "/incident", "status 1").json())
    assert ("3-mal herausgegeben" if language == "de" else "Given out 3 times") in status

    unseen, absent = (asked(office, "max", one) for one in (NUMBER, "INC-2026-0077"))
    assert alike(unseen, NUMBER) == alike(absent, "INC-2026-0077")
    office.work(seconds=5)
    assert given(office, "max") == []
    assert len(office.incident().exports) == 3
    office.intact()


def test_while_slack_falters_it_waits_and_comes_once(english: World) -> None:
    do(english, "max", Report(what="Mail clicked"))
    slack = english.slack
    slack.fail("files.getUploadURLExternal", status=429, retry_after=30)
    assert SAYS["en"] in asked(english, "petra", "1")
    english.work(seconds=5)
    assert (given(english, "petra"), slack.calls["files.getUploadURLExternal"]) == ([], 1)
    english.work(seconds=20)
    assert slack.calls["files.getUploadURLExternal"] == 1, "not before Slack said"
    slack.fail("upload", status=503)
    english.work(seconds=15)
    english.work(minutes=2)
    assert len(given(english, "petra")) == 1
    slack.fail("files.completeUploadExternal", after_effect=True)
    asked(english, "petra", "1")
    english.work(seconds=5)
    english.work(minutes=5)
    english.work(minutes=5)
    assert len(given(english, "petra")) == 2, "the answer was lost, the files had come"
    assert slack.calls["files.completeUploadExternal"] == 2
    assert len({name for files in given(english, "petra") for name in files}) == 4
    english.intact()


def test_without_the_scope_the_answer_says_so_and_where_else_it_comes_from(english: World) -> None:
    do(english, "max", Report(what="Mail clicked"))
    english.say("petra", "/incident", "list")
    english.slack.scopes.discard("files:write")
    assert SAYS["en"] in asked(english, "petra", "1")
    english.work(seconds=5)
    said = told(english, "petra")
    assert "lacks the scope files:write" in said, "it was found out only when the files were to be sent"
    assert SHELL in said
    answer = asked(english, "petra", "1")
    assert "lacks the scope files:write. It can be added by: administrator" in answer
    assert SHELL in answer
    english.work(seconds=5)
    assert len(english.incident().exports) == 1, "what does not leave is not on record as given out"
    english.slack.scopes.add("files:write")
    english.work(hours=13)
    assert SAYS["en"] in asked(english, "petra", "1")
    english.work(seconds=5)
    assert len(given(english, "petra")) == 1
    english.intact()


def test_a_sealed_case_goes_to_no_slack_and_one_that_was_closed_off_meanwhile_neither(english: World) -> None:
    named = (person("petra"), person("gerda"))
    do(english, "petra", Report(what="Quarz", visibility=Visibility.SEALED, named=named))
    sealed = "INC-S-2026-0001"
    answer = asked(english, "petra", sealed)
    assert "is strictly confidential" in answer
    assert f"wachbuch report case {sealed}" in answer
    unseen, absent = (alike(asked(english, "tom", one), one) for one in (sealed, "INC-S-2026-0077"))
    assert unseen == absent
    for who in ("lena", "petra", "tom"):
        do(english, who, Report(what="Mail clicked"))
    assert SAYS["en"] in asked(english, "tom", "1")
    english.clock.move(seconds=1)
    closing = SetVisibility(case=NUMBER, visibility=Visibility.RESTRICTED)
    assert isinstance(english.app.core.service.handle(closing, actor("petra")), Accepted)
    hidden = SetVisibility(case="INC-2026-0002", visibility=Visibility.SEALED, named=named)
    asked(english, "petra", "2")
    assert isinstance(english.app.core.service.handle(hidden, actor("petra")), Accepted)
    asked(english, "petra", "3")
    english.work(seconds=5)
    english.work(seconds=5)
    (third,) = given(english, "petra")
    assert all(name.startswith("INC-2026-0003-") for name in third), "the one that is still open to the team"
    assert "INC-2026-0002 is strictly confidential" in told(english, "petra")
    assert len(given(english, "tom")) == 1, "tom is on duty, and sees restricted cases"
    english.intact()


def test_whoever_may_no_longer_see_it_when_the_files_are_due_gets_none(english: World) -> None:
    do(english, "max", Report(what="Mail clicked", personal_data=None))
    assert SAYS["en"] in asked(english, "max", "1")
    closing = SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=(person("petra"), person("gerda")))
    assert isinstance(english.app.core.service.handle(closing, actor("petra")), Accepted)
    english.work(seconds=5)
    assert given(english, "max") == []
    assert f"I cannot show anything about {NUMBER} here" in told(english, "max")


def test_in_the_channel_of_a_case_no_number_is_needed_and_a_period_still_gives_its_lessons(english: World) -> None:
    do(english, "max", Report(what="Mail clicked", urgent=True))
    english.work(minutes=1)
    channel = english.slack.channel_named("inc-2026-0001").id
    assert SAYS["en"] in asked(english, "petra", "", channel)
    assert SAYS["en"] in asked(english, "petra", "for the insurer", channel)
    for text, place in (("2026-01-01 2026-12-31", channel), ("", INTAKE), ("", "")):
        assert "Lessons learned" in asked(english, "petra", text, place)
    for text, place in (("2026-13-01", channel), ("for the insurer", INTAKE)):
        assert "is not a day" in asked(english, "petra", text, place)
    english.work(seconds=5)
    assert [one.purpose for one in english.incident().exports] == [None, "for the insurer"]
    assert len(given(english, "petra")) == 2


@pytest.mark.parametrize("between", ["\n", " "])
def test_hostile_words_stay_words(english: World, between: str) -> None:
    do(english, "max", Report(what="x"))
    do(english, "max", Report(what=between.join((*PIECES, "<!channel> <@U0TOM>"))))
    for number in ("1", "2"):
        asked(english, "petra", f"{number} <!here> `x` *y*")
    english.work(seconds=5)
    reports = (next(text for name, text in one.items() if name.endswith(".md")) for one in given(english, "petra"))
    plain, other = (structure(one.decode()) for one in reports)
    assert other == plain
    assert "<!" not in told(english, "petra")
    english.intact()


def test_without_slack_the_conversation_names_the_commands(english: World) -> None:
    do(english, "max", Report(what="Mail clicked"))
    answer = Eyes(english, "petra").at_the_terminal("export 1")
    assert SHELL in answer
    assert f"wachbuch export --case {NUMBER}" in answer
    assert SHELL not in Eyes(english, "jana").at_the_terminal("export 1")
    assert english.incident().exports == ()
