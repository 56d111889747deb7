"""What the organisation decides about changes: repositories, gates, checks, environments, risk (A.8.25 to A.8.32)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.base import Count, FrozenMap, PolicyModel, Positive
from config.policy.globs import matches
from config.policy.ids import GATE_OF, CarryOver, Gate, Mode, Requirement, Risk, Role, SecurityTool, Unlinked
from config.policy.persons import ActingRole

Glob = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
CheckName = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
AppSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")]
Environment = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _./-]{0,99}$")]
EnvironmentNames = FrozenMap[Environment, Annotated[tuple[Glob, ...], Field(min_length=1)]]
BotLogin = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(\[bot\])?$")]
Days = Annotated[Positive, Field(le=60)]

ALL_REQUIREMENTS: Final[Mapping[Gate, tuple[Requirement, ...]]] = MappingProxyType(
    {gate: tuple(requirement for requirement, home in GATE_OF.items() if home is gate) for gate in Gate}
)
"""Every requirement at its gate: what a repository gets that says nothing else."""

_ORDER: Final = tuple(Risk)


def _all_gates(given: Any) -> Any:
    """A gate that is not mentioned keeps all its requirements; only an explicit empty list removes them."""
    if not isinstance(given, Mapping):
        return given
    unmentioned = {gate: found for gate, found in ALL_REQUIREMENTS.items() if gate not in given}
    return {**given, **unmentioned}


def _at_home(given: Mapping[Gate, tuple[Requirement, ...]]) -> Mapping[Gate, tuple[Requirement, ...]]:
    for gate, requirements in given.items():
        for requirement in requirements:
            if GATE_OF[requirement] is not gate:
                raise PydanticCustomError(
                    "wrong_gate",
                    "requirement stands at the wrong gate",
                    {"found": requirement.value, "gate": gate.value, "expected": GATE_OF[requirement].value},
                )
    return MappingProxyType({gate: given[gate] for gate in Gate})


Requirements = Annotated[
    FrozenMap[Gate, tuple[Requirement, ...]], BeforeValidator(_all_gates), AfterValidator(_at_home)
]


class CheckRule(PolicyModel):
    """A check that must be green. With a source only a check of this forge app counts."""

    name: CheckName
    source: AppSlug | None = None


class SecurityTest(PolicyModel):
    """A security test of the test phase (A.8.29) and the check that reports it."""

    tool: SecurityTool
    check: CheckName


class RepositoryPolicy(PolicyModel):
    """Gates of the repositories and target branches that these patterns name."""

    match: Glob
    branches: Annotated[tuple[Glob, ...], Field(min_length=1)] = ("main", "master", "release/**")
    mode: Mode = Mode.OBSERVE
    requirements: Requirements = Field(default_factory=lambda: ALL_REQUIREMENTS)
    approvals: Count = 1
    checks: tuple[CheckRule, ...] = ()
    security_tests: tuple[SecurityTest, ...] = ()
    environments: tuple[Environment, ...] = ()
    approve_environments: tuple[Environment, ...] = ()
    environment_names: EnvironmentNames = Field(default_factory=lambda: MappingProxyType({}))
    """For an environment of this list the names it has on the forge (patterns), where they are others than its own."""
    carry_over: CarryOver = CarryOver.SAME_DIFF
    bots: tuple[BotLogin, ...] = ("dependabot[bot]", "renovate[bot]")
    unlinked: Unlinked = Unlinked.ASK

    def names(self, repository: str) -> bool:
        """Whether the pattern names this repository (`owner/name`; the forges ignore case there)."""
        return matches(self.match.casefold(), repository.casefold())

    def covers(self, branch: str) -> bool:
        """Whether requests into this branch are judged."""
        return any(matches(pattern, branch) for pattern in self.branches)

    def requires(self, requirement: Requirement) -> bool:
        """Whether this requirement is asked for."""
        return requirement in self.requirements[GATE_OF[requirement]]

    def environment(self, told: str) -> str | None:
        """The environment that the forge, or a person, calls by this name; None: the policy names no such one.

        Case does not count, as on the forges. The environment's own name always is one of its names.
        """
        wanted = told.casefold()
        own = next((name for name in self.environments if name.casefold() == wanted), None)
        return own or next((name for name in self.environments if self._goes_by(name, wanted)), None)

    def _goes_by(self, environment: str, wanted: str) -> bool:
        patterns = self.environment_names.get(environment, ())
        return any(matches(pattern.casefold(), wanted) for pattern in patterns)


class RiskRule(PolicyModel):
    """Files that give a change at least this risk."""

    paths: Annotated[tuple[Glob, ...], Field(min_length=1)]
    risk: Risk

    def applies(self, path: str) -> bool:
        """Whether one of the patterns fits the path."""
        return any(matches(pattern, path) for pattern in self.paths)


class EmergencyPolicy(PolicyModel):
    """Break-glass (A.8.32): who may ask, who may open alone, and the working days of second person and review.

    Who may be the second person stands in `second_persons`, like every other such rule.
    """

    roles: Annotated[tuple[ActingRole, ...], Field(min_length=1)] = (Role.ENGINEER,)
    alone: tuple[ActingRole, ...] = (
        Role.RESPONDER,
        Role.ISB,
        Role.DEPUTY,
        Role.SERVICE_OWNER,
        Role.RELEASE_MANAGER,
    )
    confirm_working_days: Days = 1
    review_working_days: Days = 5
    escalate_working_days: Days = 2


class ChangePolicy(PolicyModel):
    """Rules for all changes, and the repositories they hold for. The first matching entry decides."""

    repositories: tuple[RepositoryPolicy, ...]
    risk_rules: tuple[RiskRule, ...] = ()
    default_risk: Risk = Risk.LOW
    plan_approval_from: Risk = Risk.HIGH
    max_reading_age_seconds: Positive = 300
    waiver_max_days: Annotated[Positive, Field(le=366)] = 90
    emergency: EmergencyPolicy = EmergencyPolicy()

    def repository(self, name: str, branch: str | None = None) -> RepositoryPolicy | None:
        """The first entry that names the repository and, when a target branch is given, covers it."""
        for entry in self.repositories:
            if entry.names(name) and (branch is None or entry.covers(branch)):
                return entry
        return None

    def risk_of(self, paths: Iterable[str]) -> Risk:
        """The highest risk that any of these paths gives; never below the default."""
        found = [rule.risk for path in paths for rule in self.risk_rules if rule.applies(path)]
        return max([self.default_risk, *found], key=_ORDER.index)

    def plan_needs_approval(self, risk: Risk) -> bool:
        """Whether a plan of this risk needs someone else's approval (A.8.32)."""
        return _ORDER.index(risk) >= _ORDER.index(self.plan_approval_from)
