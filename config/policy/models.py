"""The policy as a whole. Everything the other packages need of it is importable from here."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, PrivateAttr
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.absences import Absence
from config.policy.alerts import AlertPolicy, AlertRule
from config.policy.base import FrozenMap, Id, PolicyModel, Positive
from config.policy.changes import (
    ALL_REQUIREMENTS,
    ChangePolicy,
    CheckRule,
    EmergencyPolicy,
    RepositoryPolicy,
    RiskRule,
    SecurityTest,
)
from config.policy.criteria import AddedCriterion, CriteriaPolicy, TightenedCriteria
from config.policy.drills import DrillPolicy
from config.policy.ids import Role, SecondPersonRule, Severity
from config.policy.incidents import (
    AccessClass,
    Category,
    EvidencePolicy,
    Regime,
    RetentionClass,
    SeverityPolicy,
    SeverityTargets,
    SlackPolicy,
    complete,
)
from config.policy.paging import PageStep, PagingPolicy
from config.policy.persons import PolicyPerson, SecondPerson
from config.policy.today import Today

__all__ = [
    "ALL_REQUIREMENTS",
    "Absence",
    "AccessClass",
    "AddedCriterion",
    "AlertPolicy",
    "AlertRule",
    "Category",
    "ChangePolicy",
    "CheckRule",
    "CriteriaPolicy",
    "DrillPolicy",
    "EmergencyPolicy",
    "EvidencePolicy",
    "PageStep",
    "PagingPolicy",
    "Policy",
    "PolicyPerson",
    "Regime",
    "RepositoryPolicy",
    "RetentionClass",
    "RiskRule",
    "SecondPerson",
    "SecurityTest",
    "SeverityPolicy",
    "SeverityTargets",
    "SlackPolicy",
    "TightenedCriteria",
]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("unknown_timezone", "unknown time zone", {"found": name}) from error
    return name


class Policy(PolicyModel):
    """What the organisation decides. Built from YAML over defaults; every decision names the hash of the one in force.

    `timezone` and `holidays` decide case year, working days, retention year-ends and local dates.
    """

    organisation: Annotated[str, Field(max_length=200)]
    language: Literal["de", "en"]
    timezone: Annotated[str, AfterValidator(_known_zone)]
    holidays: tuple[date, ...]
    people: tuple[PolicyPerson, ...]
    duty_roster: tuple[Id, ...]
    second_persons: Annotated[FrozenMap[SecondPersonRule, SecondPerson], complete(frozenset(SecondPersonRule))]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    severity: SeverityPolicy
    criteria: CriteriaPolicy
    monitoring_hours: Annotated[FrozenMap[Severity, Positive], complete(frozenset(Severity))]
    effectiveness_days: Positive
    retention_classes: Annotated[tuple[RetentionClass, ...], Field(min_length=1)]
    evidence_access: Annotated[tuple[AccessClass, ...], Field(min_length=1)]
    evidence: EvidencePolicy
    drills: DrillPolicy
    regimes: tuple[Regime, ...]
    slack: SlackPolicy
    paging: PagingPolicy
    alerts: AlertPolicy
    change: ChangePolicy

    _day: date | None = PrivateAttr(default=None)
    _left: Mapping[str, datetime | None] = PrivateAttr(default_factory=dict)

    def as_of(
        self,
        now: datetime,
        left: Mapping[str, datetime | None] | None = None,
        granted: Mapping[str, frozenset[Role]] | None = None,
    ) -> Self:
        """The same policy on the day of this moment: who is away is stood in for.

        `left`: Slack users who are not there any more, and since when as far as that is known.
        `granted`: Slack user to roles that user groups add. Without this call everybody named counts as there.
        """
        people = tuple(one.granted((granted or {}).get(one.slack or "", frozenset())) for one in self.people)
        today = self.model_copy(update={"people": people} if granted else None)
        day = now.astimezone(self.zone).date()
        today._day, today._left = day, dict(left or {})  # noqa: SLF001 a copy of our own
        return today

    @property
    def today(self) -> Today:
        """Who is there on the day of `as_of`."""
        return Today({person.id: person for person in self.people}, self._day, self._left)

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.timezone)

    def person_by(
        self,
        *,
        id: str | None = None,  # noqa: A002  the field of the policy is called so
        slack: str | None = None,
        github_login: str | None = None,
        github_id: int | None = None,
        gitlab: str | None = None,
        gitlab_id: int | None = None,
        os_user: str | None = None,
        email: str | None = None,
    ) -> PolicyPerson | None:
        """The one person with any of these identities. Logins and addresses are compared without case."""
        address = _fold(email)
        for person in self.people:
            accounts = _accounts(person)
            # A login can be given up and taken by another account: the number of the account decides.
            github = None if _differ(github_id, person.github_id) else _fold(github_login)
            on_gitlab = None if _differ(gitlab_id, person.gitlab_id) else _fold(gitlab)
            wanted = (id, slack, github, github_id, on_gitlab, gitlab_id, os_user)
            if any(value is not None and value == found for value, found in zip(wanted, accounts, strict=True)):
                return person
            if address is not None and address in map(_fold, person.emails):
                return person
        return None

    def holders(self, role: Role) -> tuple[PolicyPerson, ...]:
        """Everyone with this standing role, in the order of the policy, without those who left."""
        return tuple(person for person in self.people if role in person.roles and not self.has_left(person))

    def reachable(self, *roles: Role, able: Collection[Role] = ()) -> tuple[PolicyPerson, ...]:
        """Whom to ask for one of these roles today; see `Today.reachable`. `able`: other than these same roles."""
        return self.today.reachable(roles, able or roles)

    def on_call(self) -> tuple[PolicyPerson, ...]:
        """The people on duty today; the first is paged first."""
        return self.today.on_call(self.duty_roster)

    def is_on_duty(self, person_id: str) -> bool:
        """Whether a person stands on the duty roster, or in today for somebody who does."""
        return person_id in self.duty_roster or any(one.id == person_id for one in self.on_call())

    def has_left(self, person: PolicyPerson, by: datetime | None = None) -> bool:
        """Whether their account in Slack is closed, as of `as_of`; `by` a moment before it already."""
        since = self._left.get(person.slack or "")
        return self.today.has_left(person) and (by is None or since is None or since <= by)

    def category(self, id: str) -> Category | None:  # noqa: A002  the field of the policy is called so
        """The category with this id."""
        return next((category for category in self.categories if category.id == id), None)

    def retention_class(self, id: str) -> RetentionClass | None:  # noqa: A002  the field of the policy is called so
        """The retention class with this id."""
        return next((entry for entry in self.retention_classes if entry.id == id), None)


def _fold(value: str | None) -> str | None:
    return None if value is None else value.casefold()


def _differ(one: int | None, other: int | None) -> bool:
    return None not in (one, other) and one != other


def _accounts(person: PolicyPerson) -> tuple[str | int | None, ...]:
    login, gitlab = _fold(person.github_login), _fold(person.gitlab)
    return (person.id, person.slack, login, person.github_id, gitlab, person.gitlab_id, person.os_user)
