"""An override in Slack: granted in the channel, what it put off asked when the case is closed, and an old button."""

from typing import Any

from config.policy.ids import Criterion, Impact, Spread
from tests.journeys.policies import slack_id
from tests.journeys.test_paging import give
from tests.journeys.world import World
from tests.properties.catalog import person
from workflows.incident import commands as c
from workflows.incident.terms import Goal, Kind, PersonalData, State

NUMBER = "INC-2026-0001"
SAID = {
    "de": ("bereinigen", "schließen", "Maßnahme zur Eindämmung", "Hier wartet keine Ausnahme auf eine Entscheidung."),
    "en": ("eradicate", "close", "Containment action", "No override waits for a decision here."),
}
CONTAINED = {
    "containment.action~text": "Account locked", "containment.action~detail": "No sign-ins",
    "evidence.preserved~choice": "none", "evidence.preserved~text": "Nothing there",
    "credentials.revoked~choice": "revoked",
}  # fmt: skip


def given(criterion: Criterion, **more: Any) -> c.Given:
    return c.Given(criterion=criterion, **more)


def contained(office: World) -> str:
    """An incident in its own channel, up to where an override is asked for."""
    goals: dict[str, Any] = {goal.value: Impact.LOW for goal in Goal}
    assess = c.Assess(case=NUMBER, kind=Kind.INCIDENT, reason="Clicked", category="phishing", affected="Mailbox",
                      spread=Spread.SINGLE, personal_data=PersonalData.NO, **goals)  # fmt: skip
    give(office, "jana", c.Report(what="Mail"))
    give(office, "tom", c.Advance(case=NUMBER, to=State.CONTAIN, assess=assess))
    return office.slack.channel_named("inc-2026-0001").id


def reviewed(office: World) -> None:
    """From eradication to review, with everything that is to be said at its end, but not with what was put off."""
    said: tuple[c.Given, ...]
    said = (given(Criterion.ROOT_CAUSE, text="x"), given(Criterion.ENTRY_PATH, text="x"),
            given(Criterion.SIMILAR_SYSTEMS, text="x"))  # fmt: skip
    give(office, "tom", c.Advance(case=NUMBER, to=State.RECOVER, answers=said))
    said = (given(Criterion.RESTORE_SOURCE, text="x"), given(Criterion.SYSTEMS_VERIFIED, text="x"),
            given(Criterion.MONITORING_OVER, when=office.clock.now),
            given(Criterion.RECOVERY_DECLARED, person=person("tom")),
            given(Criterion.SERVICE_OWNER_AGREES, person=person("sven")))  # fmt: skip
    give(office, "tom", c.Advance(case=NUMBER, to=State.REVIEW, answers=said))
    said = (given(Criterion.REVIEW_HELD, choice="form", when=office.clock.now, choices=("lead",)),
            given(Criterion.PROCESS_CAUSE, text="x"), given(Criterion.LESSONS, text="x", detail="y"),
            given(Criterion.CORRECTIVE_ACTION, choice="none", text="x"),
            given(Criterion.RETENTION_CLASS, choice="standard"))  # fmt: skip
    give(office, "tom", c.Answer(case=NUMBER, answers=said))


def test_what_was_put_off_is_supplied_where_the_case_is_closed(office: World) -> None:
    language = office.app.core.service.policy.language
    phase, close, name, nothing = SAID[language]
    word = "/vorfall" if language == "de" else "/incident"
    channel = contained(office)
    office.say("tom", word, f"{'ausnahme' if language == 'de' else 'override'} 1 {phase} Still spreading")
    office.work(seconds=5)
    grant = "incident.override:0"
    office.sender.click(grant, user=slack_id("petra"), channel=channel)
    office.fill("petra", {"decision": "grant", "decision_reason": "Later today"})
    assert office.incident().state is State.ERADICATE
    late = office.sender.click(grant, user=slack_id("paul"), channel=channel)
    office.work(seconds=5)
    assert nothing in str([late.text, office.slack.world.sent])
    reviewed(office)
    office.say("petra", word, f"{close} {NUMBER}")
    assert name in str(office.view("petra")["blocks"])
    office.fill("petra", {})
    assert office.incident().state is State.REVIEW
    closed = str(office.fill("petra", CONTAINED))
    assert office.incident().state is State.CLOSED, closed
    office.proves(closed, "due.settled", "incident.moved")
    office.intact()
