"""The work of `wachbuch chat`."""

import sys

from bot.chat.directory import PolicyDirectory
from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.moment import real_moment
from bot.parts import Core
from bot.services import make_service
from bot.signin.address import console_address
from bot.terminal import run_once, run_terminal


def run(line: str) -> Exit:
    """A conversation, or one line of it."""
    texts = cli_texts()
    opened = configuration(texts)
    moment = real_moment()
    with database(opened) as store:
        actor = terminal_actor(opened, store)
        service = make_service(store, opened.policy, moment)
        core = Core(store, opened.policy, moment, service, console=console_address(opened.settings))
        chat = core.chat(PolicyDirectory(opened.policy.policy))
        if line:
            run_once(chat, actor, line, sys.stdin, sys.stdout, texts.language)
        else:
            run_terminal(chat, actor, sys.stdin, sys.stdout, texts.language)
    return Exit.OK
