"""User groups that the policy gives a role: read every hour, and at once when Slack tells that one changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.jobs.port import GiveUp, Handlers, Job, JobTools, Retry
from bot.slack.body import text_at
from bot.slack.calls import Calls
from bot.startup import MACHINE
from workflows.groups import MEMBERS, UNREAD, GroupRolesChanged, members
from workflows.leavers import person_of
from workflows.service import Service
from workflows.store.rows import InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

GROUPS: Final = "slack.groups"
GROUP: Final = "slack.group"
"""Read one `group` anew."""
GROUPS_JOB: Final = JobDraft(GROUPS, "", GROUPS, {})
EVERY: Final = timedelta(hours=1)


def is_group_change(event: Mapping[str, Any]) -> bool:
    """Whether members of a user group came or went."""
    return text_at(event, "type") == "subteam_members_changed" and bool(text_at(event, "subteam_id"))


def group_changed(uow: UnitOfWork, row: InboxRow, event: Mapping[str, Any]) -> None:
    """Read it anew; what the event itself tells may be late."""
    group = text_at(event, "subteam_id")
    uow.jobs.enqueue(JobDraft(GROUP, f"{GROUP}:{group}", f"{GROUP}:{row.id}", {"group": group}))


@dataclass(frozen=True, slots=True)
class Groups:
    """The handlers of `slack.groups` and `slack.group`."""

    calls: Calls
    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.rounds(GROUPS, self.round)
        handlers.outbox(GROUP, self.changed)

    def begin(self) -> None:
        """At the start: look soon, also where the policy names no group any more."""
        self.service.retrying(lambda uow: uow.jobs.keep(GROUPS_JOB))

    def round(self, _job: Job, tools: JobTools) -> timedelta:
        """Each of them; one that cannot be read now keeps the members it had, and nobody waits for it."""
        with self.service.store.reading() as reads:
            stored = reads.links.of(MEMBERS)
        for group in dict.fromkeys((*self.service.policy.slack.groups, *stored)):
            if tools.is_stopping():
                break
            try:
                self._read(group)
            except Retry as error:
                log.warning("slack_group_unread", group=group, reason=str(error))
        return EVERY

    def changed(self, job: Job, _tools: JobTools) -> None:
        """One that Slack told of, if it is one of ours."""
        group = job.text("group")
        if group in self.service.policy.slack.groups:
            self._read(group)

    def _read(self, group: str) -> None:
        asked = group in self.service.policy.slack.groups
        found, refused = self._members(group) if asked else ((), "")
        self.service.retrying(lambda uow: self._note(uow, group, found, refused))

    def _members(self, group: str) -> tuple[Collection[str], str]:
        """Its members; nobody and the code where Slack does not tell them for good: no plan, no scope, no group."""
        try:
            answer = self.calls.ask(partial(self.calls.client.usergroups_users_list, usergroup=group))
        except GiveUp as error:
            return (), error.reason
        return tuple(map(str, answer.get("users") or ())), ""

    def _note(self, uow: UnitOfWork, group: str, found: Collection[str], refused: str) -> None:
        """Members as they are now, and an entry where that changes who holds the role."""
        policy = self.service.policy
        before, role = members(uow.links, group), policy.slack.groups.get(group)
        joined, left = [one for one in found if one not in before], [one for one in before if one not in found]
        if refused:
            uow.links.put(UNREAD, group, refused)
        else:
            uow.links.remove(UNREAD, group)
        if role is None:
            uow.links.remove(MEMBERS, group)
        elif joined or left:
            uow.links.put(MEMBERS, group, " ".join(found))
        if joined or left:
            event = GroupRolesChanged(group=group, gives=role, joined=self._ids(joined), left=self._ids(left))
            self.service.log(uow, event, MACHINE, self.service.moment.now())

    def _ids(self, users: Collection[str]) -> str | None:
        return ", ".join(person_of(self.service.policy, user) for user in users) or None
