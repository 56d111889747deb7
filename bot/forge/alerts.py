"""Warnings of the forges and of Alertmanager become reports, or lines in one, each telling exactly once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.chat.texts import alerts as texts
from bot.forge.marks import names
from bot.jobs.port import Job
from config.i18n import Translator
from config.policy.models import AlertRule
from workflows.actors import Actor
from workflows.change.seen import Forge
from workflows.incident.alerts import Alert, Known, Step, follows
from workflows.incident.commands import LinkChange, Note, Report
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
KNOWN: Final = "alert"
"""Link scope: key of a warning → where it stood last, and its case."""
STREAM: Final = "alert.stream"
"""Link scope: kind and repository → the report that the last one of its kind is in."""


class Stream(BaseModel):
    """The report that warnings of one kind in one repository went into last, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    case: str
    at: AwareDatetime


def alert_job(row: InboxRow, alert: Alert) -> JobDraft:
    """One after the other for each kind and repository, so that two at once open one report."""
    return JobDraft(ALERT, f"{ALERT}:{alert.stream}", f"{ALERT}:{row.id}", {"inbox": row.id})


@dataclass(frozen=True, slots=True)
class Alerts:
    """The handler of `forge.alert`. `readers` by source: the warnings in a delivery."""

    service: Service
    texts: Translator
    readers: Mapping[str, Callable[[InboxRow], tuple[Alert, ...]]]

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Open a report, add to one, or do nothing, in one transaction with the end of the job."""
        row = uow.inbox.get(InboxId(job.number("inbox")))
        reader = self.readers.get(row.source) if row else None
        for alert in reader(row) if row and row.body is not None and reader else ():
            self.take(uow, replace(alert, repository=_name(uow, alert)))

    def take(self, uow: UnitOfWork, alert: Alert) -> None:
        """Do what follows from a telling, and keep where the warning stands."""
        kept, stream = uow.links.get(KNOWN, alert.key), uow.links.get(STREAM, alert.stream)
        known = Known.model_validate_json(kept) if kept else None
        last = Stream.model_validate_json(stream) if stream else None
        policy, now = self.service.policy.alerts, self.service.moment.now()
        rule = policy.rule(alert.kind, alert.level, alert.repository)
        recent = last is not None and now - last.at <= timedelta(minutes=policy.join_minutes)
        own = _goes_on(uow, known.case) if known else ""
        joined = _goes_on(uow, last.case) if last and recent else ""
        step = follows(alert, known, wanted=rule is not None, case_open=bool(own), stream_open=bool(joined))
        if known is not None and not known.is_news(alert):
            return
        case = self._do(uow, step, alert, rule, known, own, joined)
        if rule is not None or known is not None:
            home = case or (known.case if known else "")
            stands = Known(case=home, state=alert.state, at=alert.at, level=alert.level)
            uow.links.put(KNOWN, alert.key, stands.model_dump_json())
        log.info("forge_alert", forge=alert.source, kind=alert.kind, level=alert.level, step=step)

    def _do(
        self, uow: UnitOfWork, step: Step, alert: Alert, rule: AlertRule | None, known: Known | None,
        own: str, joined: str,
    ) -> str:  # fmt: skip
        """The number of the case that the warning is in now; empty: it stays where it is, or goes into none.

        `own`, `joined`: where its case goes on, and that of the last of its kind.
        """
        match step:
            case Step.NOTHING:
                return ""
            case Step.JOIN:
                self._note(uow, own or joined, alert)
                if own:
                    return ""
                self._remember(uow, alert, joined)
                return joined
            case Step.REPORT | Step.REPORT_AGAIN:
                number = self._report(uow, alert, rule)
                if step is Step.REPORT_AGAIN and known is not None and number:
                    self.service.handle_in(uow, LinkChange(case=number, number=known.case), self._forge(alert))
                return number

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
        return outcome.case.number

    def _note(self, uow: UnitOfWork, number: str, alert: Alert) -> None:
        note = Note(case=number, text=texts.joined(self.texts, alert), occurred=self._when(alert))
        outcome = self.service.handle_in(uow, note, self._forge(alert))
        if isinstance(outcome, Refused):
            log.error("alert_not_noted", forge=alert.source, reasons=[one.code for one in outcome.reasons])

    def _remember(self, uow: UnitOfWork, alert: Alert, number: str) -> None:
        stream = Stream(case=number, at=self.service.moment.now())
        uow.links.put(STREAM, alert.stream, stream.model_dump_json())

    def _when(self, alert: Alert) -> AwareDatetime:
        return min(alert.at, self.service.moment.now())

    def _forge(self, alert: Alert) -> Actor:
        """Nobody reported it: the forge did."""
        return Actor(None, frozenset(), alert.source)


def _goes_on(uow: UnitOfWork, number: str) -> str:
    """The open case in which this one goes on: itself, or the original of a duplicate; empty where there is none.

    Of a confidential duplicate nothing is told where more people read.
    """
    case = _incident(uow.load_case(number) if number else None)
    seen: set[UUID] = set()
    while case is not None and case.merged_into is not None and case.id not in seen:
        seen.add(case.id)
        original = _incident(uow.load_case_by_id(case.merged_into))
        case = original if original is not None and may_know(original, of=case) else None
    return case.number if case is not None and case.state.is_open else ""


def _incident(row: CaseRow | None) -> IncidentCase | None:
    case = read_case(row) if row else None
    return case if isinstance(case, IncidentCase) else None


def _name(uow: UnitOfWork, alert: Alert) -> str:
    """The repository's name as it was last told: what a warning itself says of it can be an address."""
    if alert.source.value not in set(Forge):
        return alert.repository
    known = uow.links.keys_of(names(Forge(alert.source.value)), alert.repository_id)
    return known[-1] if known and alert.repository not in known else alert.repository
