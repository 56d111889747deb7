"""What differs between two policies, and which differences loosen a rule (they need a countersignature). Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from config.policy.flat import Leaf, flatten
from config.policy.ids import AlertLevel, Fallback, Mode, Risk, Severity, Visibility
from config.policy.models import Policy


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed; None where it does not exist. `loosens`: less is asked, or somebody may do more."""

    path: str
    before: Leaf
    after: Leaf
    loosens: bool


Judge = Callable[[Leaf, Leaf], bool]


def _items(leaf: Leaf) -> frozenset[str]:
    return frozenset(leaf) if isinstance(leaf, tuple) else frozenset()


def _grew(before: Leaf, after: Leaf) -> bool:
    return bool(_items(after) - _items(before))


def _shrank(before: Leaf, after: Leaf) -> bool:
    return bool(_items(before) - _items(after))


def _opened(before: Leaf, after: Leaf) -> bool:
    """For lists where empty means everybody."""
    return bool(_items(before)) and (not _items(after) or _grew(before, after))


def _narrowed(before: Leaf, after: Leaf) -> bool:
    """For lists where empty means all: it holds for fewer."""
    return bool(_items(after)) and (not _items(before) or _shrank(before, after))


def _reordered(before: Leaf, after: Leaf) -> bool:
    """The first entry that matches decides, so any other order may loosen."""
    kept = [item for item in before if item in _items(after)] if isinstance(before, tuple) else []
    return not isinstance(after, tuple) or list(after[: len(kept)]) != kept or len(kept) != len(_items(before))


def _more(before: Leaf, after: Leaf) -> bool:
    return isinstance(before, int) and (not isinstance(after, int) or after > before)


def _less(before: Leaf, after: Leaf) -> bool:
    return isinstance(before, int) and (not isinstance(after, int) or after < before)


def _off(before: Leaf, after: Leaf) -> bool:
    return before is True and after is not True


def _on(before: Leaf, after: Leaf) -> bool:
    return before is False and after is not False


def _down(*strictest_last: str) -> Judge:
    """Towards the front of this order, or gone."""

    def judge(before: Leaf, after: Leaf) -> bool:
        if before not in strictest_last:
            return False
        return after not in strictest_last or strictest_last.index(str(after)) < strictest_last.index(str(before))

    return judge


def _any(before: Leaf, after: Leaf) -> bool:
    return before != after


def _granted(before: Leaf, after: Leaf) -> bool:
    """Somebody holds a role they did not hold; `engineer` is everybody."""
    return bool(_items(after) - _items(before) - {"engineer"})


def _given(before: Leaf, after: Leaf) -> bool:
    """A user group grants another role; `engineer` is everybody."""
    return after not in {None, before, "engineer"}


def _account(before: Leaf, after: Leaf) -> bool:
    """A new account acts with this person's roles."""
    return after is not None and after != before


_LOOSENING: Final[tuple[tuple[str, Judge], ...]] = (
    (r"people\[.*\]\.roles", _granted),
    (r"people\[.*\]\.(slack|github_login|github_id|gitlab|gitlab_id|os_user|emails)", _account),
    (r"slack\.groups\..*", _given),
    (r"second_persons\..*\.roles", _grew),
    (r"second_persons\..*\.fallback", _down(Fallback.MANAGEMENT, Fallback.NONE)),
    (r"criteria\.relaxed", _grew),
    (r"criteria\.added\[\]", _shrank),
    (r"criteria\.added\[.*\]\.(leaving|question_en|question_de)", _any),
    (r"criteria\.added\[.*\]\.(severities|categories)", _narrowed),
    (r"criteria\.added\[.*\]\.exemptible", _on),
    (r"criteria\.added\[.*\]\.by", _opened),
    (r"criteria\.tightened\.never_exempt", _shrank),
    (r"categories\[.*\]\.watched", _off),
    (r"categories\[.*\]\.visibility", _down(*Visibility)),
    (r"severity\.matrix\..*", _down(*reversed(Severity))),
    (r"severity\.targets\..*", _more),
    (r"monitoring_hours\..*", _less),
    (r"effectiveness_days", _more),
    (r"retention_classes\[.*\]\.keep_years", _less),
    (r"evidence_access\[.*\]\.roles", _opened),
    (r"evidence\.keep_slack_files", _off),
    (r"evidence\.largest_mb", _less),
    (r"evidence\.recheck_days", _more),
    (r"(regimes|retention_classes|evidence_access)\[\]", _shrank),
    (r"regimes\[.*\]\.on_personal_data", _off),
    (r"alerts\.join_minutes", _more),
    (r"alerts\.most_reports", _less),
    (r"alerts\.rules\[\]", _reordered),
    (r"alerts\.rules\[.*\]\.from_level", _down(*reversed(AlertLevel))),
    (r"alerts\.rules\[.*\]\.urgent", _off),
    (r"alerts\.rules\[.*\]\.visibility", _down(*Visibility)),
    (r"paging\.(escalate|handover|repeat|remind)_minutes", _more),
    (r"paging\.rounds", _less),
    (r"paging\.steps\[\]", _shrank),
    (r"paging\.steps\[.*\]\.after_minutes", _more),
    (r"paging\.steps\[.*\]\.who", _shrank),
    (r"change\.plan_approval_from", _down(*reversed(Risk))),
    (r"change\.default_risk", _down(*Risk)),
    (r"change\.(max_reading_age_seconds|waiver_max_days)", _more),
    (r"change\.emergency\.(roles|alone)", _grew),
    (r"change\.emergency\..*_days", _more),
    (r"change\.risk_rules\[\]", _shrank),
    (r"change\.risk_rules\[.*\]\.paths", _shrank),
    (r"change\.risk_rules\[.*\]\.risk", _down(*Risk)),
    (r"change\.repositories\[\]", _reordered),
    (r"change\.repositories\[.*\]\.branches", _shrank),
    (r"change\.repositories\[.*\]\.mode", _down(*Mode)),
    (r"change\.repositories\[.*\]\.requirements\..*", _shrank),
    (r"change\.repositories\[.*\]\.approvals", _less),
    (r"change\.repositories\[.*\]\.(checks|security_tests)\[\]", _shrank),
    (r"change\.repositories\[.*\]\.(checks|security_tests)\[.*\]\.(source|check)", _any),
    (r"change\.repositories\[.*\]\.(environments|approve_environments)", _shrank),
    (r"change\.repositories\[.*\]\.environment_names\..*", _any),
    (r"change\.repositories\[.*\]\.carry_over", _down("same_diff", "never")),
    (r"change\.repositories\[.*\]\.bots", _grew),
)
_RULES: Final = tuple((re.compile(pattern), judge) for pattern, judge in _LOOSENING)
_ONLY_ASKS: Final = "criteria.added["
"""A thing that is new in this list asks for more, whatever it is like."""


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """What changed, by path; in doubt a difference counts as loosening.

    Of a thing that is new in a list only what loosens is told, of one that went only that it went.
    """
    old, new = flatten(before), flatten(after)
    added, gone = _things(new) - _things(old), _things(old) - _things(new)
    found = []
    for path in sorted(old.keys() | new.keys()):
        was, now = old.get(path), new.get(path)
        new_thing = _within(path, added)
        loosens = _loosens(path, was, now) and not (new_thing and path.startswith(_ONLY_ASKS))
        told = Difference(path, was, now, loosens)
        if was != now and not _within(path, gone) and (told.loosens or not new_thing):
            found.append(told)
    return tuple(found)


def _things(leaves: dict[str, Leaf]) -> frozenset[str]:
    return frozenset(
        f"{path[:-1]}{name}]" for path, leaf in leaves.items() if path.endswith("[]") for name in _items(leaf)
    )


def _within(path: str, things: frozenset[str]) -> bool:
    return any(path.startswith(f"{thing}.") for thing in things)


def _loosens(path: str, was: Leaf, now: Leaf) -> bool:
    judge = next((judge for pattern, judge in _RULES if pattern.fullmatch(path)), None)
    return judge is not None and judge(was, now)
