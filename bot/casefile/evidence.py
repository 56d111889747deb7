"""Evidence with its chain of custody (A.5.28, ISO/IEC 27037), and what could not be kept."""

from collections.abc import Mapping
from typing import Final

from bot.casefile.reading import CaseFile
from bot.casefile.telling import Dated, typed
from bot.chat.texts import evidence_events
from config.texts import _
from workflows.incident.evidence_terms import CheckResult, CustodyStep
from workflows.incident.items import Custody, Evidence, Gap
from workflows.reports import markdown as md

STEPS: Final[Mapping[CustodyStep, str]] = {
    CustodyStep.VIEWED: _("viewed"),
    CustodyStep.EXPORTED: _("copy taken out"),
    CustodyStep.HANDED_OVER: _("handed over"),
    CustodyStep.CHECKED: _("hashed again"),
    CustodyStep.DISPOSAL_ASKED: _("destruction asked for"),
    CustodyStep.DISPOSAL_WITHDRAWN: _("request for destruction withdrawn"),
    CustodyStep.DISPOSAL_REFUSED: _("destruction refused"),
    CustodyStep.DISPOSED: _("destroyed"),
    CustodyStep.ORIGINAL_EDITED: _("original edited"),
    CustodyStep.ORIGINAL_DELETED: _("original deleted"),
}
DECIDED: Final = frozenset({CustodyStep.DISPOSAL_ASKED, CustodyStep.DISPOSAL_WITHDRAWN, CustodyStep.DISPOSAL_REFUSED})
"""Steps with a reason, where others have a purpose."""
CHECKS: Final[Mapping[CheckResult, str]] = {
    CheckResult.INTACT: _("unaltered"),
    CheckResult.ALTERED: _("ALTERED"),
    CheckResult.MISSING: _("MISSING"),
}


def evidence(file: CaseFile, x: Dated) -> list[str]:
    """Every item, its custody, and every gap."""
    case, t = file.case, x.t
    lines = md.heading(2, t.gettext("Evidence"))
    if not case.evidence and not case.gaps:
        return [*lines, t.gettext("None.")]
    for one in case.evidence:
        lines += _item(file, x, one)
    return lines + [_gap(x, gap) for gap in case.gaps]


def _item(file: CaseFile, x: Dated, one: Evidence) -> list[str]:
    t = x.t
    known = next((entry for entry in file.policy.evidence_access if entry.id == one.access_class), None)
    parts = (
        ("SHA-256", md.Code(one.sha256) if one.sha256 else t.gettext("not recorded")),
        (t.gettext("Size"), _size(x, one)),
        (t.gettext("Collected"), x.done(one.collected_by, one.collected_at)),
        (t.gettext("Source system"), typed(one.source_system)),
        (t.gettext("Original location"), typed(one.location)),
        (t.gettext("Method or tool"), typed(one.method)),
        (t.gettext("File name"), typed(one.file_name)),
        (t.gettext("Media type"), typed(one.media_type)),
        (t.gettext("Storage place"), typed(one.storage)),
        (t.gettext("Access class"), known.title(t.language) if known else one.access_class or ""),
        (t.gettext("State"), evidence_events.state(t, one)),
    )
    lines = [md.item(evidence_events.number(x, one.no), typed(one.description))]
    lines += [md.under(f"{label}:", value) for label, value in parts if value]
    return lines + [md.under(_custody(x, step)) for step in one.custody]


def _size(x: Dated, one: Evidence) -> str:
    if one.size is None:
        return x.t.gettext("not recorded")
    return x.t.ngettext("{count} byte", "{count} bytes", one.size).format(count=one.size)


def _custody(x: Dated, step: Custody) -> str:
    """One link of the chain."""
    told = [x.t.gettext(STEPS[step.step]), x.done(step.by, step.at)]
    if step.giver is not None or step.receiver is not None:
        giver, receiver = typed(step.giver) or x.named(step.by), typed(step.receiver)
        told.append(x.t.gettext("from {giver} to {receiver}").format(giver=giver, receiver=receiver))
    if step.result is not None:
        told.append(x.t.gettext(CHECKS[step.result]))
    if step.purpose is not None:
        text = x.t.gettext("because: {purpose}") if step.step in DECIDED else x.t.gettext("for: {purpose}")
        told.append(text.format(purpose=typed(step.purpose)))
    return x.t.gettext("Custody: {step}").format(step=", ".join(told))


def _gap(x: Dated, gap: Gap) -> str:
    text = x.t.gettext("Gap ({when}): {name} could not be fetched, because {why}.")
    name = typed(gap.file_name) or typed(gap.origin)
    return md.item(text.format(when=x.when(gap.at), name=name, why=evidence_events.why(x.t, gap.why)))
