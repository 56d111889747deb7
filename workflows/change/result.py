"""What the gates found, as data: one tree for status, check run, comment, Slack answer and evidence."""

from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from config.policy.ids import Gate, Mode, Requirement
from workflows.change.codes import Fault, Outcome, Remedy, ResultCode, VerdictStatus
from workflows.ledger.canonical import canonical

OPENING: Final = frozenset({VerdictStatus.PASSED, VerdictStatus.WAIVED, VerdictStatus.EMERGENCY})
"""Verdicts that let through, whatever the mode."""
_BLOCKING: Final = frozenset({Outcome.NOT, Outcome.UNKNOWN})


class Node(BaseModel):
    """Root of the tree's parts. Read back leniently: an older ledger may hold fewer fields, a newer one more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FactUsed(Node):
    """A fact that a result rests on: `review` 2626884, `check` 4, `commit` 4f2a91c…, `approval` p2, `deployment` 7.

    `source` says who told it: `github`, the slug of an app, `record` (entries of the case) or `policy`.
    """

    what: str
    id: str
    source: str


class Part(Node):
    """One part of a requirement that has several: a check by name, an environment, a carried change."""

    subject: str
    outcome: Outcome
    code: ResultCode
    fault: Fault | None = None
    found: str = ""
    tool: str = ""
    """Kind of security test, empty otherwise."""


class Result(Node):
    """What was found for one requirement.

    `expected` and `found` are numbers, ids or codes, never sentences. `who` are role ids, `author`, `reviewer`,
    `requester`, `objector`, or `person:<id>`. `people` are logins or names that the text mentions (who contributed,
    who objected); they stay out of the digest, as personal data would not be erasable from it.
    """

    requirement: Requirement
    outcome: Outcome
    code: ResultCode
    fault: Fault | None = None
    expected: str = ""
    found: str = ""
    controls: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    remedy: Remedy = Remedy.NONE
    parts: tuple[Part, ...] = ()
    facts: tuple[FactUsed, ...] = ()
    people: tuple[str, ...] = ()
    waiver: UUID | None = None
    """The waiver that stands in for it."""

    @property
    def held(self) -> bool:
        """Whether it keeps the gate shut."""
        return self.outcome in _BLOCKING and self.waiver is None


class GateResult(Node):
    """All requirements of one gate."""

    gate: Gate
    results: tuple[Result, ...]

    @property
    def open(self) -> bool:
        """Whether the change may leave this gate's phase."""
        return not any(result.held for result in self.results)


class Verdict(Node):
    """What the gates say about one commit: the merge verdict (plan to test), or one for deploying somewhere."""

    status: VerdictStatus
    mode: Mode
    head: str
    gates: tuple[GateResult, ...]
    environment: str = ""
    emergency: UUID | None = None
    """The emergency that lets it through although something is held."""

    @property
    def opens(self) -> bool:
        """Whether the requirements let it through, whatever the mode."""
        return self.status in OPENING

    @property
    def lets_through(self) -> bool:
        """Whether it is let through here and now: an observing gate holds nothing."""
        return self.opens or self.mode is Mode.OBSERVE

    @property
    def results(self) -> tuple[Result, ...]:
        """All results, gate by gate."""
        return tuple(result for gate in self.gates for result in gate.results)

    @property
    def asked(self) -> int:
        """How many requirements ask for something here: the number people read as "of 8"."""
        silent = {Outcome.NOT_APPLICABLE, Outcome.NOT_CONFIGURED}
        return sum(result.outcome not in silent for result in self.results)

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form of what counts: outcomes, expectations, findings. Hexadecimal.

        Facts are left out, so that a check run anew with the same outcome changes nothing; people are left out, since
        a digest cannot be erased. Both stand in the disclosed tree, which its own salted digest binds.
        """
        return sha256(canonical(_plain(self))).hexdigest()

    def of(self, requirement: Requirement) -> Result | None:
        """The result of one requirement, None when it is not asked for."""
        return next((result for result in self.results if result.requirement is requirement), None)

    def named(self, *, fault: Fault | None = None, outcome: Outcome | None = None) -> tuple[Requirement, ...]:
        """Requirements that hold for this fault or outcome."""
        return tuple(
            result.requirement
            for result in self.results
            if result.held and (result.fault is fault if fault else result.outcome is outcome)
        )

    @property
    def waived(self) -> tuple[Requirement, ...]:
        """Requirements that a waiver stands in for."""
        return tuple(result.requirement for result in self.results if result.waiver)


def _plain(verdict: Verdict) -> dict[str, Any]:
    left_out = {"facts": True, "people": True}
    dumped: dict[str, Any] = verdict.model_dump(
        mode="json", exclude={"gates": {"__all__": {"results": {"__all__": left_out}}}}
    )
    # What was recorded before there were emergencies keeps its digest.
    return {name: value for name, value in dumped.items() if name != "emergency" or value is not None}
