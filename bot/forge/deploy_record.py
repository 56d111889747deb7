"""Recording a deployment that the forge does not tell of: what it brought there, and what it took away."""

from bot.forge.deploy_gate import DeployGate, Question
from workflows.actors import Actor
from workflows.change.commands import RecordDeployment, RecordRollback
from workflows.outcome import Outcome
from workflows.store.unit_of_work import UnitOfWork


def record(
    gate: DeployGate, uow: UnitOfWork, question: Question, actor: Actor, *, succeeded: bool
) -> tuple[tuple[str, Outcome], ...]:
    """The number of each change concerned, with the outcome. Nothing: no change covers the commit."""
    outcomes: list[tuple[str, Outcome]] = []
    left = gate.left(uow, question) if succeeded else ()
    for case, request in gate.brought(uow, question):
        deployed = RecordDeployment(
            case=case.number, environment=question.environment, succeeded=succeeded, commit=question.commit,
            request=request.ref,
        )  # fmt: skip
        outcomes.append((case.number, gate.service.handle_in(uow, deployed, actor)))
    for number in dict.fromkeys(case.number for case, _ in left):
        back = RecordRollback(case=number, environment=question.environment, reason=question.commit)
        outcomes.append((number, gate.service.handle_in(uow, back, actor)))
    return tuple(outcomes)
