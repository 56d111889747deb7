"""Who is there today, and who stands in for the others (A.5.2: a duty has somebody every day). Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.policy.absences import Absence
from config.policy.ids import Role
from config.policy.persons import PolicyPerson

PARTNERS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ISB: frozenset({Role.DEPUTY}),
    Role.DEPUTY: frozenset({Role.ISB}),
}
"""The ISB and the deputy stand in for each other."""


@dataclass(frozen=True, slots=True)
class Today:
    """Who is there on a day. `left` are Slack users whose accounts are closed; `day` None: everybody is there."""

    people: Mapping[str, PolicyPerson]
    day: date | None
    left: Collection[str]

    def on_call(self, roster: Iterable[str]) -> tuple[PolicyPerson, ...]:
        """The roster with deputies in the place of who is away, whatever roles they hold: paging is for anybody."""
        listed = [self.people[key] for key in roster if key in self.people]
        return self._there(listed, lambda _deputy: True)

    def reachable(self, roles: Collection[Role], able: Collection[Role]) -> tuple[PolicyPerson, ...]:
        """Holders of these roles; a deputy in the place of who is away only with one of the roles `able`.

        A deputy gets no role by standing in: asked is only who may also act. Where nobody would be left, who is away
        is named: better late than nobody.
        """
        listed = [person for role in roles for person in self.people.values() if person.holds(role)]
        return self._there(listed, lambda deputy: deputy.holds(*able))

    def absence(self, person: PolicyPerson) -> Absence | None:
        """The absence of somebody on this day."""
        return next((one for one in person.away if self.day is not None and one.covers(self.day)), None)

    def deputy(self, person: PolicyPerson) -> PolicyPerson | None:
        """Who stands in for somebody who is away; deputies may be away as well, and have deputies of their own."""
        seen = {person.id}
        now: PolicyPerson | None = person
        while now is not None and (absence := self.absence(now)) is not None:
            now = self.people.get(absence.deputy)
            if now is None or now.id in seen:
                return None
            seen.add(now.id)
        return now if now is not None and now is not person and not self.has_left(now) else None

    def has_left(self, person: PolicyPerson) -> bool:
        """Whether their account in Slack is closed."""
        return person.slack is not None and person.slack in self.left

    def _there(self, listed: Iterable[PolicyPerson], fits: Callable[[PolicyPerson], bool]) -> tuple[PolicyPerson, ...]:
        known = [person for person in listed if not self.has_left(person)]
        found = dict.fromkeys(self._instead(known, fits))
        return tuple(found or dict.fromkeys(known))

    def _instead(self, listed: Iterable[PolicyPerson], fits: Callable[[PolicyPerson], bool]) -> Iterator[PolicyPerson]:
        for person in listed:
            if self.absence(person) is None:
                yield person
            elif (deputy := self.deputy(person)) is not None and fits(deputy):
                yield deputy
