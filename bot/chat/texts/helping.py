"""Help: where to report, to whom, under which policy; and the verbs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.chat.texts import common, who
from bot.chat.verbs import WORDS, Topic, Verb, word_for
from config.i18n import Translator
from config.policy.ids import Role
from config.policy.models import Policy
from config.texts import _

INCIDENT: Final[Mapping[Verb, str]] = {
    Verb.REPORT: _(
        "report; one sentence is enough. For somebody else: `report --by tom --via phone …`; what is over already: "
        "`report --backfill …`"
    ),
    Verb.DRILL: _("a drill: marked, and counted in no figure; `--page` calls who is on duty"),
    Verb.STATUS: _("how a case stands"),
    Verb.LIST: _("open cases that you can see; `list actions`: corrective actions, of closed cases too"),
    Verb.ACK: _("look after a report"),
    Verb.CANT: _("called, but cannot now: the next is called"),
    Verb.URGENT: _("it cannot wait: own channel now"),
    Verb.UPDATE: _("tell everybody how it stands; with the next one behind it: `next in 2h`, `next 14:30`"),
    Verb.ASSESS: _("what is it, how bad, who leads"),
    Verb.CONTAIN: _("on to Contain"),
    Verb.ERADICATE: _("on to Eradicate"),
    Verb.RECOVER: _("on to Recover"),
    Verb.REVIEW: _("on to Review"),
    Verb.CLOSE: _("close, or end as not an incident"),
    Verb.BACK: _("back a phase, or open again"),
    Verb.WALK: _("all remaining phases in one form (S3, S4)"),
    Verb.NOTE: _("add to the timeline"),
    Verb.EVIDENCE: _(
        "record secured evidence; have a kept file destroyed: `evidence dispose EV-2026-0007 …`, until it is confirmed "
        "also `evidence withdraw` or `evidence refuse`, with the reason"
    ),
    Verb.ACTION: _("record a response or corrective action; its effect later: `action check 1 effective`"),
    Verb.TASK: _("open a task, or `task done 2`; with acme/shop#12 or an address behind it, it follows that issue"),
    Verb.ROLE: _("give a role: `role lead me`; take it away: `role named @max remove`"),
    Verb.HANDOVER: _("hand the lead over: `handover @tom` and how it stands; who is asked accepts or declines"),
    Verb.AGREEMENT: _(
        "ask the service owner for their agreement: `agreement @sven`; who is asked answers `agreement yes` or "
        "`agreement not yet` with the reason"
    ),
    Verb.SEVERITY: _("set the severity: `severity S2`"),
    Verb.RESTRICT: _("who may see it: `restrict sealed`"),
    Verb.OVERRIDE: _("move on although something is missing"),
    Verb.CONFIRM: _("confirm as second person"),
    Verb.DUTY: _("decide on a duty to notify"),
    Verb.LINK: _(
        "tie a change to a case (`fixes`, `caused by`, `related`), or untie it: `link CHG-2026-0117 remove`; with the "
        "address of an issue: let a task follow it"
    ),
    Verb.FEEDBACK: _("say what was tedious about the process; from Review on"),
    Verb.EXPORT: _(
        "report and export of a case as files: `export 42 audit`, with what it is for; without a number the lessons of "
        "the year, or of a period: `export 2026-07-01 2026-09-30`"
    ),
    Verb.CONSOLE: _("open the console in the browser; the link holds ten minutes and is for you alone"),
    Verb.HELP: _("this overview"),
}

CHANGE: Final[Mapping[Verb, str]] = {
    Verb.PLAN: _("plan a change, or answer its questions"),
    Verb.STATUS: _("why it is held, and who can free it"),
    Verb.LIST: _("open changes"),
    Verb.APPROVE: _("approve: `approve plan` or `approve deploy prod`"),
    Verb.OBJECT: _("object to a plan"),
    Verb.RISK: _("set the risk, with a reason"),
    Verb.WAIVE: _("ask for a waiver, or `waive grant`"),
    Verb.DEPLOY: _("may it go there, and ask for the approval: `deploy prod`"),
    Verb.DEPLOYED: _("record a deployment by hand: `deployed prod`, `deployed prod failed`"),
    Verb.ROLLBACK: _("record that an environment went back: `rollback prod`, with the reason"),
    Verb.LINK: _("tie an incident or a request to a change"),
    Verb.CANCEL: _("give a change up"),
    Verb.EMERGENCY: _("let one commit through as an emergency; `emergency confirm` as second person"),
    Verb.REVIEW: _("record the retrospective review"),
    Verb.SETTLE: _("settle a requirement that was skipped"),
    Verb.HELP: _("this overview"),
}

_ABOUT: Final = {Topic.INCIDENT: INCIDENT, Topic.CHANGE: CHANGE}


def channels(policy: Policy) -> tuple[str, ...]:
    """The channels that the help names."""
    named = (policy.slack.intake_channel, policy.slack.digest_channel)
    return tuple(dict.fromkeys(one for one in named if one))


def where_to_report(t: Translator, policy: Policy, policy_hash: str, called: Callable[[str | None], str]) -> str:
    """Where to report, to whom, under which version of the policy (A.5.24, A.6.8).

    `called`: how a channel of the policy is called where this is read; empty where it has no name there.
    """
    duty = who.on_call(policy)
    officer = t.gettext("The policy names no information security officer yet.")
    if policy.holders(Role.ISB):
        names = common.people(t, who.names(t, policy, (Role.ISB.value,)))
        officer = common.stop(t.gettext("Information security officer: {names}.").format(names=names))
    parts = [
        t.gettext("Report anything odd with `/incident`, here or by `wachbuch chat`; one sentence is enough."),
        common.stop(t.gettext("On call: {names}.").format(names=common.people(t, duty))) if duty else "",
        officer,
    ]
    if policy.holders(Role.DEPUTY):
        deputies = common.people(t, who.names(t, policy, (Role.DEPUTY.value,)))
        parts.append(common.stop(t.gettext("Deputy: {names}.").format(names=deputies)))
    parts += _stood_in_for(t, policy)
    if intake := called(policy.slack.intake_channel):
        parts.append(t.gettext("Reports appear in the channel {channel}.").format(channel=intake))
    if digest := called(policy.slack.digest_channel):
        text = t.gettext("Incidents and changes are announced in the channel {channel}.")
        parts.append(text.format(channel=digest))
    if policy_hash:
        parts.append(t.gettext("Policy in force: version {version}.").format(version=policy_hash[:12]))
    return " ".join(part for part in parts if part)


_ANSWERABLE: Final = (Role.ISB, Role.DEPUTY)


def _stood_in_for(t: Translator, policy: Policy) -> list[str]:
    """Who of those named for reports is away today, until when, and who stands in."""
    today, named = policy.today, [one for one in policy.people if one.holds(*_ANSWERABLE)]
    roster = [one for one in policy.people if one.id in policy.duty_roster]
    found = []
    for person in dict.fromkeys((*roster, *named)):
        absence, deputy = today.absence(person), today.deputy(person)
        if absence is not None and deputy is not None:
            text = t.gettext("{name} is away until {day}; {deputy} stands in.")
            name, stand_in = common.one_line(person.name, 60), common.one_line(deputy.name, 60)
            found.append(text.format(name=name, day=t.date(absence.last), deputy=stand_in))
    return found


def first_loaded(t: Translator, policy: Policy, at: datetime) -> str:
    """Since when this version of the policy is on record (A.5.1)."""
    return t.gettext("This version is on record since {moment}.").format(moment=t.datetime(at, policy.zone))


def verbs(t: Translator, topic: Topic) -> str:
    """One line per verb, the reader's word first."""
    lines = []
    for verb in WORDS[topic]:
        own = word_for(topic, verb, t.language)
        others = [word for word in WORDS[topic][verb] if word != own]
        words = f"{own} ({', '.join(others)})" if others else own
        lines.append(f"{words}: {t.gettext(_ABOUT[topic][verb])}")
    return "\n".join(lines)


def by_buttons(t: Translator) -> str:
    """Instead of the verbs, where none can be typed."""
    return t.gettext("Everything else is a button: on the overview, and on the page of each case.")


def numbers(t: Translator, topic: Topic) -> str:
    """How to name a case."""
    example = "INC-2026-0042" if topic is Topic.INCIDENT else "CHG-2026-0117"
    return t.gettext(
        "A number may follow the verb: {example}, or only its last digits. In a case's own channel none is needed."
    ).format(example=example)
