"""A type of case, as a version of the catalogue has it."""

from collections.abc import Sequence

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from domain.catalogue import content
from domain.catalogue.content import (
    CatalogueVersion,
    EvidenceKind,
    FieldKind,
    TypeRules,
    Window,
)
from domain.catalogue.fields import json_schema
from domain.vocabulary import Urgency
from projections.paging import PageRequest
from schema.configuration.finding import catalogue_version
from schema.configuration.in_memory import connection_in_memory
from schema.info import Info
from schema.paging import Connection


@strawberry.type(description="One of the values of a field of kind CHOICE.")
class FieldChoice:
    """A value to choose."""

    code: str = field(description="What is recorded.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")


@strawberry.type(description="A question that a type of case asks beside title and description.")
class CaseField:
    """A question."""

    name: str = field(description="What its answer is recorded under.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    kind: FieldKind = field(description="What values it has.")
    required: bool = field(description="Whether an answer is needed.")
    choices: list[FieldChoice] = field(description="Its values, where it is of kind CHOICE.")
    minimum: float | None = field(description="The smallest number that is accepted.")
    maximum: float | None = field(description="The largest number that is accepted.")
    most_characters: int | None = field(description="The longest text that is accepted.")


@strawberry.type(description="How long somebody may wait, ask or answer, or how often.")
class CaseWindow:
    """A window."""

    window: Window = field(description="Which one.")
    amount: int = field(description="How many minutes or days of work, or how often.")


@strawberry.type(
    description="A type of case, from the catalogue of matters 事项目录. Everything but its code "
    "is null where the catalogue does not know it, as before a catalogue is in force."
)
class CaseType:
    """A type of case. pinned: by which version of the catalogue it is read; None: that in force."""

    code: str = field(description="Its code.")
    pinned: strawberry.Private[int | None] = None

    def _version(self, info: Info) -> CatalogueVersion | None:
        configuration = info.context.configuration
        if self.pinned is None or configuration.catalogue is None:
            return catalogue_version(info.context, None, None)
        return configuration.catalogue.content(self.pinned)

    def _rules(self, info: Info) -> TypeRules | None:
        version = self._version(info)
        return None if version is None else version.rules(self.code)

    @field(description="The version of the catalogue that it is read by.")
    def catalogue_version(self, info: Info) -> int | None:
        version = self._version(info)
        return None if version is None or version.type(self.code) is None else version.number

    @field(description="Its name in Chinese.")
    def label_zh(self, info: Info) -> str | None:
        rules = self._rules(info)
        return None if rules is None else rules.label.zh

    @field(description="Its name in English.")
    def label_en(self, info: Info) -> str | None:
        rules = self._rules(info)
        return None if rules is None else rules.label.en

    @field(description="The type right above it; null for a topmost one.")
    def parent(self, info: Info) -> "CaseType | None":
        rules = self._rules(info)
        above = () if rules is None else rules.path[:-1]
        return CaseType(code=above[-1], pinned=self.pinned) if above else None

    @field(description="From the topmost type down to itself.")
    def path(self, info: Info) -> "list[CaseType]":
        rules = self._rules(info)
        codes = (self.code,) if rules is None else rules.path
        return [CaseType(code=code, pinned=self.pinned) for code in codes]

    @field(description="Whether there is no finer type below it.")
    def is_leaf(self, info: Info) -> bool | None:
        rules = self._rules(info)
        return None if rules is None else rules.leaf

    @field(description="What it asks beside title and description, inherited questions first.")
    def fields(self, info: Info) -> list[CaseField]:
        rules = self._rules(info)
        return [] if rules is None else [field_of(each) for each in rules.fields]

    @field(description="The same as a JSON schema (draft 2020-12) of an object of answers.")
    def field_schema(self, info: Info) -> JSON | None:
        rules = self._rules(info)
        return None if rules is None else JSON(json_schema(rules.fields))

    @field(description="What kinds of evidence a resolution needs.")
    def evidence(self, info: Info) -> list[EvidenceKind]:
        rules = self._rules(info)
        return [] if rules is None else list(rules.evidence)

    @field(description="For how many days after closing the reporter may have it reopened.")
    def reopening_days(self, info: Info) -> int | None:
        rules = self._rules(info)
        return None if rules is None else rules.reopening_days

    @field(description="Whether the checker must be of another unit than the resolver.")
    def independent_check(self, info: Info) -> bool | None:
        rules = self._rules(info)
        return None if rules is None else rules.independent_check

    @field(description="What becomes of a case of this type when it closes.")
    def publication(self, info: Info) -> content.PublicationDefault | None:
        rules = self._rules(info)
        return None if rules is None else rules.publication

    @field(description="Whether a grid worker may handle it.")
    def simple(self, info: Info) -> bool | None:
        rules = self._rules(info)
        return None if rules is None else rules.simple

    @field(description="What the officer of a case of this type must be qualified for.")
    def qualifications(self, info: Info) -> list[str]:
        rules = self._rules(info)
        return [] if rules is None else list(rules.qualifications)

    @field(description="What it, or a type above it, sets of the windows; the rest is by default.")
    def windows(self, info: Info) -> list[CaseWindow]:
        rules = self._rules(info)
        settings = () if rules is None else rules.windows
        return [CaseWindow(window=each.window, amount=each.amount) for each in settings]

    @field(description="How soon it is met where nobody says otherwise.")
    def urgency(self, info: Info) -> Urgency | None:
        rules = self._rules(info)
        return None if rules is None else rules.urgency


def type_of(code: str | None, catalogue_version: int | None = None) -> CaseType | None:
    """The case type with this code, where there is one, read by a version of the catalogue."""
    return None if code is None else CaseType(code=code, pinned=catalogue_version)


def field_of(each: content.Field) -> CaseField:
    """A question as clients see it."""
    return CaseField(
        name=each.name,
        label_zh=each.label.zh,
        label_en=each.label.en,
        kind=each.kind,
        required=each.required,
        choices=[
            FieldChoice(code=one.code, label_zh=one.label.zh, label_en=one.label.en)
            for one in each.choices
        ],
        minimum=each.minimum,
        maximum=each.maximum,
        most_characters=each.most_characters,
    )


def types_in(
    version: CatalogueVersion | None, parent: str | None, search: str | None, page: PageRequest
) -> Connection[CaseType]:
    """The types right below one, the topmost ones, or those whose code or label has a text."""
    found: Sequence[content.CaseType] = ()
    if version is not None and search is not None:
        above = version.types if parent is None else _below(version, parent)
        found = [each for each in above if _has(each, search.casefold())]
    elif version is not None:
        found = version.children(parent)
    number = None if version is None else version.number
    return connection_in_memory(
        "caseTypes",
        found,
        lambda each: each.code,
        page,
        lambda each: CaseType(code=each.code, pinned=number),
    )


def _below(version: CatalogueVersion, parent: str) -> list[content.CaseType]:
    return [each for each in version.types if parent in version.path(each.code)[:-1]]


def _has(each: content.CaseType, text: str) -> bool:
    return any(text in part.casefold() for part in (each.code, each.label.zh, each.label.en))
