"""What the organisation decides about incidents: severity, deadlines, categories, retention (A.5.24 to A.5.28)."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from config.policy.base import Count, FrozenMap, FrozenSet, PolicyModel, Positive, Titled
from config.policy.ids import Impact, Role, Severity, Spread, Visibility


def complete(expected: frozenset[str]) -> AfterValidator:
    """A map must answer for every one of these keys."""

    def check(value: Mapping[str, object]) -> Mapping[str, object]:
        missing = sorted(expected.difference(value))
        if missing:
            raise PydanticCustomError("incomplete", "keys are missing", {"missing": ", ".join(missing)})
        return value

    return AfterValidator(check)


Levels = FrozenMap[Spread, Severity]
Matrix = Annotated[
    FrozenMap[Impact, Annotated[Levels, complete(frozenset(Spread))]],
    complete(frozenset(Impact) - {Impact.UNKNOWN}),
]


class SeverityTargets(PolicyModel):
    """How fast a severity asks for the next step, in minutes since the report (review: since recovery)."""

    acknowledge_minutes: Positive
    contain_minutes: Positive
    update_minutes: Positive
    review_minutes: Positive


class SeverityPolicy(PolicyModel):
    """Severity from the highest impact and the spread, and what each severity demands."""

    matrix: Matrix
    targets: Annotated[FrozenMap[Severity, SeverityTargets], complete(frozenset(Severity))]

    def of(self, impact: Impact, spread: Spread) -> Severity:
        """The severity for the highest impact; `unknown` counts as medium."""
        return self.matrix[Impact.MEDIUM if impact is Impact.UNKNOWN else impact][spread]


class Category(Titled):
    """Kind of incident. A watched one is dismissed only with the ISB's confirmation."""

    watched: StrictBool = False
    visibility: Visibility = Visibility.TEAM


class RetentionClass(Titled):
    """How long a closed case is kept: to the end of the year of closure, plus these years."""

    keep_years: Count


class AccessClass(Titled):
    """Who may open a piece of evidence: these roles and the lead; without roles everybody who may see the case."""

    roles: FrozenSet[Role] = frozenset()


class EvidencePolicy(PolicyModel):
    """What is kept by itself, up to which size, and how often it is hashed again (A.5.28)."""

    keep_slack_files: StrictBool
    largest_mb: Positive
    recheck_days: Positive


class Regime(Titled):
    """A legal or contractual duty to report; marked ones open by themselves when personal data is yes or unknown."""

    on_personal_data: StrictBool = False


Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]


class Bookmark(PolicyModel):
    """A link that every channel of a case shows at its top, such as the handbook for incidents."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>|]+$", max_length=2000)]


GROUP_ROLES: Final = (Role.ENGINEER, Role.RESPONDER, Role.SERVICE_OWNER)
"""Roles that a user group may grant: whoever administers groups in Slack decides who is in one."""


def _by_group(role: Role) -> Role:
    if role not in GROUP_ROLES:
        params = {"found": role.value, "expected": ", ".join(GROUP_ROLES)}
        raise PydanticCustomError("not_by_group", "role cannot come from a group", params)
    return role


GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{2,20}$")]
GroupRole = Annotated[Role, AfterValidator(_by_group)]


class SlackPolicy(PolicyModel):
    """Channels, by id (`C0123ABCD`) or by name without `#`. Without an intake channel reports get no thread.

    `groups`: the role that every member of a user group (`S0123ABC`) holds.
    """

    intake_channel: Channel | None = None
    digest_channel: Channel | None = None
    channel_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,19}$")] = "inc-"
    bookmarks: Annotated[tuple[Bookmark, ...], Field(max_length=10)] = ()
    groups: FrozenMap[GroupId, GroupRole] = Field(default_factory=dict, validate_default=True)
