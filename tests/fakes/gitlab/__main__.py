"""`python -m tests.fakes.gitlab`: the fake GitLab as a process."""

from tests.fakes import process
from tests.fakes.gitlab.server import FakeGitLab

if __name__ == "__main__":
    process.run(lambda options: FakeGitLab(latency_ms=options.latency_ms), process.arguments("gitlab"))
