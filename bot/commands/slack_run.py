"""The work of `wachbuch slack`."""

import os
import sys

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.show import fail
from bot.slack.manifest import manifest_text
from config.settings import SettingsError, load_settings


def run_manifest(url: str) -> None:
    """Print the manifest for this public address."""
    _ = cli_texts().gettext
    try:
        address = url or load_settings(os.environ).public_url
    except SettingsError as error:
        fail(_("The settings cannot be used:"), str(error))
    if not address:
        fail(_("The public address is missing: Slack has to reach this service."),
             then=_("wachbuch slack manifest --url https://wachbuch.example.org"), code=Exit.USAGE)  # fmt: skip
    sys.stdout.write(manifest_text(address))
