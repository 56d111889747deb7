"""The gate for pipelines put together."""

from bot.credentials import PipelineToken, Presented, note_use, present
from bot.forge.gate_desk import GateDesk
from bot.parts import Core
from bot.startup import decides_by
from bot.web.bearer import Counter, Guard
from bot.web.gate_api import GateApi
from config.i18n import translator


def gate_api(core: Core) -> GateApi:
    """The endpoints over this service."""
    now = core.moment.now

    def look_up(shown: str) -> Presented:
        with core.store.reading() as reads:
            return present(reads.links, shown, now())

    def used(token: PipelineToken) -> None:
        note_use(core.store, token, now())

    desk = GateDesk(core.service, translator, lambda links: decides_by(links, core.policy))
    return GateApi(Guard(look_up, used, Counter(now)), desk)
