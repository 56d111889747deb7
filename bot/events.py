"""Slack's events into the inbox: once per event id, and once per thing that happened."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.slack.events import IncomingEvent
from bot.web.inbox import Delivery, accept
from workflows.store.store import Store

HAPPENED: Final = "slack.event"
"""Link scope: business key → the event id under which it came first."""


def slack_acceptor(store: Store, now: Callable[[], datetime]) -> Callable[[IncomingEvent, Mapping[str, str]], bool]:
    """Stores an event; says whether it was new."""

    def store_event(event: IncomingEvent, headers: Mapping[str, str]) -> bool:
        delivery = Delivery("slack", "", event.delivery_id, headers, event.raw, now())
        with store.transaction() as uow:
            if event.business_key and not uow.links.add(HAPPENED, event.business_key, event.delivery_id):
                return False
            return accept(uow, delivery)

    return store_event
