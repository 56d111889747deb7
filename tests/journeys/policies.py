"""Who works here, and what the organisation decided: the policy of the journeys."""

from functools import cache

from config.policy.loader import Loaded, load_texts

SHOP = "acme/shop"
"""Enforced, with checks and one approval."""
LAB = "acme/lab"
"""Only observed."""
TILL = "acme/till"
"""On GitLab, enforced."""
DEPOT = "acme/depot"
"""Enforced, deployed to dev and then, with approval, to prod, which the forge calls production."""
INTAKE, DIGEST = "C0INTAKE01", "C0DIGEST01"

PEOPLE = {
    "jana": ("Jana Keller", ""),
    "tom": ("Tom Berger", "responder"),
    "petra": ("Petra Maurer", "isb"),
    "paul": ("Paul Deppe", "deputy"),
    "gerda": ("Gerda Lang", "management"),
    "sven": ("Sven Otto", "service_owner"),
    "dora": ("Dora Schulz", "dpo"),
    "rita": ("Rita Onay", "risk_owner"),
    "ralf": ("Ralf Mehl", "release_manager"),
    "max": ("Max Dietz", ""),
    "lena": ("Lena Dorn", ""),
}
"""Person id to name and standing role."""


def slack_id(person: str) -> str:
    """The Slack user of a person."""
    return f"U0{person.upper()}"


def github_id(person: str) -> int:
    """The numeric id of a person's GitHub account, whose login is the person's id."""
    return 500 + list(PEOPLE).index(person)


def gitlab_id(person: str) -> int:
    """The numeric id of a person's GitLab account, whose login is the person's id as well."""
    return 700 + list(PEOPLE).index(person)


def _person(person: str) -> str:
    name, role = PEOPLE[person]
    return (
        f"  - {{id: {person}, name: {name}, roles: [{role or 'engineer'}], slack: {slack_id(person)}, "
        f"github_login: {person}, github_id: {github_id(person)}, gitlab: {person}, gitlab_id: {gitlab_id(person)}, "
        f"emails: [{person}@beispiel.example], os_user: {person}}}"
    )


_POLICY = """
organisation: Beispiel GmbH
language: {language}
people:
{people}
duty_roster: [tom, petra]
slack:
  intake_channel: {intake}
  digest_channel: {digest}
change:
  max_reading_age_seconds: 600
  repositories:
    - match: {shop}
      branches: [main]
      mode: enforce
      checks: [{{name: build, source: github-actions}}, {{name: codeql}}]
      security_tests: [{{tool: sast, check: codeql}}]
    - match: {till}
      branches: [main]
      mode: enforce
      checks: [{{name: build, source: gitlab-ci}}, {{name: scan}}]
      security_tests: [{{tool: sast, check: scan}}]
    - match: {lab}
      branches: [main]
      mode: observe
      checks: [{{name: build}}]
    - match: {depot}
      branches: [main]
      mode: enforce
      environments: [dev, prod]
      approve_environments: [prod]
      environment_names: {{prod: [production]}}
"""


def policy_text(language: str) -> str:
    """The policy as a file."""
    people = "\n".join(map(_person, PEOPLE))
    return _POLICY.format(
        language=language, people=people, intake=INTAKE, digest=DIGEST, shop=SHOP, lab=LAB, till=TILL, depot=DEPOT
    )


@cache
def policy(language: str = "de") -> Loaded:
    """The policy, in the language of the channels."""
    return load_texts({"policy.yaml": policy_text(language).encode()})
