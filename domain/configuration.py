"""Versioned configuration: a version is drafted, proposed, published by a second person, retired.

The content of a version never changes; another content is another version. Versions are numbered
1, 2, 3 ... What all configurations share is here; each adds what its versions say. How a command
becomes these events is in `domain.versioning`.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from eventsourcing.domain import Aggregate, AggregateEvent

from domain.event import Recorded


class VersionState(StrEnum):
    """How far a version has come."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


@dataclass(frozen=True)
class Stamp:
    """Who did it, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class VersionRecord:
    """What was done with a version, apart from its content.

    valid_from: from when on it is in force, once published.
    """

    number: int
    drafted: Stamp
    proposed: Stamp | None = None
    published: Stamp | None = None
    valid_from: datetime | None = None
    retired: Stamp | None = None

    @property
    def state(self) -> VersionState:
        """How far it has come."""
        if self.retired is not None:
            return VersionState.RETIRED
        if self.published is not None:
            return VersionState.PUBLISHED
        return VersionState.DRAFT if self.proposed is None else VersionState.PROPOSED

    def is_valid_at(self, at: datetime) -> bool:
        """Whether it was published for that time and not retired by then."""
        if self.valid_from is None or self.valid_from > at:
            return False
        return self.retired is None or at < self.retired.at


@dataclass(frozen=True)
class VersionContent:
    """What a version says: its number and title, and whatever a configuration adds.

    pack: where the content came from (name@version).
    """

    number: int
    title: str
    pack: str | None


Content_co = TypeVar("Content_co", bound=VersionContent, covariant=True)


class Configuration(Aggregate):
    """What every versioned configuration knows: the record of each of its versions, in order."""

    def __init__(self) -> None:
        """No version yet."""
        self.versions: list[VersionRecord] = []

    def record(self, number: int) -> VersionRecord | None:
        """The record of version `number`, if there is one."""
        return self.versions[number - 1] if 1 <= number <= len(self.versions) else None

    def number_in_force(self, at: datetime) -> int | None:
        """Of the versions valid at that time, the one valid from the latest moment.

        So a newer version replaces the older one, and where the newer one is retired because it
        was wrong, the older one applies again.
        """
        valid = [record for record in self.versions if record.is_valid_at(at)]
        if not valid:
            return None
        return max(valid, key=lambda record: (record.valid_from, record.number)).number

    def amend(self, record: VersionRecord) -> None:
        """Put `record` in the place of the one with its number."""
        self.versions[record.number - 1] = record


class ConfigurationOf(Configuration, Generic[Content_co]):
    """A configuration with what each of its versions says."""

    def __init__(self) -> None:
        """No version yet."""
        super().__init__()
        self.contents: list[Content_co] = []

    def content(self, number: int) -> Content_co | None:
        """The content of version `number`, whatever its state."""
        return self.contents[number - 1] if 1 <= number <= len(self.contents) else None

    def in_force(self, at: datetime) -> Content_co | None:
        """The version in force at that time."""
        number = self.number_in_force(at)
        return None if number is None else self.content(number)

    def newest(self) -> Content_co | None:
        """The content of the newest version that is not retired."""
        alive = [each for each in self.versions if each.state is not VersionState.RETIRED]
        return self.content(alive[-1].number) if alive else None


class VersionEvent(Recorded, AggregateEvent):
    """Base of the events of one version. by: the principal, for the rule of two persons."""

    number: int
    by: str

    @property
    def stamp(self) -> Stamp:
        """Who did it, and when."""
        return Stamp(self.by, self.timestamp)


class VersionDrafted(VersionEvent):
    """Base of the events that begin a version: they have the fields of its content.

    CONTENT: what they make. ITEMS: the field that may go on in `VersionExtended`.
    pack: where the content came from (name@version).
    """

    CONTENT: ClassVar[type[VersionContent]]
    ITEMS: ClassVar[str]

    title: str
    pack: str | None

    def content(self) -> VersionContent:
        """What the version says so far."""
        said = {each.name: getattr(self, each.name) for each in fields(self.CONTENT)}
        return self.CONTENT(**said)

    def apply(self, configuration: ConfigurationOf[VersionContent]) -> None:
        configuration.versions.append(VersionRecord(self.number, self.stamp))
        configuration.contents.append(self.content())


class VersionExtended(VersionEvent):
    """Base of the events with a further part of a large version, recorded with the first.

    ITEMS: its field with them, as of the version's content.
    """

    ITEMS: ClassVar[str]

    def apply(self, configuration: ConfigurationOf[VersionContent]) -> None:
        content = configuration.contents[self.number - 1]
        items = (*getattr(content, self.ITEMS), *getattr(self, self.ITEMS))
        extended = replace(content, **{self.ITEMS: items})  # type: ignore[arg-type]  # not of the base
        configuration.contents[self.number - 1] = extended


class VersionProposed(VersionEvent):
    """Base of the events by which somebody answers for a draft and asks for its publication."""

    def apply(self, configuration: Configuration) -> None:
        record = configuration.versions[self.number - 1]
        configuration.amend(replace(record, proposed=self.stamp))


class VersionPublished(VersionEvent):
    """Base of the events by which a second person puts a version into force."""

    valid_from: datetime

    def apply(self, configuration: Configuration) -> None:
        record = configuration.versions[self.number - 1]
        amended = replace(record, published=self.stamp, valid_from=self.valid_from)
        configuration.amend(amended)


class VersionRetired(VersionEvent):
    """Base of the events that end a version, from their time on; an unpublished one is dropped."""

    def apply(self, configuration: Configuration) -> None:
        record = configuration.versions[self.number - 1]
        configuration.amend(replace(record, retired=self.stamp))
