"""Which rules and duties lack people."""

from config.policy.ids import Role, SecondPersonRule
from config.policy.loader import default_policy, load_texts
from config.policy.models import Policy
from config.policy.people import Consequence, Duty, Need, RuleGap, check_people


def policy_with(*people: str) -> Policy:
    text = "people: [" + ", ".join(people) + "]\nduty_roster: [" + ", ".join(p.split(",")[0][5:] for p in people) + "]"
    return load_texts({"p.yaml": text.encode()}).policy


def gap(policy: Policy, key: SecondPersonRule | Duty) -> RuleGap | None:
    return next((found for found in check_people(policy) if found.id == key), None)


def test_with_nobody_every_rule_and_every_duty_is_a_gap() -> None:
    gaps = check_people(default_policy())
    assert {found.id for found in gaps if found.need is Need.RULE} == set(SecondPersonRule)
    assert {found.id for found in gaps if found.need is Need.DUTY} == set(Duty)
    assert {found.consequence for found in gaps} == {Consequence.NOBODY}


def test_one_person_is_a_gap_and_two_are_none() -> None:
    one = policy_with("{id: a, name: A, roles: [isb]}")
    two = policy_with("{id: a, name: A, roles: [isb]}", "{id: b, name: B, roles: [deputy]}")
    assert gap(one, SecondPersonRule.OVERRIDE) == RuleGap(
        Need.RULE, SecondPersonRule.OVERRIDE, (Role.ISB, Role.DEPUTY), ("a",), Consequence.NOBODY
    )
    assert gap(two, SecondPersonRule.OVERRIDE) is None


def test_management_steps_in_only_where_the_policy_says_so_and_somebody_else_is_there() -> None:
    alone = policy_with("{id: a, name: A, roles: [isb, management, risk_owner, release_manager]}")
    managed = policy_with(
        "{id: a, name: A, roles: [isb, risk_owner, release_manager]}", "{id: b, name: B, roles: [management]}"
    )
    countersigned, nobody = Consequence.MANAGEMENT_COUNTERSIGNS, Consequence.NOBODY
    for rule, expected in ((SecondPersonRule.WAIVER, countersigned), (SecondPersonRule.DEPLOY_APPROVAL, nobody)):
        for policy, consequence in ((alone, nobody), (managed, expected)):
            found = gap(policy, rule)
            assert found is not None
            assert (found.persons, found.consequence) == (("a",), consequence)


def test_isb_and_deputy_stand_in_for_each_other_and_nobody_for_the_dpo() -> None:
    policy = policy_with("{id: a, name: A, roles: [isb]}", "{id: b, name: B, roles: [deputy, dpo]}")
    assert gap(policy, Duty.ISB) is None
    assert gap(policy, Duty.DEPUTY) is None
    assert gap(policy, Duty.ON_CALL) is None
    assert gap(policy, Duty.DPO) == RuleGap(Need.DUTY, Duty.DPO, (Role.DPO,), ("b",), Consequence.NO_STAND_IN)
    found = gap(policy, Duty.MANAGEMENT)
    assert found is not None
    assert found.consequence is Consequence.NOBODY


def test_one_person_who_is_both_isb_and_deputy_has_no_stand_in() -> None:
    found = gap(policy_with("{id: a, name: A, roles: [isb, deputy]}"), Duty.ISB)
    assert found is not None
    assert found.consequence is Consequence.NO_STAND_IN
