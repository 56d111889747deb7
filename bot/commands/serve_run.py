"""The work of `wachbuch serve`: open, migrate, say what is connected, run."""

import sys

from bot.app import compose
from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.migrate_run import migrate
from bot.commands.opening import Opened, configuration, open_store
from bot.commands.show import fail
from bot.commands.welcome import welcome
from bot.logs import configure_logs
from bot.moment import real_moment
from bot.unusable import why_unusable
from bot.web.running import run_server
from workflows.store.errors import RunnerBusy, StoreRefused, Unavailable
from workflows.store.store import Store


def run() -> Exit:
    """Serve until a signal ends it."""
    opened = configuration(cli_texts())
    configure_logs(sys.stderr.isatty(), opened.settings.secrets())
    store = _store(opened)
    try:
        app = compose(opened.settings, opened.policy, store, real_moment())
        sys.stderr.write(welcome(opened) + "\n")
        run_server(app.edge, opened.settings.host, opened.settings.port)
    finally:
        store.close()
    return Exit.OK


def _store(opened: Opened) -> Store:
    """The database, migrated on SQLite. Ends the command with the cause and what to do."""
    _ = opened.texts.gettext
    settings = opened.settings
    is_postgres = settings.database_url.get_secret_value().startswith("postgresql")
    try:
        if not is_postgres:
            migrate(settings)
        store = open_store(settings, runner=True)
        store.check_schema()
    except RunnerBusy as error:
        fail(_("The service is running already on this database."), str(error))
    except (StoreRefused, Unavailable) as error:
        fail(_("The database cannot be used."), why_unusable(opened.texts, error))
    else:
        return store
