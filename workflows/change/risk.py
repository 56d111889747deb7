"""The risk of a change: derived from paths, kind and answers, until a person overrides it with a reason (A.8.32)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from config.policy.ids import ChangeKind, Risk
from config.policy.models import ChangePolicy
from workflows.change.codes import RiskFactor
from workflows.change.state import ChangeCase

_ORDER: Final = tuple(Risk)

FACTOR_RISK: Final[Mapping[RiskFactor, Risk]] = MappingProxyType(
    {
        RiskFactor.PERSONAL_DATA: Risk.MEDIUM,
        RiskFactor.DATA_MIGRATION: Risk.MEDIUM,
        RiskFactor.ACCESS_CONTROL: Risk.HIGH,
        RiskFactor.HARD_TO_UNDO: Risk.HIGH,
    }
)
"""At least this risk when the answer is yes."""

KIND_RISK: Final[Mapping[ChangeKind, Risk]] = MappingProxyType({ChangeKind.EMERGENCY: Risk.HIGH})
"""At least this risk for the kind: an emergency skips what would otherwise catch mistakes."""


def rank(risk: Risk) -> int:
    """Position from low (0) to critical."""
    return _ORDER.index(risk)


def derive(case: ChangeCase, paths: Iterable[str], policy: ChangePolicy) -> Risk:
    """The highest of what paths, kind and answers give; never below the policy's default."""
    given = [policy.risk_of(paths)]
    given.extend(FACTOR_RISK[factor] for factor in case.factors or ())
    # Breaking the glass asks for no plan anew: what it skips is due afterwards, and reviewed.
    if case.kind in KIND_RISK and not case.emergencies:
        given.append(KIND_RISK[case.kind])
    return max(given, key=rank)
