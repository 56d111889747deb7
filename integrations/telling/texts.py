"""A verdict in words, as the forges show it: status line, check run, and one comment. One tree makes all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from config.i18n import Translator
from config.policy.ids import Mode
from integrations.telling import wording
from integrations.telling.inert import code, mention, one_line
from workflows.change.codes import Answer, Outcome, VerdictStatus
from workflows.change.result import Part, Result, Verdict
from workflows.change.seen import Forge

GATE: Final = "wachbuch/gate"
"""Name of our check, status and comment marker."""
MARKER: Final = f"<!-- {GATE} -->"
"""Hidden first line of our comment, by which it is found again."""
STATUS_MOST: Final = 140
"""Characters of a commit status's description."""
_TITLE_MOST: Final = 120
_MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.SATISFIED: "✓",
    Outcome.NOT: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.NOT_APPLICABLE: "–",
    Outcome.NOT_CONFIGURED: "–",
}
_NAMES_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the text says beside the verdict.

    `logins` gives the login at this forge for `person:<id>` codes and for ids of `who`; `able` are logins that can
    give a missing review. `title` is the change's own and foreign text. `advisory`: the forge cannot be made to hold
    the request, so the verdict is only shown.
    """

    forge: Forge
    number: str
    at: datetime
    zone: tzinfo
    title: str = ""
    able: tuple[str, ...] = ()
    logins: Mapping[str, str] = field(default_factory=dict)
    details_url: str = ""
    advisory: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict in words. `line` is plain text; `title` too; `summary` and `comment` are Markdown.

    `waiting` is the line where it cannot be kept up to date while the verdict waits.
    """

    line: str
    waiting: str
    title: str
    summary: str
    comment: str
    head: str


def told(t: Translator, verdict: Verdict, around: Surroundings) -> Told:
    """All texts of a verdict in one language."""
    held = [result for result in verdict.results if result.held]
    plain = _headline(t, verdict, held)
    full = "; ".join(_needed(t, one, around) for one in held[:2])
    line = one_line(f"{plain} {full}".strip(), STATUS_MOST)
    summary = "\n".join(_body(t, verdict, held, around))
    comment = f"{MARKER}\n{summary}"
    waiting = t.gettext("Held for now. What is missing stands in the comment.")
    return Told(line, waiting, one_line(f"{plain} {full}".strip(), _TITLE_MOST), summary, comment, verdict.head)


def _headline(t: Translator, verdict: Verdict, held: Sequence[Result]) -> str:
    count, total = len(held), verdict.asked
    match verdict.status:
        case VerdictStatus.PASSED:
            return t.gettext("All {total} met.").format(total=total)
        case VerdictStatus.EMERGENCY:
            text = t.gettext("EMERGENCY: open for this commit alone, {count} of {total} skipped:")
            return text.format(count=count, total=total)
        case VerdictStatus.WAIVED:
            waived = len(verdict.waived)
            text = t.ngettext("Met, {count} of {total} by a waiver.", "Met, {count} of {total} by waivers.", waived)
            return text.format(count=waived, total=total)
        case VerdictStatus.BLOCKED:
            text = t.gettext("Held by {count} of {total}:")
        case VerdictStatus.PENDING:
            text = t.gettext("Waiting for {count} of {total}:")
    if verdict.mode is Mode.OBSERVE:
        text = t.gettext("Observing only. Would be held because of {count} of {total}:")
    return text.format(count=count, total=total)


def _needed(t: Translator, result: Result, around: Surroundings) -> str:
    return t.gettext(wording.NEEDED[result.requirement]).format(**_words(t, around.forge))


def _words(t: Translator, forge: Forge) -> dict[str, str]:
    return {"request": t.gettext(wording.REQUEST[forge]), "forge": wording.FORGE[forge]}


def _body(t: Translator, verdict: Verdict, held: Sequence[Result], around: Surroundings) -> list[str]:
    headline = f"**{_headline(t, verdict, held)}**"
    if len(held) == 1:
        lines = [f"{headline} {line(t, held[0], around)}"]
    else:
        lines = [headline, *([""] if held else []), *(f"- {line(t, one, around)}" for one in held)]
    waived = [result for result in verdict.results if result.waiver]
    if waived:
        names = ", ".join(_needed(t, one, around) for one in waived)
        lines += ["", t.gettext("Under a waiver: {names}.").format(names=names)]
    if held and verdict.mode is Mode.OBSERVE:
        lines += ["", t.gettext("This repository is being observed: nothing is held.")]
    elif verdict.emergency is not None:
        lines += ["", t.gettext("What is skipped is due afterwards, and so is a retrospective review.")]
    elif held:
        hint = t.gettext("Urgent: `/change emergency`. Not possible for longer: `/change waive`, by a risk owner.")
        lines += ["", hint]
    if around.advisory:
        text = t.gettext("Shown here only: this {request} comes from a fork, where the verdict cannot hold the merge.")
        lines += ["", text.format(**_words(t, around.forge))]
    return [*lines, "", *_folded(t, verdict, around), "", _foot(t, verdict, around)]


def _folded(t: Translator, verdict: Verdict, around: Surroundings) -> list[str]:
    rest = [result for result in verdict.results if not result.held and not result.waiver]
    met = sum(result.outcome is Outcome.SATISFIED for result in rest)
    summary = t.ngettext("{count} met", "{count} met", met).format(count=met)
    silent = len(rest) - met
    if silent:
        summary += ", " + t.gettext("{count} not asked for here").format(count=silent)
    listed = [f"- {_MARKS[one.outcome]} {_needed(t, one, around)}. {sentence(t, one, around.forge)}" for one in rest]
    return [f"<details><summary>{summary}</summary>", "", *listed, "", "</details>"] if rest else []


def _foot(t: Translator, verdict: Verdict, around: Surroundings) -> str:
    state = t.gettext("As of {commit}, {time}").format(commit=verdict.head[:7], time=t.datetime(around.at, around.zone))
    change = " ".join(one for one in (around.number, code(around.title) if around.title else "") if one)
    name = t.gettext("Details")
    link = f"[{name}]({around.details_url})" if around.details_url else ""
    return " · ".join(one for one in (change, f"{state}.", link) if one)


def line(t: Translator, result: Result, around: Surroundings) -> str:
    """One requirement that is not met: what is asked for, what was found, who can help and how. Markdown."""
    found = sentence(t, result, around.forge)
    parts = [f"{_needed(t, result, around)}.", found, _who(t, result, around), _help(t, result, around)]
    return " ".join(one for one in parts if one)


def sentence(t: Translator, result: Result, forge: Forge) -> str:
    """What was found, as one sentence. Markdown."""
    people = [mention(one, forge) for one in result.people]
    several = wording.SEVERAL.get(result.code)
    text = t.gettext(several if several and len(people) > 1 else wording.FOUND[result.code])
    return text.format(
        found=_value(result.found),
        expected=_value(result.expected),
        people=_listed(t, people) or "?",
        parts=_listed(t, [_part(t, one) for one in _open_parts(result)]) or _value(result.found),
        **_words(t, forge),
    )


def _open_parts(result: Result) -> tuple[Part, ...]:
    return tuple(part for part in result.parts if part.outcome is not Outcome.SATISFIED)


def _part(t: Translator, part: Part) -> str:
    if part.subject in set(Answer):
        return t.gettext(wording.ANSWER[Answer(part.subject)])
    text = wording.PART.get(part.code)
    return t.gettext(text).format(subject=code(part.subject)) if text else code(part.subject)


def _value(found: str) -> str:
    """Numbers, risks and change numbers stand as they are; whatever else comes from outside."""
    return found if found.replace("-", "").isalnum() and found.isascii() else code(found)


def _who(t: Translator, result: Result, around: Surroundings) -> str:
    able = [mention(login, around.forge) for login in around.able] if "reviewer" in result.who else []
    names = able or [_name(t, one, around) for one in result.who]
    return t.gettext("Possible: {names}.").format(names=_listed(t, names)) if names else ""


def _name(t: Translator, who: str, around: Surroundings) -> str:
    if who in around.logins:
        return mention(around.logins[who], around.forge)
    known = wording.ROLES.get(who)
    return t.gettext(known) if known else code(who.removeprefix("person:"))


def _help(t: Translator, result: Result, around: Surroundings) -> str:
    text = wording.HELP[result.remedy]
    return t.gettext(text).format(number=around.number or "CHG-…") if text else ""


def _listed(t: Translator, names: Sequence[str]) -> str:
    more = len(names) - _NAMES_MOST
    if more <= 0:
        return ", ".join(names)
    rest = t.ngettext("{count} more", "{count} more", more).format(count=more)
    return ", ".join([*names[:_NAMES_MOST], rest])
