"""The same service as one more process, and what was sent to the first, to be sent again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.app import compose
from bot.web.server import create_app
from tests.fakes.client import Answer, Transport
from tests.journeys.door import Door
from tests.journeys.policies import policy
from tests.journeys.world import ORIGIN, World, edges_of, moment_of, settings
from tests.unhurried import unhurried
from workflows.store.store import Store


class Line:
    """Keeps the body of what was sent last."""

    def __init__(self, to: Transport) -> None:
        self.to, self.body = to, b""

    def __call__(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.body = body
        return self.to(path, headers, body)


@contextmanager
def another(office: World, url: str, language: str = "de") -> Iterator[Door]:
    """One more process on the same database and the same workspace; a way into it."""
    with Store.open(url, origin=ORIGIN, runner=False, clock_tolerance=None) as store:
        store._clock = office.clock
        chosen = settings(url, office.slack, office.github, office.gitlab)
        app = compose(chosen, policy(language), store, moment_of(office.clock))
        for edge in edges_of(app):
            unhurried(edge)
        door = Door(create_app(app.edge))
        try:
            yield door
        finally:
            door.close()
            for closer in app.closers:
                closer()
