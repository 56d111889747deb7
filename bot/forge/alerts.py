"""Warnings of the forges and of Alertmanager become reports, or lines in one, each telling exactly once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.chat.texts import alerts as texts
from bot.forge.marks import names
from bot.jobs.port import Job
from config.i18n import Translator
from config.policy.models import AlertRule
from workflows.access import is_stricter
from workflows.actors import Actor
from workflows.change.seen import Forge
from workflows.incident.alerts import Alert, AlertState, Known, Step, follows
from workflows.incident.commands import LinkChange, MarkUrgent, Note, Report
from workflows.incident.others import may_know
from workflows.incident.state import IncidentCase
from workflows.incident.terms import ReportWay
from workflows.outcome import Accepted, Refused
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import CaseRow, InboxId, InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ALERT: Final = "forge.alert"
"""Job: take in the warnings that a delivery tells of."""
AT_ONCE: Final = 50
"""So many warnings of a delivery in one transaction: of a thousand nobody else could write for half a minute."""
FIRST: Final = "first"
"""In the payload: which warning of the delivery comes first; none: the first of all."""
KNOWN: Final = "alert"
"""Link scope: key of a warning → where it stood last, and its case."""
STREAM: Final = "alert.stream"
"""Link scope: kind and repository → the report that the last one of its kind is in."""
OPENED: Final = "alert.opened"
"""Link scope: sender → the last report that its warnings opened, and when they opened the last few."""


class Stream(BaseModel):
    """The report that warnings of one kind in one repository went into last, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    case: str
    at: AwareDatetime


class Opened(BaseModel):
    """The reports that warnings of one sender opened a short time ago, and the last of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    case: str
    at: tuple[AwareDatetime, ...]


@dataclass(frozen=True, slots=True)
class Homes:
    """Open cases that a warning may go into; empty where there is none.

    `own`: the one that it is in. `alike`: that of the last of its kind. `crowd`: the last report of a sender that
    opened as many as the policy lets it.
    """

    own: str = ""
    alike: str = ""
    crowd: str = ""

    @property
    def joined(self) -> str:
        """Where it goes on, without being a report of its own."""
        return self.own or self.alike or self.crowd


def alert_job(row: InboxRow, alert: Alert, first: int = 0) -> JobDraft:
    """One after the other for each kind and repository, so that two at once open one report."""
    key, mark = f"{ALERT}:{alert.stream}", f"{ALERT}:{row.id}"
    if not first:
        return JobDraft(ALERT, key, mark, {"inbox": row.id})
    return JobDraft(ALERT, key, f"{mark}:{first}", {"inbox": row.id, FIRST: first})


@dataclass(frozen=True, slots=True)
class Alerts:
    """The handler of `forge.alert`. `readers` by source: the warnings in a delivery."""

    service: Service
    texts: Translator
    readers: Mapping[str, Callable[[InboxRow], tuple[Alert, ...]]]

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Open a report, add to one, or do nothing, in one transaction with the end of the job; the rest follows."""
        row = uow.inbox.get(InboxId(job.number("inbox")))
        reader = self.readers.get(row.source) if row else None
        told = reader(row) if row and row.body is not None and reader else ()
        first = job.number(FIRST) if FIRST in job.payload else 0
        for alert in told[first : first + AT_ONCE]:
            self.take(uow, replace(alert, repository=_name(uow, alert)))
        if row is not None and len(told) > first + AT_ONCE:
            uow.jobs.enqueue(alert_job(row, told[0], first + AT_ONCE))

    def take(self, uow: UnitOfWork, alert: Alert) -> None:
        """Do what follows from a telling, and keep where the warning stands."""
        kept = uow.links.get(KNOWN, alert.key)
        known = Known.model_validate_json(kept) if kept else None
        rule = self.service.policy.alerts.rule(alert.kind, alert.level, alert.repository)
        homes = self._homes(uow, alert, rule, known)
        wanted, beside = rule is not None, bool(homes.alike or homes.crowd)
        step = follows(alert, known, wanted=wanted, case_open=bool(homes.own), stream_open=beside)
        if known is not None and not known.is_news(alert):
            return
        case = self._do(uow, step, alert, rule, known, homes)
        if rule is not None or known is not None:
            home = case or (known.case if known else "")
            stands = Known(case=home, state=alert.state, at=alert.at, level=alert.level)
            uow.links.put(KNOWN, alert.key, stands.model_dump_json())
        log.info("forge_alert", forge=alert.source, kind=alert.kind, level=alert.level, step=step)

    def _homes(self, uow: UnitOfWork, alert: Alert, rule: AlertRule | None, known: Known | None) -> Homes:
        """Where it may go. Not where more people read than its rule says: then it is a report of its own."""
        own = _goes_on(uow, known.case) if known else None
        if rule is None:
            return Homes(own=own.number if own else "")
        stream, opened = uow.links.get(STREAM, alert.stream), self._opened(uow, alert)
        last = Stream.model_validate_json(stream) if stream else None
        crowded = opened is not None and len(opened.at) >= self.service.policy.alerts.most_reports
        alike = _goes_on(uow, last.case) if last and self._is_recent(last.at) else None
        crowd = _goes_on(uow, opened.case) if opened and crowded else None
        numbers = (case.number if case and not is_stricter(rule.visibility, case.visibility) else ""
                   for case in (alike, crowd))  # fmt: skip
        return Homes(own.number if own else "", *numbers)

    def _opened(self, uow: UnitOfWork, alert: Alert) -> Opened | None:
        """The reports of this sender that are no longer ago than the policy says."""
        kept = uow.links.get(OPENED, alert.source.value)
        opened = Opened.model_validate_json(kept) if kept else None
        return opened and opened.model_copy(update={"at": tuple(filter(self._is_recent, opened.at))})

    def _is_recent(self, moment: datetime) -> bool:
        return self.service.moment.now() - moment <= timedelta(minutes=self.service.policy.alerts.join_minutes)

    def _do(
        self, uow: UnitOfWork, step: Step, alert: Alert, rule: AlertRule | None, known: Known | None, homes: Homes
    ) -> str:
        """The number of the case that the warning is in now; empty: it stays where it is, or goes into none."""
        match step:
            case Step.NOTHING:
                return ""
            case Step.JOIN:
                self._note(uow, homes.joined, alert, elsewhere=not homes.own and not homes.alike)
                self._hurry(uow, homes.joined, alert, rule)
                if homes.own:
                    return ""
                # A report that it only joins for want of room is not where the next of its kind belongs.
                if homes.alike:
                    self._remember(uow, alert, homes.alike)
                return homes.joined
            case Step.REPORT | Step.REPORT_AGAIN:
                number = self._report(uow, alert, rule)
                if step is Step.REPORT_AGAIN and known is not None and number:
                    self._name_earlier(uow, alert, number, known.case)
                return number

    def _name_earlier(self, uow: UnitOfWork, alert: Alert, number: str, earlier: str) -> None:
        """Tie it to the report that it was in before, unless that one became confidential."""
        new, old = _incident(uow.load_case(number)), _incident(uow.load_case(earlier))
        if new is not None and old is not None and may_know(new, of=old):
            self.service.handle_in(uow, LinkChange(case=number, number=earlier), self._forge(alert))

    def _report(self, uow: UnitOfWork, alert: Alert, rule: AlertRule | None) -> str:
        if rule is None:
            return ""
        command = Report(
            what=texts.report(self.texts, alert), title=texts.title(self.texts, alert), affected=alert.repository,
            detected=self._when(alert), visibility=rule.visibility, urgent=rule.urgent,
            way=ReportWay.SYSTEM,
        )  # fmt: skip
        outcome = self.service.handle_in(uow, command, self._forge(alert))
        if not isinstance(outcome, Accepted):
            log.error("alert_not_reported", forge=alert.source, reasons=[one.code for one in outcome.reasons])
            return ""
        self._remember(uow, alert, outcome.case.number)
        before = self._opened(uow, alert)
        opened = Opened(case=outcome.case.number, at=(*(before.at if before else ()), self.service.moment.now()))
        uow.links.put(OPENED, alert.source.value, opened.model_dump_json())
        return outcome.case.number

    def _note(self, uow: UnitOfWork, number: str, alert: Alert, *, elsewhere: bool) -> None:
        """A line on the timeline. `elsewhere`: of something else than the report is about, so it says of what."""
        text = texts.found(self.texts, alert) if elsewhere else texts.joined(self.texts, alert)
        note = Note(case=number, text=text, occurred=self._when(alert))
        outcome = self.service.handle_in(uow, note, self._forge(alert))
        if isinstance(outcome, Refused):
            log.error("alert_not_noted", forge=alert.source, reasons=[one.code for one in outcome.reasons])

    def _hurry(self, uow: UnitOfWork, number: str, alert: Alert, rule: AlertRule | None) -> None:
        """What its rule does not let wait gives the report that it joined a channel, too."""
        if rule is None or not rule.urgent or alert.state is not AlertState.OPEN:
            return
        case = _incident(uow.load_case(number))
        if case is not None and not case.wants_channel:
            self.service.handle_in(uow, MarkUrgent(case=number), self._forge(alert))

    def _remember(self, uow: UnitOfWork, alert: Alert, number: str) -> None:
        stream = Stream(case=number, at=self.service.moment.now())
        uow.links.put(STREAM, alert.stream, stream.model_dump_json())

    def _when(self, alert: Alert) -> AwareDatetime:
        return min(alert.at, self.service.moment.now())

    def _forge(self, alert: Alert) -> Actor:
        """Nobody reported it: the forge did."""
        return Actor(None, frozenset(), alert.source)


def _goes_on(uow: UnitOfWork, number: str) -> IncidentCase | None:
    """The open case in which this one goes on: itself, or the original of a duplicate; None where there is none.

    Of a confidential duplicate nothing is told where more people read.
    """
    case = _incident(uow.load_case(number) if number else None)
    seen: set[UUID] = set()
    while case is not None and case.merged_into is not None and case.id not in seen:
        seen.add(case.id)
        original = _incident(uow.load_case_by_id(case.merged_into))
        case = original if original is not None and may_know(original, of=case) else None
    return case if case is not None and case.state.is_open else None


def _incident(row: CaseRow | None) -> IncidentCase | None:
    case = read_case(row) if row else None
    return case if isinstance(case, IncidentCase) else None


def _name(uow: UnitOfWork, alert: Alert) -> str:
    """The repository's name as it was last told: what a warning itself says of it can be an address."""
    if alert.source.value not in set(Forge):
        return alert.repository
    known = uow.links.keys_of(names(Forge(alert.source.value)), alert.repository_id)
    return known[-1] if known and alert.repository not in known else alert.repository
