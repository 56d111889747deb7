"""The words at the end of a case say what is true of it, and no more."""

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.texts.ending import closed
from bot.chat.texts.told import Telling
from config.i18n import translator
from tests.workflows.incident.desk import Desk, reached
from workflows.incident.items import Corrective, Duty, Task
from workflows.incident.terms import CorrectiveState, DutyDecision, State, TaskKind

CLOSED = reached(State.CLOSED)
NOW = CLOSED.now
ONE_OPEN = "Offen: 1 Maßnahme (Jana K., 10.12.), Wirksamkeit am 09.01."
ME = CLOSED.case.pseudonym_of("jana")


def told(language: str = "de", **changes: Any) -> str:
    desk: Desk = CLOSED
    case = desk.case.model_copy(update=changes)
    return closed(Telling(translator(language), case, desk.policy, desk.now))


def corrective(
    no: int, days: int, state: CorrectiveState = CorrectiveState.OPEN, check: int | None = None
) -> Corrective:
    assert ME is not None
    due = None if check is None else NOW + timedelta(days=check)
    return Corrective(
        no=no, text="Makros sperren", owner=ME, due=NOW + timedelta(days=days), state=state, check_due=due
    )


def duty(regime: str, *, filed: bool) -> Duty:
    made = Duty(
        regime=regime, opened_at=NOW, alarm_from=NOW, decision=DutyDecision.NOT_REQUIRED, reason="keine", second=ME
    )
    return made.model_copy(update={"filed_at": NOW}) if filed else made


def test_a_case_with_nothing_left_says_only_that() -> None:
    assert told() == "INC-2026-0042 ist geschlossen. Eingedämmt nach 2 h. Meldepflichten: keine."
    assert told("en") == "INC-2026-0042 is closed. Contained after 2 h. Duties to notify: none."


def test_what_was_never_contained_or_before_the_report_is_not_told_as_a_time() -> None:
    assert told(contained=None) == "INC-2026-0042 ist geschlossen. Meldepflichten: keine."
    early = CLOSED.case.reported
    assert early is not None
    assert "Schon vor der Meldung eingedämmt." in told(contained=early - timedelta(hours=1))


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ((corrective(1, 20),), ONE_OPEN),
        ((corrective(1, 400),), "Offen: 1 Maßnahme (Jana K., 25.12.2027), Wirksamkeit am 24.01.2028."),
        ((corrective(1, -3),), "Offen: 1 Maßnahme (Jana K., 17.11.), Wirksamkeit am 20.12."),
        (
            (corrective(1, 40), corrective(2, 20)),
            "Offen: 2 Maßnahmen (nächste: Jana K., 10.12.), Wirksamkeit ab 09.01.",
        ),
        (
            (corrective(1, 5, CorrectiveState.DONE, 35),),
            "Wirksamkeit noch zu prüfen: 1 Maßnahme, am 25.12.",
        ),
        (
            (corrective(1, 20), corrective(2, 5, CorrectiveState.DONE, 35)),
            f"{ONE_OPEN} Wirksamkeit noch zu prüfen: 1 Maßnahme, am 25.12.",
        ),
        ((corrective(1, 5, CorrectiveState.EFFECTIVE, 35),), ""),
    ],
)
def test_corrective_actions_that_outlive_the_case(actions: tuple[Corrective, ...], said: str) -> None:
    between = told(correctives=actions).removeprefix("INC-2026-0042 ist geschlossen. Eingedämmt nach 2 h.")
    assert between.removesuffix("Meldepflichten: keine.").strip() == said


def test_days_in_english() -> None:
    said = told("en", correctives=(corrective(1, 20),))
    assert "Open: 1 corrective action (Jana K., 10 Dec), effect checked on 9 Jan." in said


@pytest.mark.parametrize(
    ("duties", "said"),
    [
        ((duty("gdpr_33_1", filed=False),), "Meldepflichten: keine, begründet."),
        ((duty("gdpr_33_1", filed=True),), "Meldepflichten: gemeldet (Meldung nach Art. 33 Abs. 1 DSGVO)."),
        (
            (duty("nis2", filed=True), duty("other", filed=False)),
            "gemeldet (nis2); übrige nicht erforderlich,",
        ),
    ],
)
def test_how_each_duty_ended(duties: tuple[Duty, ...], said: str) -> None:
    assert said in told(duties=duties)
    assert ("gemeldet" in told(duties=duties)) == any(one.filed_at for one in duties)


def test_tasks_that_end_with_the_case_are_named() -> None:
    assert "Nicht erledigt: Aufgabe 1." in told(tasks=(Task(no=1, kind=TaskKind.GENERAL, text="Alte Konten löschen"),))
