"""The file of a case for machines: the case and its entries with ids, times in UTC, and receipts."""

import json
from typing import Any

from bot.casefile.reading import CaseFile
from workflows.events import Recorded
from workflows.ledger.receipt import Receipt


def case_data(file: CaseFile) -> str:
    """As JSON, the same every time; an erased field is `{"erased": true}`."""
    data = {
        "number": file.case.number,
        "generated": file.now.isoformat(),
        "log": file.log,
        "case": file.case.model_dump(mode="json"),
        "entries": [_entry(item, receipt) for item, receipt in file.steps],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _entry(item: Recorded, receipt: Receipt) -> dict[str, Any]:
    return {
        "seq": item.seq,
        "kind": item.event.kind.value,
        "at": item.at.isoformat(),
        "occurred_at": item.when.isoformat(),
        "by": item.by,
        "role": item.role.value if item.role else None,
        "source": item.source.value,
        "controls": list(item.event.controls),
        "data": item.event.model_dump(mode="json"),
        "receipt": str(receipt),
    }
