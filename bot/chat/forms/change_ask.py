"""The forms about changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.chat.forms.questions import Questions
from bot.chat.reply import Field, Form, Option
from bot.chat.texts import requests, requirements
from config.policy.ids import ChangeKind, Requirement, Risk
from workflows.change.codes import RiskFactor, Settlement, WaiverScope
from workflows.change.state import ChangeCase

NONE_OF_THEM: Final = "none"
"""The answer "none of them" to the questions about the risk, which is not the same as no answer."""


def plan(q: Questions) -> Form:
    """A new change (A.8.32). Only the title is needed to open it."""
    return q.form("change.plan", _asked(q))


def amend(q: Questions, case: ChangeCase) -> Form:
    """The answers of a plan, with what is known."""
    q = _with(q, known(case))
    return q.form("change.amend", _asked(q), case=case.number)


def _asked(q: Questions) -> tuple[Field, ...]:
    none = Option(NONE_OF_THEM, q.t.gettext("none of them"))
    return (
        q.line("title", required=True),
        q.text("change_description"),
        q.line("change_affected"),
        q.text("security"),
        q.text("rollback"),
        q.choices("factors", RiskFactor, (none,)),
        q.choice("change_kind", (ChangeKind.NORMAL, ChangeKind.STANDARD)),
        q.person("change_owner"),
    )


def known(case: ChangeCase) -> Mapping[str, str]:
    """The plan on record, by field; only what is known."""
    texts = {
        "title": case.title,
        "change_description": case.description,
        "change_affected": ", ".join(case.affected) if isinstance(case.affected, tuple) else "",
        "security": case.security,
        "rollback": case.rollback,
    }
    found = {key: value for key, value in texts.items() if isinstance(value, str)}
    if case.factors is not None:
        found["factors"] = " ".join(case.factors) or NONE_OF_THEM
    return {**found, "change_kind": case.kind.value}


def objection(q: Questions, case: ChangeCase) -> Form:
    """Object to the plan."""
    return q.form("change.object", (q.text("reason", required=True),), case=case.number)


def risk(q: Questions, case: ChangeCase) -> Form:
    """Set the risk."""
    q = _with(q, {"risk": case.risk.value if case.risk else ""})
    asked = (q.choice("risk", Risk, required=True), q.text("reason", required=True))
    return q.form("change.risk", asked, case=case.number)


def deploy(q: Questions, case: ChangeCase) -> Form:
    """Approve the deployment to one of the environments."""
    listed = environments(q, case)
    q = _with(q, {"environment": listed[-1] if listed else ""})
    field = q.named("environment", listed, required=True) if listed else q.line("environment", required=True)
    return q.form("change.deploy", (field,), case=case.number)


def environments(q: Questions, case: ChangeCase) -> tuple[str, ...]:
    """The environments of the change's repositories, in their order."""
    found: dict[str, None] = {}
    for request in case.requests:
        entry = q.policy.change.repository(request.repository) if isinstance(request.repository, str) else None
        found |= dict.fromkeys(entry.environments if entry else ())
    return tuple(found)


def rollback(q: Questions, case: ChangeCase) -> Form:
    """Record that an environment went back."""
    listed = environments(q, case)
    q = _with(q, {"environment": listed[-1] if listed else ""})
    field = q.named("environment", listed, required=True) if listed else q.line("environment", required=True)
    return q.form("change.rollback", (field, q.text("reason", required=True)), case=case.number)


def deployed(q: Questions, case: ChangeCase) -> Form:
    """Record a deployment by hand."""
    listed = environments(q, case)
    field = q.named("environment", listed, required=True) if listed else q.line("environment", required=True)
    return q.form("change.deployed", (field, q.yes_no("failed")), case=case.number)


def waive(q: Questions, case: ChangeCase) -> Form:
    """Ask for a waiver."""
    options = [Option(one.value, requirements.label(q.t, one)) for one in Requirement]
    q = _with(q, {"scope": WaiverScope.CHANGE.value})
    requirement = replace(q.choice("requirement", (), required=True), options=tuple(options))
    asked = (
        requirement,
        q.choice("scope", WaiverScope, required=True),
        q.text("reason", required=True),
        q.text("measure", required=True),
        q.person("waiver_owner", required=True),
        q.day("expires", required=True),
    )
    return q.form("change.waive", asked, case=case.number)


def cancel(q: Questions, case: ChangeCase) -> Form:
    """Give the change up."""
    return q.form("change.cancel", (q.text("reason", required=True),), case=case.number)


def link(q: Questions, case: ChangeCase) -> Form:
    """Tie an incident to the change."""
    return q.form("change.link", (q.line("linked", required=True),), case=case.number)


def emergency(q: Questions, case: ChangeCase) -> Form:
    """Let a commit through as an emergency."""
    several = len(case.requests) > 1
    options = tuple(Option(str(one.ref), requests.name(one)) for one in case.requests)
    asked = (
        q.text("reason", required=True),
        q.line("incident"),
        *((replace(q.choice("request", (), required=True), options=options),) if several else ()),
    )
    return q.form("change.emergency", asked, case=case.number)


def emergency_end(q: Questions, case: ChangeCase) -> Form:
    """Let it no longer through."""
    return q.form("change.emergency_end", (q.text("reason", required=True),), case=case.number)


def review(q: Questions, case: ChangeCase) -> Form:
    """The retrospective review (A.5.27)."""
    asked = (
        q.text("account", required=True),
        q.yes_no("justified", required=True),
        q.text("prevention", required=True),
        q.text("follow_up"),
    )
    return q.form("change.review", asked, case=case.number)


def settle(q: Questions, case: ChangeCase) -> Form:
    """Settle a requirement that was skipped."""
    due = dict.fromkeys(item.requirement for item in case.open_owed) or dict.fromkeys(Requirement)
    options = tuple(Option(one.value, requirements.label(q.t, one)) for one in due)
    q = _with(q, {"requirement": options[0].value})
    asked = (
        replace(q.choice("requirement", (), required=True), options=options),
        q.choice("settlement", Settlement, required=True),
        q.text("settle_note", required=True),
    )
    return q.form("change.settle", asked, case=case.number)


def _with(q: Questions, offered: Mapping[str, str]) -> Questions:
    given = {key: value for key, value in q.values.items() if value}
    return replace(q, values={**offered, **given})


ASK: Final[Mapping[str, Callable[[Questions, ChangeCase], Form]]] = {
    "change.amend": amend,
    "change.object": objection,
    "change.risk": risk,
    "change.deploy": deploy,
    "change.deployed": deployed,
    "change.rollback": rollback,
    "change.waive": waive,
    "change.cancel": cancel,
    "change.link": link,
    "change.emergency": emergency,
    "change.emergency_end": emergency_end,
    "change.review": review,
    "change.settle": settle,
}
"""Form id to the function that builds it."""
