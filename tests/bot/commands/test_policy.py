"""`wachbuch policy`: checked, shown, compared; no database needed."""

import json

from tests.bot.commands.conftest import Terminal
from tests.office import POLICY, write_policy


def test_a_good_policy(terminal: Terminal) -> None:
    done = terminal.run("policy", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The policy is fine. Hash: ")
    assert terminal.run("policy", "check", language="de").out.startswith("Die Richtlinie ist in Ordnung. Hash: ")
    data = json.loads(terminal.run("policy", "check", "--json").out)
    assert (len(data["sha256"]), data["faults"], data["gaps"]) == (64, [], [])


def test_every_fault_with_its_place(terminal: Terminal) -> None:
    (terminal.folder / "policy" / "policy.yaml").write_text("langage: de\nholidays: [2026-13-01]\n")
    done = terminal.run("policy", "check")
    assert done.code == 1
    assert "policy.yaml:1:1" in done.out
    assert "policy.yaml:2:" in done.out
    faults = json.loads(terminal.run("policy", "check", "--json").out)["faults"]
    assert {fault["line"] for fault in faults} == {1, 2}


def test_rules_that_too_few_can_fill(terminal: Terminal) -> None:
    done = terminal.run("policy", "check", "--people", language="de")
    assert done.code == 1
    assert "• change.waiver: niemand kann sie erfüllen (risk_owner); die Leitung zeichnet" in done.out
    assert "Petra Meier-Schmidt" in done.out or "petra" in done.out
    plain = terminal.run("policy", "check")
    assert (plain.code, "•" in plain.out) == (0, False)


def test_another_folder(terminal: Terminal) -> None:
    other = write_policy(terminal.folder / "other", "langage: de\n")
    assert terminal.run("policy", "check", str(other)).code == 1
    assert terminal.run("policy", "check", str(terminal.folder / "missing")).code == 1


def test_shown_with_defaults(terminal: Terminal) -> None:
    data = json.loads(terminal.run("policy", "show", "--json").out)
    assert data["policy"]["organisation"] == "Beispiel GmbH"
    assert data["policy"]["effectiveness_days"] == 30
    done = terminal.run("policy", "show")
    assert done.out.startswith(f"sha256: {data['sha256']}\n")
    assert json.loads(done.out.split("\n", 1)[1]) == data["policy"]


def test_the_schema_is_json(terminal: Terminal) -> None:
    schema = json.loads(terminal.run("policy", "schema").out)
    assert "people" in schema["properties"]


def test_what_another_policy_would_change(terminal: Terminal) -> None:
    same = write_policy(terminal.folder / "same", POLICY)
    assert terminal.run("policy", "diff", str(same)).out == "No difference.\n"
    looser = write_policy(terminal.folder / "looser", POLICY + "criteria: {relaxed: [monitoring.over]}\n")
    done = terminal.run("policy", "diff", str(looser), language="de")
    assert done.code == 1
    assert "criteria.relaxed" in done.out
    assert "(lockert)" in done.out
    data = json.loads(terminal.run("policy", "diff", str(looser), "--json").out)
    assert [one["loosens"] for one in data["differences"]] == [True]
    stricter = write_policy(terminal.folder / "stricter", POLICY + "effectiveness_days: 20\n")
    assert terminal.run("policy", "diff", str(stricter)).code in {0, 1}
    broken = write_policy(terminal.folder / "broken", "nonsense: 1\n")
    assert terminal.run("policy", "diff", str(broken)).code == 1


def test_a_duty_for_which_everybody_is_away_is_named(terminal: Terminal) -> None:
    text = "people: [{id: ina, name: Ina, roles: [dpo], away: [{from: 2199-12-21, to: 2199-12-23, deputy: udo}]}%s]\n"
    for udo, told in ((", {id: udo, name: Udo}", True), (", {id: udo, name: Udo, roles: [dpo]}", False)):
        folder = write_policy(terminal.folder / f"away{told}", text % udo)
        done = terminal.run("policy", "check", str(folder), "--people", language="de")
        assert ("• dpo: ab 21.12.2199 ist niemand dafür da (abwesend: ina)." in done.out) is told
