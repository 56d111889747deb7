"""Webhook → verdict posted on GitHub, at 0 and 80 ms per call, cold (a new request) and warm (one more review)."""

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.timed import Timed, figures
from tests.fakes.github.server import FakeGitHub
from tests.running import serving

ROUNDS = 20
REPOSITORY = "bench/shop"
POLICY = """
organisation: Bench
people:
  - {id: max, name: Max Dietz, github_login: max, github_id: 501}
  - {id: lena, name: Lena Dorn, github_login: lena, github_id: 502}
change:
  repositories:
    - {match: bench/shop, branches: [main], mode: enforce, checks: [{name: build}]}
"""


class TimedGitHub(Timed, FakeGitHub):
    """The fake GitHub, timed."""


def settings_for(fake: FakeGitHub, folder: Path) -> Mapping[str, str]:
    """The service's settings for this fake, as App."""
    policy = folder / "policy"
    policy.mkdir(exist_ok=True)
    (policy / "policy.yaml").write_text(POLICY, encoding="utf-8")
    known = fake.credentials()
    return {
        "WACHBUCH_POLICY_DIR": str(policy),
        "WACHBUCH_FORGE_MODE": "webhook",
        "GITHUB_APP_ID": str(known["app_id"]),
        "GITHUB_PRIVATE_KEY": known["private_key"],
        "GITHUB_WEBHOOK_SECRET": known["webhook_secret"],
        "GITHUB_API_URL": known["api_url"],
    }


def measure(folder: Path) -> Section:
    """One request at a time, on the real service over HTTP."""
    section = Section(
        "Webhook to verdict on GitHub",
        f"{ROUNDS} requests one after the other: signed webhook sent → check run taken by the forge. GitHub App;"
        " SQLite, synchronous=FULL. The probe is what the calls alone take.",
    )
    for latency in (0, 80):
        place = folder / f"forge{latency}"
        place.mkdir()
        section.figures += _at(latency, place)
    return section


def _at(latency: int, folder: Path) -> list[Figure]:
    fake = TimedGitHub(latency)
    fake.start()
    try:
        for login, number in (("max", 501), ("lena", 502)):
            fake.add_user(login, number)
        fake.add_repository(REPOSITORY, private=True)
        with serving(folder, settings_for(fake, folder)) as service:
            fake.send_to(service.url)
            _open(fake, 0)
            cold = [_open(fake, number) for number in range(1, ROUNDS + 1)]
            warm = [_review(fake, number) for number in range(ROUNDS)]
    finally:
        fake.stop()
    return [*figures("cold", latency, cold, 350, 4), *figures("warm", latency, warm, 120, 1)]


def _open(fake: TimedGitHub, number: int) -> tuple[float, int]:
    branch = f"topic-{number}"
    fake.push(REPOSITORY, branch, "max")
    fake.settle()
    began = fake.expect()
    fake.open_pull(REPOSITORY, branch, "max", title=f"Change {number}")
    found = fake.wait(began)
    fake.calm()
    return found


def _review(fake: TimedGitHub, number: int) -> tuple[float, int]:
    began = fake.expect()
    fake.review(REPOSITORY, 1, "lena", "approved" if number % 2 else "changes_requested")
    found = fake.wait(began)
    fake.calm()
    return found
