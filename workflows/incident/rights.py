"""Who may give which command: one table. What the rules ask beyond it (a second person) they say themselves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from config.policy.ids import Answerer, CaseRole, Role
from workflows.commands import Command
from workflows.incident import commands as cmd
from workflows.incident import drill_commands as drill
from workflows.incident import evidence_commands as kept
from workflows.incident import export_commands as giving
from workflows.incident import handover_commands as handing
from workflows.incident import merging_commands as same
from workflows.incident import owner_commands as owner
from workflows.incident import paging_commands as calling
from workflows.incident import task_commands as tasks
from workflows.incident.feedback_commands import GiveFeedback

AnyRole = Role | CaseRole

EVERYBODY: Final[frozenset[AnyRole]] = frozenset({Role.ENGINEER})
OVERSIGHT: Final[frozenset[AnyRole]] = frozenset({Role.ISB, Role.DEPUTY})
WORK: Final[frozenset[AnyRole]] = OVERSIGHT | {
    Role.RESPONDER,
    CaseRole.LEAD,
    CaseRole.SCRIBE,
    CaseRole.TECHNICAL_LEAD,
}
"""Who works on a case."""
LEADING: Final[frozenset[AnyRole]] = OVERSIGHT | {Role.RESPONDER, CaseRole.LEAD}
"""Who decides in it."""
SIGNING: Final[frozenset[AnyRole]] = OVERSIGHT | {Role.MANAGEMENT}
DUTIES: Final[frozenset[AnyRole]] = SIGNING | {Role.DPO, CaseRole.LEAD}
TELLING: Final[frozenset[AnyRole]] = (
    WORK | {CaseRole.REPORTER, CaseRole.NAMED, CaseRole.OWNER, CaseRole.COMMUNICATIONS} | {Role.DPO, Role.MANAGEMENT}
)
ANSWERING: Final[frozenset[AnyRole]] = WORK | {
    CaseRole(one.value) if one.value in set(CaseRole) else Role(one.value) for one in Answerer
}
"""Who can have something to answer: beside those at work, whoever the policy leaves a criterion of its own to."""
MACHINE_ONLY: Final[frozenset[AnyRole]] = frozenset()

ACCESS: Final[Mapping[type[Command], frozenset[AnyRole]]] = MappingProxyType(
    {
        cmd.Report: EVERYBODY,
        cmd.Note: TELLING,
        cmd.MarkUrgent: WORK | {CaseRole.REPORTER},
        cmd.Acknowledge: WORK,
        cmd.Update: WORK | {CaseRole.COMMUNICATIONS},
        cmd.Assess: LEADING,
        cmd.Answer: ANSWERING,
        cmd.Exempt: WORK,
        cmd.Advance: LEADING,
        cmd.Walk: LEADING,
        cmd.GoBack: LEADING,
        cmd.Close: LEADING | {Role.MANAGEMENT},
        cmd.Reopen: LEADING | {Role.MANAGEMENT},
        cmd.RecordAction: WORK,
        cmd.RecordEvidence: WORK | {CaseRole.REPORTER, CaseRole.NAMED},
        cmd.OpenTask: WORK,
        cmd.FinishTask: WORK | {CaseRole.OWNER},
        tasks.OpenIssueTask: WORK,
        tasks.LinkTask: WORK | {CaseRole.OWNER},
        tasks.FollowIssue: MACHINE_ONLY,
        tasks.GiveTask: WORK | {CaseRole.OWNER},
        tasks.GiveCorrective: WORK | {CaseRole.OWNER},
        cmd.AssignRole: LEADING | {Role.MANAGEMENT},
        cmd.SetSeverity: LEADING,
        cmd.SetVisibility: LEADING | {Role.MANAGEMENT},
        cmd.OpenCorrective: WORK,
        cmd.FinishCorrective: WORK | {CaseRole.OWNER},
        cmd.CheckCorrective: SIGNING | {Role.RESPONDER, Role.SERVICE_OWNER, CaseRole.LEAD, CaseRole.OWNER},
        cmd.ReopenCorrective: MACHINE_ONLY,
        cmd.DecideDuty: DUTIES,
        cmd.ConfirmDuty: DUTIES,
        cmd.FileDuty: DUTIES,
        cmd.RequestOverride: frozenset({CaseRole.LEAD}),
        cmd.GrantOverride: SIGNING | {CaseRole.LEAD},
        cmd.DenyOverride: SIGNING | {CaseRole.LEAD},
        cmd.ConfirmDismissal: SIGNING,
        cmd.Countersign: frozenset({Role.MANAGEMENT}),
        cmd.LinkChange: WORK,
        handing.OfferHandover: LEADING,
        # Anybody can be asked; the rules know who was.
        handing.AcceptHandover: EVERYBODY,
        handing.DeclineHandover: EVERYBODY,
        owner.AskOwner: LEADING,
        owner.Agree: frozenset({Role.SERVICE_OWNER}),
        owner.AgreeNotYet: frozenset({Role.SERVICE_OWNER}),
        # Who may open an item beyond seeing its case, its access class says.
        calling.Page: MACHINE_ONLY,
        calling.NoteUnanswered: MACHINE_ONLY,
        same.JoinDuplicate: MACHINE_ONLY,
        drill.StartDrill: EVERYBODY,
        drill.TellInject: MACHINE_ONLY,
        calling.DeclinePage: WORK,
        kept.ViewEvidence: EVERYBODY,
        kept.ExportEvidence: EVERYBODY,
        kept.HandOverEvidence: WORK,
        kept.CheckEvidence: WORK,
        kept.AskDisposal: LEADING,
        # Whoever asked, in whatever role they are since; the rules know who that is.
        kept.WithdrawDisposal: EVERYBODY,
        kept.RefuseDisposal: SIGNING | {Role.DPO},
        kept.ConfirmDisposal: SIGNING | {Role.DPO},
        kept.AskFile: WORK | {CaseRole.REPORTER, CaseRole.NAMED},
        kept.NoteUnfetched: MACHINE_ONLY,
        kept.PinMessage: WORK,
        kept.NoteOriginal: MACHINE_ONLY,
        # Whoever may see a case may get it out of here; what they take is on record.
        giving.ExportCase: EVERYBODY,
        GiveFeedback: EVERYBODY,
    }
)
"""Any of the roles suffices; none at all: the machine alone. A lead who is no second person is told so by the rules."""

SETTLES_DUTIES: Final[frozenset[type[Command]]] = frozenset({cmd.DecideDuty, cmd.ConfirmDuty, cmd.FileDuty})
"""Commands that a dismissed case takes too, as long as a duty outlives it."""

IN_ANY_STATE: Final[frozenset[type[Command]]] = frozenset(
    {
        cmd.Report,
        cmd.Reopen,
        cmd.Countersign,
        cmd.FinishCorrective,
        cmd.CheckCorrective,
        cmd.ReopenCorrective,
        tasks.FollowIssue,
        tasks.GiveCorrective,
        cmd.SetVisibility,
        cmd.AssignRole,
        cmd.LinkChange,
        same.JoinDuplicate,
        # What turns up late is kept as well; a case that is over loses no file that somebody posts in its thread.
        cmd.RecordEvidence,
        kept.AskFile,
        kept.ViewEvidence,
        kept.ExportEvidence,
        kept.HandOverEvidence,
        kept.CheckEvidence,
        kept.AskDisposal,
        kept.WithdrawDisposal,
        kept.RefuseDisposal,
        kept.ConfirmDisposal,
        kept.NoteUnfetched,
        kept.NoteOriginal,
        giving.ExportCase,
        GiveFeedback,
    }
)
"""Commands that a closed or dismissed case takes too. All others ask for an open one."""
