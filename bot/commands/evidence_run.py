"""The work of `wachbuch evidence`."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from bot.chat.texts import evidence_events, incident_events
from bot.chat.texts.refusal import Explaining, line
from bot.chat.texts.told import Telling
from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.evidence.folder import CHUNK, EvidenceFolder, TooLarge
from bot.moment import real_moment
from bot.services import make_service
from workflows.actors import Actor
from workflows.commands import Command
from workflows.errors import NotFound
from workflows.events import plain
from workflows.incident.commands import RecordEvidence
from workflows.incident.evidence_commands import (
    AskDisposal,
    CheckEvidence,
    ConfirmDisposal,
    ExportEvidence,
    HandOverEvidence,
    RefuseDisposal,
    ViewEvidence,
    WithdrawDisposal,
)
from workflows.incident.evidence_terms import CheckResult
from workflows.incident.items import Evidence
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted
from workflows.pointers import EVIDENCE_CASE
from workflows.queries import Queries
from workflows.service import Service

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Desk:
    """One command at work: who gives it, and what is kept where."""

    opened: Opened
    service: Service
    actor: Actor
    folder: EvidenceFolder

    def nothing(self, number: str) -> NoReturn:
        """Absent and not visible end alike."""
        text = self.opened.texts.gettext("I cannot show anything on {case}.")
        fail(text.format(case=number), code=Exit.FINDING)

    def case(self, number: str) -> IncidentCase | None:
        """The case, as far as this person may see it."""
        found = Queries(self.service.store).case(number, self.actor)
        return found if isinstance(found, IncidentCase) else None

    def item(self, evidence: str) -> tuple[IncidentCase, Evidence]:
        """The item with this number. Ends the command when there is none to be seen."""
        with self.service.store.reading() as reads:
            place = reads.links.get(EVIDENCE_CASE, evidence.strip().upper()) or ""
        case = self.case(place.partition(" ")[0])
        no = place.partition(" ")[2]
        found = next((one for one in case.evidence if str(one.no) == no), None) if case else None
        if case is None or found is None:
            self.nothing(evidence)
        return case, found

    def tell(self, command: Command) -> Accepted:
        """Decide and record. Ends the command with every reason when it is refused."""
        try:
            outcome = self.service.handle(command, self.actor)
        except NotFound:
            self.nothing(command.case)
        if not isinstance(outcome, Accepted):
            own = frozenset(role.value for role in self.actor.roles)
            x = Explaining(self.opened.texts, self.service.policy, outcome.case, self.service.moment.now(), own)
            fail("\n".join(line(x, one) for one in outcome.reasons), code=Exit.FINDING)
        return outcome

    def told(self, outcome: Accepted, *, as_json: bool) -> Exit:
        """Print what is recorded now."""
        case = outcome.case
        if not isinstance(case, IncidentCase):
            return Exit.FINDING
        x = Telling(self.opened.texts, case, self.service.policy, self.service.moment.now())
        lines = [incident_events.sentence(x, one) for one in outcome.recorded]
        receipts = [str(one) for one in outcome.receipts]
        data = {"case": case.number, "kinds": [one.event.kind.value for one in outcome.recorded], "receipts": receipts}
        Shown(as_json).result(data, [*lines, *receipts])
        return Exit.OK


@contextmanager
def _desk() -> Iterator[Desk]:
    opened = configuration(cli_texts())
    with database(opened) as store:
        service = make_service(store, opened.policy, real_moment())
        yield Desk(opened, service, terminal_actor(opened, store), EvidenceFolder(opened.settings.evidence_dir))


def run_list(number: str, *, as_json: bool) -> Exit:
    """What is kept of a case."""
    with _desk() as desk:
        case = desk.case(number)
        if case is None:
            desk.nothing(number)
        t = desk.opened.texts
        listed = [_row(one) for one in case.evidence]
        lines = [
            f"{one.number or one.no}  {evidence_events.state(t, one)}  {plain(one.description)}"
            for one in case.evidence
        ]
        Shown(as_json).result({"case": case.number, "evidence": listed}, lines or [t.gettext("No evidence yet.")])
    return Exit.OK


def _row(item: Evidence) -> dict[str, object]:
    return {
        "number": item.number, "description": plain(item.description), "sha256": item.sha256, "size": item.size,
        "stored": item.stored, "collected_at": item.collected_at.isoformat(), "finding": item.finding,
        "disposal_asked_at": item.disposal_asked_at, "disposed_at": item.disposed_at,
        "custody": [f"{one.at.isoformat()} {one.step.value}" for one in item.custody],
    }  # fmt: skip


def run_get(evidence: str, output: Path | None, purpose: str) -> Exit:
    """Record the access, then write the content."""
    with _desk() as desk:
        case, item = desk.item(evidence)
        kind: Callable[..., Command] = ViewEvidence if output is None else ExportEvidence
        t = desk.opened.texts
        if item.sha256 is None or desk.folder.check(item.sha256)[0] is not CheckResult.INTACT:
            fail(t.gettext("The kept file is not there, or not what it was."),
                 t.gettext("Record that with: wachbuch evidence recheck {evidence}").format(evidence=evidence),
                 code=Exit.FINDING)  # fmt: skip
        desk.tell(kind(case=case.number, no=item.no, purpose=purpose))
        try:
            _copy(desk.folder, item.sha256, output)
        except OSError as error:
            fail(t.gettext("{file} cannot be written.").format(file=output), error.strerror or "")
    return Exit.OK


def _copy(folder: EvidenceFolder, digest: str, output: Path | None) -> None:
    if output is None:
        for chunk in folder.read(digest):
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
        return
    with os.fdopen(os.open(output, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for chunk in folder.read(digest):
            file.write(chunk)


def run_recheck(evidence: str, *, as_json: bool) -> Exit:
    """Hash it again."""
    with _desk() as desk:
        case, item = desk.item(evidence)
        result, found = desk.folder.check(item.sha256 or "-")
        outcome = desk.tell(CheckEvidence(case=case.number, no=item.no, result=result, found=found))
        desk.told(outcome, as_json=as_json)
    return Exit.OK if result is CheckResult.INTACT else Exit.FINDING


def run_add(number: str, file: Path, description: str, *, as_json: bool) -> Exit:
    """Keep a file of this machine."""
    with _desk() as desk:
        t = desk.opened.texts
        if desk.case(number) is None:
            desk.nothing(number)
        try:
            with file.open("rb") as source:
                most = desk.service.policy.evidence.largest_mb * MEGABYTE
                kept = desk.folder.put(iter(lambda: source.read(CHUNK), b""), most)
        except TooLarge:
            fail(t.gettext("{file} is larger than the policy keeps.").format(file=file), code=Exit.FINDING)
        except OSError as error:
            fail(t.gettext("{file} cannot be read.").format(file=file), error.strerror or "")
        command = RecordEvidence(
            case=number, description=description or file.name, file_name=file.name, method="wachbuch evidence add",
            storage="WACHBUCH_EVIDENCE_DIR", sha256=kept.sha256, size=kept.size, stored=True,
        )  # fmt: skip
        return desk.told(desk.tell(command), as_json=as_json)


def run_handover(evidence: str, to: str, purpose: str, giver: str, *, as_json: bool) -> Exit:
    """From one hand to another."""
    with _desk() as desk:
        case, item = desk.item(evidence)
        command = HandOverEvidence(case=case.number, no=item.no, receiver=to, purpose=purpose, giver=giver)
        return desk.told(desk.tell(command), as_json=as_json)


def run_dispose(evidence: str, reason: str, chosen: Sequence[str], *, as_json: bool) -> Exit:
    """Ask for the end of a file; or, as `chosen`, agree to it, take it back, or refuse it."""
    with _desk() as desk:
        if len(chosen) > 1:
            fail(desk.opened.texts.gettext("Only one of --confirm, --withdraw and --refuse."), code=Exit.USAGE)
        case, item = desk.item(evidence)
        answers: Mapping[str, Command] = {
            "confirm": ConfirmDisposal(case=case.number, no=item.no),
            "withdraw": WithdrawDisposal(case=case.number, no=item.no, reason=reason),
            "refuse": RefuseDisposal(case=case.number, no=item.no, reason=reason),
        }
        asked: Command = AskDisposal(case=case.number, no=item.no, reason=reason)
        return desk.told(desk.tell(answers[chosen[0]] if chosen else asked), as_json=as_json)
