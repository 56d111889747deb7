"""What `wachbuch init` proposes where people are too few. Pure; the texts are here, the choice is the reader's."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.commands.init_answers import Answers
from config.policy.ids import Role
from config.policy.people import Consequence, Duty, Need, RuleGap
from config.texts import Texts, _

DPO_FROM: Final = 20
"""People who process personal data by computer; § 38 (1) BDSG."""
NIS2_FROM: Final = 50
"""Employees from which a company can be an important entity; § 28 BSIG."""
SMALL: Final = 10
"""Below this, one person holding several roles is the rule."""


class Proposal(StrEnum):
    """What could be done."""

    EXTERNAL_ISB = "external_isb"
    NAME_DEPUTY = "name_deputy"
    NAME_MANAGEMENT = "name_management"
    SEVERAL_ROLES = "several_roles"
    NAME_OWNERS = "name_owners"
    NAME_DPO = "name_dpo"
    CHECK_NIS2 = "check_nis2"

    def text(self, t: Texts) -> str:
        """The sentence for people."""
        return t.gettext(TEXTS[self])


TEXTS: Final[Mapping[Proposal, str]] = {
    Proposal.EXTERNAL_ISB: _(
        "An external information security officer can hold the role isb: name them in the policy."
    ),
    Proposal.NAME_DEPUTY: _(
        "Name a deputy, if need be from outside: without one nobody confirms what the information security officer"
        " does."
    ),
    Proposal.NAME_MANAGEMENT: _(
        "Name somebody from management (role management): where the second person is missing, they countersign"
        " within two working days."
    ),
    Proposal.SEVERAL_ROLES: _(
        "In a small company one person may hold several roles, as long as two persons remain for each rule:"
        " responder, service_owner and release_manager go well together."
    ),
    Proposal.NAME_OWNERS: _(
        "Before a gate is enforced, name service_owner, risk_owner and release_manager: they approve plans, waivers"
        " and deployments."
    ),
    Proposal.NAME_DPO: _(
        "From 20 people who work with personal data a data protection officer is due (§ 38 BDSG): role dpo, also from"
        " outside."
    ),
    Proposal.CHECK_NIS2: _("From 50 employees, check whether the company falls under NIS 2 (§ 28 BSIG)."),
}


def proposals(answers: Answers, gaps: tuple[RuleGap, ...]) -> tuple[Proposal, ...]:
    """What fits these answers and gaps, the most urgent first."""
    empty = {gap.id for gap in gaps if gap.need is Need.DUTY and gap.consequence is Consequence.NOBODY}
    fits = {
        Proposal.EXTERNAL_ISB: answers.isb is None,
        Proposal.NAME_DEPUTY: answers.deputy is None,
        Proposal.NAME_MANAGEMENT: Duty.MANAGEMENT in empty and any(Role.ISB in gap.roles for gap in gaps),
        Proposal.SEVERAL_ROLES: answers.size < SMALL,
        Proposal.NAME_OWNERS: not empty.isdisjoint({Duty.SERVICE_OWNER, Duty.RISK_OWNER, Duty.RELEASE_MANAGER}),
        Proposal.NAME_DPO: answers.size >= DPO_FROM and Duty.DPO in empty,
        Proposal.CHECK_NIS2: answers.size >= NIS2_FROM,
    }
    return tuple(one for one in Proposal if fits[one])
