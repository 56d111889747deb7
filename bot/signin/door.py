"""The way into the console, and out of it: a one-time link opens a session, once; the entries are written with both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat.port import ConsoleLink, Speaker
from bot.credentials import digest_of
from bot.signin import kept
from bot.signin.address import Address
from bot.signin.kept import PendingLink, Session, Whose
from bot.standing import standing
from bot.startup import MACHINE
from workflows.actors import Actor, Person, PersonId, Source
from workflows.groups import Known
from workflows.leavers import today
from workflows.logbook import ConsoleSignedIn, ConsoleSignedOut, SessionEnd
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork

PATH: Final = "/sign-in/"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Makes links, lets in, and knows who is in. Every answer is read anew: any replica gives the same."""

    service: Service
    address: Address

    def link(self, speaker: Speaker) -> ConsoleLink:
        """A new one-time link for whoever speaks; without one where the console has no address, or they have left."""
        person = speaker.actor.person
        if person is None or not self.address.url:
            return ConsoleLink(self.address.reach)
        secret = kept.new_secret(kept.LINK_PREFIX)

        def work(uow: UnitOfWork) -> ConsoleLink:
            now = self._now()
            made = PendingLink(
                person=person.id, name=person.name, language=speaker.language,
                asked_in=speaker.actor.source, expires=now + kept.LINK_HOLDS,
            )  # fmt: skip
            kept.forget_over(uow.links, now)
            if self._speaker(uow.links, made, now) is None:
                return ConsoleLink(self.address.reach)
            uow.links.put(kept.LINKS, digest_of(secret), made.model_dump_json())
            return ConsoleLink(self.address.reach, f"{self.address.url}{PATH}{secret}", made.expires)

        return self.service.retrying(work)

    def invited(self, secret: str) -> Speaker | None:
        """Whom a link would let in; it stays good. None for an unknown, a used and an expired one alike."""
        now = self._now()
        with self.service.store.reading() as reads:
            found = kept.pending(reads.links, digest_of(secret))
            return None if found is None or found.is_over(now) else self._speaker(reads.links, found, now)

    def enter(self, secret: str, before: str = "") -> str | None:
        """Use up a link: the id of the session that it opened, which takes the place of the one `before`.

        None for a link that is not good. Of several at once, in whichever replicas, exactly one gets in.
        """
        if self.invited(secret) is None:
            # Strangers cost a look and take no turn from those who write.
            return None
        session = kept.new_secret(kept.SESSION_PREFIX)
        return session if self.service.retrying(lambda uow: self._enter(uow, secret, session, before)) else None

    def who(self, session: str) -> Speaker | None:
        """Who is in by this session, with the roles they have now. None when it is over, or they have left."""
        now, digest = self._now(), digest_of(session)
        with self.service.store.reading() as reads:
            found = kept.session(reads.links, digest)
            speaker = None if found is None or found.is_over(now) else self._speaker(reads.links, found, now)
        if found is not None and speaker is None:
            # Also of somebody who left: should they come back, they sign in again.
            self.leave(session, SessionEnd.LEFT)
        elif found is not None and now - found.seen >= kept.NOTED_EVERY:
            self._note(digest, now)
        return speaker

    def leave(self, session: str, how: SessionEnd = SessionEnd.SIGNED_OUT) -> None:
        """End a session; nothing happens where there is none."""
        self.service.retrying(lambda uow: self._end(uow, session, how))

    def _end(self, uow: UnitOfWork, session: str, how: SessionEnd, by: Actor | None = None) -> None:
        """On record once, by whom it is or `by` another; not where its time was over, since then nothing ended it."""
        now, taken = self._now(), uow.links.take(kept.SESSIONS, digest_of(session))
        found = Session.model_validate_json(taken) if taken else None
        if found is None or found.is_over(now):
            return
        own = self._speaker(uow.links, found, now)
        event = ConsoleSignedOut(person=found.person, how=how if own is not None else SessionEnd.LEFT)
        self.service.log(uow, event, by or (own.actor if own is not None else MACHINE), now)

    def _enter(self, uow: UnitOfWork, secret: str, session: str, before: str) -> bool:
        now = self._now()
        taken = uow.links.take(kept.LINKS, digest_of(secret))
        link = PendingLink.model_validate_json(taken) if taken else None
        speaker = None if link is None or link.is_over(now) else self._speaker(uow.links, link, now)
        kept.forget_over(uow.links, now)
        if link is None or speaker is None:
            return False
        expires = now + kept.SESSION_HOLDS
        opened = Session(person=link.person, name=link.name, language=link.language, expires=expires, seen=now)
        if before:
            self._end(uow, before, SessionEnd.REPLACED, speaker.actor)
        uow.links.put(kept.SESSIONS, digest_of(session), opened.model_dump_json())
        event = ConsoleSignedIn(asked_in=link.asked_in, expires=expires)
        self.service.log(uow, event, speaker.actor, now)
        return True

    def _note(self, digest: str, now: datetime) -> None:
        """Write down that a session is used. One that was ended meanwhile stays so."""

        def work(uow: UnitOfWork) -> None:
            taken = uow.links.take(kept.SESSIONS, digest)
            if taken is not None:
                seen = Session.model_validate_json(taken).model_copy(update={"seen": now})
                uow.links.put(kept.SESSIONS, digest, seen.model_dump_json())

        self.service.retrying(work)

    def _speaker(self, links: Known, whose: Whose, now: datetime) -> Speaker | None:
        policy = today(self.service.policy, links, now)
        actor = standing(policy, links, Person(PersonId(whose.person), whose.name), Source.CONSOLE)
        return Speaker(actor, self._language(actor, whose)) if actor is not None else None

    def _language(self, actor: Actor, whose: Whose) -> str:
        known = self.service.policy.person_by(id=actor.person.id) if actor.person else None
        return (known.locale if known is not None else None) or whose.language or self.service.policy.language

    def _now(self) -> datetime:
        return self.service.moment.now()
