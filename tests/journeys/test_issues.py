"""Tasks that follow issues of GitHub and GitLab: by signed webhooks, in any order, and nothing is written there."""

import io
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from tests.journeys.policies import SHOP, TILL
from tests.journeys.test_paging import NUMBER, leading
from tests.journeys.world import World, world
from tests.properties.catalog import actor


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def office(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=request.param) as made:
        yield made


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def done(office: World) -> list[bool]:
    return [task.done_at is not None for task in office.incident().tasks]


def typed(office: World, who: str, line: str, answers: str = "", language: str = "en") -> str:
    """At the terminal."""
    out = io.StringIO()
    office.clock.move(seconds=1)
    chat = office.app.core.chat(PolicyDirectory(office.app.core.policy.policy))
    run_once(chat, actor(who), line, io.StringIO(answers), out, language)
    return out.getvalue()


def test_closed_there_a_task_is_done_and_opened_again_it_is_open_again(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    channel = leading(office)
    said = office.say("tom", "/vorfall", f"aufgabe {NUMBER} Schlüssel tauschen {SHOP}#12").json()["text"]
    office.proves(said, "task.opened", "task.linked")
    office.say("tom", "/vorfall", f"aufgabe {NUMBER} Konto sperren <{office.gitlab.bodies.web}/{TILL}/-/issues/3>")
    office.github.issue(SHOP, 12, "labeled")
    office.github.issue(SHOP, 13, "closed")
    office.work(seconds=2)
    assert done(office) == [False, False]
    office.github.issue(SHOP, 12, "closed", by="lena")
    office.gitlab.issue(TILL, 3, "close", by="lena")
    office.work(seconds=2)
    assert done(office) == [True, True]
    told = "\n".join(one.text for one in office.slack.messages(channel))
    expected = "Aufgabe 1 ist erledigt: acme/shop#12 wurde bei GitHub von lena geschlossen"
    assert (expected if german else "Task 1 is done: acme/shop#12 was closed at GitHub by lena") in told
    assert "https://github.example/acme/shop/issues/12" in told
    assert "Geheim" not in told, "the issue itself is not read"
    office.proves(told, "task.followed")
    bodies = [one.body for one in office.entries() if one.kind == "task.followed"]
    assert [sum(f'"source":"{forge}"'.encode() in one for one in bodies) for forge in ("github", "gitlab")] == [1, 1]
    office.github.issue(SHOP, 12, "reopened")
    office.gitlab.issue(TILL, 3, "reopen")
    office.work(seconds=2)
    assert done(office) == [False, False]
    writes = {name for name in (*office.github.calls, *office.gitlab.calls) if "issues" in name}
    assert writes == {"issues.get"}, "nothing was written there"
    office.intact()


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_repeated_deliveries_end_with_the_newest_state(shop: World, seed: int) -> None:
    leading(shop)
    shop.say("tom", "/incident", f"task {NUMBER} Rotate keys {SHOP}#12")
    shop.clock.move(minutes=10)
    start, story = shop.clock.now - timedelta(minutes=9), ["opened", "closed", "reopened", "edited", "closed"]
    events = list(enumerate(story if seed else story[:-1])) * 2
    random.Random(seed).shuffle(events)
    for minute, action in events:
        shop.github.issue(SHOP, 12, action, at=start + timedelta(minutes=minute))
        if action == "closed":
            shop.github.redeliver()
        shop.work(seconds=1)
    assert done(shop) == [bool(seed)]
    shop.intact()


def test_it_is_tied_later_by_form_and_by_typing_and_lives_on_when_the_case_is_over(shop: World) -> None:
    leading(shop)
    shop.say("tom", "/incident", f"task {NUMBER} Rotate keys")
    shop.say("tom", "/incident", f"link {NUMBER} https://github.example/{SHOP}/issues/7")
    view = str(shop.view("tom")["blocks"])
    assert "1: Rotate keys" in view
    assert "initial_option" in view, "the only one is chosen"
    shop.fill("tom", {"number": "1"})
    assert shop.incident().tasks[0].issue is not None
    assert "No issue I can read" in typed(shop, "tom", f"task {NUMBER} link 1 somewhere", "\n\n")
    said = typed(shop, "tom", f"task {NUMBER} link 1 {SHOP}#8")
    assert "Task 1 follows acme/shop#8" in said
    shop.proves(said, "task.linked")
    assert "acme/shop#8" in typed(shop, "tom", f"status {NUMBER}")
    shop.github.issue(SHOP, 7, "closed")
    shop.work(seconds=1)
    assert done(shop) == [False], "that one it no longer follows"
    shop.github.issue(SHOP, 8, "deleted", state="open")
    shop.github.issue(SHOP, 8, "edited", state="closed")
    shop.work(seconds=1)
    assert done(shop) == [True]
    shop.intact()


def test_the_form_of_a_task_takes_an_issue_and_says_what_is_none(shop: World) -> None:
    leading(shop)
    shop.say("tom", "/incident", f"task {NUMBER}")
    for wrong in ("shop", f"{SHOP}#0", "https://example.org/a/b/pull/3"):
        answer = shop.fill("tom", {"task": "Rotate keys", "issue": wrong})
        assert answer["response_action"] == "errors", answer
        assert set(answer["errors"]) == {"issue"}
    assert shop.incident().tasks == ()
    shop.fill("tom", {"task": "Rotate keys", "issue": f"https://github.example/{SHOP}/issues/12"})
    (task,) = shop.incident().tasks
    assert task.issue is not None
    assert (task.text, task.issue.repository, task.issue.number) == ("Rotate keys", SHOP, 12)
    shop.intact()


def test_tied_to_an_issue_that_is_closed_already_a_task_is_done(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    channel = leading(office)
    office.github.issue(SHOP, 12, "closed", by="lena")
    office.gitlab.issue(TILL, 3, "close", by="lena")
    office.work(minutes=5)
    office.say("tom", "/vorfall", f"aufgabe {NUMBER} Schlüssel tauschen https://github.example/{SHOP}/issues/12")
    office.say("tom", "/vorfall", f"aufgabe {NUMBER} Konto sperren <{office.gitlab.bodies.web}/{TILL}/-/issues/3>")
    office.say("tom", "/vorfall", f"aufgabe {NUMBER} Beirat fragen {SHOP}#13")
    office.work(seconds=2)
    assert done(office) == [True, True, False]
    office.work(seconds=2)
    told = "\n".join(one.text for one in office.slack.messages(channel))
    assert ("wurde bei GitHub von lena geschlossen" if german else "was closed at GitHub by lena") in told
    assert "Geheim" not in told
    office.say("tom", "/vorfall", f"aufgabe {NUMBER} Noch einmal {SHOP}#12")
    office.work(seconds=2)
    assert done(office) == [True, True, False, True], "also when it is known from another task"
    office.github.issue(SHOP, 12, "reopened")
    office.work(seconds=2)
    assert done(office) == [False, True, False, False]
    office.intact()


def test_a_forge_that_does_not_answer_is_asked_again_and_what_is_not_there_is_given_up(shop: World) -> None:
    leading(shop)
    shop.github.issue(SHOP, 12, "closed")
    shop.work(seconds=1)
    shop.github.fail("issues.get", status=503, times=4)
    shop.say("tom", "/incident", f"task {NUMBER} Rotate keys {SHOP}#12")
    shop.work(seconds=1)
    assert done(shop) == [False]
    shop.work(minutes=5)
    assert done(shop) == [True]
    shop.say("tom", "/incident", f"task {NUMBER} Ask the board https://elsewhere.example/{SHOP}/issues/12")
    shop.work(seconds=1)
    assert done(shop) == [True, False], "of another forge, with a repository of the same name"
    shop.intact()
    shop.say("tom", "/incident", f"task {NUMBER} Lock the account {SHOP}#4711")
    shop.work(seconds=1)
    assert [(job.kind, job.error) for job in shop.dead()] == [("forge.issue_read", "notthere")]
