"""Keys of persons: what seals who somebody is, apart from the streams that mention them.

They are never cached. Another process, or whoever erases a person, may have changed their state
since; and writing is only sure of a key once the transaction that appends has compared it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.journal.envelope import WrappedKey, decode_entry_of_stream
from app.journal.errors import PersonKeyClosed
from app.journal.keys import KEY_BYTES, KeyProvider
from app.journal.mapper import open_apart
from domain.case.reporters import ReporterAttached
from domain.personal_data import Category, Keeping, PersonalData
from projections.view import Connection

PERSON_KEYS: Final = """
SELECT subject, state, kek_id, wrapped FROM journal.keys WHERE subject = ANY($1::uuid[])
"""

SAID_OF_REPORTER: Final = """
SELECT entry FROM journal.entries WHERE stream_id = ANY($1::uuid[]) AND topic = $2
ORDER BY position
"""

KEEPING: Final = {
    "active": Keeping.ACTIVE,
    "sealed": Keeping.SEALED,
    "destroyed": Keeping.ERASED,
}


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key of a person: as the database stores it, and ready for use."""

    wrapped: WrappedKey
    cipher: AESGCM = field(repr=False)


class PersonKeys:
    """Loads keys of persons, and makes them for persons who are named for the first time."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider

    async def for_writing(
        self, connection: Connection, subjects: Collection[UUID]
    ) -> Mapping[UUID, PersonKey]:
        """A key for each, new where there was none; it counts once it is recorded.

        Raises PersonKeyClosed for a key that is sealed or destroyed: there is no second one.
        """
        keys = {}
        for row in await connection.fetch(PERSON_KEYS, list(subjects)):
            keeping = KEEPING[row["state"]]
            if keeping is not Keeping.ACTIVE:
                raise PersonKeyClosed(keeping)
            wrapped = WrappedKey(row["subject"], row["kek_id"], row["wrapped"])
            keys[wrapped.subject] = PersonKey(wrapped, self._cipher(wrapped))
        for subject in set(subjects) - keys.keys():
            keys[subject] = self._mint(subject)
        return keys

    async def reporter(
        self, connection: Connection, case_ids: Collection[UUID], subject: UUID
    ) -> PersonalData:
        """What the events of a case and of those it was split from say, the newest of each sort.

        A key that is not active, or not there, opens nothing; and reading never makes one.
        """
        rows = await connection.fetch(PERSON_KEYS, [subject])
        if not rows or rows[0]["state"] != "active":
            return PersonalData(KEEPING[rows[0]["state"]] if rows else Keeping.ERASED)
        cipher = self._cipher(WrappedKey(subject, rows[0]["kek_id"], rows[0]["wrapped"]))
        values: dict[Category, str] = {}
        for row in await connection.fetch(SAID_OF_REPORTER, case_ids, ReporterAttached.TOPIC):
            said = open_apart(decode_entry_of_stream(row["entry"]), subject, cipher)
            values |= {Category(name.upper()): str(text) for name, text in said.items()}
        # In the order of the categories: what opens an entry keeps none.
        known = {category: values[category] for category in Category if category in values}
        return PersonalData(Keeping.ACTIVE, known)

    def _mint(self, subject: UUID) -> PersonKey:
        key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
        wrapped = self._provider.wrap(subject, key)
        return PersonKey(WrappedKey(subject, self._provider.kek_id, wrapped), AESGCM(key))

    def _cipher(self, key: WrappedKey) -> AESGCM:
        return AESGCM(self._provider.unwrap(key.subject, key.wrapped, key.kek_id))
