"""A report that nobody looks after: the calls begin anew, then the ISB is told, and reminded until somebody does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.jobs.port import Job
from bot.ladder import Ladder
from config.policy.loader import load_texts
from tests.fakes.pager import FakePager
from tests.fakes.slack.blocks import elements
from tests.fakes.slack.world import Message
from tests.journeys.mailbox import direct, press
from tests.journeys.policies import INTAKE, policy_text, slack_id
from tests.journeys.test_paging import NUMBER, called
from tests.journeys.world import World, moment_of, opened, started, world

ONE_ROUND = "paging: {rounds: 1, repeat_minutes: 5, steps: [{after_minutes: 0, who: [on_call.next]}]}"


def report(office: World, what: str = "melden Drucker druckt von selbst") -> None:
    office.say("max", "/vorfall", what)
    office.work()


def wait(office: World, minutes: int) -> None:
    """Ten minutes at a time, as the ladder of the default policy goes."""
    for _ in range(minutes // 10):
        office.work(minutes=10)


def replies(office: World) -> list[Message]:
    """What was said where the report is talked about."""
    return [one for one in office.slack.messages(INTAKE) if one.thread_ts]


def thread(office: World) -> Message:
    """The last of it."""
    return replies(office)[-1]


def labels(message: Message) -> list[str]:
    return [one["text"]["text"] for _, one in elements(message.blocks)]


@pytest.fixture
def short(sqlite_url: str) -> Iterator[World]:
    """One step, one round: paul, the deputy, is not on this ladder."""
    decided = load_texts({"policy.yaml": f"{policy_text('de')}{ONE_ROUND}\n".encode()})
    with world(sqlite_url, decided=decided) as made:
        yield made


def test_the_calls_begin_anew_and_after_the_last_round_the_isb_is_told_and_reminded(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    report(office)
    wait(office, 30)
    again = "wartet weiterhin auf jemanden" if german else "still waits for somebody"
    assert [again in str(one.blocks) for one in direct(office, "tom")] == [False, True]
    assert ("Erneut benachrichtigt:" if german else "Called again:") in str(thread(office).blocks)
    wait(office, 50)
    assert office.kinds().count("incident.paged") == 9
    nobody = "Niemand hat" if german else "All calls are made and nobody"
    assert "incident.unanswered" not in office.kinds()
    assert nobody not in str([one.blocks for one in (thread(office), *direct(office, "petra"))])
    wait(office, 10)
    said, take = thread(office), "Ich kümmere mich" if german else "I look after it"
    assert nobody in str(said.blocks)
    assert all(slack_id(who) in str(said.blocks) for who in ("petra", "paul"))
    office.proves(str(said.blocks), "incident.unanswered")
    for who in ("petra", "paul"):
        (told,) = [one for one in direct(office, who) if nobody in str(one.blocks)]
        assert "Drucker druckt von selbst" in str(told.blocks)
        assert take in labels(told)
    assert not any(nobody in str(one.blocks) for one in direct(office, "tom"))
    for who in ("tom", "petra", "paul"):
        office.say(who, "/vorfall", f"verhindert {NUMBER}")
        office.work()
    assert office.kinds().count("incident.unanswered") == 1, "once, whoever says afterwards that they cannot"
    assert "case.refused" not in office.kinds()
    before = len(direct(office, "petra"))
    for _ in range(2):
        office.work(hours=4)
    still = "Weiterhin hat niemand übernommen" if german else "Still nobody looks after it"
    assert sum(still in str(one.blocks) for one in office.slack.messages(INTAKE)) == 2
    assert len(direct(office, "petra")) == before, "mentioned in the thread, and not written to each time"
    (action,) = [one["action_id"] for _, one in elements(thread(office).blocks) if one["text"]["text"] == take]
    office.sender.click(action, user=slack_id("tom"), channel=INTAKE, ts=thread(office).ts)
    office.work(hours=9)
    assert office.incident().acknowledged is not None
    assert sum(still in str(one.blocks) for one in office.slack.messages(INTAKE)) == 2
    assert office.kinds().count("incident.paged") == 9
    assert office.kinds().count("incident.unanswered") == 1
    office.intact()


@pytest.mark.full
def test_whoever_takes_over_in_the_second_round_ends_the_calls(shop: World) -> None:
    report(shop)
    wait(shop, 40)
    press(shop, "petra", "Ich kümmere mich")
    paged = shop.kinds().count("incident.paged")
    wait(shop, 120)
    assert shop.kinds().count("incident.paged") == paged == 5
    assert "incident.unanswered" not in shop.kinds()


def test_when_everybody_cannot_the_isb_is_told_at_once(shop: World) -> None:
    report(shop)
    for who in ("tom", "petra"):
        press(shop, who, "Bin verhindert")
    assert sum("die nächste Person wird benachrichtigt" in str(one.blocks) for one in replies(shop)) == 2
    assert called(shop) == ["tom", "petra", "paul"]
    assert "incident.unanswered" not in shop.kinds()
    press(shop, "paul", "Bin verhindert")
    *_, declined, told = replies(shop)
    assert "Paul Deppe ist gerade verhindert." in str(declined.blocks)
    assert "nächste Person" not in str(declined.blocks), "nobody is left"
    assert "Niemand hat" in str(told.blocks)
    assert all(f"Niemand hat {NUMBER}" in str(direct(shop, who)[-1].blocks) for who in ("petra", "paul"))
    wait(shop, 100)
    assert shop.kinds().count("incident.paged") == 3
    assert shop.kinds().count("incident.unanswered") == 1
    shop.intact()


def test_of_a_confidential_report_the_isb_and_the_deputy_read_the_number_only(short: World) -> None:
    short.say("max", "/vorfall", "")
    short.fill("max", {"what": "Verdacht gegen Kollegen", "visibility": "restricted"})
    short.work()
    short.work(minutes=5)
    for who in ("petra", "paul"):
        told = direct(short, who)[-1]
        assert f"Niemand hat {NUMBER} übernommen" in str(told.blocks), "paul is not on this ladder"
        assert "Verdacht" not in str(told.blocks)
    short.work(hours=4)
    assert f"Weiterhin hat niemand {NUMBER} übernommen" in str(direct(short, "paul")[-1].blocks)
    assert NUMBER not in str([one.blocks for one in short.slack.messages(INTAKE)])
    had = len(direct(short, "paul"))
    press(short, "petra", "Ich kümmere mich")
    short.work(hours=9)
    assert len(direct(short, "paul")) == had
    short.intact()


@pytest.mark.full
def test_a_drill_that_calls_says_so_to_the_end_and_reminds_nobody(short: World) -> None:
    short.say("petra", "/vorfall", "übung --rufen Drucker druckt von selbst")
    short.work()
    short.work(minutes=5)
    assert "ÜBUNG · Niemand hat übernommen" in str(thread(short).blocks)
    assert f"ÜBUNG · Niemand hat {NUMBER}" in str(direct(short, "paul")[-1].blocks)
    said = len(short.slack.messages(INTAKE))
    short.work(hours=24)
    assert len(short.slack.messages(INTAKE)) == said


@pytest.mark.full
def test_whoever_takes_over_before_it_can_be_told_is_faster(short: World) -> None:
    report(short)
    short.slack.fail("chat.postMessage", times=50, status=503)
    short.work(minutes=5)
    assert "incident.unanswered" in short.kinds()
    short.say("petra", "/vorfall", f"übernehmen {NUMBER}")
    short.slack.faults.clear()
    short.work(hours=1)
    assert "Petra Maurer kümmert sich" in str(thread(short).blocks), "what is posted now is there"
    said = [*replies(short), *direct(short, "petra"), *direct(short, "paul")]
    assert "Niemand hat" not in str([one.blocks for one in said])
    short.intact()


@pytest.mark.full
def test_after_an_outage_the_second_round_waits_for_answers_to_the_first(shop: World) -> None:
    shop.say("max", "/vorfall", "melden Drucker druckt von selbst")
    shop.work(hours=5)
    assert [len(direct(shop, who)) for who in ("tom", "petra", "paul")] == [1, 1, 1]
    shop.work(minutes=9)
    assert shop.kinds().count("incident.paged") == 3
    shop.work(minutes=1)
    assert shop.kinds().count("incident.paged") == 4


@pytest.mark.parametrize("kind", ["json", pytest.param("pagerduty", marks=pytest.mark.full)])
def test_the_pager_is_called_once_for_each_step_and_round_whatever_is_run_twice(sqlite_url: str, kind: str) -> None:
    with FakePager() as pager, world(sqlite_url, more=pager.environment(kind)) as office:
        report(office)
        ladder, case = Ladder(office.app.core.service), office.incident()
        for step in range(9):
            # The same timer once more, as after a kill between its end and the note of it, or in a second process.
            twice = Job(step, "timer.page", "", f"again:{step}", {"case": str(case.id), "step": step}, 2)
            with office.store.transaction() as uow:
                ladder(twice, uow)
            office.work()
            assert sum(pager.calls.values()) == step + 1
            office.work(minutes=10)
        assert office.kinds().count("incident.paged") == 9
        assert len(pager.world.rings) == (9 if kind == "json" else 1), "PagerDuty keeps one alert for one case"
        assert len(pager.world.seen) == (9 if kind == "json" else 0), "each call has a key of its own"
        office.work(hours=8)
        assert sum(pager.calls.values()) == 9, "a reminder wakes nobody"
        office.intact()


@pytest.mark.full
def test_two_processes_on_one_database_make_each_call_once(postgres_url: str) -> None:
    with FakePager() as pager:
        more = pager.environment("json")
        with world(postgres_url, more=more) as one, opened(postgres_url, one.clock) as store:
            other = started(postgres_url, store, moment_of(one.clock), "de", one.slack, one.github, more=more)
            report(one)
            for _ in range(9):
                now = one.clock.move(minutes=10)
                with ThreadPoolExecutor(2) as both:
                    list(both.map(lambda runner: runner.drain(now), (one.app.runner, other.runner)))  # noqa: B023
            one.work()
            assert pager.calls["POST /sms"] == len(pager.world.rings) == 9
            assert one.kinds().count("incident.paged") == 9
            assert one.kinds().count("incident.unanswered") == 1
            assert sum("Niemand hat übernommen" in str(told.blocks) for told in replies(one)) == 1
            one.intact()
            for closer in other.closers:
                closer()


def test_a_policy_that_lets_people_wait_longer_meanwhile_ends_no_calls(short: World) -> None:
    report(short)
    longer = policy_text("de") + ONE_ROUND.replace("repeat_minutes: 5", "repeat_minutes: 60") + "\n"
    decided = load_texts({"policy.yaml": longer.encode()}).policy
    # As after a start with another policy, without the seconds that one takes.
    object.__setattr__(short.app.core.service, "policy", decided)
    short.work(minutes=5)
    assert "incident.unanswered" not in short.kinds()
    short.work(minutes=60)
    assert short.kinds().count("incident.unanswered") == 1
