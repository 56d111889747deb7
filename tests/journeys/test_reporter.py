"""Somebody calls, and somebody else records it: both are told apart, in Slack, the terminal, lessons and exports."""

import base64
import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from slack_sdk import WebClient

from bot.chat.directory import PolicyDirectory
from bot.reporting import lessons_text
from bot.terminal import run_once
from config.i18n import translator
from tests.fakes.slack import BOT_TOKEN
from tests.fakes.slack.blocks import elements
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_paging import NUMBER
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.exporting import export_case
from workflows.incident.terms import ReportWay
from workflows.reports.lessons import Period


@pytest.fixture
def german(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        yield made


def names(office: World) -> tuple[str, str]:
    case = office.incident()
    return case.name_of(case.reporter), case.name_of(case.recorded_by)


def test_a_colleague_called_and_the_form_says_so(office: World) -> None:
    de = office.app.core.policy.policy.language == "de"
    office.say("max", "/vorfall" if de else "/incident", "")
    office.fill("max", {"what": "Laptop weg", "reported_by": slack_id("lena"), "way": "phone"})
    office.work()
    assert names(office) == ("Lena Dorn", "Max Dietz")
    told = "Lena Dorn, telefonisch; erfasst von Max Dietz" if de else "Lena Dorn, by phone; recorded by Max Dietz"
    assert told in str(office.slack.messages(INTAKE)[0].blocks)
    assert told in str(office.say("lena", "/incident", f"status {NUMBER}").json()), "whoever reported it sees it"
    assert told in str(office.say("max", "/incident", f"status {NUMBER}").json())
    office.intact()


@pytest.mark.parametrize(
    "line",
    [
        'melden --von "Erika Muster" --per telefon Laptop weg',
        "report —by “Erika Muster” –via phone Laptop weg",
        "melden --per=telefonisch --von „Erika Muster“ Laptop weg",
    ],
)
def test_somebody_without_an_account_is_named_as_typed(german: World, line: str) -> None:
    told = str(german.say("max", "/vorfall", line).json())
    assert "Gemeldet von: Erika Muster, telefonisch; erfasst von Max Dietz." in told
    case = german.incident()
    assert (case.what, case.reporter_name, case.way, case.reporter) == (
        "Laptop weg", "Erika Muster", ReportWay.PHONE, None,
    )  # fmt: skip
    german.intact()


def test_what_is_no_option_is_the_report(german: World) -> None:
    german.say("max", "/vorfall", "melden Fehler in --by und --via phone")
    assert german.incident().what == "Fehler in --by und --via phone"
    assert names(german) == ("Max Dietz", "Max Dietz")
    assert not german.incident().is_on_behalf
    german.say("max", "/vorfall", "melden --per brieftaube Laptop weg")
    view = german.view("max")
    assert "Laptop weg" in str(view), "a way that is none opens the form, with all that was typed"


def test_a_person_and_a_name_are_one_too_many(german: World) -> None:
    german.say("max", "/vorfall", "")
    both = {"what": "Laptop weg", "reported_by": slack_id("lena"), "reporter_name": "Erika Muster"}
    assert "Entweder eine Person oder ein Name" in str(german.fill("max", both))
    german.fill("max", {**both, "reported_by": ""})
    assert german.incident().reporter_name == "Erika Muster"


def test_in_the_terminal_and_in_what_goes_out_of_it(german: World) -> None:
    people = PolicyDirectory(german.app.core.policy.policy)
    out = io.StringIO()
    line = 'melden --von "Erika Muster" --per telefon Erika Muster sucht ihren Laptop'
    run_once(german.app.core.chat(people), actor("tom"), line, io.StringIO(), out, "de")
    assert "Erika Muster, telefonisch; erfasst von Tom Berger" in out.getvalue()
    period = Period(date(2026, 1, 1), date(2026, 12, 31), german.app.core.policy.policy.zone)
    core, viewer = german.app.core, actor("petra")
    for kind, told in (("md", "telefonisch, von jemand anderem erfasst"), ("json", '"on_behalf": true')):
        text = lessons_text(core.queries, viewer, core.policy.policy, period, german.clock.now, kind, translator("de"))
        assert told in text
        assert "Erika" not in text
        assert "Muster" not in text
    document = export_case(german.store, NUMBER, viewer)
    assert document is not None
    first = document["entries"][0]
    assert "Erika Muster" in base64.urlsafe_b64decode(f"{first['disclosures']['reporter_name']}==").decode()
    assert json.loads(first["body"])["data"]["way"] == "phone"
    german.intact()


def test_the_answer_leads_to_the_thread_and_of_a_confidential_case_to_none(office: World) -> None:
    de = office.app.core.policy.policy.language == "de"
    told = office.say("max", "/vorfall" if de else "/incident", "melden Laptop weg").json()
    assert f"<#{INTAKE}>" in str(told["blocks"]), "the channel is a link"
    show = [one for _, one in elements(told["blocks"]) if one["text"]["text"] == ("Anzeigen" if de else "Show")]
    assert [one["value"] for one in show] == [NUMBER]
    assert link_to(office, "max") == [], "not before it is there"
    office.work()
    (thread,) = [one for one in office.slack.messages(INTAKE) if not one.thread_ts]
    client = WebClient(BOT_TOKEN, base_url=f"{office.slack.url}/api/")
    told = client.chat_getPermalink(channel=INTAKE, message_ts=thread.ts)["permalink"]
    assert link_to(office, "max") == [told]
    assert told in typed_status(office)
    office.say("petra", "/incident", f"restrict {NUMBER} restricted lena")
    office.work()
    assert link_to(office, "petra") == [], "of what is taken back nothing is left to be read"
    office.say("petra", "/incident", f"urgent {NUMBER}")
    office.work()
    channel = office.slack.channel_named("inc-2026-0001")
    assert link_to(office, "petra") == [f"https://wachbuch.slack.example/archives/{channel.id}"]


def link_to(office: World, who: str) -> list[str]:
    found = office.say(who, "/incident", f"status {NUMBER}").json()["blocks"]
    return [one["url"] for _, one in elements(found) if "url" in one]


def typed_status(office: World) -> str:
    out = io.StringIO()
    chat = office.app.core.chat(PolicyDirectory(office.app.core.policy.policy))
    run_once(chat, actor("max"), f"status {NUMBER}", io.StringIO(), out, "de")
    return out.getvalue()
