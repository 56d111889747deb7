"""A process that writes until it is stopped or has written enough, and says each receipt after its commit.

Arguments: database address, number of this writer, how many cases to write.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress

from tests.workflows.store.samples import ORIGIN, GivenUp, case_row, draft, give_up, number_to_id
from workflows.store.store import Store


def write(store: Store, worker: int, cases: int) -> Iterator[str]:
    """Write that many cases with two entries each; every fifth transaction is given up. Yields the receipts."""
    for turn in range(cases):
        position = worker * 10_000 + turn
        case = number_to_id(position, family=1)
        with suppress(GivenUp), store.transaction() as work:
            number = work.next_number("INC", 2026)
            work.insert_case(case_row(position, number=f"INC-2026-{number:04d}"))
            entries = [
                work.append(draft(2 * position + part, case=case, seq=part + 1, texts=("text",))) for part in (0, 1)
            ]
            if turn % 5 == 4:
                give_up()
        if turn % 5 != 4:
            yield from (str(entry.receipt) for entry in entries)


if __name__ == "__main__":
    with Store.open(sys.argv[1], origin=ORIGIN, runner=False, clock_tolerance=None) as shared:
        for receipt in write(shared, int(sys.argv[2]), int(sys.argv[3])):
            print(receipt, flush=True)  # noqa: T201  # the parent reads what was promised
