"""The work of `wachbuch verify`, and its words."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.commands.exits import Exit
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.progress import working
from bot.commands.show import Shown, fail
from bot.verified import LastVerification, remember_verification
from config.i18n import Translator
from config.texts import _
from workflows.errors import WachbuchError
from workflows.ledger.errors import Broken
from workflows.ledger.export import FORMAT
from workflows.ledger.exportcheck import inspect_export, read_export
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, Finding, LogReport, NotProven
from workflows.store.store import Store
from workflows.verification import Verification, verify_store

WEAK: Final = Exit.ENVIRONMENT
"""3: intact, but with nobody outside to vouch for it."""
UNREADABLE: Final = Exit.USAGE
MOST_SHOWN: Final = 10
"""Findings printed; `--json` has more."""

CHECKS: Final[Mapping[Check, str]] = {
    Check.INDICES: _("entries numbered without a gap"),
    Check.LEAVES: _("every entry matches its hash"),
    Check.ROOT: _("the hashes amount to the stored root"),
    Check.HEAD: _("the head names the last entry"),
    Check.BODIES: _("every entry is readable and of a known kind"),
    Check.COPIES: _("the query columns are copies of the entries"),
    Check.ORIGIN: _("all entries belong to one log"),
    Check.TIMESTAMPS: _("log times never go back"),
    Check.CASE_SEQ: _("no case has a gap in its entries"),
    Check.DISCLOSURES: _("names and texts match what was committed to"),
    Check.ERASURES: _("what is missing was erased by an entry"),
    Check.POLICIES: _("every policy that an entry names is stored, unaltered"),
    Check.CHECKPOINTS: _("the log continues the checkpoints"),
    Check.RECEIPTS: _("the receipts are in the log"),
    Check.PROOFS: _("every entry is proven to be in the log"),
    Check.FORM: _("the file has the expected form"),
}
WHY_ODD: Final = _("It is mistyped, or of another log or case; or the whole log was written anew since it was given.")
OPEN: Final[Mapping[NotProven, str]] = {
    NotProven.NO_CHECKPOINT: _("that nobody rewrote log and head together: no checkpoint from outside was compared"),
    NotProven.NEWEST_ENTRIES: _("that nothing was cut off after the last checkpoint"),
    NotProven.CANONICAL_BYTES: _("that every field is on the allow-list (--deep checks it)"),
    NotProven.CONTENT: _("that what was recorded is true, and that everything was recorded"),
    NotProven.CASE_COMPLETE: _("that the case has no later entries than those shown"),
    NotProven.WITHHELD: _("whether the withheld fields still exist"),
}


def verify_database(receipts: list[str], *, deep: bool, strict: bool, as_json: bool) -> Exit:
    """Verify the live database and print what was found."""
    texts = cli_texts()
    opened = configuration(texts, UNREADABLE)
    known = [_receipt(texts, text) for text in receipts]
    with database(opened, unusable=UNREADABLE) as store, working(texts.gettext("Verifying"), quiet=as_json):
        found = verify_store(store, deep=deep, receipts=known)
        _remember(store, found)
    Shown(as_json).result(_data(found), _lines(opened.texts, found, asked=bool(known)))
    if not found.intact:
        return Exit.FINDING
    return WEAK if strict and NotProven.NO_CHECKPOINT in found.log.not_proven else Exit.OK


def _remember(store: Store, found: Verification) -> None:
    """For `doctor` and the metrics. A verification that cannot be noted down is one all the same.

    A receipt that does not fit is told to who brought it: whoever mistypes one is not to alarm everybody.
    """
    intact = found.intact or (_only_receipts(found.log) and not found.cases)
    last = LastVerification(datetime.now(UTC), found.log.size, intact)
    with suppress(WachbuchError), store.transaction() as uow:
        remember_verification(uow.links, last)


def verify_file(file: Path, receipts: list[str], *, as_json: bool) -> Exit:
    """Verify an exported file and print what was found."""
    texts = cli_texts()
    known = [_receipt(texts, text) for text in receipts]
    report = inspect_export(_read(texts, file), receipts=known)
    Shown(as_json).result(_log_data(report), _log_lines(texts, report, asked=bool(known)))
    if not report.intact:
        return Exit.FINDING
    return WEAK if NotProven.NO_CHECKPOINT in report.not_proven else Exit.OK


def _read(texts: Translator, file: Path) -> object:
    """The document, when the file is one of ours at all; whether it was altered is another question."""
    try:
        document = read_export(file.read_text(encoding="utf-8"))
    except OSError as error:
        fail(texts.gettext("{file} cannot be read.").format(file=file), error.strerror or "", code=UNREADABLE)
    except ValueError as error:
        fail(texts.gettext("{file} is not a file made by “wachbuch export”.").format(file=file), str(error),
             code=UNREADABLE)  # fmt: skip
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        fail(texts.gettext("{file} is not a file made by “wachbuch export”.").format(file=file),
             _contrast(texts, FORMAT, type(document).__name__), code=UNREADABLE)  # fmt: skip
    return document


def _receipt(texts: Translator, text: str) -> Receipt:
    try:
        return Receipt.parse(text)
    except Broken as error:
        fail(texts.gettext("“{text}” is not a receipt.").format(text=text), str(error), code=UNREADABLE)


def _log_data(report: LogReport) -> dict[str, Any]:
    return {
        "intact": report.intact,
        "size": report.size,
        "root": report.root.hex(),
        "first_bad": report.first_bad,
        "checks": {check.value: count for check, count in report.counts.items()},
        "findings": [asdict(finding) for finding in report.findings],
        "disclosed": report.disclosed,
        "erased": report.erased,
        "withheld": report.withheld,
        "not_proven": [point.value for point in report.not_proven],
    }


def _data(found: Verification) -> dict[str, Any]:
    cases = [asdict(finding) for finding in found.cases]
    return {**_log_data(found.log), "intact": found.intact, "cases": found.case_count, "case_findings": cases}


def _log_lines(texts: Translator, report: LogReport, *, asked: bool) -> list[str]:
    """`asked`: receipts were brought along. What was compared with nothing is not called fine."""
    _t = texts.gettext
    size = texts.gettext("{size} entries, root {root}").format(size=report.size, root=report.root.hex()[:16])
    lines = [f"{_head(texts, report)}: {size}"]
    compared = {Check.RECEIPTS: asked, Check.CHECKPOINTS: NotProven.NO_CHECKPOINT not in report.not_proven}
    for check, count in report.counts.items():
        if count or compared.get(check, True):
            lines.append(f"  ✗ {_t(CHECKS[check])} ({count})" if count else f"  ✓ {_t(CHECKS[check])}")
    lines += [f"    {_finding(texts, finding)}" for finding in report.findings[:MOST_SHOWN]]
    lines += [f"    {_t(WHY_ODD)}"] if _only_receipts(report) else []
    counts = texts.gettext("Fields: {disclosed} disclosed, {erased} erased, {withheld} withheld.")
    lines.append(counts.format(disclosed=report.disclosed, erased=report.erased, withheld=report.withheld))
    return [*lines, texts.gettext("Not proven:"), *(f"  – {_t(OPEN[point])}" for point in report.not_proven)]


def _head(texts: Translator, report: LogReport) -> str:
    if report.intact:
        return texts.gettext("Ledger intact")
    if _only_receipts(report):
        return texts.gettext("Ledger intact in itself, but a receipt does not fit it")
    return texts.gettext("LEDGER TAMPERED WITH")


def _only_receipts(report: LogReport) -> bool:
    """Whether nothing contradicts the log but a receipt that somebody brought."""
    return bool(report.findings) and all(one.check is Check.RECEIPTS for one in report.findings)


def _finding(texts: Translator, finding: Finding) -> str:
    where = texts.gettext("whole log")
    if finding.index is not None and finding.check is not Check.ROOT:
        where = texts.gettext("entry #{index}").format(index=finding.index)
    return f"{where} · {finding.check.value}: {_contrast(texts, finding.expected, finding.found)}"


def _contrast(texts: Translator, expected: str, found: str) -> str:
    return texts.gettext("expected {expected}, found {found}").format(expected=expected, found=found)


def _lines(texts: Translator, found: Verification, *, asked: bool) -> list[str]:
    lines = _log_lines(texts, found.log, asked=asked)
    if not found.cases:
        agreed = texts.gettext("✓ {count} case rows say what their entries say")
        return [*lines, agreed.format(count=found.case_count)]
    head = texts.gettext("✗ CASE ROWS CONTRADICT THE LEDGER: {count}").format(count=len(found.cases))
    rows = [
        f"    {one.case} · {one.what}: {_contrast(texts, one.expected, one.found)}" for one in found.cases[:MOST_SHOWN]
    ]
    return [*lines, head, *rows]
