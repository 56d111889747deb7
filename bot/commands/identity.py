"""Who sits at the terminal: a personal token (`WACHBUCH_API_TOKEN`), else the OS user as the policy maps it.

Two-person rules need two identities, so a shared account cannot be both.
"""

import os
import pwd
from hashlib import sha256
from typing import Final

from bot.commands.opening import Opened
from bot.commands.show import fail
from bot.moment import real_moment
from bot.standing import named, of_account
from config.policy.models import Policy
from workflows.actors import Actor, Source
from workflows.leavers import today
from workflows.store.store import Store

TOKENS: Final = "token"
"""Link scope: SHA-256 of a token → person id. The token itself is shown once and stored nowhere."""


def terminal_actor(opened: Opened, store: Store) -> Actor:
    """The person at this terminal, with their roles. Ends the command when the token is not known."""
    token = opened.settings.api_token
    if token is not None:
        return _by_token(opened, store, token.get_secret_value())
    user = os_user()
    policy = _today(opened, store)
    known = policy.person_by(os_user=user)
    return named(policy, known, Source.CLI) if known is not None else of_account(policy, user, Source.CLI)


def os_user() -> str:
    """The name of the account this process runs under, as the system knows it.

    Not what the environment says: whoever sets USER or LOGNAME would be anybody, and so their own second person.
    """
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid{number}"


def _today(opened: Opened, store: Store) -> Policy:
    """The policy with what user groups of Slack grant, and deputies of who is away."""
    with store.reading() as reads:
        return today(opened.policy.policy, reads.links, real_moment().now())


def person_actor(policy: Policy, person_id: str) -> Actor:
    """A person of the policy as actor. LookupError for one it does not name."""
    known = policy.person_by(id=person_id)
    if known is None:
        message = f"expected a person of the policy, found {person_id!r}"
        raise LookupError(message)
    return named(policy, known, Source.CLI)


def _by_token(opened: Opened, store: Store, token: str) -> Actor:
    _ = opened.texts.gettext
    with store.reading() as reads:
        person_id = reads.links.get(TOKENS, token_hash(token))
    if person_id is None:
        fail(_("This token is not known."), _("It was revoked, or belongs to another installation."),
             _("Make one with: wachbuch token create"))  # fmt: skip
    try:
        return person_actor(_today(opened, store), person_id)
    except LookupError:
        fail(_("The person of this token is no longer in the policy."), person_id)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()
