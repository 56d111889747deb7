"""The report of a case: everything that is on record, what is not said to be so, and no word that is more than text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.casefile.data import case_data
from bot.casefile.reading import CaseFile, read_casefile
from bot.casefile.report import case_report
from config.i18n import translator
from config.policy.criteria import own_criterion
from config.policy.ids import CaseRole, Criterion, Visibility
from tests.office import Office, office
from tests.workflows.reports.structure import PIECES, clickable, structure
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.events import IdentityData, is_disclosed
from workflows.exported import ExportForm
from workflows.incident import commands as c
from workflows.incident.evidence_commands import (
    AskDisposal,
    CheckEvidence,
    HandOverEvidence,
    NoteUnfetched,
    RefuseDisposal,
    ViewEvidence,
)
from workflows.incident.evidence_terms import CheckResult, Unfetched
from workflows.incident.export_commands import ExportCase
from workflows.incident.items import Answer
from workflows.incident.terms import PersonalData, State
from workflows.workflow import field_values

HASH = "ab" * 32


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("report")
    with office(f"sqlite:///{folder / 'wachbuch.db'}") as opened:
        yield opened


@pytest.fixture(scope="module")
def told(place: Office) -> str:
    """The number of a case in which everything happened."""
    number = place.report("Mail clicked\n# not a heading", affected="Mailbox")
    place.clock.forward(minutes=5)
    seen = place.clock() - timedelta(hours=2)
    place.do("jana", c.Note(case=number, text="The mail came at seven", occurred=seen))
    place.do("jana", c.Note(case=number, text="It came at eight", corrects=2))
    place.do("jana", c.Note(case=number, text="long " * 400))
    place.assess(number, personal_data=PersonalData.UNKNOWN)
    place.do("jana", c.RecordEvidence(
        case=number, description="Headers", source_system="Mail server", sha256=HASH, size=1234, method="export",
        storage="Safe", stored=True,
    ))  # fmt: skip
    place.do("jana", ViewEvidence(case=number, no=1, purpose="Analysis"))
    place.do("jana", HandOverEvidence(case=number, no=1, receiver="Police", purpose="Charge"))
    place.do("jana", CheckEvidence(case=number, no=1, result=CheckResult.INTACT))
    place.do("jana", AskDisposal(case=number, no=1, reason="Kept long enough"))
    place.do("petra", RefuseDisposal(case=number, no=1, reason="Needed in court"))
    place.service.handle(
        NoteUnfetched(case=number, origin="F0X", why=Unfetched.TOO_LARGE, file_name="big.iso"),
        replace(place.actor("jana"), person=None),
    )
    place.do("jana", c.AssignRole(case=number, role=CaseRole.SCRIBE, person=place.person("max")))
    place.do("jana", c.OpenTask(case=number, text="Change the locks", owner=place.person("max")))
    place.do("jana", c.DecideDuty(case=number, regime="gdpr_33_1", required=False, reason="List was empty"))
    place.do("dora", c.ConfirmDuty(case=number, regime="gdpr_33_1"))
    place.do("jana", c.Advance(case=number, to=State.CONTAIN))
    place.do("jana", c.RequestOverride(case=number, to=State.ERADICATE, reason="No time"))
    place.do("petra", c.GrantOverride(case=number, reason="Agreed"))
    place.do("jana", c.Exempt(case=number, criterion=Criterion.RESTORE_SOURCE, because="Nothing to restore"))
    place.do("petra", ExportCase(case=number, form=ExportForm.PROOF, purpose="Audit"))
    return number


def read(place: Office, number: str, who: str = "petra") -> CaseFile:
    file = read_casefile(place.store, place.policy.policy, number, place.actor(who), place.clock())
    assert isinstance(file, CaseFile)
    return file


EXPECTED = {
    "en": (
        "# Incident report INC-2026-0001",
        "- Preliminary: the case is open, phase Eradicate.",
        "- **incident lead:** Jana Kowalski",
        "- **scribe:** Max Hübner",
        "- **Occurred:** not recorded",
        "- **Reported:** 2 Mar 2026, 10:30",
        "> \\# not a heading  ",
        "It came at eight",
        "Corrected or changed later: see 3.",
        f"  - SHA-256: · `{HASH}`",
        "  - Size: · 1234 bytes",
        "  - Custody: handed over, Jana Kowalski, 2 Mar 2026, 10:35, from Jana Kowalski to Police, for: Charge",
        "  - Custody: destruction asked for, Jana Kowalski, 2 Mar 2026, 10:35, because: Kept long enough",
        "  - Custody: destruction refused, Petra Meier-Schmidt, 2 Mar 2026, 10:35, because: Needed in court",
        "- Gap (2 Mar 2026, 10:35): big.iso could not be fetched, because it is too large.",
        "  - Second person: Dora Däubler",
        "| 1 | Change the locks | Max Hübner | – | not done |",
        "- Override 1 to Eradicate: granted. Asked: Jana Kowalski, 2 Mar 2026, 10:35: No time.",
        "Given out to Petra Meier-Schmidt: entries with their proofs. Purpose: Audit.",
        "- Log: test.example/wachbuch",
        "`wachbuch verify INC-2026-0001.json`",
    ),
    "de": (
        "# Vorfallsbericht INC-2026-0001",
        "- Vorläufig: Der Fall ist offen, Phase Bereinigen.",
        "- **Eingetreten:** nicht erfasst",
        "- **Gemeldet:** 02.03.2026, 10:30",
        "Später berichtigt oder geändert: siehe 3.",
        "  - Verbleib: übergeben, Jana Kowalski, 02.03.2026, 10:35, von Jana Kowalski an Police, Zweck: Charge",
        "  - Verbleib: Vernichtung abgelehnt, Petra Meier-Schmidt, 02.03.2026, 10:35, Grund: Needed in court",
        "Herausgegeben an Petra Meier-Schmidt: Einträge mit Nachweisen. Zweck: Audit.",
        "- Ledger: test.example/wachbuch",
    ),
}


@pytest.mark.parametrize("language", EXPECTED)
def test_everything_is_told(place: Office, told: str, language: str) -> None:
    text = case_report(read(place, told), translator(language))
    missing = [line for line in EXPECTED[language] if line not in text]
    assert missing == []


def test_the_timeline_goes_by_when_it_happened_with_both_times_and_receipts(place: Office, told: str) -> None:
    file = read(place, told)
    text = case_report(file, translator("en"))
    lines = text[text.index("## Timeline") : text.index("## Evidence")].splitlines()
    first = next(line for line in lines if line.startswith("- "))
    assert "The mail came at seven" in first
    assert "2 Mar 2026, 08:35, recorded 2 Mar 2026, 10:35" in first
    numbers = [int(found) for line in lines for found in re.findall(r"· entry (\d+) ·", line)]
    assert numbers[0] == 2, "it happened before the report"
    assert sorted(numbers) == sorted(set(numbers))
    assert all(f"`{receipt}`" in text for _, receipt in file.steps)
    assert text.count("long " * 300) == 1, "a long note stands whole, not cut"


def test_a_closed_case_is_not_preliminary_and_shows_durations_and_lessons(place: Office) -> None:
    number = place.report("Lost phone")
    place.assess(number)
    place.closed(number)
    text = case_report(read(place, number), translator("en"))
    assert "Preliminary" not in text
    for line in (
        "| Contain | 2 Mar 2026,", "| 15 min |", "  - Not applicable: Restore source, because: Nothing to restore",
        "- **Cause in the process:** Second factor was optional", "- **What did not:** Nobody was on call",
        "| 1 | Enforce MFA | Max Hübner |", "- **Closed by:** Tom Li",
    ):  # fmt: skip
        assert line in text, line


def test_a_criterion_of_the_organisation_is_told_by_the_question_that_was_asked(place: Office, told: str) -> None:
    file, own = read(place, told), own_criterion("insurer")
    answer = Answer(
        criterion=own, text="By phone", by=file.case.lead, at=file.now,
        question_en="Insurer told?", question_de="Versicherung informiert?",
    )  # fmt: skip
    file = replace(file, case=file.case.model_copy(update={"answers": {**file.case.answers, own: answer}}))
    assert "- **Insurer told:** By phone (Jana Kowalski, " in case_report(file, translator("en"))
    assert "- **Versicherung informiert:** By phone" in case_report(file, translator("de"))


def test_an_erased_field_says_so_wherever_it_stood(place: Office) -> None:
    number = place.report("Nobody may read this")
    place.do("jana", c.Note(case=number, text="Nor this"))
    eraser = Eraser(place.service)
    asked = eraser.request(Selection(number), LegalBasis.GDPR_17, place.actor("petra"))
    assert isinstance(asked, Erasure)
    assert isinstance(eraser.confirm(asked.id, place.actor("dora")), Erasure)
    file = read(place, number)
    for text in (case_report(file, translator("en")), case_data(file)):
        assert "Nobody may" not in text
        assert "Nor this" not in text
        assert "Max" not in text
    report = case_report(file, translator("en"))
    assert r"> \[erased\]" in report
    assert r"- **Reported by:** \[erased\]" in report
    assert "fields were erased by two persons" in report
    assert r"\[gelöscht\]" in case_report(file, translator("de"))


def test_who_may_not_see_the_case_gets_no_report(place: Office) -> None:
    named = (place.person("petra"), place.person("lena"))
    sealed = place.do("petra", c.Report(what="Quiet", visibility=Visibility.SEALED, named=named)).number
    assert "Quiet" in case_report(read(place, sealed, "lena"), translator("de"))
    for number in (sealed, "INC-2026-0999"):
        assert read_casefile(place.store, place.policy.policy, number, place.actor("jana"), place.clock()) is None


# hostile texts ------------------------------------------------------------------------------------------------


def saying(value: Any, text: str, *, typed: bool = False) -> Any:
    """The same with this text in the place of everything that somebody typed, names included."""
    if isinstance(value, IdentityData):
        return value.model_copy(update={"name": text})
    if isinstance(value, BaseModel):
        known: Any = type(value)
        new = {name: saying(one, text, typed=is_disclosed(known, name)) for name, one in field_values(value).items()}
        return value.model_copy(update=new)
    if isinstance(value, tuple):
        return tuple(saying(one, text, typed=typed) for one in value)
    if isinstance(value, Mapping):
        return {key: saying(one, text) for key, one in value.items()}
    return text if typed and type(value) is str else value


def hostile(file: CaseFile, text: str) -> str:
    """The report in which everybody typed this, and is called so."""
    steps = tuple((replace(item, event=saying(item.event, text)), receipt) for item, receipt in file.steps)
    return case_report(replace(file, case=saying(file.case, text), steps=steps), translator("en"))


@pytest.fixture(scope="module")
def usual(place: Office, told: str) -> tuple[CaseFile, Counter[str]]:
    """The file, and what its report is made of when people type nothing special."""
    file = read(place, told)
    return file, structure(hostile(file, "x"))


@pytest.mark.parametrize("between", ["", " ", "\n", "\na\n"])
def test_no_text_becomes_more_than_text(usual: tuple[CaseFile, Counter[str]], between: str) -> None:
    file, plain = usual
    report = hostile(file, between.join(PIECES))
    assert structure(report) == plain
    assert plain["a"] == plain["html"] == 0
    assert not clickable(report), "nothing that a viewer turns into a link by itself"
