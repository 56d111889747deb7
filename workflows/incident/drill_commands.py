"""Commands about drills by a scenario."""

from dataclasses import dataclass

from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDrill(Command):
    """Open a drill by a scenario of the policy (A.5.24). `page`: it calls who is on duty, too."""

    scenario: str
    page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellInject(Command):
    """What comes to light next; `no` from 0. Given by the machine at its time."""

    no: int
