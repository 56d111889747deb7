"""Settings, policy and database, as every command opens them; whatever is wrong is said at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.commands.exits import Exit
from bot.commands.show import fail
from bot.commands.surroundings import configured
from bot.unusable import why_unusable
from config.i18n import Translator, translator
from config.policy.faults import PolicyError
from config.policy.loader import Loaded, load_policy
from config.settings import Settings, SettingsError
from workflows.errors import Conflict
from workflows.store.address import parse, sqlite_file
from workflows.store.errors import StoreRefused, Unavailable
from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """What is configured."""

    settings: Settings
    policy: Loaded
    texts: Translator


def configuration(texts: Translator, unusable: Exit = Exit.ENVIRONMENT) -> Opened:
    """Settings and policy. Ends the command with every fault of both; `unusable` is the code it ends with."""
    _ = texts.gettext
    try:
        settings = configured()
    except SettingsError as error:
        faults = "\n".join(f"  {fault.text(texts)}" for fault in error.faults)
        fail(_("The settings cannot be used:"), faults, _("See docs/settings.md."), unusable)
    try:
        policy = load_policy(settings.policy_dir)
    except PolicyError as error:
        faults = "\n".join(f"  {fault.line_for(texts)}" for fault in error.faults)
        fail(_("The policy cannot be used:"), faults, _("Check it with: wachbuch policy check"), unusable)
    language = settings.language or policy.policy.language
    return Opened(settings, policy, texts if settings.language is None else translator(language))


@contextmanager
def database(opened: Opened, *, unusable: Exit = Exit.ENVIRONMENT) -> Iterator[Store]:
    """The database, with its schema checked. Ends the command when it cannot be used; never creates one."""
    _ = opened.texts.gettext
    missing = missing_file(opened.settings)
    if missing is not None:
        fail(_("The database cannot be opened."), _("expected a database at {path}, found none").format(path=missing),
             _("The service creates it at its first start: ./run"), unusable)  # fmt: skip
    try:
        store = open_store(opened.settings, runner=False)
    except (StoreRefused, Unavailable) as error:
        fail(_("The database cannot be opened."), why_unusable(opened.texts, error), code=unusable)
    try:
        store.check_schema()
        yield store
    except (StoreRefused, Unavailable) as error:
        fail(_("The database cannot be used."), why_unusable(opened.texts, error), code=unusable)
    except Conflict as error:
        fail(_("Somebody else changed the same thing again and again; nothing was recorded."), str(error),
             _("Please try again."))  # fmt: skip
    finally:
        store.close()


def missing_file(settings: Settings) -> Path | None:
    """The database, where it is a file that is not there: reading must not leave an empty one behind."""
    path = sqlite_file(parse(settings.database_url.get_secret_value()))
    return path if path is not None and not path.is_file() else None


def open_store(settings: Settings, *, runner: bool) -> Store:
    """The database of these settings, under the name that its log has always had.

    A new log is named after the public address, so that two installations never share a name by accident.
    """
    url = settings.database_url.get_secret_value()
    host = urlsplit(settings.public_url or "").hostname
    store = Store.open(url, origin=f"{host}/wachbuch" if host else "wachbuch", runner=runner)
    with store.reading() as reads:
        known = reads.origin() if reads.schema() else None
    if known is None or known == store.origin:
        return store
    store.close()
    return Store.open(url, origin=known, runner=runner)
