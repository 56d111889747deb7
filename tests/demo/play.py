"""The scenes in their order."""

import argparse
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from bot.commands.language import terminal_language
from config.i18n import Translator, translator
from config.texts import _
from tests.demo import change, evidence, incident
from tests.demo.screen import Machine, Picture, Screen, Terminal
from tests.demo.stage import Stage, kept_log, staged
from tests.demo.telling import Telling

Scene = Callable[[Stage, Telling], None]
SCENES: Final[Mapping[str, tuple[str, Scene]]] = {
    "report": (_("Somebody reports in Slack"), incident.report),
    "refused": (_("A phase is refused, with every reason"), incident.refused),
    "contained": (_("What was missing is filled in"), incident.contained),
    "walked": (_("All remaining phases in one form; but nobody closes what they led"), incident.walked),
    "closed": (_("A second person closes; each phase is recorded apart"), incident.closed),
    "planned": (_("A change is planned"), change.planned),
    "held": (_("A pull request, approved by whoever wrote it, is held"), change.held),
    "released": (_("Approved by somebody else, it is released"), change.released),
    "verified": (_("The ledger is verified"), evidence.verified),
    "altered": (_("A copy of the ledger is altered behind its back, and that is found"), evidence.altered),
    "ended": (_("The ledger itself is intact"), evidence.ended),
}
PICTURED: Final = ("refused", "walked", "closed", "held", "altered")
"""Steps that stand in the picture of the README."""
FAILED: Final = 1
INTERRUPTED: Final = 130


def main() -> int:
    """0 when everything was as it is shown, 1 when not, 130 when interrupted."""
    options = argparse.ArgumentParser(prog="wachbuch demo")
    options.add_argument("--json", action="store_true")
    options.add_argument("--picture", type=Path, help="write an SVG of the main steps, for the documentation")
    t = translator(terminal_language(os.environ))
    screen = _screen(options.parse_args())
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.default_int_handler)
    began = time.monotonic()
    try:
        _play(t, screen)
    except KeyboardInterrupt:
        screen.closing(t.gettext("Interrupted. Everything that was started has ended, nothing is left behind."))
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 whatever it is, a person reads what happened and where to look
        screen.done({"step": "failed", "ok": False, "error": f"{type(error).__name__}: {error}"})
        screen.closing(_failure(t, error))
        return FAILED
    screen.closing(_next(t, time.monotonic() - began))
    return 0


def _screen(chosen: argparse.Namespace) -> Screen:
    if chosen.picture is not None:
        names = list(SCENES)
        return Picture(chosen.picture, {names.index(name) + 1 for name in PICTURED})
    return Machine() if chosen.json else Terminal(Console())


def _play(t: Translator, screen: Screen) -> None:
    opening = t.gettext(
        "The real service, on a fresh database in a temporary folder; Slack and GitHub are played by processes on this"
        " machine. Nothing of yours is changed."
    )
    screen.opening(opening)
    with ExitStack() as stack:
        with screen.step(0, len(SCENES), t.gettext("Service, Slack and GitHub are started")):
            stage = stack.enter_context(staged(t))
        for number, (name, (title, scene)) in enumerate(SCENES.items(), 1):
            _show(stage, screen, number, name, t.gettext(title), scene)


def _show(stage: Stage, screen: Screen, number: int, name: str, title: str, scene: Scene) -> None:
    telling = Telling(screen.line)
    began = time.monotonic()
    with screen.step(number, len(SCENES), title):
        scene(stage, telling)
    screen.done(_record(name, number, title, telling, time.monotonic() - began))


def _record(name: str, number: int, title: str, telling: Telling, seconds: float) -> dict[str, Any]:
    return {
        "step": name,
        "number": number,
        "of": len(SCENES),
        "title": title,
        "ok": True,
        "seconds": round(seconds, 3),
        **telling.data,
        "lines": [line.as_dict() for line in telling.lines],
    }


def _failure(t: Translator, error: Exception) -> str:
    log = kept_log()
    lines = [t.gettext("The demonstration did not get to its end."), f"{type(error).__name__}: {error}"]
    if log.exists():
        lines.append(t.gettext("What the service said: {file}").format(file=log))
    return "\n".join(lines)


def _next(t: Translator, seconds: float) -> str:
    head = t.gettext("Done in {seconds} s. Everything that was started has ended, nothing is left behind.")
    return "\n".join(
        [
            head.format(seconds=round(seconds)),
            "",
            t.gettext("Where to go from here:"),
            "  ./run                  " + t.gettext("the service, with nothing configured too"),
            "  ./run chat             " + t.gettext("the same commands in this terminal"),
            "  README.md              " + t.gettext("connect Slack, GitHub and GitLab, ten minutes each"),
            "  docs/incidents.md      " + t.gettext("phases, criteria, second persons"),
            "  docs/changes.md        " + t.gettext("gates, verdicts, waivers"),
            "  docs/evidence.md       " + t.gettext("what the ledger proves, and what it does not"),
        ]
    )
