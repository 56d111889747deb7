"""`python -m tests.fakes.github`: the fake GitHub as a process."""

from tests.fakes import process
from tests.fakes.github.server import FakeGitHub

if __name__ == "__main__":
    process.run(lambda options: FakeGitHub(latency_ms=options.latency_ms), process.arguments("github"))
