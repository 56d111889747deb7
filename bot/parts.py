"""What every way in needs: the service, queries and the conversation over one open database."""

from dataclasses import dataclass, field

from bot.casefile.giving import CaseTexts, case_texts
from bot.chat.app import Chat
from bot.chat.port import Directory
from bot.meter import Meter
from bot.reporting import lessons_text
from bot.signin.address import Address
from bot.signin.door import SignIn
from config.i18n import translator
from config.policy.loader import Loaded
from workflows.actors import Actor
from workflows.moment import Moment
from workflows.queries import Queries
from workflows.reports.lessons import Period
from workflows.service import Service
from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class Core:
    """The service and what reads beside it."""

    store: Store
    policy: Loaded
    moment: Moment
    service: Service
    meter: Meter = field(default_factory=Meter)
    console: Address = field(default_factory=Address)

    @property
    def queries(self) -> Queries:
        """Reading."""
        return Queries(self.store)

    @property
    def sign_in(self) -> SignIn:
        """The way into the console."""
        return SignIn(self.service, self.console)

    def chat(self, directory: Directory) -> Chat:
        """The conversation, with these people."""
        return Chat(
            service=self.service,
            queries=self.queries,
            directory=directory,
            policy=self.policy.policy,
            policy_hash=self.policy.sha256,
            translator=translator,
            now=self.moment.now,
            lessons=self._lessons,
            console=self.sign_in.link,
            tells_on_call="slack" in self.service.routes,
        )

    def case_texts(self, number: str, viewer: Actor, language: str) -> CaseTexts | None:
        """Report and export of a case, as far as this person may see it."""
        now = self.moment.now()
        return case_texts(self.store, self.policy.policy, number, viewer, now, translator(language))

    def _lessons(self, viewer: Actor, language: str, period: Period) -> str:
        """The lessons of a period, as far as this person may see the cases."""
        policy, now = self.policy.policy, self.moment.now()
        return lessons_text(self.queries, viewer, policy, period, now, "md", translator(language))
