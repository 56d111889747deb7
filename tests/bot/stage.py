"""One organisation on a real SQLite file, with a clock that tests move, for conversations in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.chat.app import Chat
from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker, Utterance
from bot.chat.reply import FieldErrors, Reply
from bot.moment import uuid7
from config.i18n import translator
from config.policy.loader import Loaded, load_texts
from tests.templates import laid_out
from workflows.actors import Actor, Person, PersonId, Source
from workflows.moment import Moment
from workflows.queries import Queries
from workflows.service import Service
from workflows.store.store import Store

POLICY: Final = b"""
language: de
people:
  - {id: jana, name: Jana K., roles: [responder], slack: U0JANA, locale: de, os_user: jana}
  - {id: petra, name: Petra M., roles: [isb], slack: U0PETRA, locale: de}
  - {id: tom, name: Tom B., roles: [responder, service_owner], slack: U0TOM, locale: en}
  - {id: lena, name: Lena S., roles: [management, risk_owner], slack: U0LENA, locale: de}
  - {id: max, name: Max H., roles: [engineer], slack: U0MAX, locale: de}
  - {id: dora, name: Dora D., roles: [dpo], slack: U0DORA, locale: de}
duty_roster: [jana]
slack: {intake_channel: C0INTAKE0, digest_channel: C0DIGEST0}
"""
ROUTES: Final = frozenset({"slack", "timer"})
START: Final = datetime(2026, 11, 23, 2, 12, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Stands still until a test moves it."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass(slots=True)
class Stage:
    """The conversation over the real service."""

    store: Store
    policy: Loaded
    clock: Clock
    service: Service
    chat: Chat
    moment: Moment
    language: str = "de"

    def speaker(self, person: str, language: str = "") -> Speaker:
        known = self.policy.policy.person_by(id=person)
        assert known is not None
        actor = Actor(Person(PersonId(known.id), known.name), known.roles, Source.SLACK)
        return Speaker(actor, language or self.language)

    def say(self, person: str, text: str, *, command: str = "vorfall", language: str = "", channel: str = "") -> Reply:
        return self.chat.handle(Utterance(self.speaker(person, language), text, command, channel or None))

    def fill(self, person: str, reply: Reply, **values: str) -> Reply | FieldErrors:
        """Submit the form of a reply. `_` and `__` in names stand for `.` and `~`."""
        assert reply.form is not None, reply.text
        form = reply.form
        known = {one.id: one.value for one in form.fields if one.value}
        given = {name.replace("__", "~"): value for name, value in values.items()}
        names = {one.id.replace(".", "_"): one.id for one in form.fields}
        wanted = {names.get(name, name): value for name, value in given.items()}
        assert set(wanted) <= {one.id for one in form.fields}, sorted(one.id for one in form.fields)
        return self.chat.submit(form.id, form.about, {**known, **wanted}, self.speaker(person))

    def press(self, person: str, reply: Reply, label: str) -> Reply:
        """Press the button with this label."""
        every = [button for paragraph in reply.paragraphs for button in paragraph.buttons] + list(reply.buttons)
        found = next(button for button in every if button.label == label)
        return self.chat.press(found.action, found.value, self.speaker(person))


@contextmanager
def stage(
    folder: Path, policy: bytes = POLICY, routes: frozenset[str] = frozenset({"slack", "timer"})
) -> Iterator[Stage]:
    """A stage in this folder."""
    loaded = load_texts({"policy.yaml": policy})
    clock = Clock()
    counter = iter(range(1, 10**9))
    moment = Moment(clock, uuid7(clock), lambda: next(counter).to_bytes(16, "big"))
    store = Store.open(laid_out(f"sqlite:///{folder / 'stage.db'}"), origin="test", runner=True)
    try:
        store.migrate()
        service = Service(store, loaded.policy, loaded.sha256, moment, routes)
        chat = Chat(
            service=service,
            queries=Queries(store),
            directory=PolicyDirectory(loaded.policy),
            policy=loaded.policy,
            policy_hash=loaded.sha256,
            translator=translator,
            now=clock,
            tells_on_call="slack" in routes,
        )
        yield Stage(store, loaded, clock, service, chat, moment)
    finally:
        store.close()
