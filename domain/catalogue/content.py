"""What a version of the catalogue says: a taxonomy of any depth, and the rules of each type.

A rule that a type leaves open (None) is that of its parent; fields add up along the path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

from domain.configuration import VersionContent
from domain.vocabulary import Urgency

REOPENING_DAYS: Final = 15
"""Where no type on the path says otherwise."""


Setting = TypeVar("Setting")


@dataclass(frozen=True)
class Label:
    """A name for people, in both languages."""

    zh: str
    en: str


class FieldKind(StrEnum):
    """What values a field has."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    CHOICE = "CHOICE"


@dataclass(frozen=True)
class Choice:
    """One of the values of a field of kind CHOICE."""

    code: str
    label: Label


@dataclass(frozen=True)
class Field:
    """A question that a type of case asks beside title and description.

    minimum, maximum: of INTEGER and NUMBER. most_characters: of TEXT.
    """

    name: str
    label: Label
    kind: FieldKind
    required: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    most_characters: int | None = None


class EvidenceKind(StrEnum):
    """What a resolution is proved with."""

    PHOTO_BEFORE = "PHOTO_BEFORE"
    PHOTO_AFTER = "PHOTO_AFTER"
    DOCUMENT = "DOCUMENT"
    SIGNATURE = "SIGNATURE"
    MEASUREMENT = "MEASUREMENT"


class PublicationDefault(StrEnum):
    """What becomes of a case when it closes: nothing, or its publication is proposed."""

    PRIVATE = "PRIVATE"
    PROPOSED = "PROPOSED"


class Window(StrEnum):
    """How long somebody may wait, ask or answer, and how often; `domain.case.windows` says more.

    MINUTES and DAYS are those of the work calendar in force; but appeals and retention count
    every day.
    """

    RETURN_MINUTES = "RETURN_MINUTES"
    MOST_RETURNS = "MOST_RETURNS"
    CO_REPLY_DAYS = "CO_REPLY_DAYS"
    FEEDBACK_DAYS = "FEEDBACK_DAYS"
    MOST_VISITS = "MOST_VISITS"
    APPEAL_DAYS = "APPEAL_DAYS"
    RETENTION_DAYS = "RETENTION_DAYS"


@dataclass(frozen=True)
class WindowSetting:
    """One window of a type. amount: at least 1."""

    window: Window
    amount: int


@dataclass(frozen=True)
class CaseType:
    """A node of the taxonomy, as it is written down. None: as the parent has it.

    evidence: the kinds that a resolution needs. reopening_days: how long after closing the
    reporter may have the case reopened. independent_check: the checker is of another unit than
    the resolver. windows: those in which it differs from its parent, or from the defaults.
    simple: a grid worker may handle it. qualifications: what its officer is qualified for.
    """

    code: str
    label: Label
    parent: str | None = None
    fields: tuple[Field, ...] = ()
    evidence: tuple[EvidenceKind, ...] | None = None
    reopening_days: int | None = None
    independent_check: bool | None = None
    publication: PublicationDefault | None = None
    urgency: Urgency | None = None
    windows: tuple[WindowSetting, ...] = ()
    simple: bool | None = None
    qualifications: tuple[str, ...] | None = None


@dataclass(frozen=True)
class TypeRules:
    """What holds for cases of one type, with everything from its parents.

    path: the codes from the root down to the type itself. leaf: no finer type is below it.
    windows: those that some type on the path sets.
    """

    code: str
    label: Label
    path: tuple[str, ...]
    leaf: bool
    fields: tuple[Field, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    reopening_days: int = REOPENING_DAYS
    independent_check: bool = False
    publication: PublicationDefault = PublicationDefault.PRIVATE
    urgency: Urgency = Urgency.NORMAL
    windows: tuple[WindowSetting, ...] = ()
    simple: bool = False
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True)
class CatalogueVersion(VersionContent):
    """The content of one version; types in their order, each after its parent."""

    types: tuple[CaseType, ...]

    def type(self, code: str) -> CaseType | None:
        """The type with this code as it is written down."""
        return self._by_code.get(code)

    def rules(self, code: str) -> TypeRules | None:
        """What holds for cases of the type with this code; None: there is no such type."""
        return self._rules.get(code)

    def path(self, code: str) -> tuple[str, ...]:
        """The codes from the root down to this type; none where there is no such type."""
        rules = self._rules.get(code)
        return () if rules is None else rules.path

    def children(self, parent: str | None) -> Sequence[CaseType]:
        """The types right below a type, or the topmost ones, in their order."""
        return self._children.get(parent, [])

    @cached_property
    def _by_code(self) -> Mapping[str, CaseType]:
        return {each.code: each for each in self.types}

    @cached_property
    def _children(self) -> Mapping[str | None, list[CaseType]]:
        children: dict[str | None, list[CaseType]] = {}
        for each in self.types:
            children.setdefault(each.parent, []).append(each)
        return children

    @cached_property
    def _rules(self) -> Mapping[str, TypeRules]:
        found: dict[str, TypeRules] = {}
        for each in self.types:
            above = None if each.parent is None else found[each.parent]
            found[each.code] = _inherit(each, above, leaf=each.code not in self._children)
        return found


def _inherit(each: CaseType, above: TypeRules | None, *, leaf: bool) -> TypeRules:
    base = above or TypeRules("", each.label, (), leaf)
    return TypeRules(
        code=each.code,
        label=each.label,
        path=(*base.path, each.code),
        leaf=leaf,
        fields=(*base.fields, *each.fields),
        evidence=_or(each.evidence, base.evidence),
        reopening_days=_or(each.reopening_days, base.reopening_days),
        independent_check=_or(each.independent_check, base.independent_check),
        publication=_or(each.publication, base.publication),
        urgency=_or(each.urgency, base.urgency),
        windows=_merged(base.windows, each.windows),
        simple=_or(each.simple, base.simple),
        qualifications=_or(each.qualifications, base.qualifications),
    )


def _merged(
    inherited: Sequence[WindowSetting], own: Sequence[WindowSetting]
) -> tuple[WindowSetting, ...]:
    amounts = {each.window: each.amount for each in (*inherited, *own)}
    return tuple(WindowSetting(window, amount) for window, amount in amounts.items())


def _or(own: Setting | None, inherited: Setting) -> Setting:
    return inherited if own is None else own
