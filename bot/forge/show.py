"""What is really enforced, and since when, for people to read: on the terminal and as Markdown."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any

from bot.forge.gap_texts import EFFECTS, THEN, WHAT
from config.i18n import Translator
from workflows.continuity import Effect, Interval, Posture, effect_of, gaps_of


def posture_lines(posture: Posture, texts: Translator) -> list[str]:
    """One repository: what its gate is worth, each gap with what to do, and how news arrive."""
    _ = texts.gettext
    gaps = gaps_of(posture)
    effect = effect_of(gaps)
    mark = {Effect.EFFECTIVE: "✓", Effect.OFF: "✗"}.get(effect, "!")
    kind = _("private") if posture.private else _("public")
    lines = [f"{mark} {posture.forge.value} {posture.repository} ({kind}): {texts.gettext(EFFECTS[effect])}"]
    parts = _parts(posture)
    for gap in gaps:
        lines.append("    " + texts.gettext(WHAT[gap]).format(**parts))
        lines.append("      → " + texts.gettext(THEN[gap]).format(repository=posture.repository))
    lines.append("    " + _way_in(posture, texts))
    if posture.quota is not None:
        left, limit = posture.quota
        lines.append("    " + _("Calls left this hour: {left} of {limit}").format(left=left, limit=limit))
    return lines


def posture_data(posture: Posture) -> dict[str, Any]:
    """The same for machines."""
    gaps = gaps_of(posture)
    return {**posture.model_dump(mode="json"), "effect": effect_of(gaps).value, "gaps": [gap.value for gap in gaps]}


def history_markdown(intervals: Sequence[Interval], texts: Translator, zone: tzinfo) -> str:
    """A table of all intervals."""
    _ = texts.gettext
    head = " | ".join((_("Repository"), _("From"), _("Until"), _("Gate"), _("Why"), _("Merged meanwhile")))
    lines = [f"| {head} |", "| --- | --- | --- | --- | --- | --- |"]
    for one in intervals:
        until = texts.datetime(one.until, zone) if one.until else _("today")
        why = " ".join(texts.gettext(WHAT[gap]).format(**_unnamed(texts)) for gap in one.gaps) or "–"
        merges = ", ".join(f"#{number}" for number in one.merges) or "–"
        cells = (
            one.repository,
            texts.datetime(one.since, zone),
            until,
            texts.gettext(EFFECTS[one.effect]),
            why,
            merges,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def history_data(intervals: Iterable[Interval]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "forge": one.forge.value, "repository_id": one.repository_id, "repository": one.repository,
            "effect": one.effect.value, "gaps": [gap.value for gap in one.gaps], "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else None, "merges": list(one.merges),
        }
        for one in intervals
    ]  # fmt: skip


def _way_in(posture: Posture, texts: Translator) -> str:
    _ = texts.gettext
    if not posture.told:
        return _("News: asked for every minute")
    hook = posture.hook
    if hook is None:
        return _("News: by webhook, which is not shown to us") if not posture.hook_seen else _("News: no webhook")
    text = _("News: by webhook; of the last deliveries {delivered} arrived, {failed} failed")
    if hook.group:
        text = _("News: by webhook of the group {group}; of the last deliveries {delivered} arrived, {failed} failed")
    return text.format(group=hook.group, delivered=hook.delivered, failed=hook.failed)


def _parts(posture: Posture) -> dict[str, str]:
    bare = [one.name for one in posture.branches if not one.rules]
    return {
        "branches": ", ".join(bare) or "–",
        "events": ", ".join(posture.hook.missing_events) if posture.hook else "",
        "permissions": ", ".join(posture.missing_permissions),
    }


def _unnamed(texts: Translator) -> dict[str, str]:
    """Entries keep codes, not names of branches and events."""
    return {"branches": texts.gettext("a judged branch"), "events": "…", "permissions": "…"}
