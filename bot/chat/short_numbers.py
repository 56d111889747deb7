"""Which year a short number means: this one's case, else an open one of last year. In January most are of last year."""

from datetime import datetime

from bot.chat.parser import Years, full_number
from bot.chat.port import Queries
from config.policy.models import Policy
from workflows.actors import Actor
from workflows.workflow import ENDED


def years_for(actor: Actor, queries: Queries, policy: Policy, now: datetime) -> Years:
    """For the parser and for forms: what the asker may not see is as if it were not there."""
    this = now.astimezone(policy.zone).year

    def year_of(series: str, number: int) -> int:
        if queries.case(full_number(series, this, number), actor) is not None:
            return this
        last = queries.case(full_number(series, this - 1, number), actor)
        return this - 1 if last is not None and last.state not in ENDED else this

    return year_of
