"""Gate of the test phase: named checks are green on the head, security tests among them (A.8.29).

Only `success` counts. A check that is missing or running is waited for; one that ended in any other way is wrong, also
`skipped` and `neutral`, which forges let pass.
"""

from typing import Final

from config.policy.ids import Requirement
from workflows.change.codes import ROLE_AUTHOR, Fault, Outcome, Remedy, ResultCode
from workflows.change.requirements.inputs import Found, Inputs, not_configured, satisfied, unread, waits, wrong
from workflows.change.result import FactUsed, Part, Result
from workflows.change.seen import CheckRun, CheckStatus

SUCCESS: Final = "success"


def checks_green(inputs: Inputs) -> Result:
    """Every check that the policy names is green, from the app that it names."""
    wanted = tuple((rule.name, rule.source, "") for rule in inputs.rules.checks)
    return _judge(Requirement.CHECKS_GREEN, inputs, wanted)


def security_tests(inputs: Inputs) -> Result:
    """Every security test that the policy names ran on this commit and found nothing that fails it."""
    wanted = tuple((test.check, None, test.tool.value) for test in inputs.rules.security_tests)
    return _judge(Requirement.SECURITY_TESTS, inputs, wanted)


def _judge(requirement: Requirement, inputs: Inputs, wanted: tuple[tuple[str, str | None, str], ...]) -> Result:
    if not wanted:
        return not_configured(requirement)
    if inputs.commit is None or inputs.facts is None or inputs.facts.contested:
        return unread(requirement)
    parts = tuple(_part(inputs, name, source, tool) for name, source, tool in wanted)
    green = sum(part.outcome is Outcome.SATISFIED for part in parts)
    used = tuple(fact for name, source, _ in wanted for fact in _used(inputs, name, source))
    if any(part.fault is Fault.WRONG for part in parts):
        details = Found(str(len(parts)), str(green), (ROLE_AUTHOR,), Remedy.FIX_CHECK, parts, used)
        return wrong(requirement, ResultCode.CHECKS_RED, details)
    if green < len(parts):
        details = Found(str(len(parts)), str(green), (ROLE_AUTHOR,), Remedy.RUN_CHECK, parts, used)
        return waits(requirement, ResultCode.CHECKS_WAITING, details)
    return satisfied(requirement, Found(str(len(parts)), str(green), parts=parts, facts=used))


def _runs(inputs: Inputs, name: str, source: str | None) -> tuple[CheckRun, ...]:
    """All runs of that name. Without a source in the policy each app that reports it must be green.

    Other pipelines of the same commit run with other variables and rules: what they say is not about this request.
    """
    known = inputs.commit.checks if inputs.commit else ()
    own = inputs.facts.pipeline if inputs.facts else None
    fitting = (run for run in known if run.name == name and run.pipeline in {None, own})
    return tuple(run for run in fitting if source is None or run.source.casefold() == source.casefold())


def _part(inputs: Inputs, name: str, source: str | None, tool: str) -> Part:
    runs = _runs(inputs, name, source)
    if not runs:
        code = ResultCode.CHECK_MISSING
        return Part(subject=name, outcome=Outcome.NOT, code=code, fault=Fault.WAITS, tool=tool)
    ended = [run for run in runs if run.status is CheckStatus.COMPLETED and inputs.in_time(run.completed_at)]
    red = [run for run in ended if run.conclusion != SUCCESS]
    if red:
        found = red[0].conclusion or "none"
        return Part(
            subject=name, outcome=Outcome.NOT, code=ResultCode.CHECK_RED, fault=Fault.WRONG, found=found, tool=tool
        )
    if len(ended) < len(runs):
        code = ResultCode.CHECK_RUNNING
        return Part(subject=name, outcome=Outcome.NOT, code=code, fault=Fault.WAITS, tool=tool)
    return Part(subject=name, outcome=Outcome.SATISFIED, code=ResultCode.MET, found=SUCCESS, tool=tool)


def _used(inputs: Inputs, name: str, source: str | None) -> tuple[FactUsed, ...]:
    return tuple(FactUsed(what=run.form, id=run.id, source=run.source) for run in _runs(inputs, name, source))
