"""An incident: reported in Slack, refused a phase, walked to its end, closed by a second person."""

import time
from collections.abc import Mapping
from typing import Any, Final

from config.i18n import Translator
from tests.demo.people import JANA, LENA, PETRA, TOM, Member
from tests.demo.reading import questions, said, shown
from tests.demo.stage import INTAKE, Stage
from tests.demo.telling import Telling, Unexpected
from tests.fakes.client import Answer

_HOUR: Final = 3600


def _command(stage: Stage, tell: Telling, member: Member, text: str) -> Answer:
    """Somebody types a command, in the language of the terminal."""
    command = "/vorfall" if stage.t.language == "de" else "/incident"
    tell.person(member.name, f"{command} {text}")
    return stage.sender.command(command, text, user=member.slack)


def _verb(stage: Stage, english: str, german: str) -> str:
    return german if stage.t.language == "de" else english


def report(stage: Stage, tell: Telling) -> None:
    """One sentence is enough (A.6.8)."""
    t = stage.t
    text = t.gettext("I entered my password on a false sign-in page yesterday evening.")
    answer = _command(stage, tell, LENA, f"{_verb(stage, 'report', 'melden')} {text}")
    tell.bot(*said(answer))
    thread = stage.until("the thread of the report", lambda: stage.messages(INTAKE))[0]
    tell.place("#security", *shown(thread["blocks"]))
    number = _number(shown(thread["blocks"])[0])
    stage.facts["incident"] = number
    tell.found(case=number)


def _number(text: str) -> str:
    found = next((word.strip("(),.") for word in text.split() if word.startswith("INC-")), "")
    if not found:
        raise Unexpected(f"no case number in: {text}")
    return found


def refused(stage: Stage, tell: Telling) -> None:
    """Half an assessment: the rest is asked for, and what was typed is kept."""
    t, case = stage.t, stage.facts["incident"]
    answer = _command(stage, tell, JANA, f"{_verb(stage, 'contain', 'eindämmen')} {case}")
    said(answer)
    asked = questions(stage.sender.view(JANA.slack))
    tell.note(t.gettext("A form opens: {questions}.").format(questions=", ".join(asked)))
    filled = {
        "kind": "incident",
        "reason": t.gettext("A password is in other hands"),
        "category": "phishing",
        "confidentiality": "low",
        "integrity": "none",
        "availability": "none",
        "personal_data": "no",
    }
    tell.person(JANA.name, t.gettext("fills in a part of it and sends it"))
    text, buttons = said(stage.sender.submit(filled, user=JANA.slack))
    tell.bot(text, buttons)
    tell.found(missing=questions(stage.sender.view(JANA.slack)))
    if "•" not in text:
        raise Unexpected(f"the phase was not refused: {text}")


def contained(stage: Stage, tell: Telling) -> None:
    """The rest is filled in; the case moves, and gets its channel."""
    t, case = stage.t, stage.facts["incident"]
    tell.person(JANA.name, t.gettext("fills in what is missing"))
    filled = {"authenticity": "medium", "spread": "single", "affected": t.gettext("Mailbox of the accounting team")}
    tell.bot(*said(stage.sender.submit(filled, user=JANA.slack)))
    channel = case.lower()
    found = stage.until("the summary in the case's channel", lambda: _pinned(stage, channel))
    tell.place(f"#{channel}", *shown(found["blocks"]))
    tell.found(channel=channel)


def _pinned(stage: Stage, name: str) -> dict[str, Any] | None:
    for one in stage.slack.state()["channels"].values():
        if one["name"] == name and one["pins"]:
            found: dict[str, Any] = next(each for each in one["messages"] if each["ts"] in one["pins"])
            return found
    return None


def walked(stage: Stage, tell: Telling) -> None:
    """One form for all remaining phases; but nobody closes what they led."""
    t, case = stage.t, stage.facts["incident"]
    said(_command(stage, tell, JANA, f"{_verb(stage, 'walk', 'durchgehen')} {case}"))
    asked = len(questions(stage.sender.view(JANA.slack)))
    tell.person(
        JANA.name, t.gettext("answers the form for all remaining phases ({count} questions)").format(count=asked)
    )
    text, buttons = said(stage.sender.submit(whole(stage.t), user=JANA.slack))
    tell.bot(text, buttons)
    if PETRA.name not in text:
        raise Unexpected(f"whoever may close was not named: {text}")


def closed(stage: Stage, tell: Telling) -> None:
    """The ISB closes; every phase is recorded apart."""
    case = stage.facts["incident"]
    said(_command(stage, tell, PETRA, f"{_verb(stage, 'walk', 'durchgehen')} {case}"))
    view = stage.sender.view(PETRA.slack)
    tell.bot(*shown(view["blocks"]))
    tell.person(PETRA.name, stage.t.gettext("presses “{button}”").format(button=view["submit"]["text"]))
    text, buttons = said(stage.sender.submit({}, user=PETRA.slack))
    tell.bot(text, buttons)
    status, _ = said(stage.sender.command("/incident", f"status {case}", user=PETRA.slack))
    if stage.t.gettext("closed") not in status:
        raise Unexpected(f"the case is not closed: {status}")
    tell.found(case=case)


def whole(t: Translator) -> Mapping[str, Any]:
    """Answers for containment, eradication, recovery and review."""
    _ = t.gettext
    now = int(time.time())
    due = time.strftime("%Y-%m-%d", time.localtime(now + 14 * 24 * _HOUR))
    return {
        "containment.action~text": _("Sessions ended, forwarding rules of the mailbox checked"),
        "containment.action~detail": _("No foreign session is left"),
        "evidence.preserved~choice": "preserved",
        "evidence.preserved~text": _("The mail with its headers, the sign-in log of the mailbox"),
        "credentials.revoked~choice": "revoked",
        "root_cause~choice": "known",
        "root_cause~text": _("The sign-in page was a copy, and the password alone was enough"),
        "root_cause~detail": "password-only",
        "entry_path.closed~text": _("Page blocked, password changed"),
        "similar_systems.checked~text": _("Nobody else received the mail"),
        "restore_source.checked~text": _("n/a: nothing had to be restored"),
        "systems.verified~text": _("No foreign sign-in since"),
        "monitoring.over~when": now,
        "recovery.declared~person": TOM.slack,
        "service_owner.agrees~person": TOM.slack,
        "review.held~choice": "meeting",
        "review.held~when": now,
        "review.held~choices": ["lead", "isb", "reporter"],
        "process_cause~text": _("Mailboxes were left out when the second factor was introduced"),
        "lessons~text": _("It was reported at once"),
        "lessons~detail": _("Ending sessions took a call to somebody on holiday"),
        "corrective_action~choice": "action",
        "corrective_action~text": _("Second factor for all mailboxes"),
        "corrective_action~person": TOM.slack,
        "corrective_action~when": due,
        "retention.class~choice": "standard",
    }
