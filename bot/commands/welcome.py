"""What `serve` says at its start: where it listens, what is connected, what connecting the rest takes."""

from collections.abc import Mapping
from typing import Final

from bot.commands.opening import Opened
from config.i18n import Translator
from config.settings import Capability, Settings, State, System
from config.texts import _

TITLES: Final[Mapping[System, str]] = {
    System.SLACK_HTTP: _("Slack over HTTP"),
    System.SLACK_SOCKET: _("Slack by Socket Mode"),
    System.GITHUB: _("GitHub"),
    System.GITLAB: _("GitLab"),
}
GAINS: Final[Mapping[System, str]] = {
    System.SLACK_HTTP: _("report and work incidents with /incident and /change"),
    System.SLACK_SOCKET: _("work incidents with /incident and /change; no public address is needed"),
    System.GITHUB: _("hold pull requests until their gates are met"),
    System.GITLAB: _("hold merge requests until their gates are met"),
}
SLACK: Final = (System.SLACK_SOCKET, System.SLACK_HTTP)
"""Two ways to the same; once one of them is chosen the other is not spoken of."""


def welcome(opened: Opened) -> str:
    """The whole text."""
    texts, settings = opened.texts, opened.settings
    lines = [
        texts.gettext("Wachbuch listens on http://{host}:{port}").format(host=settings.host, port=settings.port),
        texts.gettext("Database: {place}").format(place=_place(settings)),
        "",
    ]
    for found in settings.capabilities():
        if found.system in SLACK and settings.slack_bot_token and found.system is not settings.slack_way:
            continue
        lines += _capability(texts, found)
    if settings.slack_way is System.SLACK_SOCKET and settings.slack_signing_secret:
        lines.append(
            "    " + texts.gettext("SLACK_SIGNING_SECRET is not used: what comes from Slack comes by Socket Mode only.")
        )
    if settings.policy_dir is None:
        lines += ["", texts.gettext("No policy yet: wachbuch init asks five questions and writes one.")]
    lines += [
        "",
        texts.gettext(
            "Without any of them: wachbuch chat works incidents in this terminal, wachbuch demo shows everything."
        ),
        texts.gettext("People and roles: docs/policy.md · all settings: docs/settings.md · end with Ctrl-C"),
    ]
    return "\n".join(lines)


def _capability(texts: Translator, found: Capability) -> list[str]:
    title, gain = texts.gettext(TITLES[found.system]), texts.gettext(GAINS[found.system])
    if found.state is State.READY:
        lines = [f"✓ {title}: {gain}"]
        if found.advised:
            lines.append(
                "    " + texts.gettext("should be set as well: {names}").format(names=", ".join(found.advised))
            )
        return lines
    missing = ", ".join(texts.gettext(" or ").join(names) for names in found.missing)
    return [f"– {title}: {gain}", "    " + texts.gettext("missing: {names}").format(names=missing)]


def _place(settings: Settings) -> str:
    url = settings.database_url.get_secret_value()
    return url.removeprefix("sqlite:///") if url.startswith("sqlite") else url.rsplit("@", maxsplit=1)[-1]
