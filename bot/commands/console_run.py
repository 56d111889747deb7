"""The work of `wachbuch console`."""

from bot.chat.port import Reach, Speaker
from bot.chat.texts import entering
from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from bot.signin.address import console_address
from bot.signin.door import SignIn
from bot.signin.kept import forget_over, forget_person
from bot.standing import ids_of
from config.policy.ids import Role
from workflows.leavers import today
from workflows.logbook import ConsoleSignedOut, SessionEnd
from workflows.store.store import Store


def run_login(*, as_json: bool) -> Exit:
    """Print a one-time link for whoever sits here."""
    opened = configuration(cli_texts())
    t, moment = opened.texts, real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        _expect_service(opened, store)
        door = SignIn(make_service(store, opened.policy, moment), console_address(opened.settings))
        made = door.link(Speaker(actor, t.language))
    if made.reach is Reach.NOWHERE:
        fail(entering.no_address(t), then=t.gettext("See docs/settings.md."))
    if not made.url or made.expires is None or actor.person is None:
        fail(entering.not_let_in(t), code=Exit.FINDING)
    name, left = actor.person.name, made.expires - moment.now()
    told = [made.url, entering.about(t, name, left), *([entering.here_only(t)] if made.reach is Reach.HERE else [])]
    data = {"url": made.url, "expires": made.expires.isoformat(), "person": actor.person.id, "reach": made.reach.value}
    Shown(as_json).result(data, told)
    return Exit.OK


def run_logout(person: str, *, as_json: bool) -> Exit:
    """End the sessions of whoever sits here, or as admin those of somebody else."""
    opened = configuration(cli_texts())
    t, moment = opened.texts, real_moment()
    with database(opened) as store:
        service, actor = make_service(store, opened.policy, moment), terminal_actor(opened, store)
        own = actor.person.id if actor.person else ""
        wanted = person or own
        if wanted != own and not actor.has(Role.ADMIN):
            fail(t.gettext("Only an admin can end the sessions of somebody else."), code=Exit.FINDING)
        with store.transaction() as uow:
            now = moment.now()
            forget_over(uow.links, now)
            ended = forget_person(uow.links, ids_of(today(opened.policy.policy, uow.links, now), wanted))
            if ended:
                event = ConsoleSignedOut(person=wanted, how=SessionEnd.ENDED, sessions=ended)
                service.log(uow, event, actor, now)
    told = t.ngettext("{count} session ended.", "{count} sessions ended.", ended).format(count=ended)
    Shown(as_json).result({"person": wanted, "ended": ended}, [told])
    return Exit.OK


def _expect_service(opened: Opened, store: Store) -> None:
    """A link that nothing answers would only puzzle."""
    t = opened.texts
    with store.reading() as reads:
        alive = reads.processes.alive(real_moment().now())
    if not alive:
        fail(
            t.gettext("No service runs on this database, so nobody would answer the link."),
            then=t.gettext("Start it with ./run (or wachbuch serve) and try again."),
        )
