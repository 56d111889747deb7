"""Which rules and duties lack people."""

from datetime import date

from config.policy.ids import Role, SecondPersonRule
from config.policy.loader import default_policy, load_texts
from config.policy.models import Policy
from config.policy.people import AbsenceGap, Consequence, Duty, Need, RuleGap, check_absences, check_people


def policy_with(*people: str) -> Policy:
    text = "people: [" + ", ".join(people) + "]\nduty_roster: [" + ", ".join(p.split(",")[0][5:] for p in people) + "]"
    return load_texts({"p.yaml": text.encode()}).policy


def gap(policy: Policy, key: str) -> RuleGap | None:
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


def test_a_criterion_left_to_a_role_takes_somebody_who_holds_it() -> None:
    people = "people: [{id: a, name: A, roles: [dpo]}, {id: b, name: B, roles: [isb]}]\n"
    asked = "criteria: {added: [{id: told, leaving: review, question_en: Told, question_de: Informiert, by: [%s]}]}"
    for by, roles, persons, consequence in (
        ("risk_owner", (Role.RISK_OWNER,), (), Consequence.NOBODY),
        ("dpo", (Role.DPO,), ("a",), Consequence.NO_STAND_IN),
    ):
        policy = load_texts({"p.yaml": (people + asked % by).encode()}).policy
        assert gap(policy, "told") == RuleGap(Need.CRITERION, "told", roles, persons, consequence)
    for by in ("dpo, isb", "risk_owner, lead", ""):
        assert gap(load_texts({"p.yaml": (people + asked % by).encode()}).policy, "told") is None


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


AWAY = "away: [{from: 2026-12-21, to: 2026-12-23, deputy: %s}]"


def test_a_duty_is_a_gap_when_everybody_who_could_take_it_is_away_at_once() -> None:
    isb, deputy = "{id: a, name: A, roles: [isb], %s}", "{id: b, name: B, roles: [deputy]%s}"
    there = policy_with(isb % (AWAY % "b"), deputy % "")
    both = policy_with(isb % (AWAY % "b"), deputy % f", {AWAY.replace('12-21', '12-23') % 'a'}")
    assert check_absences(there, date(2026, 12, 1)) == ()
    assert AbsenceGap(Duty.ISB, date(2026, 12, 23), ("a", "b")) in check_absences(both, date(2026, 12, 1))
    assert check_absences(both, date(2026, 12, 24)) == (), "what is over is no gap"


def test_whoever_stands_in_on_the_roster_must_be_able_to_look_after_a_report() -> None:
    team = "{id: a, name: A, roles: [responder], %s}", "{id: b, name: B%s}", "{id: c, name: C, roles: [isb]}"
    text = "people: [" + ", ".join(team) + "]\nduty_roster: [a]"
    for roles, gaps in (("", [Duty.ON_CALL]), (", roles: [responder]", [])):
        found = load_texts({"p.yaml": (text % (AWAY % "b", roles)).encode()}).policy
        assert [one.duty for one in check_absences(found, date(2026, 12, 1))] == gaps
