"""Webhook → verdict posted on GitLab: a new request, a review (always read again), and one more job."""

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.timed import Timed, figures
from tests.fakes.gitlab.server import FakeGitLab
from tests.running import serving

ROUNDS = 12
PROJECT = "bench/shop"
POLICY = """
organisation: Bench
people:
  - {id: max, name: Max Dietz, gitlab: max}
  - {id: lena, name: Lena Dorn, gitlab: lena}
change:
  repositories:
    - {match: bench/shop, branches: [main], mode: enforce, checks: [{name: build}]}
"""


class TimedGitLab(Timed, FakeGitLab):
    """The fake GitLab, timed."""


def measure(folder: Path) -> Section:
    """One request at a time, on the real service over HTTP."""
    section = Section(
        "Webhook to verdict on GitLab",
        f"{ROUNDS} requests one after the other: signed webhook sent → commit status taken by the forge. SQLite,"
        " synchronous=FULL. A review is never taken from a webhook: it costs a reading. The probe is what the calls"
        " alone take.",
    )
    for latency in (0, 80):
        place = folder / f"gitlab{latency}"
        place.mkdir()
        section.figures += _at(latency, place)
    return section


def settings_for(fake: FakeGitLab, folder: Path) -> Mapping[str, str]:
    """The service's settings for this fake."""
    policy = folder / "policy"
    policy.mkdir(exist_ok=True)
    (policy / "policy.yaml").write_text(POLICY, encoding="utf-8")
    known = fake.credentials()
    return {
        "WACHBUCH_POLICY_DIR": str(policy),
        "WACHBUCH_FORGE_MODE": "webhook",
        "GITLAB_URL": known["url"],
        "GITLAB_TOKEN": known["token"],
        "GITLAB_SIGNING_TOKEN": known["signing_token"],
    }


def _at(latency: int, folder: Path) -> list[Figure]:
    fake = TimedGitLab(latency)
    fake.start()
    try:
        for login in ("max", "lena"):
            fake.add_user(login)
        fake.add_project(PROJECT)
        with serving(folder, settings_for(fake, folder)) as service:
            fake.send_to(service.url)
            _open(fake, 0)
            cold = [_open(fake, number) for number in range(1, ROUNDS + 1)]
            reviewed = [_review(fake, number) for number in range(ROUNDS)]
            _job(fake, 1)  # The first job makes a pipeline, and which one decides is read then: that is not warm yet.
            warm = [_job(fake, number) for number in range(ROUNDS)]
    finally:
        fake.stop()
    return [
        *figures("cold", latency, cold, 350, 4),
        *figures("review", latency, reviewed, 350, 4),
        *figures("warm", latency, warm, 120, 1),
    ]


def _open(fake: TimedGitLab, number: int) -> tuple[float, int]:
    branch = f"topic-{number}"
    fake.push(PROJECT, branch, "max")
    fake.settle()
    began = fake.expect()
    fake.open_request(PROJECT, branch, "max", title=f"Change {number}")
    return _answered(fake, began)


def _review(fake: TimedGitLab, number: int) -> tuple[float, int]:
    began = fake.expect()
    if number % 2:
        fake.approve(PROJECT, 1, "lena")
    else:
        fake.request_changes(PROJECT, 1, "lena")
    return _answered(fake, began)


def _job(fake: TimedGitLab, number: int) -> tuple[float, int]:
    head = fake.world.project(PROJECT).request(1).head
    began = fake.expect()
    fake.run_job(PROJECT, head, "build", "success" if number % 2 else "failed")
    return _answered(fake, began)


def _answered(fake: TimedGitLab, began: float) -> tuple[float, int]:
    found = fake.wait(began)
    fake.calm()
    return found
