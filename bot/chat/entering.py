"""`console`: a one-time link into the console, for the eyes of whoever asks."""

from collections.abc import Callable

from bot.chat.port import ConsoleLink, Reach, Speaker
from bot.chat.reply import Button, Reply, say
from bot.chat.room import Room
from bot.chat.texts import entering as texts
from workflows.actors import Source

LinkFor = Callable[[Speaker], ConsoleLink]
"""Makes a link for whoever speaks."""


def link(room: Room, link_for: LinkFor | None) -> Reply:
    """The link behind a button, and what to know about it; or why there is none.

    None from the console itself: whoever took over a session could go on for ever, past its end and a sign-out.
    """
    if room.actor.source is Source.CONSOLE:
        return say(texts.in_here(room.t))
    made = link_for(room.speaker) if link_for is not None else ConsoleLink(Reach.NOWHERE)
    if made.reach is Reach.NOWHERE:
        return say(texts.no_address(room.t))
    if not made.url or made.expires is None:
        return say(texts.not_let_in(room.t))
    name = room.actor.person.name if room.actor.person else ""
    here = texts.here_only(room.t) if made.reach is Reach.HERE else ""
    button = Button("incident.console", texts.open_it(room.t), url=made.url, primary=True)
    return say(texts.about(room.t, name, made.expires - room.now), here, buttons=(button,))
