"""The work of `wachbuch doctor`, and its words."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Final

from rich.console import Console
from rich.text import Text

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.progress import working
from bot.commands.show import Shown
from bot.commands.surroundings import environment
from bot.doctor.examine import examine
from bot.doctor.paging import test_call
from bot.doctor.result import SURROUNDINGS, Group, Level, Patient, Result
from bot.logs import Redaction
from bot.moment import real_moment
from config.i18n import Translator, translator
from config.policy.faults import PolicyError
from config.policy.loader import Loaded, load_policy
from config.settings import Settings, SettingsError, load_settings
from config.texts import _

TITLES: Final[Mapping[Group, str]] = {
    Group.PROGRAM: _("Program"),
    Group.SETTINGS: _("Settings"),
    Group.POLICY: _("Policy"),
    Group.DATA: _("Data"),
    Group.LEDGER: _("Ledger"),
    Group.WORK: _("Work"),
    Group.SERVICE: _("Service"),
    Group.SLACK: _("Slack"),
    Group.FORGES: _("Forges"),
}
MARKS: Final[Mapping[Level, tuple[str, str]]] = {
    Level.OK: ("✓", "green"),
    Level.NOTE: ("–", "dim"),
    Level.WARNING: ("!", "yellow"),
    Level.FAULT: ("✗", "bold red"),
}


def run(*, as_json: bool, page: bool = False) -> Exit:
    """Look at everything and print what was found."""
    texts = cli_texts()
    try:
        environ = environment()
        settings = load_settings(environ)
    except SettingsError as error:
        faults = [
            Result(
                Group.SETTINGS, fault.name, Level.FAULT, fault.text(texts), "", texts.gettext("See docs/settings.md.")
            )
            for fault in error.faults
        ]
        return _show(texts, faults, as_json=as_json)
    texts = translator(settings.language) if settings.language else texts
    policy, found = _policy(texts, settings)
    patient = Patient(environ, settings, policy, texts, real_moment().now)
    with working(texts.gettext("Looking"), quiet=as_json):
        found += examine(patient)
        found += test_call(patient) if page else ()
    clean = Redaction(settings.secrets())
    return _show(texts, [_without_secrets(clean, one) for one in found], as_json=as_json)


def _policy(texts: Translator, settings: Settings) -> tuple[Loaded | None, list[Result]]:
    try:
        return load_policy(settings.policy_dir), []
    except PolicyError as error:
        then = "wachbuch policy check"
        return None, [Result(Group.POLICY, "fault", Level.FAULT, one.line_for(texts), "", then) for one in error.faults]


def _without_secrets(clean: Redaction, one: Result) -> Result:
    return replace(one, what=clean.text(one.what), why=clean.text(one.why), then=clean.text(one.then))


def _show(texts: Translator, found: list[Result], *, as_json: bool) -> Exit:
    code = _code(found)
    if as_json:
        Shown(as_json=True).result({"code": int(code), "results": [asdict(one) for one in found]}, [])
        return code
    console = Console(highlight=False, soft_wrap=True)
    for group in Group:
        listed = [one for one in found if one.group is group]
        if listed:
            console.print(Text(texts.gettext(TITLES[group]), "bold"))
            for one in listed:
                _print(console, one)
    console.print(Text(_summary(texts, found)))
    return code


def _print(console: Console, one: Result) -> None:
    mark, style = MARKS[one.level]
    console.print(Text.assemble(("  " + mark, style), f" {one.what}"))
    for more in (one.why, f"→ {one.then}" if one.then else ""):
        if more and one.level is not Level.OK:
            console.print(Text(f"    {more}"))


def _summary(texts: Translator, found: Iterable[Result]) -> str:
    levels = [one.level for one in found]
    faults, warnings = levels.count(Level.FAULT), levels.count(Level.WARNING)
    if not faults and not warnings:
        return texts.gettext("All is well.")
    return texts.gettext("Broken: {faults}. To be looked at: {warnings}.").format(faults=faults, warnings=warnings)


def _code(found: Iterable[Result]) -> Exit:
    listed = list(found)
    if any(one.level is Level.FAULT and one.group in SURROUNDINGS for one in listed):
        return Exit.ENVIRONMENT
    return Exit.FINDING if any(one.level in {Level.WARNING, Level.FAULT} for one in listed) else Exit.OK
