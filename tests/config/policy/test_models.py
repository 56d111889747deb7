"""What the policy answers to the rules that ask it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.policy.globs import matches
from config.policy.ids import Gate, Impact, Requirement, Risk, Role, Severity, Spread
from config.policy.loader import default_policy, load_texts
from config.policy.models import Policy, RepositoryPolicy

PEOPLE = """
people:
  - id: anna
    name: Anna
    roles: [isb]
    slack: U111
    github_login: Anna-Dev
    github_id: 4711
    gitlab: anna.dev
    os_user: anna
    emails: [Anna@example.org]
  - {id: ben, name: Ben}
  - {id: eve, name: Eve, roles: [auditor]}
duty_roster: [ben, anna]
"""


@pytest.fixture
def policy() -> Policy:
    return load_texts({"people.yaml": PEOPLE.encode()}).policy


def test_every_identity_leads_to_the_person(policy: Policy) -> None:
    anna = policy.people[0]
    assert policy.person_by(id="anna") == anna
    assert policy.person_by(slack="U111") == anna
    assert policy.person_by(github_login="anna-dev") == anna
    assert policy.person_by(github_id=4711) == anna
    assert policy.person_by(gitlab="Anna.Dev") == anna
    assert policy.person_by(os_user="anna") == anna
    assert policy.person_by(email="anna@EXAMPLE.org") == anna
    assert policy.person_by(slack="U999") is None
    assert policy.person_by(github_id=1, slack="anna") is None
    assert policy.person_by() is None


def test_everybody_is_an_engineer_but_who_only_audits(policy: Policy) -> None:
    assert [person.id for person in policy.holders(Role.ENGINEER)] == ["anna", "ben"]
    assert [person.id for person in policy.holders(Role.AUDITOR)] == ["eve"]
    assert policy.holders(Role.DPO) == ()


def test_the_first_on_the_roster_is_paged_first(policy: Policy) -> None:
    assert [person.id for person in policy.on_call()] == ["ben", "anna"]


def test_nothing_of_a_policy_can_be_altered(policy: Policy) -> None:
    with pytest.raises(ValidationError):
        policy.language = "de"  # type: ignore[misc]
    with pytest.raises(TypeError):
        policy.monitoring_hours[Severity.S1] = 0  # type: ignore[index]
    with pytest.raises(TypeError):
        policy.change.repositories[0].requirements["plan"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("impact", "spread", "severity"),
    [
        (Impact.HIGH, Spread.MANY, Severity.S1),
        (Impact.HIGH, Spread.SINGLE, Severity.S2),
        (Impact.MEDIUM, Spread.SINGLE, Severity.S3),
        (Impact.UNKNOWN, Spread.SINGLE, Severity.S3),
        (Impact.NONE, Spread.MANY, Severity.S4),
    ],
)
def test_severity_follows_impact_and_spread(impact: Impact, spread: Spread, severity: Severity) -> None:
    assert default_policy().severity.of(impact, spread) is severity


@given(st.sampled_from(Impact), st.sampled_from(Spread))
def test_every_impact_has_a_severity_and_unknown_counts_as_medium(impact: Impact, spread: Spread) -> None:
    severity = default_policy().severity
    assert severity.of(impact, spread) in Severity
    assert severity.of(Impact.UNKNOWN, spread) == severity.of(Impact.MEDIUM, spread)


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("*", "acme/api", True),
        ("acme/*", "acme/api", True),
        ("acme/*", "acme/api/x", False),
        ("**/auth/**", "auth/login.py", True),
        ("**/auth/**", "src/auth/a/login.py", True),
        ("**/auth/**", "src/author/login.py", False),
        ("**/*.tf", "main.tf", True),
        ("release/**", "release/1/2", True),
        ("v?.x", "v1.x", True),
        ("v?.x", "v1ax", False),
        ("main", "Main", False),
        ("a+(b)[c]", "a+(b)[c]", True),
    ],
)
def test_patterns(pattern: str, value: str, *, fits: bool) -> None:
    assert matches(pattern, value) is fits


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_pattern_never_fails_and_plain_text_fits_itself(pattern: str, value: str) -> None:
    matches(pattern, value)
    assert matches(value, value) or "*" in value or "?" in value


def test_the_first_entry_that_covers_repository_and_branch_decides() -> None:
    entries = (
        RepositoryPolicy(match="Acme/API", branches=("main",), approvals=2),
        RepositoryPolicy(match="acme/*", branches=("**",)),
    )
    change = default_policy().change.model_copy(update={"repositories": entries})
    assert change.repository("acme/api") is entries[0]
    assert change.repository("ACME/api", "main") is entries[0]
    assert change.repository("acme/api", "feature/x") is entries[1]
    assert change.repository("other/api") is None


def test_risk_is_the_highest_of_all_paths() -> None:
    change = default_policy().change
    assert change.risk_of(["README.md"]) is Risk.LOW
    assert change.risk_of(["README.md", "infra/main.tf"]) is Risk.MEDIUM
    assert change.risk_of(["src/auth/login.py", "infra/main.tf"]) is Risk.HIGH
    assert [change.plan_needs_approval(risk) for risk in Risk] == [False, False, True, True]


def test_a_requirement_at_the_wrong_gate_is_refused_in_code_too() -> None:
    with pytest.raises(ValidationError, match="wrong gate"):
        RepositoryPolicy.model_validate({"match": "*", "requirements": {"plan": [Requirement.FOUR_EYES]}})
    entry = RepositoryPolicy.model_validate({"match": "*", "requirements": {"review": [Requirement.FOUR_EYES]}})
    assert entry.requirements[Gate.REVIEW] == (Requirement.FOUR_EYES,)


def test_titles_come_in_the_language_of_the_reader() -> None:
    category = default_policy().category("data_leak")
    assert category is not None
    assert (category.title("de-DE"), category.title("en"), category.title("fr")) == (
        "Datenabfluss",
        "Data leak",
        "Data leak",
    )
    assert default_policy().category("nothing") is None
    assert default_policy().retention_class("standard") is not None
