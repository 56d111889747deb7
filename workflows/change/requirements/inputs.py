"""What a requirement looks at, and how it says what it found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from config.policy.ids import Requirement
from config.policy.models import Policy, RepositoryPolicy
from workflows.change.codes import Fault, Outcome, Remedy, ResultCode
from workflows.change.facts import CommitFacts, RequestFacts
from workflows.change.people import contributors
from workflows.change.pushed import Push
from workflows.change.result import FactUsed, Part, Result
from workflows.change.seen import Identity
from workflows.change.state import ChangeCase, LinkedRequest

CONTROLS: Final[Mapping[Requirement, tuple[str, ...]]] = {
    Requirement.CHANGE_DESCRIBED: ("A.8.32", "A.8.26"),
    Requirement.RISK_CLASSIFIED: ("A.8.32",),
    Requirement.PLAN_APPROVED: ("A.8.32", "A.5.3"),
    Requirement.REQUEST_OPEN: ("A.8.25",),
    Requirement.CHANGE_LINKED: ("A.8.32",),
    Requirement.APPROVALS_COUNT: ("A.8.28", "A.8.32"),
    Requirement.FOUR_EYES: ("A.5.3", "A.8.28"),
    Requirement.NO_OBJECTION: ("A.8.28",),
    Requirement.CHECKS_GREEN: ("A.8.29",),
    Requirement.SECURITY_TESTS: ("A.8.29", "A.8.8"),
    Requirement.ENVIRONMENTS_ORDER: ("A.8.31",),
    Requirement.DEPLOY_APPROVED: ("A.8.32", "A.5.3"),
}
"""ISO/IEC 27001:2022 Annex A controls that each requirement is evidence for."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """One request of a change at one moment.

    `request` None: the request is not linked to the case. `facts` None: the change has no request, or the forge told
    nothing about it yet. `commit` are the facts of the judged commit: the head, or for a deployment the merge commit.
    `until`: what came later does not count (verdict at the merge, verdict at a deployment); None: everything counts.
    """

    case: ChangeCase
    rules: RepositoryPolicy
    policy: Policy
    now: datetime
    request: LinkedRequest | None = None
    facts: RequestFacts | None = None
    commit: CommitFacts | None = None
    related: Mapping[str, ChangeCase] = field(default_factory=dict)
    until: datetime | None = None
    environment: str = ""
    deployed: str = ""
    """The commit to be deployed, where it is another one than the merge commit, which it contains."""
    pushes: tuple[Push, ...] = ()
    """Pushes of the request's commits, as the branch told them."""

    @property
    def read(self) -> bool:
        """Whether the judged head was read completely."""
        return self.facts is not None and self.facts.complete

    @property
    def target(self) -> str:
        """The commit that is (to be) deployed."""
        return self.deployed or (self.request.merge_commit or "" if self.request else "")

    @property
    def contributors(self) -> tuple[Identity, ...]:
        """Everybody who wrote or pushed in any version of the request."""
        return contributors(self.facts, self.pushes) if self.facts else ()

    def in_time(self, at: datetime | None) -> bool:
        """Whether something of that time counts."""
        return self.until is None or (at is not None and at <= self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """Details of a result."""

    expected: str = ""
    found: str = ""
    who: tuple[str, ...] = ()
    remedy: Remedy = Remedy.NONE
    parts: tuple[Part, ...] = ()
    facts: tuple[FactUsed, ...] = ()
    people: tuple[str, ...] = ()


_PLAIN: Final = Found()


def satisfied(requirement: Requirement, details: Found = _PLAIN, code: ResultCode = ResultCode.MET) -> Result:
    """The requirement is met."""
    return _result(requirement, Outcome.SATISFIED, code, None, details)


def waits(requirement: Requirement, code: ResultCode, details: Found = _PLAIN) -> Result:
    """Something is still missing."""
    return _result(requirement, Outcome.NOT, code, Fault.WAITS, details)


def wrong(requirement: Requirement, code: ResultCode, details: Found = _PLAIN) -> Result:
    """Something is wrong and stays so until somebody acts."""
    return _result(requirement, Outcome.NOT, code, Fault.WRONG, details)


def unknown(requirement: Requirement, code: ResultCode, details: Found = _PLAIN) -> Result:
    """It cannot be said; that never passes."""
    return _result(requirement, Outcome.UNKNOWN, code, None, details)


def not_applicable(requirement: Requirement, code: ResultCode, details: Found = _PLAIN) -> Result:
    """A rule says that it does not apply here; the code names the rule."""
    return _result(requirement, Outcome.NOT_APPLICABLE, code, None, details)


def not_configured(requirement: Requirement) -> Result:
    """The policy names nothing to look at. Does not block; shown, and a gap in the audit."""
    return _result(requirement, Outcome.NOT_CONFIGURED, ResultCode.NOT_CONFIGURED, None, _PLAIN)


def unread(requirement: Requirement) -> Result:
    """The forge was not read completely for this head."""
    return unknown(requirement, ResultCode.NOT_READ, Found(remedy=Remedy.READ_AGAIN))


def _result(
    requirement: Requirement, outcome: Outcome, code: ResultCode, fault: Fault | None, details: Found
) -> Result:
    return Result(
        requirement=requirement,
        outcome=outcome,
        code=code,
        fault=fault,
        expected=details.expected,
        found=details.found,
        controls=CONTROLS[requirement],
        who=details.who,
        remedy=details.remedy,
        parts=details.parts,
        facts=details.facts,
        people=details.people,
    )
