"""What somebody may not see cannot be told from what does not exist: any person, any case, every surface."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.chat.verbs import Topic, words_of
from config.policy.ids import CaseRole, Impact, Spread, Visibility
from tests.journeys.pages import Visit
from tests.journeys.policies import PEOPLE, slack_id
from tests.journeys.sights import MARK, Eyes, Hidden, alike
from tests.journeys.test_console_signin import signed_in
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.commands import Command
from workflows.incident import commands as c
from workflows.incident.terms import ActionKind, Kind, PersonalData
from workflows.outcome import Accepted

NO_SHRINKING = (Phase.explicit, Phase.generate)
"""A world for each try is too slow to look for the smallest; what is found is small enough to read."""
ABSENT = {"INC": "INC-2026-0077", "INC-S": "INC-S-2026-0077"}
STRANGER = "eve"
EVERYBODY = (*PEOPLE, STRANGER)
SIGNS = ("petra", "paul", "gerda")
NO_CASE = {"report", "melden", "drill", "uebung", "help", "hilfe", "list", "liste"}
WORDS = sorted(set(words_of(Topic.INCIDENT)) - NO_CASE)
FORMS = (
    "incident.note",
    "incident.assess",
    "incident.contain",
    "incident.close",
    "incident.role",
    "incident.restrict",
    "incident.feedback",
)
BUTTONS = (
    "incident.status",
    "incident.ack",
    "incident.note",
    "incident.close",
    "incident.confirm",
    "incident.feedback",
)
LISTS = ("list", "liste", "", "status", "help", "export", "note", "assess")
CASES = st.fixed_dictionaries(
    {
        "visibility": st.sampled_from(("restricted", "sealed", "team")),
        "named": st.sets(st.sampled_from(("lena", "ralf", "rita")), max_size=2),
        "signs": st.sets(st.sampled_from(SIGNS), min_size=1, max_size=2),
        "reporter": st.sampled_from(("max", "jana", "tom")),
        "personal_data": st.sampled_from(("yes", "no", "unknown")),
        "scribe": st.sampled_from((None, "sven", "lena")),
        "urgent": st.booleans(),
        "incident": st.booleans(),
        "eyes": st.sampled_from(EVERYBODY),
        "words": st.lists(st.sampled_from(WORDS), min_size=3, max_size=5, unique=True),
    }
)  # fmt: skip


def do(office: World, who: str, command: Command) -> bool:
    office.clock.move(seconds=1)
    done = isinstance(office.app.core.service.handle(command, actor(who)), Accepted)
    office.work(seconds=3)
    return done


def hide(office: World, story: dict[str, object]) -> Hidden:
    """Open the case, and put the mark into everything that people write in one."""
    sealed = story["visibility"] == "sealed"
    reporter, named = str(story["reporter"]), frozenset({*story["named"], *story["signs"]})  # type: ignore[misc]
    report = c.Report(
        what=f"{MARK} eins", title=f"{MARK} zwei", affected=f"{MARK} drei", urgent=bool(story["urgent"]),
        visibility=Visibility(str(story["visibility"])), named=tuple(map(person, sorted(named))),
        personal_data=PersonalData(str(story["personal_data"])),
    )  # fmt: skip
    assert do(office, reporter, report)
    number = "INC-S-2026-0001" if sealed else "INC-2026-0001"
    hidden = Hidden(number, str(story["visibility"]), reporter, named, str(story["personal_data"]))
    if hidden.visibility != "team":
        hidden.named |= {reporter}
    _work_on(office, hidden, story)
    office.work(minutes=12)
    office.work(minutes=12)
    return hidden


def _work_on(office: World, hidden: Hidden, story: dict[str, object]) -> None:
    number = hidden.number
    insider = next(who for who in (*SIGNS, "tom") if (hidden.seen_by(who) and who != "gerda") or who in hidden.named)
    scribe = story["scribe"]
    if scribe and hidden.visibility != "sealed" and do(office, insider, c.AssignRole(
        case=number, role=CaseRole.SCRIBE, person=person(str(scribe))
    )):  # fmt: skip
        hidden.roles["scribe"] = str(scribe)
    if story["incident"]:
        assess = c.Assess(
            case=number, kind=Kind.INCIDENT, reason=f"{MARK} vier", category="phishing", confidentiality=Impact.HIGH,
            integrity=Impact.LOW, availability=Impact.NONE, authenticity=Impact.NONE, spread=Spread.SINGLE,
        )  # fmt: skip
        if do(office, insider, assess):
            hidden.roles["lead"] = insider
    told = (
        c.Note(case=number, text=f"{MARK} fünf"),
        c.RecordAction(case=number, kind=ActionKind.CONTAINMENT, text=f"{MARK} sechs", result=f"{MARK} sieben"),
        c.OpenTask(case=number, text=f"{MARK} acht"),
        c.RecordEvidence(case=number, description=f"{MARK} neun"),
        c.Update(case=number, text=f"{MARK} zehn"),
    )
    for command in told:
        do(office, insider, command)


def kinds_of(office: World, since: int) -> list[str]:
    return office.kinds()[since:]


def looks(office: World, story: dict[str, object]) -> None:
    """One person looks everywhere."""
    hidden = hide(office, story)
    for name in EVERYBODY:
        status = Eyes(office, name).say(f"/incident status {hidden.number}")
        assert (MARK in status) is hidden.seen_by(name), f"{name} and {hidden}"
    eyes = Eyes(office, str(story["eyes"]))
    absent = ABSENT[hidden.number.partition("-2026")[0]]
    lists = [eyes.say(f"/vorfall {word}") for word in LISTS]
    status = eyes.say(f"/incident status {hidden.number}")
    pages = at_the_console(office, eyes.name, hidden.number, absent)
    if hidden.seen_by(eyes.name):
        assert any(hidden.number in one for one in lists)
        assert hidden.number in pages
        return
    lists.append(pages)
    for word in story["words"]:  # type: ignore[attr-defined]
        before = len(office.entries())
        found = eyes.say(f"/incident {word} {hidden.number} lead Lena")
        there = len(office.entries())
        assert alike(found, hidden.number) == alike(eyes.say(f"/incident {word} {absent} lead Lena"), absent), word
        assert kinds_of(office, before)[: there - before] == kinds_of(office, there), "and leaves the same entries"
        if eyes.name != STRANGER:
            one, other = (eyes.at_the_terminal(f"{word} {at}") for at in (hidden.number, absent))
            assert alike(one, hidden.number) == alike(other, absent), word
    for form in FORMS:
        answers = (eyes.submit(form, at, {"text": "aha", "reason": "darum"}) for at in (hidden.number, absent))
        one, other = answers
        assert alike(one, hidden.number) == alike(other, absent), form
    for button in BUTTONS:
        one, other = (eyes.press(button, at) for at in (hidden.number, absent))
        assert alike(one, hidden.number) == alike(other, absent), button
    lists.append(eyes.cases_to_choose())
    office.work(minutes=1)
    # A team works in an open channel, which everybody in the workspace can read; the rest is for those who may see it.
    assert MARK not in eyes.everything(channels=hidden.visibility != "team") + "".join(lists) + status
    assert hidden.number not in "".join(lists), "no list, no choice and no report names it"


def at_the_console(office: World, name: str, number: str, absent: str) -> str:
    """All that the console tells somebody without being asked for the case, and for it no more than for none."""
    visit = Visit(signed_in(office, name))
    lists = "".join(
        visit.get(path).text for path in ("/", "/incidents", "/incidents?all=1", f"/incidents?after={absent}")
    )
    if number in lists:
        assert visit.get(f"/incidents/{number}").status == 200
        return lists
    assert visit.get(f"/incidents/{number}").body == visit.get(f"/incidents/{absent}").body
    for path, own in [("/press", [("action", one)]) for one in BUTTONS] + [(f"/forms/{one}", []) for one in FORMS]:
        asked = ([*own, ("value", at), ("case", at), ("f-reason", "darum")] for at in (number, absent))
        one, other = (re.sub(r'"once" value="\w+"', "", visit.post(path, pairs).text) for pairs in asked)
        assert alike(one, number) == alike(other, absent), path
    return lists


def in_a_new_world(story: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder, world(f"sqlite:///{Path(folder) / 'wachbuch.db'}") as office:
        office.slack.add_user(slack_id(STRANGER), STRANGER, real_name="Eve Fremd", locale="de-DE")
        looks(office, story)


@settings(max_examples=3, phases=NO_SHRINKING)
@given(story=CASES)
def test_what_may_not_be_seen_is_as_if_it_were_not_there(story: dict[str, object]) -> None:
    in_a_new_world(story)


@pytest.mark.full
@settings(max_examples=60, phases=NO_SHRINKING)
@given(story=CASES)
def test_the_same_for_many(story: dict[str, object]) -> None:
    in_a_new_world(story)
