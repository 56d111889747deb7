"""Alertmanager put together: it calls us, and is never asked anything."""

from dataclasses import dataclass
from typing import Final

import structlog

from bot.forge.alerts import alert_job
from bot.web.webhooks import Sender
from config.settings import Settings
from integrations.alertmanager.webhook import parse, payload_of, verify
from integrations.parsing import Incomplete
from workflows.actors import Source
from workflows.incident.alerts import Alert
from workflows.store.rows import InboxRow
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ALERTMANAGER: Final = Source.ALERTMANAGER.value


@dataclass(frozen=True, slots=True)
class AlertmanagerIntake:
    """Understands its deliveries."""

    def __call__(self, uow: UnitOfWork, row: InboxRow) -> str:
        """Hand the alarms on. Those of one delivery are of one group, so one job takes them all."""
        found = self._read(row)
        if isinstance(found, Incomplete):
            log.info("delivery_incomplete", source=ALERTMANAGER, missing=found.missing)
            return "incomplete"
        if not found:
            return ""
        uow.jobs.enqueue(alert_job(row, found[0]))
        return "alert"

    def alerts(self, row: InboxRow) -> tuple[Alert, ...]:
        """The alarms that a delivery tells of."""
        found = self._read(row)
        return () if isinstance(found, Incomplete) else found

    def _read(self, row: InboxRow) -> tuple[Alert, ...] | Incomplete:
        return parse(payload_of(row.body or b"") or {}, row.received_at)


def alertmanager_sender(settings: Settings) -> Sender | None:
    """How its calls are known; None without a token. It names no delivery: the same body is the same delivery."""
    if settings.alertmanager_token is None:
        return None
    token = settings.alertmanager_token.get_secret_value()
    return Sender(
        source=ALERTMANAGER,
        kept=("content-type",),
        genuine=lambda headers, _body, _now: verify(headers, token),
        delivery=lambda _: ("", ""),
        payload=payload_of,
        proof="Authorization: Bearer, with the token of ALERTMANAGER_TOKEN",
    )
