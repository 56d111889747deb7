"""What one forge brings to the process. Each forge has a module that makes it; `wiring` puts them together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.forge.evaluate import Reader
from bot.forge.held import Answerer
from bot.forge.intake import Understand
from bot.forge.issue_reading import IssueReader
from bot.forge.watching import Watcher
from bot.jobs.port import Handlers
from bot.parts import Core
from bot.web.webhooks import Sender
from config.i18n import Translator
from config.settings import Settings
from workflows.change.seen import Forge
from workflows.incident.alerts import Alert
from workflows.incident.issues import IssueTold
from workflows.store.rows import InboxRow


@dataclass(frozen=True, slots=True)
class Bench:
    """What a forge is wired with. `texts` speaks the language of what is written to the forges."""

    core: Core
    settings: Settings
    texts: Translator


@dataclass(frozen=True, slots=True)
class WiredForge:
    """One forge. Without credentials it only understands what it is told: no `reader`, no `watcher`, no handlers.

    `sender` None: it cannot call us. `register` names its jobs to the runner. `starters` run beside the start and may
    be slow, or fail aloud; `closers` let go at the end.
    """

    forge: Forge
    understand: Understand
    alerts: Callable[[InboxRow], tuple[Alert, ...]]
    issue: Callable[[InboxRow], IssueTold | None]
    sender: Sender | None = None
    reader: Reader | None = None
    watcher: Watcher | None = None
    register: Callable[[Handlers], None] = lambda _: None
    starters: tuple[Callable[[], object], ...] = ()
    closers: tuple[Callable[[], object], ...] = ()
    answerer: Answerer | None = None
    """Answers deployments that the forge holds for us."""
    issues: IssueReader | None = None
