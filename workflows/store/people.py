"""People met outside the policy, and everybody's language."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from workflows.store.insert import insert_into
from workflows.store.rows import PersonRow
from workflows.store.tables import IDENTITY, PERSON


class PeopleReads:
    """People for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, person_id: str) -> PersonRow | None:
        """One person by id."""
        query = select(PERSON.c.id, PERSON.c.name, PERSON.c.locale).where(PERSON.c.id == person_id)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else PersonRow(**row)

    def known_as(self, system: str, subject: str) -> PersonRow | None:
        """Who has this identity in an outside system."""
        query = select(IDENTITY.c.person_id).where(IDENTITY.c.system == system, IDENTITY.c.subject == subject)
        person_id = self._connection.scalar(query)
        return None if person_id is None else self.get(person_id)


class People(PeopleReads):
    """People for reading and writing."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Within this transaction; `clock` stamps what is written."""
        super().__init__(connection)
        self._clock = clock

    def remember(self, person: PersonRow, identities: Mapping[str, str] | None = None) -> None:
        """Store somebody, or what changed about them; `identities` maps a system to their id there."""
        values = {"name": person.name, "locale": person.locale, "updated_at": self._clock()}
        statement = insert_into(self._connection, PERSON).values(id=person.id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=[PERSON.c.id], set_=values))
        for system, subject in (identities or {}).items():
            identity = insert_into(self._connection, IDENTITY).values(
                system=system, subject=subject, person_id=person.id
            )
            keys = [IDENTITY.c.system, IDENTITY.c.subject]
            self._connection.execute(identity.on_conflict_do_update(index_elements=keys, set_={"person_id": person.id}))

    def forget(self, person_id: str) -> None:
        """Remove somebody with all identities."""
        self._connection.execute(delete(IDENTITY).where(IDENTITY.c.person_id == person_id))
        self._connection.execute(delete(PERSON).where(PERSON.c.id == person_id))
