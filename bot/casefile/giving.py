"""Both texts of a case that somebody gets: the report for people, the entries with their proofs for checking."""

from dataclasses import dataclass
from datetime import datetime

from bot.casefile.reading import CaseFile, read_casefile
from bot.casefile.report import case_report
from config.i18n import Translator
from config.policy.models import Policy
from workflows.actors import Actor
from workflows.exporting import export_case
from workflows.ledger.export import export_text
from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """`report` is Markdown, `proof` the JSON that `wachbuch verify` reads."""

    report: str
    proof: str


def case_texts(
    store: Store, policy: Policy, number: str, viewer: Actor, now: datetime, t: Translator
) -> CaseTexts | None:
    """Both, as far as the viewer may see the case; None where they may not, or where it is no incident."""
    file = read_casefile(store, policy, number, viewer, now)
    document = export_case(store, number, viewer)
    if not isinstance(file, CaseFile) or document is None:
        return None
    return CaseTexts(case_report(file, t), export_text(document))
