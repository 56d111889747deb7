"""Getting a case out at the terminal: what leaves is recorded first, and written whole or not at all (A.5.33)."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TextIO

from bot.chat.texts.refusal import Explaining, line
from bot.commands.exits import Exit
from bot.commands.opening import Opened
from bot.commands.show import fail
from bot.moment import real_moment
from bot.services import make_service
from workflows.actors import Actor
from workflows.change.commands import ExportChange
from workflows.commands import Command
from workflows.errors import NotFound
from workflows.exported import ExportForm
from workflows.incident.export_commands import ExportCase
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted
from workflows.store.store import Store
from workflows.workflow import Case


def nothing(opened: Opened, number: str) -> NoReturn:
    """Absent and not visible end alike."""
    fail(opened.texts.gettext("I cannot show anything on {case}.").format(case=number), code=Exit.FINDING)


def record(opened: Opened, store: Store, viewer: Actor, case: Case, form: ExportForm, purpose: str) -> Case:
    """Put on record who gets what out of the case; the case since. Ends the command when it is refused."""
    kind = ExportCase if isinstance(case, IncidentCase) else ExportChange
    command: Command = kind(case=case.number, form=form, purpose=purpose)
    service = make_service(store, opened.policy, real_moment())
    try:
        outcome = service.handle(command, viewer)
    except NotFound:
        nothing(opened, case.number)
    if not isinstance(outcome, Accepted):
        own = frozenset(role.value for role in viewer.roles)
        x = Explaining(opened.texts, service.policy, outcome.case, service.moment.now(), own)
        fail("\n".join(line(x, one) for one in outcome.reasons), code=Exit.FINDING)
    return outcome.case


@contextmanager
def written(opened: Opened, output: Path | None) -> Iterator[TextIO]:
    """Where a text goes: standard output, or a file that its owner alone can read and that is there once it is whole.

    Opened before anything is recorded: what could not be written is not on record as given out.
    """
    if output is None:
        yield sys.stdout
        return
    partial = output.parent / f"{output.name}.part"
    try:
        if output.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            yield file
        partial.replace(output)
    except OSError as error:
        text = opened.texts.gettext("{file} cannot be written.")
        fail(text.format(file=output), error.strerror or "")
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
