"""Figures as they are reported: what was measured, beside which probe, and against which target."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `probe` names what stands beside it; `ratio` is value over probe where both have one unit."""

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    probe: str = ""
    probe_value: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Value over probe."""
        return self.value / self.probe_value if self.probe_value else None

    def data(self) -> Mapping[str, object]:
        """For JSON."""
        return {
            "name": self.name, "value": round(self.value, 3), "unit": self.unit, "target": self.target, "met": self.met,
            "probe": self.probe, "probe_value": None if self.probe_value is None else round(self.probe_value, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 4), "note": self.note,
        }  # fmt: skip

    def row(self) -> str:
        """For Markdown."""
        met = {True: "✓", False: "✗", None: ""}[self.met]
        probe = "" if self.probe_value is None else f"{self.probe}: {_number(self.probe_value)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        value = f"{_number(self.value)} {self.unit}"
        return f"| {self.name} | {value} | {self.target} {met} | {probe} | {ratio} | {self.note} |"


@dataclass(slots=True)
class Section:
    """The figures of one measurement, with the conditions they hold under."""

    title: str
    conditions: str
    figures: list[Figure] = field(default_factory=list)

    def markdown(self) -> str:
        """A table."""
        head = ["| figure | value | target | probe | ratio | note |", "| --- | --- | --- | --- | --- | --- |"]
        return "\n".join([f"## {self.title}", "", self.conditions, "", *head, *(one.row() for one in self.figures)])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which this part (0..1) of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def median(values: Sequence[float]) -> float:
    """The middle."""
    return statistics.median(values)
