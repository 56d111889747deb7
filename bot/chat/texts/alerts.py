"""What a report says of a warning."""

from collections.abc import Mapping
from typing import Final

from bot.chat.texts import common
from config.i18n import Translator
from config.policy.ids import AlertKind, AlertLevel
from config.texts import _
from integrations.telling.wording import FORGE
from workflows.actors import Source
from workflows.change.seen import Forge
from workflows.incident.alerts import Alert, AlertState
from workflows.incident.reporting import TITLE_LENGTH

_NAMES: Final[Mapping[Source, str]] = {
    Source.GITHUB: FORGE[Forge.GITHUB],
    Source.GITLAB: FORGE[Forge.GITLAB],
    Source.ALERTMANAGER: "Alertmanager",
}
_FOUND: Final[Mapping[AlertKind, str]] = {
    AlertKind.SECRET: _("{forge} found a secret in {repository}: {title}"),
    AlertKind.CODE: _("{forge} found a vulnerability in the code of {repository}: {title}"),
    AlertKind.DEPENDENCY: _("{forge} warns of something that {repository} uses: {title}"),
    AlertKind.MONITORING: _("{forge} raises an alarm about {repository}: {title}"),
}
_FIRST: Final[Mapping[AlertKind, str]] = {
    AlertKind.SECRET: _("Revoke it first: what was pushed once has to be taken as known, also after it was deleted."),
    AlertKind.CODE: _("Is it exploited already? The logs since it was deployed tell."),
    AlertKind.DEPENDENCY: _("Is it exploited already, and is the affected part used at all?"),
    AlertKind.MONITORING: _("Did something fail, or is somebody attacking? Both belong on record."),
}
_LEVELS: Final[Mapping[AlertLevel, str]] = {
    AlertLevel.LOW: _("Level: low"),
    AlertLevel.MEDIUM: _("Level: medium"),
    AlertLevel.HIGH: _("Level: high"),
    AlertLevel.CRITICAL: _("Level: critical"),
}
_CHANGED: Final[Mapping[AlertState, str]] = {
    AlertState.OPEN: _("Open at {forge}: {title} ({address})"),
    AlertState.RESOLVED: _("Resolved at {forge}: {title} ({address})"),
    AlertState.DISMISSED: _("Dismissed at {forge}: {title} ({address})"),
}
_BY: Final[Mapping[AlertState, str]] = {
    AlertState.RESOLVED: _("Resolved at {forge} by {who}: {title} ({address})"),
    AlertState.DISMISSED: _("Dismissed at {forge} by {who}: {title} ({address})"),
}


def title(t: Translator, alert: Alert) -> str:
    """One line, short."""
    return common.one_line(_filled(t, _FOUND[alert.kind], alert), TITLE_LENGTH)


def report(t: Translator, alert: Alert) -> str:
    """What happened, how bad the forge thinks it is, where to look, and what comes first."""
    return "\n".join((found(t, alert), t.gettext(_FIRST[alert.kind])))


def found(t: Translator, alert: Alert) -> str:
    """What happened and where, how bad the forge thinks it is, and where to look."""
    what = _filled(t, _FOUND[alert.kind], alert)
    return "\n".join((f"{what}.", f"{t.gettext(_LEVELS[alert.level])}. {alert.url}".strip()))


def joined(t: Translator, alert: Alert) -> str:
    """One line on the timeline of a report: another one of its kind, or what became of one."""
    text = _BY.get(alert.state, _CHANGED[alert.state]) if alert.by else _CHANGED[alert.state]
    line = _filled(t, text, alert)
    return f"{line}. {t.gettext(_LEVELS[alert.level])}" if alert.state is AlertState.OPEN else line


def no_more_told(t: Translator) -> str:
    """Behind the last line of a flood that is told where people talk about the case."""
    return t.gettext("There are many: whatever else comes within the hour stands on the timeline only.")


def _filled(t: Translator, text: str, alert: Alert) -> str:
    return t.gettext(text).format(
        forge=_NAMES[alert.source],
        repository=alert.repository,
        title=common.one_line(alert.title) or "?",
        address=alert.url or str(alert.number),
        who=alert.by,
    )
