"""The work of `wachbuch token`."""

import secrets
import sys
from datetime import datetime, timedelta

from bot import credentials
from bot.commands.exits import Exit
from bot.commands.identity import TOKENS, terminal_actor, token_hash
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from config.policy.ids import Role
from workflows.logbook import TokenCreated, TokenRevoked, TokenScope

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


def run_create_for_ci(name: str, scopes: tuple[str, ...], repositories: tuple[str, ...], days: int) -> None:
    """Print a new token for a pipeline. By an admin, the ISB or a deputy."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    known = [scope.value for scope in TokenScope]
    strange = [scope for scope in scopes if scope not in known]
    if strange:
        fail(_("“{scope}” is no scope.").format(scope=strange[0]), ", ".join(known), code=Exit.USAGE)
    moment = real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        if actor.person is None or not actor.has(Role.ADMIN, Role.ISB, Role.DEPUTY):
            who = actor.person.name if actor.person else ""
            fail(
                _("Only an admin, the ISB or a deputy can make a token for a pipeline."),
                _("At this terminal you are: {name}").format(name=who),
                _("People are known here by “os_user” in the policy, or by WACHBUCH_API_TOKEN."),
                Exit.FINDING,
            )
        service = make_service(store, opened.policy, moment)
        token, now = credentials.new_token(), moment.now()
        made = credentials.PipelineToken(
            name=name, scopes=tuple(TokenScope(scope) for scope in scopes) or (TokenScope.GATE_CHECK,),
            repositories=repositories, expires=now + timedelta(days=days), created_at=now,
            created_by=actor.person.id, digest=credentials.digest_of(token),
        )  # fmt: skip
        with store.transaction() as uow:
            credentials.store_token(uow, made)
            event = TokenCreated(person=f"ci:{name}", own=False, scopes=made.scopes, expires=made.expires)
            service.log(uow, event, actor, now)
    sys.stdout.write(token + "\n")


def run_list(*, as_json: bool) -> Exit:
    """What is known of the tokens of pipelines; the tokens themselves nobody knows."""
    opened = configuration(cli_texts())
    t = opened.texts
    with database(opened) as store, store.reading() as reads:
        found = credentials.tokens(reads.links)
    zone = opened.policy.policy.zone
    listed = [one.model_dump(mode="json", exclude={"digest"}) | {"last_used": used} for one, used in found]
    lines = [
        t.gettext("{name}: {scopes}, {repositories}, until {day}, last used {used}").format(
            name=one.name,
            scopes=" ".join(one.scopes),
            repositories=", ".join(one.repositories) or t.gettext("all repositories"),
            day=t.date(one.expires, zone),
            used=t.date(datetime.fromisoformat(used), zone) if used else t.gettext("never"),
        )
        for one, used in found
    ]
    Shown(as_json).result({"tokens": listed}, lines or [t.gettext("There are no tokens of pipelines.")])
    return Exit.OK


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
            pipeline = credentials.forget(uow, mark)
            if person is None and pipeline is None:
                fail(_("This token is not known."), code=Exit.FINDING)
            uow.links.remove(TOKENS, mark)
            person = person or f"ci:{pipeline.name if pipeline else ''}"
            service.log(uow, TokenRevoked(person=person), actor, moment.now())
    sys.stdout.write(_("The token is revoked.") + "\n")
    return Exit.OK
