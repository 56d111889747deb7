"""Answers about changes: why held, and who can free it."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.chat.reply import Fact
from bot.chat.texts import common, requests, requirements, terms, who
from config.i18n import Translator
from config.policy.models import Policy
from config.texts import _
from workflows.change.codes import Answer, DeploymentOutcome
from workflows.change.result import Result, Verdict
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.events import plain


def title(case: ChangeCase) -> str:
    """What the change is called."""
    return common.one_line(plain(case.title), 80) or "—"


def headline(t: Translator, case: ChangeCase) -> str:
    """One line: number, state, risk, title."""
    return " · ".join([case.number, terms.name(t, case.stands), title(case)])


def facts(t: Translator, case: ChangeCase) -> tuple[Fact, ...]:
    """What is known, in short."""
    owner = case.name_of(case.owner) if case.owner else "—"
    return (
        Fact(t.gettext("Phase"), terms.name(t, case.stands)),
        Fact(t.gettext("Risk"), terms.name(t, case.risk)),
        Fact(t.gettext("Kind"), terms.name(t, case.kind)),
        Fact(t.gettext("Owner"), common.one_line(owner, 60)),
    )


def verdict_lines(t: Translator, policy: Policy, case: ChangeCase, verdict: Verdict) -> tuple[str, ...]:
    """One line per requirement that holds, and one for all that are met."""
    held = [result for result in verdict.results if result.held]
    met = len(verdict.results) - len(held)
    lines = [_line(t, policy, case, result) for result in held]
    if met:
        lines.append(t.ngettext("{count} requirement met.", "{count} requirements met.", met).format(count=met))
    return tuple(lines)


def _line(t: Translator, policy: Policy, case: ChangeCase, result: Result) -> str:
    text = requirements.line(t, result, case.number, who.names(t, policy, result.who, case))
    if result.people:
        text += " " + common.stop(t.gettext("Concerned: {names}.").format(names=common.people(t, result.people)))
    return text


def verdict_head(t: Translator, request: LinkedRequest, verdict: Verdict) -> str:
    """`owner/name#7 at 4f2a91c: waiting for 1 of 9`."""
    held = sum(result.held for result in verdict.results)
    where = t.gettext("{request} at {commit}").format(request=requests.name(request), commit=verdict.head[:7])
    if verdict.environment:
        where = t.gettext("{request} to {environment}").format(
            request=requests.name(request), environment=common.one_line(verdict.environment, 60)
        )
    if verdict.emergency is not None:
        told = t.gettext("EMERGENCY, open for this commit alone, {held} of {all} skipped")
        return f"{where}: {told.format(held=held, all=verdict.asked)}."
    if not held:
        return f"{where}: {terms.name(t, verdict.status)}."
    told = t.gettext("{status}, {held} of {all} are open").format(
        status=terms.name(t, verdict.status), held=held, all=verdict.asked
    )
    return f"{where}: {told}."


OUTCOMES: Final[Mapping[DeploymentOutcome, str]] = {
    DeploymentOutcome.RUNNING: _("the deployment to {environment} is running"),
    DeploymentOutcome.SUCCEEDED: _("deployed to {environment}"),
    DeploymentOutcome.FAILED: _("the deployment to {environment} failed"),
    DeploymentOutcome.ROLLED_BACK: _("{environment} went back to an earlier commit"),
}


def outcome(t: Translator, found: DeploymentOutcome, environment: str) -> str:
    """How a deployment went."""
    return t.gettext(OUTCOMES[found]).format(environment=environment)


def asked(t: Translator, names: Sequence[str], *, fresh: bool) -> str:
    """Who was asked for an approval, just now or a short while ago."""
    if not names:
        return t.gettext("Nobody else holds a role that could approve it; see `policy check --people`.")
    text = t.gettext("Asked for the approval: {names}.") if fresh else t.gettext("Asked already: {names}.")
    return common.stop(text.format(names=common.people(t, names)))


def which_environment(t: Translator) -> str:
    """Above a choice of environments."""
    return t.gettext("Where to?")


def not_there(t: Translator, environment: str) -> str:
    """A request whose repository has no such environment."""
    return t.gettext("its repository has no {environment}.").format(environment=environment)


def successor_hint(t: Translator, number: str) -> str:
    """After a rollback."""
    return t.gettext(
        "When another change takes its place: `link {number} CHG-…`. An incident that this one was to fix waits for it."
    ).format(number=number)


def observed(t: Translator) -> str:
    """Under a verdict that only observes."""
    return t.gettext("This gate only observes so far; nothing is held.")


def no_request(t: Translator, number: str) -> str:
    """A change without a request."""
    return t.gettext(
        "No request yet. Put “Change: {number}” into the description of the pull or merge request."
    ).format(number=number)


def unjudged(t: Translator, request: LinkedRequest) -> str:
    """A request without a verdict yet."""
    return t.gettext("{request}: not judged yet.").format(request=requests.name(request))


def missing_answers(t: Translator, case: ChangeCase) -> str:
    """Which questions of the plan are open; empty when none is."""
    held = {
        Answer.DESCRIPTION: case.description,
        Answer.AFFECTED: case.affected,
        Answer.SECURITY: case.security,
        Answer.FACTORS: case.factors if case.factors is None else "given",
    }
    missing = [t.gettext(requirements.ANSWERS[answer]) for answer, value in held.items() if not value]
    if not missing:
        return ""
    return t.gettext("The plan still lacks: {names}.").format(names=", ".join(missing))


def listed(t: Translator, cases: Sequence[ChangeCase]) -> str:
    """Above a list."""
    count = len(cases)
    return t.ngettext("{count} open change:", "{count} open changes:", count).format(count=count)


def link_in_request(t: Translator, number: str) -> str:
    """How a request is tied to a change: on the code host."""
    return t.gettext(
        "A request is linked on the code host: put “Change: {number}” into its description. "
        "An incident is linked here: `link INC-2026-0042`."
    ).format(number=number)
