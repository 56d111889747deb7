"""A case taken out of the log, with proofs that it belongs there."""

from typing import Any

from workflows.actors import Actor
from workflows.holding import visible
from workflows.ledger.export import ExportScope, export_document
from workflows.registry import WORKFLOWS, read_case
from workflows.store.store import Store


def export_case(store: Store, number: str, viewer: Actor) -> dict[str, Any] | None:
    """The export document; None when there is no such case for this viewer.

    Entries that erased a field of the case are handed out too, since they excuse what is missing.
    """
    with store.reading() as reads:
        row = reads.case(number)
        if row is None or not visible(WORKFLOWS[row.workflow], read_case(row), viewer):
            return None
        entries = reads.case_history(row.id)
        fields = reads.case_disclosures(row.id)
        erasers = {field.erased_by for field in fields if field.erased_by is not None}
        extra = [found for index in sorted(erasers) if (found := reads.entry(index)) is not None]
        leaves = [leaf for _, _, leaf in reads.leaves()]
        scope = ExportScope(
            origin=reads.origin() or store.origin,
            entries=[*entries, *extra],
            disclosures=fields,
            case=str(row.id),
            extra={"number": row.number, "workflow": row.workflow, "state": row.state},
        )
    return export_document(scope, leaves)
