"""Whatever is done to a store in whatever order, it holds what a plain list would hold, and it verifies."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.store.samples import GivenUp, draft, erasing, give_up, opened
from workflows.ledger.verify import verify_log
from workflows.store.rows import Target
from workflows.store.store import Store

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=3)
STEPS = st.one_of(
    st.tuples(st.just("append"), st.lists(TEXTS, min_size=1, max_size=4)),
    st.tuples(st.just("give up"), st.lists(TEXTS, min_size=1, max_size=4)),
    st.tuples(st.just("erase"), st.integers(0, 7)),
    st.tuples(st.just("reopen"), st.none()),
)


@dataclass
class Model:
    """The same history kept in lists."""

    texts: list[tuple[str, ...]] = field(default_factory=list)
    erased: list[Target] = field(default_factory=list)

    def open_fields(self) -> list[Target]:
        every = [Target(index, f"text{at}") for index, texts in enumerate(self.texts) for at in range(len(texts))]
        return [target for target in every if target not in self.erased]


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with tables and nothing in them."""
    path = tmp_path_factory.mktemp("empty") / "wachbuch.db"
    with opened(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fresh places for files."""
    folder = tmp_path_factory.mktemp("histories")
    return (folder / f"{number}.db" for number in range(10_000))


@given(steps=st.lists(STEPS, max_size=12))
def test_any_history_holds_what_a_list_would_hold(
    steps: Sequence[tuple[str, object]], empty_file: Path, places: Iterator[Path]
) -> None:
    url = f"sqlite:///{shutil.copy(empty_file, next(places))}"
    model = Model()
    store = opened(url, runner=False)
    for name, detail in steps:
        if name == "reopen":
            store.close()
            store = opened(url, runner=False)
        elif name == "erase" and isinstance(detail, int):
            erase(store, model, model.open_fields()[:detail])
        elif isinstance(detail, list):
            append(store, model, detail, ends_well=name == "append")
        check(store, model)
    store.close()


def append(store: Store, model: Model, entries: list[list[str]], *, ends_well: bool) -> None:
    first = len(model.texts)
    with suppress(GivenUp), store.transaction() as work:
        for number, texts in enumerate(entries, start=first):
            work.append(draft(number, texts=tuple(texts)))
        if not ends_well:
            give_up()
        model.texts += [tuple(texts) for texts in entries]


def erase(store: Store, model: Model, targets: list[Target]) -> None:
    if not targets:
        return
    with store.transaction() as work:
        work.erase(targets, work.append(erasing(len(model.texts), *targets)))
    model.texts.append(())
    model.erased += targets


def check(store: Store, model: Model) -> None:
    with store.reading() as reads:
        report = verify_log(reads.entries(), reads.head(), reads.disclosures(), deep=True)
        still_open = [Target(item.index, item.name) for item in reads.disclosures() if item.disclosure is not None]
    assert report.findings == ()
    assert report.size == len(model.texts)
    assert still_open == model.open_fields()
    assert report.erased == len(model.erased)
