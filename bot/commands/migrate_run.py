"""The work of `wachbuch migrate`."""

from bot.commands.language import cli_texts
from bot.commands.opening import configuration
from bot.commands.progress import working
from bot.commands.show import Shown, fail
from bot.unusable import why_unusable
from config.settings import Settings
from workflows.store.errors import StoreRefused, Unavailable
from workflows.store.schema import HEAD_REVISION
from workflows.store.store import Store, service_role_of


def run(*, as_json: bool) -> None:
    """Migrate, as the owner where one is configured."""
    opened = configuration(cli_texts())
    texts = opened.texts
    try:
        with working(texts.gettext("Migrating"), quiet=as_json):
            migrate(opened.settings)
    except (StoreRefused, Unavailable) as error:
        fail(texts.gettext("The database was not migrated."), why_unusable(texts, error))
    Shown(as_json).result({"migrated": True}, [texts.gettext("The database is up to date.")])


def is_current(store: Store) -> bool:
    """Whether the schema is the one of this program: then nothing has to be loaded to migrate it."""
    with store.reading() as reads:
        return reads.schema() == HEAD_REVISION


def migrate(settings: Settings) -> None:
    """Bring the configured database up to date. Raises StoreRefused, Unavailable."""
    url = settings.database_url.get_secret_value()
    owner = settings.migration_database_url
    owner_url = owner.get_secret_value() if owner else url
    if not url.startswith("postgresql"):
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Store.open(owner_url, origin="wachbuch", runner=True) as store:
        if not owner and is_current(store):
            return
        store.migrate(service_role=service_role_of(url, owner_url) if owner else "")
