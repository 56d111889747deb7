"""How the emergencies, findings and reviews of a change stand, one line each."""

from collections.abc import Iterator
from datetime import datetime

from bot.chat.texts import common, requirements
from bot.chat.texts.telling import Telling
from workflows.change.emergency import Emergency
from workflows.events import plain


def lines(x: Telling, now: datetime) -> tuple[str, ...]:
    """Everything that is open, the most pressing first."""
    return (*_emergencies(x, now), *_findings(x), *_due(x, now))


def _emergencies(x: Telling, now: datetime) -> Iterator[str]:
    for item in x.case.emergencies:
        if item.waits(now) or item.counts(now):
            yield _emergency(x, item, now)


def _emergency(x: Telling, item: Emergency, now: datetime) -> str:
    text = x.t.gettext("EMERGENCY: {commit} waits for a second person until {due}. Asked for by {who}: {reason}")
    if item.counts(now):
        text = x.t.gettext(
            "EMERGENCY: {commit} is let through. A second person is missing until {due}. {who}: {reason}"
        )
    if item.second is not None:
        text = x.t.gettext("EMERGENCY: {commit} is let through by {who} and {second}: {reason}")
    return text.format(
        commit=item.head[:7],
        due=x.t.datetime(item.second_due, x.zone),
        who=x.who(item.by),
        second=x.who(item.second),
        reason=common.one_line(plain(item.reason)),
    )


def _findings(x: Telling) -> Iterator[str]:
    for item in x.case.open_findings:
        told = x.t.gettext(requirements.FINDINGS[item.found])
        place = plain(item.environment) if item.environment else ""
        named = requirements.label(x.t, item.requirement) if item.requirement else common.one_line(place, 60)
        who = x.who(item.by) if item.by else ""
        details = ", ".join(part for part in (named, (item.commit or "")[:7], who) if part)
        text = x.t.gettext("Finding: {what} ({details})") if details else x.t.gettext("Finding: {what}")
        yield text.format(what=told, details=details)


def _due(x: Telling, now: datetime) -> Iterator[str]:
    for item in x.case.open_owed:
        name = requirements.label(x.t, item.requirement)
        if item.environment:
            name += f" ({common.one_line(plain(item.environment), 60)})"
        yield x.t.gettext("Due: {name}").format(name=name)
    review = x.case.review
    if review is not None:
        text = x.t.gettext("Retrospective review due by {due}.")
        if review.due <= now:
            text = x.t.gettext("Retrospective review late since {due}.")
        yield text.format(due=x.t.datetime(review.due, x.zone))
