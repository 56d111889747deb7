"""Times that cannot be are refused, and the ones next to them are taken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.policy.ids import Criterion
from tests.workflows.incident.desk import START, given_for, reached
from workflows.commands import Command
from workflows.incident.codes import Code
from workflows.incident.commands import Answer, DecideDuty, FileDuty, Given, OpenCorrective, OpenTask
from workflows.incident.terms import PersonalData, State

LONG_AGO = datetime.fromisoformat("1999-12-31T12:00:00+00:00")


def answer(criterion: Criterion, **given: object) -> Command:
    return Answer(answers=(Given(criterion=criterion, **given),))  # type: ignore[arg-type]


@pytest.mark.parametrize("due", [LONG_AGO, START])
def test_nothing_is_to_be_done_by_a_time_that_is_over(due: datetime) -> None:
    desk = reached(State.REVIEW)
    sven, ahead = desk.person("sven"), desk.now + timedelta(days=1)
    action = {"choice": "action", "text": "Separate networks", "person": sven}

    def commands(by: datetime) -> tuple[Command, ...]:
        corrective = OpenCorrective(text="Separate networks", owner=sven, due=by)
        return corrective, OpenTask(text="Call the provider", due=by)

    for command, later in zip(commands(due), commands(ahead), strict=True):
        assert [one.code for one in desk.refused("jana", command)] == [Code.IN_PAST]
        desk.do("jana", later)
    refused = desk.refused("jana", answer(Criterion.CORRECTIVE_ACTION, **action, when=due))
    assert [one.code for one in refused] == [Code.IN_PAST]
    desk.do("jana", answer(Criterion.CORRECTIVE_ACTION, **action, when=ahead))


def test_nothing_was_reviewed_or_monitored_before_the_report() -> None:
    desk = reached(State.RECOVER)
    for state, criterion in ((State.REVIEW, Criterion.MONITORING_OVER), (State.CLOSED, Criterion.REVIEW_HELD)):
        (given,) = (one for one in given_for(state, desk) if one.criterion is criterion)
        refused = desk.refused("jana", Answer(answers=(replace(given, when=LONG_AGO),)))
        assert [(one.code, one.expected) for one in refused] == [(Code.TOO_EARLY, START.isoformat())]
        desk.do("jana", Answer(answers=(given,)))


def test_nothing_was_known_or_filed_before_there_was_anything() -> None:
    desk = reached(State.CONTAIN, personal_data=PersonalData.YES)
    for aware in (LONG_AGO, START):
        decided = DecideDuty(regime="gdpr_33_1", required=True, reason="Customers", aware=aware)
        filed = FileDuty(regime="gdpr_33_1", reference="AZ 1", filed=aware)
        for command in (decided, filed):
            if aware == START:
                desk.do("petra", command)
            else:
                assert [one.code for one in desk.refused("petra", command)] == [Code.TOO_EARLY]
