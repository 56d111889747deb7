"""The work of `wachbuch gate`."""

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.forge.marks import names
from bot.moment import real_moment
from bot.services import make_service
from workflows.change.commands import EnforceGate, ObserveGate
from workflows.change.seen import Forge
from workflows.outcome import Refused


def run_mode(repository: str, reason: str, *, enforce: bool, as_json: bool) -> Exit:
    """Record from when on the gate of a repository holds, or only observes."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store:
        with store.reading() as reads:
            found = [(forge, reads.links.get(names(forge), repository)) for forge in Forge]
        forge, repository_id = next((one for one in found if one[1]), (Forge.GITHUB, None))
        if repository_id is None:
            fail(
                _("Nothing is known of {repository} yet.").format(repository=repository),
                _("Its first webhook has not arrived."),
                _("Check the webhook's recent deliveries in the repository's settings."),
                Exit.FINDING,
            )
        service = make_service(store, opened.policy, real_moment())
        actor = terminal_actor(opened, store)
        command = (
            EnforceGate(forge=forge, repository_id=repository_id, repository=repository, reason=reason or None)
            if enforce
            else ObserveGate(forge=forge, repository_id=repository_id, repository=repository, reason=reason)
        )
        outcome = service.handle(command, actor)
    if isinstance(outcome, Refused):
        who = ", ".join(sorted({who for one in outcome.reasons for who in one.who}))
        fail(_("Not recorded."), _("Your roles do not allow this. It can be done by: {who}").format(who=who),
             code=Exit.FINDING)  # fmt: skip
    receipts = [str(receipt) for receipt in outcome.receipts]
    text = _("The gate of {repository} holds from now on.") if enforce else _("The gate of {repository} only observes.")
    Shown(as_json).result(
        {"repository": repository, "mode": "enforce" if enforce else "observe", "receipts": receipts},
        [" ".join([text.format(repository=repository), *receipts])],
    )
    return Exit.OK
