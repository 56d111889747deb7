"""The work of `wachbuch policy`, and its words."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.opening import configuration
from bot.commands.show import Shown, fail
from bot.commands.surroundings import configured
from bot.moment import real_moment
from config.i18n import Translator
from config.policy.diff import Difference, differences
from config.policy.faults import PolicyError
from config.policy.loader import Loaded, load_policy
from config.policy.people import AbsenceGap, Consequence, RuleGap, check_absences, check_people
from config.policy.schema import policy_schema
from config.settings import SettingsError
from config.texts import _

CONSEQUENCES: Final[Mapping[Consequence, str]] = {
    Consequence.MANAGEMENT_COUNTERSIGNS: _("management countersigns within two working days"),
    Consequence.NOBODY: _("nobody can step in"),
    Consequence.NO_STAND_IN: _("nobody can stand in"),
}


def run_check(folder: Path | None, *, people: bool, as_json: bool) -> Exit:
    """Check a folder, or the configured one. 1 when there are faults, or rules that nobody can fill."""
    texts = cli_texts()
    loaded = _loaded(texts, folder, as_json=as_json)
    if loaded is None:
        return Exit.FINDING
    gaps = check_people(loaded.policy) if people else ()
    lines = [texts.gettext("The policy is fine. Hash: {hash}").format(hash=loaded.sha256)]
    lines += [gap_line(texts, gap) for gap in gaps]
    today = real_moment().now().astimezone(loaded.policy.zone).date()
    away = check_absences(loaded.policy, today) if people else ()
    lines += [absence_line(texts, gap) for gap in away]
    if people and not gaps:
        lines.append(texts.gettext("Every rule can be filled by two people or more."))
    absences = [{**asdict(gap), "day": gap.day.isoformat()} for gap in away]
    found = {"sha256": loaded.sha256, "faults": [], "gaps": [asdict(gap) for gap in gaps], "absences": absences}
    Shown(as_json).result(found, lines)
    return Exit.FINDING if away or any(gap.consequence is Consequence.NOBODY for gap in gaps) else Exit.OK


def run_show(*, as_json: bool) -> None:
    """Print the policy in force."""
    opened = configuration(cli_texts())
    document = {"sha256": opened.policy.sha256, "policy": json.loads(opened.policy.source_text)}
    text = json.dumps(document["policy"], indent=2, ensure_ascii=False)
    Shown(as_json).result(document, [f"sha256: {opened.policy.sha256}", text])


def run_schema() -> None:
    """Print the JSON Schema."""
    sys.stdout.write(json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n")


def run_diff(folder: Path, *, as_json: bool) -> Exit:
    """Compare the policy in force with a folder."""
    texts = cli_texts()
    before = configuration(texts).policy
    after = _loaded(texts, folder, as_json=as_json)
    if after is None:
        return Exit.FINDING
    found = differences(before.policy, after.policy)
    lines = [_difference_line(texts, one) for one in found] or [texts.gettext("No difference.")]
    Shown(as_json).result({"differences": [asdict(one) for one in found]}, lines)
    return Exit.FINDING if any(one.loosens for one in found) else Exit.OK


def _loaded(texts: Translator, folder: Path | None, *, as_json: bool) -> Loaded | None:
    try:
        return load_policy(folder or configured().policy_dir)
    except SettingsError as error:
        fail(texts.gettext("The settings cannot be used:"), "\n".join(f.text(texts) for f in error.faults))
    except PolicyError as error:
        data = {"faults": [{**asdict(fault), "params": dict(fault.params)} for fault in error.faults]}
        Shown(as_json).result(data, [fault.line_for(texts) for fault in error.faults])
        return None


def gap_line(texts: Translator, gap: RuleGap) -> str:
    """One rule or duty that too few can fill, in a line."""
    persons = ", ".join(gap.persons)
    line = texts.gettext("{rule}: only {persons} can fill it ({roles}); {consequence}.")
    if not gap.persons:
        line = texts.gettext("{rule}: nobody can fill it ({roles}); {consequence}.")
    roles = ", ".join(role.value for role in gap.roles) or "–"
    consequence = texts.gettext(CONSEQUENCES[gap.consequence])
    return "• " + line.format(rule=gap.id, persons=persons, roles=roles, consequence=consequence)


def absence_line(texts: Translator, gap: AbsenceGap) -> str:
    """One duty for which nobody is there from a day on."""
    line = texts.gettext("{duty}: from {day} on nobody is there for it (away: {persons}).")
    return "• " + line.format(duty=gap.duty.value, day=texts.date(gap.day), persons=", ".join(gap.persons))


def _difference_line(texts: Translator, one: Difference) -> str:
    mark = texts.gettext("  (loosens)") if one.loosens else ""
    return f"{one.path}: {one.before} → {one.after}{mark}"
