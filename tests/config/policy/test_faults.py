"""Every kind of fault stands at its exact place, and the repaired text beside it loads."""

import pytest

from config.policy.faults import MESSAGES, Fault, PolicyError
from config.policy.ids import Role
from config.policy.loader import load_texts
from config.policy.reading import MAX_BYTES

REPOSITORY = "change: {repositories: [{match: a/b, checks: [{name: ci}], environments: [dev, prod], %s}]}"
PERSON = "people: [{id: anna, name: Anna, slack: U111}, {id: ben, name: Ben, %s}]"
AWAY = PERSON % "away: [%s{from: 2026-12-23, to: 2026-%s, deputy: %s}]"
ABSENCE = "{from: 2026-12-%s, to: 2026-12-%s, deputy: anna}"
SECOND = "second_persons: {incident.close: {roles: %s}}"
CATEGORY = "categories: [{id: a, title_en: A, title_de: A, watched: %s}]"
ONE = "{id: a, title_en: A, title_de: A}"
ADDED = "{id: own%s, leaving: contain, question_en: A, question_de: A}"
TOLD = "criteria: {added: [{id: told, leaving: contain, question_en: Told, question_de: Informiert%s}]%s}"
SECRET = "xoxb-" + "123456789012-abcdefabcdef"

# The fault stands where the mark § stands; the text beside it is the same, repaired.
LADDER = "paging:\n  steps: %s[{after_minutes: 3, who: [%s]}, {after_minutes: %s, who: [deputy]}]"
CASES = [
    ("not_allowed", "language", "language: §fr", "language: de"),
    ("expected_text", "organisation", "\n\norganisation: §12", "\n\norganisation: '12'"),
    ("unknown_timezone", "timezone", "timezone: §Mars/Phobos", "timezone: UTC"),
    ("unknown_timezone", "timezone", "timezone: §../../etc", "timezone: Europe/Vienna"),
    ("expected_list", "holidays", "holidays: §3", "holidays: []"),
    ("expected_date", "holidays.0", "holidays: [§2026-02-30]", "holidays: [2026-02-28]"),
    ("expected_date", "holidays.0", "holidays:\n  - §22:30", "holidays:\n  - '2026-12-24'"),
    ("expected_number", "effectiveness_days", "effectiveness_days: §no", "effectiveness_days: 5"),
    ("expected_number", "effectiveness_days", "effectiveness_days: §1.5", "effectiveness_days: 2"),
    ("expected_number", "effectiveness_days", "effectiveness_days: §'5'", "effectiveness_days: 5"),
    ("at_least", "effectiveness_days", "effectiveness_days: §0", "effectiveness_days: 1"),
    ("at_most", "change.waiver_max_days", "change: {waiver_max_days: §367}", "change: {waiver_max_days: 366}"),
    ("expected_map", "slack", "slack: §5", "slack: {}"),
    ("expected_map", "severity.matrix", "severity: {matrix: §[]}", "severity: {matrix: {}}"),
    ("unknown_key_near", "slack.chanel_prefix", "slack:\n  §chanel_prefix: x", "slack:\n  channel_prefix: x"),
    ("unknown_key", "xyzzy", "§xyzzy: 1", "language: en"),
    ("unknown_key", "people.1.xyzzy", PERSON % "§xyzzy: 1", PERSON % "locale: de"),
    ("missing_key", "people.0.name", "people:\n  - §id: anna", "people:\n  - {id: anna, name: Anna}"),
    ("not_allowed", "people.1.roles.0", PERSON % "roles: [§boss]", PERSON % "roles: [isb]"),
    ("wrong_form", "people.1.slack", PERSON % "slack: §anna", PERSON % "slack: U222"),
    ("not_allowed", "monitoring_hours.S9", "monitoring_hours: {§S9: 1}", "monitoring_hours: {S4: 1}"),
    ("empty", "categories", "categories: §[]", CATEGORY % "true"),
    ("too_long", "organisation", "organisation: §" + "x" * 201, "organisation: " + "x" * 200),
    ("expected_boolean", "categories.0.watched", CATEGORY % "§yes", CATEGORY % "true"),
    ("not_relaxable", "criteria.relaxed.0", "criteria: {relaxed: [§lead]}", "criteria: {relaxed: [monitoring.over]}"),
    ("not_allowed", "criteria.added.0.leaving", (TOLD % ("", "")).replace("contain", "§closed"), TOLD % ("", "")),
    ("wrong_form", "criteria.added.0.id", (TOLD % ("", "")).replace("told", "§Who was told"), TOLD % ("", "")),
    ("id_of_ours", "criteria.added.0.id", (TOLD % ("", "")).replace("told", "§lessons"), TOLD % ("", "")),
    (
        "same_id",
        "criteria.added.1.id",
        f"criteria: {{added: [{ADDED % 1}, {(ADDED % 1).replace('own', '§own')}]}}",
        f"criteria: {{added: [{ADDED % 1}, {ADDED % 2}]}}",
    ),
    (
        "missing_key",
        "criteria.added.0.question_de",
        (TOLD % ("", "")).replace("{id", "§{id").replace(", question_de: Informiert", ""),
        TOLD % ("", ""),
    ),
    (
        "missing_key",
        "criteria.added.0.hint_de",
        (TOLD % (", hint_en: By name.", "")).replace("{id", "§{id"),
        TOLD % (", hint_en: By name., hint_de: Mit Namen.", ""),
    ),
    (
        "too_long",
        "criteria.added.0.question_en",
        (TOLD % ("", "")).replace("Told", "§" + "x" * 76),
        (TOLD % ("", "")).replace("Told", "x" * 75),
    ),
    (
        "too_many",
        "criteria.added",
        f"criteria: {{added: §[{', '.join(ADDED % number for number in range(21))}]}}",
        f"criteria: {{added: [{', '.join(ADDED % number for number in range(20))}]}}",
    ),
    ("not_allowed", "criteria.added.0.by.0", TOLD % (", by: [§boss]", ""), TOLD % (", by: [dpo, scribe]", "")),
    ("not_allowed", "criteria.added.0.by.0", TOLD % (", by: [§engineer]", ""), TOLD % (", by: [lead]", "")),
    (
        "not_allowed",
        "criteria.added.0.severities.0",
        TOLD % (", severities: [§S5]", ""),
        TOLD % (", severities: [S1]", ""),
    ),
    (
        "unknown_category",
        "criteria.added.0.categories.0",
        TOLD % (", categories: [§ransom]", ""),
        TOLD % (", categories: [malware]", ""),
    ),
    (
        "unknown_criterion",
        "criteria.tightened.never_exempt.1",
        TOLD % ("", ", tightened: {never_exempt: [told, §sold, lessons]}"),
        TOLD % ("", ", tightened: {never_exempt: [told, lessons]}"),
    ),
    (
        "relaxed_too",
        "criteria.tightened.never_exempt.0",
        "criteria: {relaxed: [monitoring.over], tightened: {never_exempt: [§monitoring.over]}}",
        "criteria: {tightened: {never_exempt: [monitoring.over]}}",
    ),
    ("not_a_second_person", "second_persons.incident.close.roles.1", SECOND % "[isb, §admin]", SECOND % "[isb, dpo]"),
    ("empty", "second_persons.incident.close.roles", SECOND % "§[]", SECOND % "[isb]"),
    ("at_least", "paging.rounds", "paging: {rounds: §0}", "paging: {rounds: 1}"),
    ("at_most", "paging.rounds", "paging: {rounds: §21}", "paging: {rounds: 20}"),
    ("not_upwards", "paging.steps", LADDER % ("§", "isb", "0"), LADDER % ("", "isb", "6")),
    ("not_allowed", "paging.steps.0.who.0", LADDER % ("", "§me", "6"), LADDER % ("", "isb", "6")),
    ("not_by_group", "slack.groups.S0ISB", "slack: {groups: {S0ISB: §isb}}", "slack: {groups: {S0ISB: responder}}"),
    ("wrong_form", "slack.groups.isb", "slack: {groups: {§isb: responder}}", "slack: {groups: {S0A: responder}}"),
    ("unknown_person", "duty_roster.0", "duty_roster: [§zoe]", PERSON % "gitlab: b" + "\nduty_roster: [ben]"),
    ("unknown_person", "people.1.away.0.deputy", AWAY % ("", "12-24", "§zoe"), AWAY % ("", "12-24", "anna")),
    ("own_deputy", "people.1.away.0.deputy", AWAY % ("", "12-24", "§ben"), AWAY % ("", "12-24", "anna")),
    ("ends_before", "people.1.away.0", AWAY % ("§", "12-22", "anna"), AWAY % ("", "12-23", "anna")),
    (
        "missing_key",
        "people.1.away.0.deputy",
        PERSON % "away: [§{from: 2026-12-23, to: 2026-12-24}]",
        PERSON % "away: []",
    ),
    (
        "away_twice",
        "people.1.away",
        PERSON % f"away: §[{ABSENCE % ('03', '05')}, {ABSENCE % ('01', '03')}]",
        PERSON % f"away: [{ABSENCE % ('04', '05')}, {ABSENCE % ('01', '03')}]",
    ),
    (
        "listed_twice",
        "duty_roster.2",
        PERSON % "gitlab: b" + "\nduty_roster: [ben, anna, §ben]",
        PERSON % "gitlab: b" + "\nduty_roster: [ben, anna]",
    ),
    ("same_id", "people.1.id", "people: [{id: a, name: A}, {id: §a, name: B}]", "people: [{id: a, name: A}]"),
    ("same_id", "regimes.1.id", f"regimes: [{ONE}, {{id: §a, title_en: B, title_de: B}}]", f"regimes: [{ONE}]"),
    ("same_identity", "people.1.slack", PERSON % "slack: §U111", PERSON % "slack: U112"),
    (
        "unknown_check",
        "change.repositories.0.security_tests.0.check",
        REPOSITORY % "security_tests: [{tool: sast, check: §semgrep}]",
        REPOSITORY % "security_tests: [{tool: sast, check: ci}]",
    ),
    (
        "unknown_environment",
        "change.repositories.0.approve_environments.0",
        REPOSITORY % "approve_environments: [§prd]",
        REPOSITORY % "approve_environments: [prod]",
    ),
    (
        "unknown_environment",
        "change.repositories.0.environment_names.prd",
        REPOSITORY % "environment_names: {§prd: [p]}",
        REPOSITORY % "environment_names: {prod: [p]}",
    ),
    (
        "listed_twice",
        "change.repositories.0.environment_names.prod.0",
        REPOSITORY % "environment_names: {dev: [p], prod: [§P]}",
        REPOSITORY % "environment_names: {dev: [d], prod: [p]}",
    ),
    (
        "wrong_gate",
        "change.repositories.0.requirements.plan.0",
        REPOSITORY % "requirements: {plan: [§four.eyes]}",
        REPOSITORY % "requirements: {review: [four.eyes]}",
    ),
    ("secret_key", "slack.bot_token", "slack: {§bot_token: abc}", "slack: {channel_prefix: abc}"),
    ("secret_value", "slack.intake_channel", f"slack: {{intake_channel: §{SECRET}}}", "slack: {intake_channel: C123}"),
    ("duplicate_key", "language", "language: de\n§language: en", "language: en"),
    ("alias", "slack", "slack: §&x {}\n", "slack: {}"),
    ("tag", "language", "language: §!!str en", "language: en"),
    ("key_not_text", "", "? §[a]\n: 1", "language: en"),
    ("not_a_map", "", "§- language", "language: en"),
    ("syntax", "", "language: [§", "language: en"),
    ("syntax", "", "language: en\n§---\nlanguage: de", "---\nlanguage: en"),
    ("syntax", "", "language: en\n# §\x07", "language: en"),
    ("too_deep", ".".join(["a", *["0"] * 24]), "a: " + "[" * 24 + "§" + "[" * 6 + "]" * 30, "language: en"),
    ("too_large", "", "§" + "#" * (MAX_BYTES + 1), "#" * MAX_BYTES),
]
ELSEWHERE = {"unreadable", "no_folder", "no_files", "wrong_suffix", "set_twice", "not_utf8", "incomplete", "invalid"}


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(PolicyError) as caught:
        load_texts({"policy.yaml": text.encode()})
    return caught.value.faults


@pytest.mark.parametrize(
    ("code", "path", "wrong", "right"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)]
)
def test_a_fault_stands_at_its_place(code: str, path: str, wrong: str, right: str) -> None:
    before = wrong[: wrong.index("§")].split("\n")
    found = faults_of(wrong.replace("§", ""))
    assert [(fault.file, fault.line, fault.column, fault.path, fault.code) for fault in found] == [
        ("policy.yaml", len(before), len(before[-1]) + 1, path, code)
    ]
    assert load_texts({"policy.yaml": right.encode()}).sha256


def test_every_code_has_a_case() -> None:
    assert {case[0] for case in CASES} | ELSEWHERE == set(MESSAGES)


def test_all_faults_of_all_files_come_at_once_in_order() -> None:
    files = {
        "b.yaml": b"lingua: de\nslack: {xyzzy: x}\n",
        "a.yaml": b"language: xx\npeople:\n  - {id: anna, name: A}\n  - {id: anna, name: B, roles: [boss]}\n",
    }
    with pytest.raises(PolicyError) as caught:
        load_texts(files)
    assert str(caught.value).splitlines() == [
        "a.yaml:1:11: language: expected one of de, en; found “xx”",
        "a.yaml:4:10: people.1.id: the id “anna” is already used at a.yaml:3:10",
        f"a.yaml:4:33: people.1.roles.0: expected one of {', '.join(Role)}; found “boss”",
        "b.yaml:1:1: lingua: unknown key; did you mean “language”?",
        "b.yaml:2:9: slack.xyzzy: unknown key",
    ]


def test_two_files_must_not_set_the_same_value() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"a.yaml": b"change: {waiver_max_days: 5}", "b.yaml": b"change: {waiver_max_days: 6}"})
    assert [str(fault) for fault in caught.value.faults] == [
        "b.yaml:1:10: change.waiver_max_days: this is already set at a.yaml:1:10"
    ]
    both = load_texts({"a.yaml": b"change: {waiver_max_days: 5}", "b.yaml": b"change: {default_risk: high}"})
    assert (both.policy.change.waiver_max_days, both.policy.change.default_risk) == (5, "high")


def test_replacing_a_map_by_nothing_is_a_fault() -> None:
    assert [fault.code for fault in faults_of("severity: null")] == ["expected_map"]


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        "ghp_" + "a" * 36,
        "github_pat_" + "a" * 30,
        "glpat-" + "a" * 20,
        "AKIA" + "A" * 16,
        "https://hooks.slack.com/" + "services/T000/B000/xyz",
        "https://user:" + "pass@example.org/",
        "-----BEGIN " + "PRIVATE KEY-----",
    ],
)
def test_a_secret_is_refused_wherever_it_stands_and_never_repeated(secret: str) -> None:
    text = f"organisation: '{secret}'\nlanguage: '{secret}'\n'{secret}': 1\nduty_roster: ['{secret}']\n"
    found = faults_of(text)
    assert {fault.code for fault in found} == {"secret_value"}
    assert len(found) == 4
    assert secret not in " ".join(f"{fault}{fault.params}" for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "language: ['{0}']",
        "'{0}': 1\n'{0}': 2",
        "second_persons: {{'{0}': {{foo: 1}}}}",
        "people: [{{id: '{0}', name: A, slack: U111}}, {{id: b, name: B, slack: U111}}]",
        "people: [{{id: '{0}', name: A}}, {{id: '{0}', name: B}}]",
        "slack: {{'{0}': &x [1]}}",
        "change: {{repositories: [{{match: a, requirements: {{'{0}': ['{0}']}}}}]}}",
    ],
)
def test_other_faults_around_a_secret_do_not_repeat_it(text: str) -> None:
    found = faults_of(text.format(SECRET))
    assert "secret_value" in {fault.code for fault in found}
    assert SECRET[:12] not in " ".join(f"{fault} {fault.path} {fault.params}" for fault in found)


@pytest.mark.parametrize(
    "innocent", ["secrets.clean", "token ring", "acme/password-manager", "https://example.org:80/a@b"]
)
def test_words_about_secrets_are_no_secrets(innocent: str) -> None:
    assert load_texts({"a.yaml": f"organisation: '{innocent}'".encode()}).policy.organisation == innocent


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("github_login: Anna", "github_login: aNNA"),
        ("github_id: 7", "github_id: 7"),
        ("gitlab: anna", "gitlab: Anna"),
        ("os_user: anna", "os_user: anna"),
        ("emails: [A@b.de]", "emails: [x@b.de, a@B.de]"),
    ],
)
def test_two_persons_never_share_an_account(first: str, second: str) -> None:
    people = "people: [{{id: anna, name: A, {0}}}, {{id: ben, name: B, {1}}}]"
    assert [fault.code for fault in faults_of(people.format(first, second))] == ["same_identity"]
    assert load_texts({"a.yaml": people.format(first, "locale: de").encode()}).policy.person_by(id="anna")


def test_a_file_that_cannot_be_read_hides_no_fault_of_another_but_raises_no_false_one() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"a.yaml": b"people: [", "b.yaml": b"duty_roster: [anna]\nlanguage: xx"})
    assert [(fault.file, fault.code) for fault in caught.value.faults] == [
        ("a.yaml", "syntax"),
        ("b.yaml", "not_allowed"),
    ]


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"a.yaml": b"organisation: \xff"})
    assert [fault.code for fault in caught.value.faults] == ["not_utf8"]
