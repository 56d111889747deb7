"""Which duties to notify a fact opens. Their clocks are counted elsewhere; here is only that they exist."""

from typing import Final

from config.policy.models import Policy

GDPR_33_1: Final = "gdpr_33_1"
"""Notification of the supervisory authority, GDPR Art. 33(1). No policy can take it away."""


def opened_by_personal_data(policy: Policy) -> tuple[str, ...]:
    """The regimes to decide on when personal data is affected, or it is unknown whether."""
    marked = (regime.id for regime in policy.regimes if regime.on_personal_data)
    return tuple(dict.fromkeys((GDPR_33_1, *marked)))


def is_known(policy: Policy, regime: str) -> bool:
    """Whether the organisation counts this regime among its duties."""
    return regime == GDPR_33_1 or any(known.id == regime for known in policy.regimes)
