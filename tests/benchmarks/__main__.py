"""`./run bench`: measures on this machine and writes bench.md and bench.json. Loopback only; ends by itself."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console

from tests.benchmarks import declare, forge, gitlab, idle, ledger, replicas, slack, sustained, webhooks
from tests.benchmarks.figures import Section
from tests.postgres import ALWAYS, NoServerError, database, server


def _on_postgres(measure: Callable[[Path, str | None], Section]) -> Callable[[Path], Section]:
    """With the address of a fresh database that syncs as in earnest, or None where there is no server."""

    def measured(folder: Path) -> Section:
        try:
            with server(f"bench{os.getpid()}", ALWAYS) as address, database(address) as url:
                return measure(folder, url)
        except NoServerError:
            return measure(folder, None)

    return measured


MEASUREMENTS: Mapping[str, Callable[[Path], Section]] = {
    "webhooks": webhooks.measure,
    "slack": slack.measure,
    "declare": declare.measure,
    "verdict": forge.measure,
    "gitlab": gitlab.measure,
    "sustained": sustained.measure,
    "ledger": _on_postgres(ledger.measure),
    "replicas": _on_postgres(replicas.measure),
    "idle": idle.measure,
}


def main() -> int:
    """Run the chosen measurements. Exit code 1 when a target was missed."""
    options = argparse.ArgumentParser(prog="wachbuch bench")
    options.add_argument("--output", type=Path, default=Path("data/bench"))
    options.add_argument("--only", action="append", choices=list(MEASUREMENTS), default=None)
    chosen = options.parse_args()
    console = Console(stderr=True)
    began = time.perf_counter()
    sections = [_run(console, name) for name in chosen.only or MEASUREMENTS]
    chosen.output.mkdir(parents=True, exist_ok=True)
    machine = {
        "python": platform.python_version(), "system": platform.system(), "machine": platform.machine(),
        "cores": os.cpu_count(), "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    text = "\n\n".join([_title(machine), *(section.markdown() for section in sections)]) + "\n"
    data = {"machine": machine, "sections": [_data(section) for section in sections]}
    (chosen.output / "bench.md").write_text(text, encoding="utf-8")
    (chosen.output / "bench.json").write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(text)
    console.print(f"{chosen.output / 'bench.md'}, {chosen.output / 'bench.json'}")
    return int(any(figure.met is False for section in sections for figure in section.figures))


def _run(console: Console, name: str) -> Section:
    busy: AbstractContextManager[object] = console.status(name) if console.is_terminal else nullcontext()
    with busy, tempfile.TemporaryDirectory(prefix="wachbuch-bench-") as folder:
        return MEASUREMENTS[name](Path(folder))


def _title(machine: Mapping[str, object]) -> str:
    facts = f"Python {machine['python']}, {machine['system']} {machine['machine']}, {machine['cores']} cores"
    title = f"# Measured in one run of {machine['seconds']} s"
    return f"{title}\n\n{facts}. Each figure stands beside a probe of the same run."


def _data(section: Section) -> Mapping[str, object]:
    figures = [figure.data() for figure in section.figures]
    return {"title": section.title, "conditions": section.conditions, "figures": figures}


if __name__ == "__main__":
    sys.exit(main())
