"""What goes out to a pager, and what its answers mean."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.policy.ids import Severity
from config.settings import PagingFormat
from integrations.errors import ForgeError, NotPermitted, NotThere, RateLimited, Rejected, Unreachable
from integrations.pager.bodies import Step, Told
from integrations.pager.client import Pager
from tests.fakes.pager import PATHS, TOKENS, FakePager
from tests.fakes.wire import Reply, Request

KINDS = pytest.mark.parametrize("kind", list(PagingFormat))
CALL = Told(Step.PAGE, "INC-2026-0042", None, "INC-2026-0042 waits", "pager.call:1")
URGENCIES = {
    PagingFormat.PAGERDUTY: ["critical", "error", "warning", "info"],
    PagingFormat.OPSGENIE: ["P1", "P2", "P3", "P4"],
    PagingFormat.NTFY: ["5", "4", "3", "3"],
    PagingFormat.JSON: ["S1", "S2", "S3", "S4"],
}


@pytest.fixture
def fake() -> Iterator[FakePager]:
    with FakePager() as made:
        yield made


def pager(fake: FakePager, kind: PagingFormat, token: str = "") -> Pager:
    return Pager(f"{fake.url}{PATHS[kind]}", token or TOKENS[kind], kind, seconds=5)


@KINDS
def test_the_severity_arrives_in_the_words_of_the_format(fake: FakePager, kind: PagingFormat) -> None:
    for severity, urgency in zip(Severity, URGENCIES[kind], strict=True):
        assert pager(fake, kind).tell(replace(CALL, severity=severity, intent=f"pager.call:{severity}"))
        assert fake.world.urgencies == {CALL.number: urgency}


@KINDS
def test_the_same_call_twice_is_one_where_the_format_can_tell(fake: FakePager, kind: PagingFormat) -> None:
    pager(fake, kind).tell(CALL)
    pager(fake, kind).tell(CALL)
    assert len(fake.world.rings) == (2 if kind is PagingFormat.NTFY else 1)
    followed = [pager(fake, kind).tell(replace(CALL, step=one, intent=one)) for one in (Step.ACKNOWLEDGE, Step.RESOLVE)]
    assert followed == [kind is not PagingFormat.NTFY] * 2
    assert set(fake.world.alerts.values()) <= {"resolved"}


@pytest.mark.parametrize(
    ("status", "error"), [(401, NotPermitted), (404, NotThere), (400, Rejected), (500, Unreachable), (429, RateLimited)]
)
def test_an_answer_says_whether_another_try_may_do(fake: FakePager, status: int, error: type[ForgeError]) -> None:
    fake.fail(status=status)
    with pytest.raises(error):
        pager(fake, PagingFormat.JSON).tell(CALL)
    assert pager(fake, PagingFormat.JSON).tell(CALL)


def test_how_long_to_wait_is_heard_from_a_gateway_that_is_down_too(fake: FakePager) -> None:
    fake.fail(status=503, retry_after=120)
    with pytest.raises(RateLimited) as caught:
        pager(fake, PagingFormat.JSON).tell(CALL)
    assert caught.value.retry_after == 120


def test_no_answer_in_time_is_no_answer(fake: FakePager) -> None:
    fake.latency_ms = 20_000
    with pytest.raises(Unreachable) as caught:
        replace(pager(fake, PagingFormat.JSON), seconds=0.05).tell(CALL)
    assert caught.value.timed_out
    assert TOKENS["json"] not in str(caught.value)


class Elsewhere(FakePager):
    """Sends everybody on to another address."""

    def handle(self, request: Request) -> Reply:
        """Always."""
        del request
        return Reply(302, None, {"location": "/elsewhere"})


def test_a_token_goes_nowhere_but_to_the_address_that_was_set() -> None:
    with Elsewhere() as fake:
        with pytest.raises(Rejected):
            pager(fake, PagingFormat.JSON).tell(CALL)
        assert sum(fake.calls.values()) == 1
