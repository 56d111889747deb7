"""Rights and visibility: the whole matrix of roles, commands and cases."""

from itertools import combinations, product
from typing import Final

import pytest

from config.policy.ids import CaseRole, Criterion, Role, Visibility
from tests.workflows.incident.desk import ALONE, TEAM, Desk, assessed, policy_of, reached, reported
from workflows.access import is_on_duty, may_see
from workflows.commands import Command
from workflows.incident import commands as cmd
from workflows.incident import drill_commands as drill
from workflows.incident import evidence_commands as kept
from workflows.incident import export_commands as giving
from workflows.incident import feedback_commands as back
from workflows.incident import handover_commands as handing
from workflows.incident import merging_commands as same
from workflows.incident import owner_commands as owner
from workflows.incident import paging_commands as calling
from workflows.incident import task_commands as tasks
from workflows.incident.codes import Code
from workflows.incident.commands import Answer, Assess, AssignRole, Given, SetVisibility
from workflows.incident.decide import DECIDERS
from workflows.incident.rights import ACCESS, IN_ANY_STATE
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, PersonalData, State

EVERY_ROLE: Final[tuple[Role | CaseRole, ...]] = (*Role, *CaseRole)

MATRIX = {
    "engineer": {"Report", "StartDrill"},
    "responder": {
        "Acknowledge", "Advance", "Answer", "Assess", "AssignRole", "CheckCorrective", "Close", "Exempt",
        "FinishCorrective", "FinishTask", "GoBack", "LinkChange", "MarkUrgent", "Note", "OpenCorrective", "OpenTask",
        "RecordAction", "RecordEvidence", "Reopen", "SetSeverity", "SetVisibility", "Update", "Walk",
    },
    "isb": {
        "Acknowledge", "Advance", "Answer", "Assess", "AssignRole", "CheckCorrective", "Close", "ConfirmDismissal",
        "ConfirmDuty", "DecideDuty", "DenyOverride", "Exempt", "FileDuty", "FinishCorrective", "FinishTask", "GoBack",
        "GrantOverride", "LinkChange", "MarkUrgent", "Note", "OpenCorrective", "OpenTask", "RecordAction",
        "RecordEvidence", "Reopen", "SetSeverity", "SetVisibility", "Update", "Walk",
    },
    "dpo": {"Answer", "ConfirmDuty", "DecideDuty", "FileDuty", "Note"},
    "management": {
        "Answer", "AssignRole", "CheckCorrective", "Close", "ConfirmDismissal", "ConfirmDuty", "Countersign",
        "DecideDuty", "DenyOverride", "FileDuty", "GrantOverride", "Note", "Reopen", "SetVisibility",
    },
    "service_owner": {"Answer", "CheckCorrective"},
    "risk_owner": {"Answer"},
    "release_manager": {"Answer"},
    "auditor": set(),
    "admin": set(),
    "reporter": {"MarkUrgent", "Note", "RecordEvidence"},
    "lead": {
        "Acknowledge", "Advance", "Answer", "Assess", "AssignRole", "CheckCorrective", "Close", "ConfirmDuty",
        "DecideDuty", "DenyOverride", "Exempt", "FileDuty", "FinishCorrective", "FinishTask", "GoBack", "GrantOverride",
        "LinkChange", "MarkUrgent", "Note", "OpenCorrective", "OpenTask", "RecordAction", "RecordEvidence", "Reopen",
        "RequestOverride", "SetSeverity", "SetVisibility", "Update", "Walk",
    },
    "scribe": {
        "Acknowledge", "Answer", "Exempt", "FinishCorrective", "FinishTask", "LinkChange", "MarkUrgent", "Note",
        "OpenCorrective", "OpenTask", "RecordAction", "RecordEvidence", "Update",
    },
    "communications": {"Answer", "Note", "Update"},
    "named": {"Note", "RecordEvidence"},
    "owner": {"CheckCorrective", "FinishCorrective", "FinishTask", "Note"},
    "requester": set(),
}  # fmt: skip
EVIDENCE = {
    "engineer": {"ExportEvidence", "ViewEvidence", "WithdrawDisposal"},
    "responder": {"AskDisposal", "AskFile", "CheckEvidence", "HandOverEvidence", "PinMessage"},
    "isb": {
        "AskDisposal", "AskFile", "CheckEvidence", "ConfirmDisposal", "HandOverEvidence", "PinMessage",
        "RefuseDisposal",
    },
    "dpo": {"ConfirmDisposal", "RefuseDisposal"},
    "management": {"ConfirmDisposal", "RefuseDisposal"},
    "reporter": {"AskFile"},
    "lead": {"AskDisposal", "AskFile", "CheckEvidence", "HandOverEvidence", "PinMessage"},
    "scribe": {"AskFile", "CheckEvidence", "HandOverEvidence", "PinMessage"},
    "named": {"AskFile"},
}  # fmt: skip
for _role, _more in EVIDENCE.items():
    MATRIX[_role] = MATRIX[_role] | _more
for _role in ("responder", "isb", "lead", "scribe"):
    MATRIX[_role] = MATRIX[_role] | {"DeclinePage"}
for _role in ("responder", "isb", "lead"):
    MATRIX[_role] = MATRIX[_role] | {"AskOwner", "OfferHandover"}
MATRIX["service_owner"] |= {"Agree", "AgreeNotYet"}
for _role in ("responder", "isb", "lead", "scribe"):
    MATRIX[_role] = MATRIX[_role] | {"LinkTask", "OpenIssueTask"}
MATRIX["owner"] |= {"LinkTask"}
for _role in ("responder", "isb", "lead", "scribe", "owner"):
    MATRIX[_role] = MATRIX[_role] | {"GiveCorrective", "GiveTask"}
MATRIX["engineer"] |= {"AcceptHandover", "DeclineHandover", "ExportCase", "GiveFeedback"}
MATRIX |= {"deputy": MATRIX["isb"], "technical_lead": MATRIX["scribe"]}


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_every_role_may_what_the_matrix_says(role: Role | CaseRole) -> None:
    assert {command.__name__ for command, roles in ACCESS.items() if role in roles} == MATRIX[role.value]


def test_every_command_has_its_rights_and_its_rule() -> None:
    commands = {
        thing for thing in (*vars(cmd).values(), *vars(kept).values(), *vars(calling).values(),
                      *vars(handing).values(), *vars(back).values(), *vars(same).values(), *vars(tasks).values(),
                      *vars(drill).values(), *vars(giving).values(), *vars(owner).values())
        if isinstance(thing, type) and issubclass(thing, Command) and thing not in (Command, cmd.GivenAnswers)
    }  # fmt: skip
    assert set(ACCESS) == set(DECIDERS) == commands
    assert set(ACCESS) >= IN_ANY_STATE
    assert [command for command, roles in ACCESS.items() if not roles] == [
        tasks.FollowIssue, cmd.ReopenCorrective, calling.Page, calling.NoteUnanswered, same.JoinDuplicate,
        drill.TellInject, kept.NoteUnfetched, kept.NoteOriginal,
    ]  # fmt: skip


def test_whoever_answers_does_not_assess_by_that() -> None:
    desk = assessed()
    desk.do("jana", AssignRole(role=CaseRole.SCRIBE, person=desk.person("max")))
    assess = Answer(assess=Assess(affected="Everything"))
    assert [reason.code for reason in desk.refused("max", assess)] == [Code.NOT_ALLOWED]
    desk.do("max", Answer(answers=(Given(criterion=Criterion.LESSONS, text="More phones"),)))
    desk.do("jana", assess)


# visibility ---------------------------------------------------------------------------------------------------

PLACED: Final[set[Role | CaseRole]] = {
    CaseRole.NAMED, CaseRole.LEAD, CaseRole.SCRIBE, CaseRole.TECHNICAL_LEAD, CaseRole.COMMUNICATIONS, CaseRole.OWNER,
}  # fmt: skip
SEES: dict[tuple[Visibility, bool, bool], set[Role | CaseRole]] = {
    (visibility, data, signature): {
        *((Role.ISB, Role.DEPUTY, *PLACED) if visibility is not Visibility.SEALED else (CaseRole.NAMED,)),
        *((CaseRole.REPORTER, Role.RESPONDER) if visibility is Visibility.TEAM else ()),
        *((Role.DPO,) if visibility is Visibility.TEAM and data else ()),
        *((Role.MANAGEMENT,) if visibility is not Visibility.SEALED and signature else ()),
    }
    for visibility, data, signature in product(Visibility, (False, True), (False, True))
}


def case_with(visibility: Visibility, *, data: bool, signature: bool) -> IncidentCase:
    desk = reached(State.REVIEW, reported(ALONE), "petra", "petra") if signature else reported()
    if signature:
        desk.refused("petra", cmd.Close())
    personal = PersonalData.UNKNOWN if data else PersonalData.NO
    return desk.case.model_copy(update={"visibility": visibility, "personal_data": personal})


@pytest.mark.parametrize(("visibility", "data", "signature"), SEES)
def test_who_sees_a_case(visibility: Visibility, *, data: bool, signature: bool) -> None:
    case = case_with(visibility, data=data, signature=signature)
    seeing = SEES[visibility, data, signature]
    assert {role for role in EVERY_ROLE if may_see({role}, case)} == seeing
    for pair in combinations(EVERY_ROLE, 2):
        assert may_see(set(pair), case) == bool(seeing & set(pair))
    assert may_see({Role.ENGINEER}, case, on_duty=True) == (visibility is not Visibility.SEALED)
    assert not may_see(set(), case)


def test_a_change_is_open_to_everybody_known() -> None:
    assert may_see({Role.ENGINEER}, object())
    assert not may_see(set(), object())


def test_who_is_on_duty_stands_in_the_policy() -> None:
    policy = policy_of(TEAM)
    assert is_on_duty(policy, "jana")
    assert not is_on_duty(policy, "tom")


def sees(desk: Desk, name: str) -> bool:
    case = desk.case
    return may_see({*desk.actor(name).roles, *case.roles_of(case.pseudonym_of(name))}, case)


def test_who_reports_confidentially_still_sees_their_report() -> None:
    desk = reported(visibility=Visibility.RESTRICTED)
    assert [name for name in ("max", "tom", "petra", "dora", "sven") if sees(desk, name)] == ["max", "petra"]


def test_a_sealed_report_needs_two_named_people_one_of_them_with_oversight() -> None:
    desk = Desk()
    for named in ((), ("tom",), ("tom", "sven")):
        people = tuple(desk.person(name) for name in named)
        report = cmd.Report(what="Theft", visibility=Visibility.SEALED, named=people)
        assert [reason.code for reason in desk.refused("max", report)] == [Code.NAMED_PEOPLE]
    desk.do("max", cmd.Report(what="Theft", visibility=Visibility.SEALED, named=(desk.person("petra"),)))
    assert [name for name in ("max", "petra", "jana", "dieter", "lena") if sees(desk, name)] == ["max", "petra"]


@pytest.mark.parametrize("by", ["named", "lead"])
def test_an_insider_is_restricted_at_once_and_sealed_as_soon_as_people_are_named(by: str) -> None:
    desk = reported()
    insider = Assess(kind=Kind.INCIDENT, reason="Badge log", category="insider", named=(desk.person("sven"),))
    assert [reason.code for reason in desk.refused("jana", insider)] == [Code.CATEGORY_NAMES]
    stands = (desk.case.category, desk.case.kind, desk.case.visibility)
    assert stands == (None, Kind.INCIDENT, Visibility.RESTRICTED)
    assert [name for name in ("jana", "petra", "sven", "tom", "max") if sees(desk, name)] == ["jana", "petra", "sven"]
    drop = AssignRole(role=CaseRole.NAMED, person=desk.person("sven"), remove=True)
    desk.do("petra", drop)
    petra = desk.person("petra")
    desk.do("jana", Assess(category="insider", **({"lead": petra} if by == "lead" else {"named": (petra,)})))
    assert desk.case.visibility is Visibility.SEALED
    assert [name for name in ("jana", "petra", "tom", "max") if sees(desk, name)] == ["jana", "petra"]


def test_whoever_is_named_with_another_category_sees_the_case_and_in_a_sealed_one_it_takes_oversight() -> None:
    desk = reported()
    assert not sees(desk, "sven")
    desk.do("jana", Assess(category="phishing", named=(desk.person("sven"),)))
    assert sees(desk, "sven")
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=(desk.person("petra"), desk.person("jana"))))
    more = Assess(affected="CRM", named=(desk.person("sven"),))
    assert [reason.code for reason in desk.refused("jana", more)] == [Code.NOT_ALLOWED]
    assert not sees(desk, "sven")
    desk.do("petra", Assess(named=(desk.person("sven"),)))
    assert sees(desk, "sven")


def test_tightening_is_for_who_works_on_it_loosening_for_oversight_with_a_reason() -> None:
    desk = assessed()
    desk.do("jana", SetVisibility(visibility=Visibility.RESTRICTED))
    assert [reason.code for reason in desk.refused("jana", SetVisibility(visibility=Visibility.RESTRICTED))] == [
        Code.ALREADY
    ]
    loosen = SetVisibility(visibility=Visibility.TEAM)
    assert [reason.code for reason in desk.refused("jana", loosen)] == [Code.NOT_ALLOWED, Code.NEEDS_REASON]
    assert [reason.code for reason in desk.refused("petra", loosen)] == [Code.NEEDS_REASON]
    desk.do("petra", SetVisibility(visibility=Visibility.TEAM, reason="Known to all by now"))
    assert sees(desk, "tom")


def test_sealing_leaves_the_named_only() -> None:
    desk = assessed()
    desk.do("jana", AssignRole(role=CaseRole.NAMED, person=desk.person("max")))
    both = (desk.person("petra"), desk.person("jana"))
    assert [r.code for r in desk.refused("jana", SetVisibility(visibility=Visibility.SEALED, named=both[:1]))] == [
        Code.NAMED_PEOPLE
    ]
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=both))
    assert [name for name in ("jana", "petra", "max", "tom", "dieter") if sees(desk, name)] == ["jana", "petra"]
    assert desk.case.lead == desk.case.pseudonym_of("jana")


def test_a_category_that_seals_takes_every_part_from_who_is_not_named() -> None:
    desk = assessed()
    desk.do("jana", AssignRole(role=CaseRole.SCRIBE, person=desk.person("tom")))
    desk.do("jana", Assess(category="insider", named=(desk.person("petra"),)))
    assert desk.case.visibility is Visibility.SEALED
    assert desk.case.lead == desk.case.pseudonym_of("jana")
    assert desk.case.holders(CaseRole.SCRIBE) == ()


def test_nobody_leads_a_sealed_case_or_writes_its_log_who_cannot_see_it() -> None:
    desk = assessed()
    desk.do("jana", AssignRole(role=CaseRole.SCRIBE, person=desk.person("tom")))
    both = (desk.person("petra"), desk.person("dieter"))
    desk.do("petra", SetVisibility(visibility=Visibility.SEALED, named=both))
    assert (desk.case.lead, desk.case.holders(CaseRole.SCRIBE)) == (None, ())
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("tom")))
    assert sees(desk, "tom")
    desk.do("petra", AssignRole(role=CaseRole.NAMED, person=desk.person("tom"), remove=True))
    assert desk.case.lead is None


def test_in_a_sealed_case_oversight_names_people_and_never_too_few_remain() -> None:
    desk = assessed()
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=(desk.person("petra"), desk.person("jana"))))
    add = AssignRole(role=CaseRole.SCRIBE, person=desk.person("tom"))
    assert [reason.code for reason in desk.refused("jana", add)] == [Code.NOT_ALLOWED]
    desk.do("petra", add)
    assert sees(desk, "tom")
    drop = AssignRole(role=CaseRole.NAMED, person=desk.person("petra"), remove=True)
    assert [reason.code for reason in desk.refused("petra", drop)] == [Code.NAMED_PEOPLE]
    desk.do("petra", AssignRole(role=CaseRole.NAMED, person=desk.person("tom"), remove=True))
    assert not sees(desk, "tom")


@pytest.mark.parametrize("role", [CaseRole.REPORTER, CaseRole.REQUESTER, CaseRole.OWNER])
def test_roles_that_follow_from_what_somebody_did_are_not_given(role: CaseRole) -> None:
    desk = assessed()
    command = AssignRole(role=role, person=desk.person("tom"))
    assert [reason.code for reason in desk.refused("jana", command)] == [Code.INVALID]
