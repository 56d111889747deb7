"""From the thread of a report and from the announcement to the channel of the case: whoever reads them finds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import incident
from bot.chat.texts.told import marked
from bot.jobs.port import Job
from bot.slack import places
from bot.slack.calls import Calls, unless_archived
from bot.slack.links import Links
from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Onward:
    """Shows the way where everybody may join the channel. `message` makes one of a reply and what stands below it."""

    calls: Calls
    links: Links
    t: Translator
    message: Callable[[Reply, str], dict[str, Any]]

    def show(self, job: Job, case: IncidentCase, channel: str) -> None:
        """Once for each channel: a line in the thread, and the link in the announcement."""
        if case.visibility is not Visibility.TEAM or self.links.get(places.ONWARD, str(case.id)) == channel:
            return
        thread = places.message_at(self.links, places.THREAD, str(case.id))
        if thread is not None:
            told = self.message(Reply((Paragraph(incident.goes_on_there(self.t)),)), f"<#{channel}>")
            with unless_archived():
                self.calls.post(job, thread.channel, told, thread.ts)
        announced = places.message_at(self.links, places.DIGEST, str(case.id))
        if announced is not None:
            self.calls.update(announced.channel, announced.ts, self.announcement(case))
        self.links.put(places.ONWARD, str(case.id), channel)

    def announcement(self, case: IncidentCase) -> dict[str, Any]:
        """For everybody: the case in one line, and where it is worked on; redacted when not everybody may know."""
        if case.visibility is not Visibility.TEAM:
            redacted = marked(self.t, case, incident.redacted(self.t, case.number))
            return self.message(Reply((Paragraph(redacted),)), "")
        channel = places.home(self.links, case)
        headline = Reply((Paragraph(incident.headline(self.t, case)),))
        return self.message(headline, f"<#{channel}>" if channel else "")
