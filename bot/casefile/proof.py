"""The last page of a report: where each entry stands in the log, and how that is checked without us."""

from bot.casefile.reading import CaseFile
from bot.casefile.telling import Dated
from workflows.reports import markdown as md


def proof(file: CaseFile, x: Dated, erased: int) -> list[str]:
    """Receipts of all entries (index and hash), and what to do with them. `erased`: how many fields are gone."""
    t, number = x.t, file.case.number
    head = (t.gettext("Entry"), t.gettext("Receipt: index in the log, first 80 bits of the hash"),
            t.gettext("What was recorded"), t.gettext("Recorded at"))  # fmt: skip
    rows = [
        (str(item.seq), md.Code(receipt), md.Code(item.event.kind.value), x.when(item.at))
        for item, receipt in file.steps
    ]
    lines = [*md.heading(2, t.gettext("Proof")), *md.table(head, rows), ""]
    told = [
        t.gettext("Log: {log}").format(log=file.log or "—"),
        t.gettext("Refused attempts are entries, too; they stand in the export, and not here."),
    ]
    if erased:
        text = t.ngettext(
            "{count} field was erased by two persons; its place says so, and its entry stays.",
            "{count} fields were erased by two persons; their places say so, and their entries stay.",
            erased,
        )
        told.append(text.format(count=erased))
    checks = (
        (t.gettext("Check the whole log:"), "wachbuch verify"),
        (t.gettext("Get the entries with their proofs:"), f"wachbuch export --case {number} -o {number}.json"),
        (t.gettext("Check those anywhere, without the database:"), f"wachbuch verify {number}.json"),
    )
    return lines + [md.item(one) for one in told] + [md.item(label, md.Code(command)) for label, command in checks]
