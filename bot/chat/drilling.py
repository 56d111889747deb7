"""`drill`: a scenario of the policy by its name, a choice of them, or a drill of one's own."""

import difflib

from bot.chat.forms.life_ask import PAGE
from bot.chat.forms.report_options import split_options
from bot.chat.parser import Intent
from bot.chat.reply import Button, Reply, say
from bot.chat.room import Room
from bot.chat.texts import drills
from bot.chat.verbs import fold
from workflows.incident.drill_commands import StartDrill


def scenario(room: Room, intent: Intent) -> StartDrill | None:
    """The drill that is meant by the id or the title of a scenario; None for anything else."""
    options = split_options(intent.rest)
    wanted = fold(options.what)
    for name, known in room.policy.drills.scenarios.items():
        if wanted in {fold(name), fold(known.title), fold(known.title_de or known.title)}:
            return StartDrill(scenario=name, page=PAGE in options.marks)
    return None


def is_mistyped(room: Room, intent: Intent) -> bool:
    """Whether one word comes close to a scenario: a drill named after a typing error is not what was meant."""
    word = fold(split_options(intent.rest).what)
    known = [fold(name) for name in room.policy.drills.scenarios]
    return " " not in word and bool(difflib.get_close_matches(word, known, n=1, cutoff=0.8))


def choice(room: Room) -> Reply:
    """Which of the scenarios, or another one."""
    language = room.t.language
    listed = [
        Button("incident.drill", known.titled(language), name) for name, known in room.policy.drills.scenarios.items()
    ]
    return say(drills.which(room.t), buttons=(*listed, Button("incident.report", drills.own(room.t), "--drill")))
