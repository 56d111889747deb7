"""The work of `wachbuch forge`."""

import sys
from collections.abc import Iterable, Sequence

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.forge.checking import look_at, record
from bot.forge.show import history_data, history_markdown, posture_data, posture_lines
from bot.forge.watching import Watcher
from bot.forge.wired import Bench
from bot.forge.wiring import forges_of
from bot.jobs.port import GiveUp, Retry
from bot.moment import real_moment
from bot.parts import Core
from bot.services import make_service
from config.settings import ForgeMode
from workflows.change.seen import Forge
from workflows.continuity import EVENTS, Effect, Posture, effect_of, gaps_of, intervals
from workflows.events import Recorded
from workflows.record import read_entry, to_recorded
from workflows.store.reads import Reads
from workflows.store.store import Store


def run_check(repositories: Sequence[str], *, as_json: bool) -> Exit:
    """Look, record, and show."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store:
        moment = real_moment()
        core = Core(store, opened.policy, moment, make_service(store, opened.policy, moment))
        forges = forges_of(Bench(core, opened.settings, opened.texts))
        watchers = {one.forge: one.watcher for one in forges if one.watcher is not None}
        if not watchers:
            fail(_("No forge is connected."), _("Set GITHUB_APP_ID or GITHUB_TOKEN, or GITLAB_TOKEN."),
                 _("See docs/settings.md."))  # fmt: skip
        seen = _looked(opened, core, watchers, repositories)
        receipts = [str(record(core.service, one, moment.now())) for one in seen]
        for one in forges:
            for closer in one.closers:
                closer()
    _show(opened, seen, receipts, as_json=as_json)
    holds = bool(seen) and all(effect_of(gaps_of(one)) is Effect.EFFECTIVE for one in seen)
    return Exit.OK if holds else Exit.FINDING


def _looked(opened: Opened, core: Core, watchers: dict[Forge, Watcher], repositories: Sequence[str]) -> list[Posture]:
    _ = opened.texts.gettext
    told = opened.settings.forge_mode is ForgeMode.WEBHOOK
    try:
        seen = [one for forge in watchers for one in look_at(core, forge, watchers[forge], repositories, told=told)]
    except (Retry, GiveUp) as error:
        fail(_("A forge cannot be reached: {reason}").format(reason=error.reason), then=_("Please try again later."))
    found = {one.repository.casefold() for one in seen}
    missing = [name for name in repositories if name.casefold() not in found]
    if missing:
        fail(
            _("Not found: {names}").format(names=", ".join(missing)),
            _("The credentials do not reach it, or the policy does not cover it."),
        )
    return seen


def _show(opened: Opened, seen: Sequence[Posture], receipts: Sequence[str], *, as_json: bool) -> None:
    texts = opened.texts
    lines = [line for one in seen for line in posture_lines(one, texts)]
    if not seen:
        lines = [
            texts.gettext("No repository is covered by the policy and reached with our credentials."),
            texts.gettext("Name one under change.repositories, or give the App or token access to it."),
        ]
    else:
        lines.append(texts.gettext("Recorded: {receipts}").format(receipts=" ".join(receipts)))
    Shown(as_json).result({"repositories": [posture_data(one) for one in seen], "receipts": list(receipts)}, lines)


def run_history(repository: str, *, as_json: bool) -> Exit:
    """Show what the ledger says about each gate."""
    opened = configuration(cli_texts())
    with database(opened) as store:
        found = intervals(_entries(store))
    wanted = [one for one in found if repository.casefold() in ("", one.repository.casefold())]
    if as_json:
        Shown(as_json).result({"intervals": history_data(wanted)}, [])
    elif wanted:
        sys.stdout.write(history_markdown(wanted, opened.texts, opened.policy.policy.zone))
    else:
        sys.stdout.write(opened.texts.gettext("Nothing is recorded yet.") + "\n")
    return Exit.OK


def _entries(store: Store) -> list[Recorded]:
    with store.reading() as reads:
        return list(_recorded(reads))


def _recorded(reads: Reads) -> Iterable[Recorded]:
    for entry in reads.entries_of(tuple(kind.value for kind in EVENTS)):
        fields = [(one.name, one.disclosure) for one in reads.disclosures_of(entry.index)]
        yield to_recorded(read_entry(entry.body, fields), EVENTS)
