"""The work of `wachbuch gate record`: deployments that the forge does not tell of, or let through unasked."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.commands.exits import Exit
from bot.commands.gate_check_run import Wanted, client_of, refused
from bot.commands.gate_client import RefusedByService, Unreachable
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.forge.deploy_gate import DeployGate, NoQuestion, Place
from bot.forge.deploy_record import record
from bot.moment import real_moment
from bot.services import make_service
from config.i18n import Translator
from workflows.change.seen import Forge
from workflows.outcome import Refused


def run_record(asked: Wanted, *, succeeded: bool, as_json: bool) -> Exit:
    """Through the service where the settings name one, else on the database beside it, as the person who sits here."""
    if os.environ.get("WACHBUCH_API_URL", "").strip():
        return _show(_told("/api/v1/gate/record", asked.body(succeeded=succeeded)), as_json=as_json)
    return _show(_here(asked, succeeded=succeeded), as_json=as_json)


def run_offline(file: str, *, as_json: bool) -> Exit:
    """Tell the service of deployments that were let through; `-`: notices come on standard input, one a line."""
    t = cli_texts()
    try:
        raw = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        lines = (line.partition("wachbuch-offline-notice: ")[2] or line for line in raw.splitlines())
        notices = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError):
        fail(t.gettext("A notice cannot be read."), t.gettext("One notice a line, as `gate check` wrote it."),
             code=Exit.USAGE)  # fmt: skip
    told = _told("/api/v1/gate/offline", {"notices": notices})
    outcomes = [str(one.get("outcome")) for one in told.get("notices") or ()]
    Shown(as_json).result(told, [f"{one.get('id')}: {one.get('outcome')}" for one in told.get("notices") or ()])
    return Exit.OK if set(outcomes) <= {"recorded", "known"} else Exit.FINDING


def _told(path: str, body: dict[str, object]) -> dict[str, Any]:
    t = cli_texts()
    try:
        return client_of(t).post(path, body)
    except RefusedByService as error:
        refused(t, error)
    except Unreachable as error:
        fail(t.gettext("The service does not answer: {reason}").format(reason=error))


def _here(asked: Wanted, *, succeeded: bool) -> dict[str, Any]:
    opened = configuration(cli_texts())
    with database(opened) as store:
        service = make_service(store, opened.policy, real_moment())
        actor, gate = terminal_actor(opened, store), DeployGate(service)
        forge = Forge(asked.forge) if asked.forge else None
        place = Place(asked.repository, asked.environment, asked.sha, forge)
        with store.transaction() as uow:
            question = gate.question(uow, place)
            outcomes = (
                () if isinstance(question, NoQuestion) else record(gate, uow, question, actor, succeeded=succeeded)
            )
    if isinstance(question, NoQuestion):
        fail(opened.texts.gettext("Not recorded."), f"{question.lacks}: {question.expected}", code=Exit.USAGE)
    refusals = [outcome for _, outcome in outcomes if isinstance(outcome, Refused)]
    if refusals or not outcomes:
        fail(opened.texts.gettext("Not recorded."), _why(opened.texts, refusals), code=Exit.FINDING)
    receipts = [str(receipt) for _, outcome in outcomes for receipt in outcome.receipts]
    changes = [number for number, _ in outcomes]
    return {"changes": changes, "environment": question.environment, "sha": asked.sha, "receipts": receipts}


def _why(t: Translator, refusals: list[Refused]) -> str:
    if not refusals:
        return t.gettext("No change covers this commit.")
    who = sorted({who for outcome in refusals for reason in outcome.reasons for who in reason.who})
    if who:
        return t.gettext("Your roles do not allow this. It can be done by: {who}").format(who=", ".join(who))
    return ", ".join(sorted({reason.code for outcome in refusals for reason in outcome.reasons}))


def _show(told: dict[str, Any], *, as_json: bool) -> Exit:
    t = cli_texts()
    text = t.gettext("Recorded for {changes}: {sha} to {environment}.").format(
        changes=", ".join(told.get("changes") or ()), sha=str(told.get("sha"))[:12], environment=told.get("environment")
    )
    Shown(as_json).result(told, [" ".join([text, *map(str, told.get("receipts") or ())])])
    return Exit.OK
