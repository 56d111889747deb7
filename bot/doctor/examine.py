"""All checks, each with a time-out: whatever hangs is told as hanging, and holds up nothing else."""

import threading
from collections.abc import Sequence
from typing import Final

from bot.doctor import outside, paging, stored, surroundings
from bot.doctor.console import console
from bot.doctor.result import Check, Group, Level, Patient, Result

PATIENCE_SECONDS: Final = 20.0

CHECKS: Final[Sequence[tuple[Group, Check]]] = (
    (Group.PROGRAM, surroundings.program),
    (Group.SETTINGS, surroundings.settings),
    (Group.POLICY, surroundings.policy),
    (Group.DATA, surroundings.data),
    (Group.DATA, stored.database),
    (Group.SERVICE, outside.service),
    (Group.SERVICE, outside.certificate),
    (Group.SERVICE, console),
    (Group.SERVICE, paging.pager),
    (Group.SLACK, outside.slack),
    (Group.FORGES, outside.forges),
)


def examine(patient: Patient, patience: float = PATIENCE_SECONDS) -> list[Result]:
    """Everything that was found, group by group. The checks run side by side."""
    running = [(group, _Look(patient, check)) for group, check in CHECKS]
    for _, look in running:
        look.thread.start()
    found: list[Result] = []
    for group, look in running:
        found += look.results(group, patience)
    order = list(Group)
    return sorted(found, key=lambda one: order.index(one.group))


class _Look:
    """One check in a thread of its own, which the end of the process does not wait for."""

    def __init__(self, patient: Patient, check: Check) -> None:
        self._patient = patient
        self._check = check
        self._found: list[Result] | None = None
        self._error = ""
        self.thread = threading.Thread(target=self._run, daemon=True)

    def results(self, group: Group, patience: float) -> list[Result]:
        """What it found, in time."""
        self.thread.join(patience)
        if self._found is not None:
            return self._found
        t, name = self._patient.texts, self._check.__name__
        if self.thread.is_alive():
            what, then = t.gettext("{check}: no answer in time"), t.gettext("Look at network and load, then try again.")
            return [Result(group, f"{name}.time", Level.WARNING, what.format(check=name), "", then)]
        what, then = t.gettext("{check}: could not be looked at"), t.gettext("Please report this.")
        return [Result(group, f"{name}.failed", Level.WARNING, what.format(check=name), self._error, then)]

    def _run(self) -> None:
        try:
            self._found = list(self._check(self._patient))
        except Exception as error:  # noqa: BLE001 told as a result: it must not hide what the other checks found
            self._error = type(error).__name__
