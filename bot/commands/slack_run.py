"""The work of `wachbuch slack`."""

import sys

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.show import fail
from bot.slack.manifest import manifest_text
from workflows.errors import BrokenInput


def run_manifest(url: str) -> None:
    """Print the manifest for this public address; without one, for Socket Mode."""
    _ = cli_texts().gettext
    try:
        text = manifest_text(url or None)
    except BrokenInput:
        fail(_("Slack does not take this address."),
             _("It takes a public https address, such as https://wachbuch.example.org."),
             _("Without --url the manifest is for Socket Mode, which needs no address."), Exit.USAGE)  # fmt: skip
    sys.stdout.write(text)
