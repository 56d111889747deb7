"""What the lessons report says of cases that were worked through the real service."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.reporting import lessons_text
from config.i18n import translator
from config.policy.ids import Visibility
from tests.office import Office, office
from tests.workflows.change.deployments import merged
from tests.workflows.change.test_emergency import BREAK, CONFIRM, REVIEW, held
from tests.workflows.change.world import MERGE, NOON, World
from workflows.change.codes import Finding
from workflows.change.emergency_commands import HoldReview, RecordBypass
from workflows.change.seen import Forge
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.incident.commands import Advance, Assess, CheckCorrective, ConfirmDismissal, FinishCorrective, Report
from workflows.incident.feedback_commands import GiveFeedback
from workflows.incident.terms import CorrectiveState, Kind, State
from workflows.reports.lessons import LessonsReport, Period, lessons
from workflows.reports.lessons_render import as_markdown
from workflows.verification import verify_store

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), BERLIN)


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url) as opened:
        yield opened


def told(place: Office, period: Period = YEAR) -> LessonsReport:
    cases = [place.case(number) for number in place.numbers]
    return lessons(cases, period, place.clock(), lambda text: text if isinstance(text, str) else "")


def finished(place: Office, **texts: str) -> str:
    number = place.report("Somebody clicked", occurred=place.clock() - timedelta(hours=2))
    place.clock.forward(minutes=10)
    place.assess(number)
    place.closed(number, **texts)
    return number


def test_a_closed_incident_with_all_that_was_learned(place: Office) -> None:
    number = finished(place)
    report = told(place)
    [row] = report.rows
    assert (row.number, row.kind, row.state, row.severity, row.category) == (
        number, Kind.INCIDENT, State.CLOSED, "S4", "phishing",
    )  # fmt: skip
    assert (row.cause, row.tag) == ("Second factor was optional", "missing-mfa")
    assert (row.worked, row.did_not) == ("Reported at once", "Nobody was on call")
    assert row.age is None
    quarter = timedelta(minutes=15)
    assert row.phases == {
        State.IDENTIFY: timedelta(minutes=25), State.CONTAIN: quarter, State.ERADICATE: quarter,
        State.RECOVER: quarter, State.REVIEW: timedelta(hours=9, minutes=15),
    }  # fmt: skip


def test_actions_from_open_to_effective(place: Office) -> None:
    number = finished(place)
    assert (told(place).actions_open, told(place).actions_overdue) == (1, 0)
    place.clock.forward(days=40)
    assert (told(place).actions_open, told(place).actions_overdue) == (1, 1)
    place.do("max", FinishCorrective(case=number, no=1, result="Enforced"))
    assert (told(place).actions_open, told(place).actions_done) == (0, 1)
    place.clock.forward(days=31)
    place.do("tom", CheckCorrective(case=number, no=1, effective=True, finding="No more such sign-ins"))
    report = told(place)
    assert (report.actions_done, report.actions_effective) == (0, 1)
    [action] = report.rows[0].actions
    assert (action.state, action.overdue, action.finding) == (CorrectiveState.EFFECTIVE, False, "No more such sign-ins")


def test_an_action_that_did_not_help_is_open_again(place: Office) -> None:
    number = finished(place)
    place.do("max", FinishCorrective(case=number, no=1, result="Enforced"))
    place.clock.forward(days=31)
    place.do("tom", CheckCorrective(case=number, no=1, effective=False, finding="They use the old app"))
    [action] = told(place).rows[0].actions
    assert action.reopened == 1
    assert action.finding == "They use the old app"


def test_the_same_cause_twice_is_a_recurrence(place: Office) -> None:
    first = finished(place, tag="Missing-MFA")
    assert told(place).recurrences == ()
    place.clock.forward(days=100)
    finished(place, tag="unpatched")
    second = finished(place, tag="missing-mfa")
    [found] = told(place).recurrences
    assert (found.tag, found.numbers) == ("missing-mfa", (first, second))
    only_first = told(place, Period(date(2026, 3, 1), date(2026, 3, 31), BERLIN))
    assert [one.numbers for one in only_first.recurrences] == [(first, second)]
    none = told(place, Period(date(2026, 4, 1), date(2026, 4, 2), BERLIN))
    assert none.recurrences == ()


def test_times_with_number_median_and_ninetieth_percentile(place: Office) -> None:
    for _ in range(3):
        finished(place)
    figures = told(place).figures
    closing = figures["mttclose"]
    detecting = figures["mttd"]
    assert closing is not None
    assert detecting is not None
    assert (closing.count, closing.median, closing.p90) == (3, *[timedelta(hours=10, minutes=25)] * 2)
    assert (detecting.count, detecting.mean) == (3, timedelta(hours=2))
    assert figures["ageing"] is None


def test_an_open_case_shows_its_age(place: Office) -> None:
    place.report()
    place.clock.forward(days=3)
    place.report()
    place.clock.forward(days=1)
    report = told(place)
    assert [row.age for row in report.rows] == [timedelta(days=4), timedelta(days=1)]
    ageing = report.figures["ageing"]
    assert ageing is not None
    assert (ageing.count, ageing.median, ageing.p90) == (2, timedelta(days=2, hours=12), timedelta(days=4))
    assert report.figures["mttclose"] is None


def test_categories_against_the_period_before(place: Office) -> None:
    finished(place)
    place.clock.forward(days=30)
    finished(place)
    finished(place)
    march = Period(date(2026, 3, 1), date(2026, 3, 31), BERLIN)
    april = Period(date(2026, 4, 1), date(2026, 4, 30), BERLIN)
    assert told(place, march).categories == {"phishing": (1, 0)}
    assert told(place, april).categories == {"phishing": (2, 1)}


def dismissed(place: Office, kind: Kind, **more: Any) -> None:
    number = place.report()
    place.do("jana", Assess(case=number, kind=kind, reason="Looked into it", category="phishing", **more))
    outcome = place.tell("jana", Advance(case=number, to=State.DISMISSED))
    if place.case(number).state is not State.DISMISSED:
        place.do("petra", ConfirmDismissal(case=number))
    assert place.case(number).state is State.DISMISSED, outcome


def test_what_does_not_count_is_told_apart(place: Office) -> None:
    original = place.report("Somebody clicked")
    dismissed(place, Kind.DUPLICATE, duplicate_of=original)
    place.assess(original)
    place.closed(original)
    place.report("Trial run", drill=True)
    place.report("Told late", backfill=True, reported=place.clock() - timedelta(days=1))
    dismissed(place, Kind.FALSE_ALARM)
    report = told(place)
    assert [row.number for row in report.rows] == [original]
    assert report.left_out == {"backfill": 1, "drill": 1, "duplicate": 1, "false_alarm": 1}
    closing = report.figures["mttclose"]
    assert closing is not None
    assert closing.count == 1


def test_nothing_happened(place: Office) -> None:
    report = told(place)
    assert (report.rows, report.recurrences, report.categories, report.left_out) == ((), (), {}, {})
    assert set(report.figures.values()) == {None}


BORDERS = [
    (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), True),  # 29 March 00:00, before summer time begins
    (datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), False),
    (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), True),  # 29 March 23:59:59, summer time
    (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), False),
    (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), True),  # 25 October 00:00, summer time
    (datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC), False),
    (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), True),  # 25 October 23:59:59, winter time again
    (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), False),
]


@pytest.mark.parametrize(("moment", "inside"), BORDERS)
def test_a_day_begins_and_ends_at_midnight_in_berlin(moment: datetime, inside: bool, place: Office) -> None:
    day = date(2026, 3, 29) if moment.month == 3 else date(2026, 10, 25)
    place.clock.at = moment
    place.report()
    assert len(told(place, Period(day, day, BERLIN)).rows) == int(inside)


def test_a_sealed_case_is_only_in_the_reports_of_its_people(place: Office) -> None:
    place.report("Team case")
    named = (place.person("petra"), place.person("lena"))
    place.do("petra", Report(what="Sealed case", visibility=Visibility.SEALED, named=named))
    texts = translator("en")
    policy = place.policy.policy

    def seen(who: str) -> tuple[bool, bool]:
        text = lessons_text(place.queries, place.actor(who), policy, YEAR, place.clock(), "md", texts)
        return "Team case" in text, "Sealed case" in text or "INC-S" in text

    assert {who: seen(who) for who in ("petra", "jana", "dora", "max", "ada")} == {
        "petra": (True, True), "jana": (True, False), "dora": (False, False),
        "max": (True, False), "ada": (False, False),
    }  # fmt: skip


def test_nobody_is_named_in_any_format(place: Office) -> None:
    finished(
        place,
        cause="Jana forgot it, says <@U0TOM|tom>",
        worked="Petra Meier-Schmidt called petra@beispiel.example",
        did_not="Tom Li was away",
        action="Lena decides with Max",
        tag="kowalski-laptop",
    )
    finished(place, tag="Kowalski-laptop")
    for form in ("md", "csv", "json"):
        for language in ("de", "en"):
            viewer = place.actor("petra")
            text = lessons_text(
                place.queries, viewer, place.policy.policy, YEAR, place.clock(), form, translator(language)
            )
            folded = text.casefold()
            assert not [
                name for name in ("jana", "kowalski", "petra", "meier", "u0tom", "lena", "max") if name in folded
            ]
            assert ("[person]" in folded) or (r"\[person\]" in folded)


def feedback_in(place: Office, form: str) -> str:
    viewer = place.actor("petra")
    return lessons_text(place.queries, viewer, place.policy.policy, YEAR, place.clock(), form, translator("de"))


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_what_was_tedious_is_told_by_case_without_names_until_it_is_erased(place: Office, form: str) -> None:
    counted = finished(place)
    dismissed(place, Kind.FALSE_ALARM)
    drill = place.report("Trial run", drill=True)
    place.do("jana", Assess(case=drill, kind=Kind.FALSE_ALARM, reason="Trial"))
    place.do("petra", Advance(case=drill, to=State.DISMISSED))
    place.do("max", GiveFeedback(case=counted, text="Zu viele Formulare, sagt Tom Li"))
    place.do("jana", GiveFeedback(case=counted, text="Das Verzeichnis war veraltet"))
    place.do("jana", GiveFeedback(case=drill, text="Wieder keine Alarmliste"))
    report = told(place)
    assert [row.feedback for row in report.rows] == [
        ("Zu viele Formulare, sagt Tom Li", "Das Verzeichnis war veraltet")
    ]
    assert [(one.number, one.feedback) for one in report.heard] == [(drill, ("Wieder keine Alarmliste",))]
    text = feedback_in(place, form)
    assert "Das Verzeichnis war veraltet" in text
    assert ("Wieder keine Alarmliste" in text) == (form != "csv"), "a line of the table is a case that counts"
    assert not [name for name in ("Tom", "Max", "Jana") if name in text]
    eraser = Eraser(place.service)
    asked = eraser.request(Selection(counted), LegalBasis.GDPR_17, place.actor("petra"))
    assert isinstance(asked, Erasure)
    assert isinstance(eraser.confirm(asked.id, place.actor("dora")), Erasure)
    assert "Verzeichnis" not in feedback_in(place, form)
    assert verify_store(place.store, deep=True).intact


def test_changes_that_went_past_the_gates_are_counted_and_nobody_is_named(place: Office) -> None:
    world = held()
    world.do(BREAK, "tom")
    world.do(CONFIRM, "lena")
    world.later(minutes=1)
    world.evaluated(merged(world.now))
    bypass = World()
    loose = RecordBypass(
        found=Finding.DIRECT_PUSH, forge=Forge.GITHUB, repository_id="7001", repository="beispiel/shop", commit=MERGE
    )
    assert bypass.do(loose) == ()
    figures = lessons((), YEAR, world.now, str, (world.case, bypass.case)).changes
    assert (figures.changes, figures.emergencies, figures.findings) == (1, 1, {Finding.DIRECT_PUSH: 1})
    assert (figures.reviews_open, figures.reviews_late, figures.owed_open) == (2, 0, 3)
    assert world.do(HoldReview(**{**asdict(REVIEW), "justified": False}), "lena") == ()
    late = lessons((), YEAR, NOON + timedelta(days=20), str, (world.case, bypass.case))
    assert (late.changes.reviews_held, late.changes.not_justified, late.changes.reviews_late) == (1, 1, 1)
    text = as_markdown(late, translator("en"), {})
    assert "Changes: 1. Emergencies: 1." in text
    assert "Tom" not in text
    before = Period(date(2025, 1, 1), date(2025, 12, 31), BERLIN)
    assert lessons((), before, world.now, str, (world.case, bypass.case)).changes.emergencies == 0
