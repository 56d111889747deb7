"""What follows from tellings of one warning, in whatever order and however often they come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import AlertKind, AlertLevel
from workflows.actors import Source
from workflows.incident.alerts import Alert, AlertState, Known, Step, follows

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIVES = st.lists(st.sampled_from(AlertState), min_size=1, max_size=6)


def telling(minute: int, state: AlertState) -> Alert:
    return Alert(
        Source.GITHUB, "acme/shop", "1003", AlertKind.SECRET, 7, "AWS", AlertLevel.HIGH, state,
        START + timedelta(minutes=minute),
    )  # fmt: skip


def told(tellings: Sequence[Alert]) -> tuple[list[Step], Known | None]:
    """All steps, and where the warning stands in the end; its case stays open."""
    known: Known | None = None
    steps = []
    for alert in tellings:
        step = follows(alert, known, wanted=True, case_open=bool(known and known.case), stream_open=False)
        steps.append(step)
        if known is None or known.is_news(alert):
            case = "INC-1" if step in {Step.REPORT, Step.REPORT_AGAIN} else (known.case if known else "")
            known = Known(case=case, state=alert.state, at=alert.at, level=alert.level)
    return steps, known


@given(life=LIVES, data=st.data())
def test_however_it_is_told_there_is_one_report_and_the_end_is_the_same(
    life: list[AlertState], data: st.DataObject
) -> None:
    lived = [telling(minute, state) for minute, state in enumerate(life)]
    arrives = data.draw(st.permutations(lived + data.draw(st.lists(st.sampled_from(lived), max_size=4))))
    steps, known = told(arrives)
    assert steps.count(Step.REPORT) + steps.count(Step.REPORT_AGAIN) <= 1
    assert known is not None
    assert (known.state, known.at) == (lived[-1].state, lived[-1].at)
    assert bool(known.case) == (Step.REPORT in steps)


@given(life=LIVES)
def test_told_in_order_it_is_reported_as_soon_as_it_is_open(life: list[AlertState]) -> None:
    steps, _ = told([telling(minute, state) for minute, state in enumerate(life)])
    assert (Step.REPORT in steps) == (AlertState.OPEN in life)
    changes = sum(one is not other for one, other in pairwise(life) if AlertState.OPEN in life)
    assert steps.count(Step.JOIN) <= changes


def test_without_a_rule_or_after_its_end_nothing_is_opened() -> None:
    fresh, over = telling(0, AlertState.OPEN), telling(0, AlertState.RESOLVED)
    assert follows(fresh, None, wanted=False, case_open=False, stream_open=True) is Step.NOTHING
    assert follows(over, None, wanted=True, case_open=False, stream_open=True) is Step.NOTHING
    assert follows(fresh, None, wanted=True, case_open=False, stream_open=False) is Step.REPORT
    assert follows(fresh, None, wanted=True, case_open=False, stream_open=True) is Step.JOIN


def test_what_comes_back_when_its_case_is_over_opens_another_one() -> None:
    known = Known(case="INC-1", state=AlertState.RESOLVED, at=START, level=AlertLevel.HIGH)
    again = telling(5, AlertState.OPEN)
    assert follows(again, known, wanted=True, case_open=False, stream_open=False) is Step.REPORT_AGAIN
    assert follows(again, known, wanted=True, case_open=True, stream_open=False) is Step.JOIN
