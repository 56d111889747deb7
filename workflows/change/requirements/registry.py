"""Every requirement with the function that judges it. A requirement without one cannot be asked for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from config.policy.ids import Requirement
from workflows.change.requirements.checks import checks_green, security_tests
from workflows.change.requirements.deploy import deploy_approved, environments_order
from workflows.change.requirements.dev import change_linked, request_open
from workflows.change.requirements.inputs import Inputs
from workflows.change.requirements.plan import change_described, plan_approved, risk_classified
from workflows.change.requirements.review import approvals_count, four_eyes, no_objection
from workflows.change.result import Result

JUDGES: Final[Mapping[Requirement, Callable[[Inputs], Result]]] = MappingProxyType(
    {
        Requirement.CHANGE_DESCRIBED: change_described,
        Requirement.RISK_CLASSIFIED: risk_classified,
        Requirement.PLAN_APPROVED: plan_approved,
        Requirement.REQUEST_OPEN: request_open,
        Requirement.CHANGE_LINKED: change_linked,
        Requirement.APPROVALS_COUNT: approvals_count,
        Requirement.FOUR_EYES: four_eyes,
        Requirement.NO_OBJECTION: no_objection,
        Requirement.CHECKS_GREEN: checks_green,
        Requirement.SECURITY_TESTS: security_tests,
        Requirement.ENVIRONMENTS_ORDER: environments_order,
        Requirement.DEPLOY_APPROVED: deploy_approved,
    }
)
