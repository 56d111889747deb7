"""The work of `wachbuch token`."""

import secrets
import sys

from bot.commands.exits import Exit
from bot.commands.identity import TOKENS, terminal_actor, token_hash
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import fail
from bot.moment import real_moment
from bot.services import make_service
from config.policy.ids import Role
from workflows.logbook import TokenCreated, TokenRevoked

PREFIX = "wbk_"


def run_create(person: str) -> None:
    """Print a new token for oneself, or as admin for somebody else."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    policy = opened.policy.policy
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        own = actor.person.id if actor.person else ""
        wanted = person or own
        if policy.person_by(id=wanted) is None:
            fail(_("“{person}” is not in the policy.").format(person=wanted),
                 _("Tokens are for people of the policy, under “people” there."), code=Exit.USAGE)  # fmt: skip
        if wanted != own and not actor.has(Role.ADMIN):
            fail(_("Only an admin can make a token for somebody else."), code=Exit.FINDING)
        token = PREFIX + secrets.token_urlsafe(32)
        moment = real_moment()
        service = make_service(store, opened.policy, moment)
        with store.transaction() as uow:
            uow.links.put(TOKENS, token_hash(token), wanted)
            service.log(uow, TokenCreated(person=wanted, own=wanted == own), actor, moment.now())
    sys.stdout.write(token + "\n")


def run_revoke() -> Exit:
    """Forget the token that comes on standard input."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    mark = token_hash(sys.stdin.readline().strip())
    moment = real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        service = make_service(store, opened.policy, moment)
        with store.transaction() as uow:
            person = uow.links.get(TOKENS, mark)
            if person is None:
                fail(_("This token is not known."), code=Exit.FINDING)
            uow.links.remove(TOKENS, mark)
            service.log(uow, TokenRevoked(person=person), actor, moment.now())
    sys.stdout.write(_("The token is revoked.") + "\n")
    return Exit.OK
