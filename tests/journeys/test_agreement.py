"""The service owner is asked by direct message, and their press is their agreement."""

import io

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from config.policy.ids import Criterion, Visibility
from config.policy.loader import load_texts
from tests.journeys.mailbox import direct, press
from tests.journeys.pages import Visit
from tests.journeys.policies import policy_text, slack_id
from tests.journeys.test_console_signin import signed_in
from tests.journeys.test_home import look, shown
from tests.journeys.test_overrides import contained, given
from tests.journeys.test_paging import NUMBER, give
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.incident import commands as c
from workflows.incident.owner_commands import AskOwner
from workflows.incident.terms import State

AGREES = Criterion.SERVICE_OWNER_AGREES
SAID = {
    "de": ("auswerten", "Einverstanden", "Noch nicht, weil …", "Ihre Zustimmung zu INC-2026-0001",
           "Sven Otto (Dienstverantwortung) stimmt noch nicht zu: Mail hängt",
           "Sven Otto (Dienstverantwortung) stimmt zu", "Weiter zu Auswerten"),
    "en": ("review", "I agree", "Not yet, because …", "your agreement to INC-2026-0001",
           "Sven Otto does not agree as service owner yet: Mail hängt", "Sven Otto agrees as service owner",
           "On to Review"),
}  # fmt: skip


def recovering(office: World) -> str:
    """An incident in recovery that tom leads; the id of its channel."""
    channel = contained(office)
    answers = (given(Criterion.CONTAINMENT_ACTION, text="x", detail="x"),
               given(Criterion.CREDENTIALS, choice="revoked"),
               given(Criterion.EVIDENCE, choice="none", text="x"))  # fmt: skip
    give(office, "tom", c.Advance(case=NUMBER, to=State.ERADICATE, answers=answers))
    answers = (given(Criterion.ROOT_CAUSE, text="x"), given(Criterion.ENTRY_PATH, text="x"),
               given(Criterion.SIMILAR_SYSTEMS, text="x"))  # fmt: skip
    give(office, "tom", c.Advance(case=NUMBER, to=State.RECOVER, answers=answers))
    return channel


def posts(office: World, channel: str) -> list[str]:
    return [str(one.blocks) for one in office.slack.messages(channel)]


def test_who_is_asked_directly_hesitates_then_agrees_and_the_lead_hears_of_both(office: World) -> None:
    language = office.app.core.policy.policy.language
    review, yes, not_yet, asked, slow, agreed, onward = SAID[language]
    word = "/vorfall" if language == "de" else "/incident"
    channel = recovering(office)
    office.say("tom", word, f"{review} {NUMBER}")
    ask = next(one for block in office.view("tom")["blocks"] for one in block.get("elements", ())
               if one.get("action_id", "").startswith("incident.agreement"))  # fmt: skip
    office.sender.click(ask["action_id"], user=slack_id("tom"))
    office.proves(str(office.fill("tom", {"service_owner": "sven"})), "owner.asked", "role.assigned")
    office.work(seconds=5)
    (question,) = direct(office, "sven")
    assert asked in str(question.blocks)
    assert "Mailbox" not in str(question.blocks), "what happened stays behind the button"
    assert yes in str(look(office, "sven"))

    press(office, "sven", not_yet)
    office.fill("sven", {"reason": "Mail hängt"})
    office.work(seconds=5)
    assert slow in posts(office, channel)[-1]
    assert slack_id("tom") in posts(office, channel)[-1], "the lead is called"
    assert office.incident().state is State.RECOVER

    press(office, "sven", yes)
    office.work(seconds=12)
    told = posts(office, channel)[-1]
    assert agreed in told
    assert onward in told
    answer = office.incident().answers[AGREES]
    assert (office.incident().name_of(answer.by), answer.by) == ("Sven Otto", answer.person)
    assert yes not in str(shown(office, "sven")), "nothing waits any more"
    assert yes not in str(direct(office, "sven")[0].blocks), "nothing is left to press"
    office.work(hours=1)
    assert len(direct(office, "sven")) == 1, "an answer reminds nobody"
    office.intact()


def test_without_an_answer_they_are_asked_once_more_and_the_lead_is_told(shop: World) -> None:
    channel = recovering(shop)
    give(shop, "tom", c.Update(case=NUMBER, text="läuft"))
    shop.say("tom", "/vorfall", f"zustimmung {NUMBER} <@{slack_id('sven')}|sven>")
    shop.work(minutes=14)
    assert len(direct(shop, "sven")) == 1
    shop.work(minutes=2)
    assert len(direct(shop, "sven")) == 2
    reminder = posts(shop, channel)[-1]
    assert "Sven Otto hat noch nicht geantwortet" in reminder
    assert slack_id("tom") in reminder
    assert slack_id("petra") not in reminder
    sven = Visit(signed_in(shop, "sven"))
    sven.press(sven.open(f"/incidents/{NUMBER}"), "Einverstanden")
    assert shop.incident().answers[AGREES].by == shop.incident().pseudonym_of("sven"), "in the console as well"
    shop.intact()


@pytest.mark.full
def test_whom_no_message_reaches_is_to_be_called(sqlite_url: str) -> None:
    without = policy_text("de").replace(f" slack: {slack_id('sven')},", "")
    with world(sqlite_url, decided=load_texts({"policy.yaml": without.encode()})) as office:
        channel = recovering(office)
        office.say("tom", "/vorfall", f"zustimmung {NUMBER} sven")
        office.work(seconds=5)
        assert "Sven Otto hat hier kein Konto und keine Nachricht bekommen; bitte anrufen." in str(
            posts(office, channel)
        )
        assert direct(office, "sven") == []
        office.intact()


def test_only_who_is_named_is_asked_about_a_strictly_confidential_case(shop: World) -> None:
    recovering(shop)
    named = (actor("petra").person, actor("tom").person)
    sealed = c.SetVisibility(case=NUMBER, visibility=Visibility.SEALED, named=named)  # type: ignore[arg-type]
    give(shop, "petra", sealed)
    shop.say("tom", "/vorfall", f"zustimmung {NUMBER} sven")
    assert "nur, wer darin benannt ist" in str(shop.view("tom")["blocks"])
    shop.work(seconds=5)
    assert direct(shop, "sven") == []
    nothing = shop.say("sven", "/vorfall", f"zustimmung {NUMBER} ja").text
    absent = shop.say("sven", "/vorfall", "zustimmung INC-2026-0999 ja").text
    assert nothing == absent.replace("INC-2026-0999", NUMBER), "as if there were no such case"


def test_at_the_terminal_the_one_who_is_asked_agrees_as_well(shop: World) -> None:
    recovering(shop)
    chat = shop.app.core.chat(PolicyDirectory(shop.app.core.policy.policy))
    out = io.StringIO()
    run_once(chat, actor("tom"), f"zustimmung {NUMBER}", io.StringIO("1\n"), out)
    assert "1. Sven Otto" in out.getvalue()
    run_once(chat, actor("sven"), f"status {NUMBER}", io.StringIO(), out)
    assert "Einverstanden" in out.getvalue()
    run_once(chat, actor("sven"), f"auswerten {NUMBER}", io.StringIO("1\n"), out)
    assert shop.incident().answers[AGREES].by == shop.incident().pseudonym_of("sven")
    shop.intact()


def test_the_lead_is_reminded_although_no_message_reaches_the_owner(english: World) -> None:
    channel = recovering(english)
    give(english, "tom", AskOwner(case=NUMBER, person=person("sven")))
    english.work(seconds=5)
    before = len(posts(english, channel))
    english.slack.fail("conversations.open", times=50, error="user_disabled")
    english.work(hours=9)
    assert any("Sven" in one for one in posts(english, channel)[before:])
