"""`wachbuch evidence …`: kept files and their chain of custody (A.5.28)."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(
        help=_(
            "Evidence that is kept here. Each access is an entry of the ledger.\n\n"
            "Example:\n\n  wachbuch evidence list INC-2026-0042"
        ),
    )
    app.add_typer(group, name="evidence")
    _reading(group, _)
    _custody(group, _)


def _reading(group: typer.Typer, _: Gettext) -> None:
    @group.command("list", help=_("The items of a case, with the last step of each."))
    def list_(
        case: Annotated[str, typer.Argument(help=_("Number of the case."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.evidence_run import run_list

        raise typer.Exit(int(run_list(case, as_json=as_json)))

    @group.command(
        help=_(
            "Write the content of a kept file, after recording it: to a file as exported, else as viewed.\n\n"
            "Example:\n\n  wachbuch evidence get EV-2026-0007 -o mail.txt --purpose analysis"
        )
    )
    def get(
        evidence: Annotated[str, typer.Argument(help=_("Number of the evidence."))],
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help=_("File to write; else standard output."))
        ] = None,
        purpose: Annotated[str, typer.Option(help=_("What for."))] = "",
    ) -> None:
        from bot.commands.evidence_run import run_get

        raise typer.Exit(int(run_get(evidence, output, purpose)))

    @group.command(help=_("Hash a kept file again and record what that showed. Ends with 1 when it is not intact."))
    def recheck(
        evidence: Annotated[str, typer.Argument(help=_("Number of the evidence."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.evidence_run import run_recheck

        raise typer.Exit(int(run_recheck(evidence, as_json=as_json)))


def _custody(group: typer.Typer, _: Gettext) -> None:
    @group.command(
        help=_(
            "Keep a file of this machine as evidence of a case.\n\n"
            "Example:\n\n  wachbuch evidence add INC-2026-0042 disk.img --description 'Image of the laptop'"
        )
    )
    def add(
        case: Annotated[str, typer.Argument(help=_("Number of the case."))],
        file: Annotated[Path, typer.Argument(help=_("File to keep."))],
        description: Annotated[str, typer.Option(help=_("What it is; else the name of the file."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.evidence_run import run_add

        raise typer.Exit(int(run_add(case, file, description, as_json=as_json)))

    @group.command(help=_("Record that evidence was handed over: to whom, what for."))
    def handover(
        evidence: Annotated[str, typer.Argument(help=_("Number of the evidence."))],
        to: Annotated[str, typer.Option(help=_("Who receives it."))],
        purpose: Annotated[str, typer.Option(help=_("What for."))],
        giver: Annotated[str, typer.Option("--from", help=_("Who gives it; else you."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.evidence_run import run_handover

        raise typer.Exit(int(run_handover(evidence, to, purpose, giver, as_json=as_json)))

    @group.command(
        help=_(
            "Ask that a kept file be destroyed, or agree to it as the second person. It cannot be undone. Until then "
            "the request can be withdrawn, or refused by whoever could agree, each with a reason.\n\n"
            "Examples:\n\n  wachbuch evidence dispose EV-2026-0007 --reason 'kept long enough'\n\n"
            "  wachbuch evidence dispose EV-2026-0007 --confirm\n\n"
            "  wachbuch evidence dispose EV-2026-0007 --refuse --reason 'still needed in court'"
        )
    )
    def dispose(
        evidence: Annotated[str, typer.Argument(help=_("Number of the evidence."))],
        reason: Annotated[str, typer.Option(help=_("Why it may be destroyed, or why not."))] = "",
        confirm: Annotated[bool, typer.Option("--confirm", help=_("Agree as the second person."))] = False,  # noqa: FBT002 a flag
        withdraw: Annotated[bool, typer.Option("--withdraw", help=_("Take the request back."))] = False,  # noqa: FBT002 a flag
        refuse: Annotated[bool, typer.Option("--refuse", help=_("Say no as the second person."))] = False,  # noqa: FBT002 a flag
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.evidence_run import run_dispose

        chosen = [name for name, is_set in (("confirm", confirm), ("withdraw", withdraw), ("refuse", refuse)) if is_set]
        raise typer.Exit(int(run_dispose(evidence, reason, chosen, as_json=as_json)))
