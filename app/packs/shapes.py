"""The shape of a pack's files. Names that are not here are refused, not passed over."""

import msgspec

from domain.catalogue.content import (
    CaseType,
    Choice,
    EvidenceKind,
    Field,
    FieldKind,
    Label,
    PublicationDefault,
)
from domain.routing_policy.content import RoutingRule
from domain.vocabulary import Channel, Urgency


class _Shape(msgspec.Struct, forbid_unknown_fields=True):
    """What every table is."""


class PackFile(_Shape):
    """pack.toml. languages: those that every label has."""

    name: str
    version: str
    title: str
    languages: list[str]


class ChoiceTable(_Shape):
    """[[type.field.choice]]."""

    code: str
    zh: str
    en: str

    def value(self) -> Choice:
        """The domain's choice."""
        return Choice(self.code, Label(self.zh, self.en))


class FieldTable(_Shape):
    """[[type.field]]."""

    name: str
    kind: FieldKind
    zh: str
    en: str
    required: bool = False
    choice: list[ChoiceTable] = []
    minimum: float | None = None
    maximum: float | None = None
    most_characters: int | None = None

    def value(self) -> Field:
        """The domain's field."""
        return Field(
            name=self.name,
            label=Label(self.zh, self.en),
            kind=self.kind,
            required=self.required,
            choices=tuple(choice.value() for choice in self.choice),
            minimum=self.minimum,
            maximum=self.maximum,
            most_characters=self.most_characters,
        )


class TypeTable(_Shape):
    """[[type]]. parent: where it is not the code up to its last dot."""

    code: str
    zh: str
    en: str
    parent: str | None = None
    field: list[FieldTable] = []
    evidence: list[EvidenceKind] | None = None
    reopening_days: int | None = None
    independent_check: bool | None = None
    publication: PublicationDefault | None = None
    urgency: Urgency | None = None

    def value(self) -> CaseType:
        """The domain's type."""
        return CaseType(
            code=self.code,
            label=Label(self.zh, self.en),
            parent=self.parent or self.code.rpartition(".")[0] or None,
            fields=tuple(field.value() for field in self.field),
            evidence=None if self.evidence is None else tuple(self.evidence),
            reopening_days=self.reopening_days,
            independent_check=self.independent_check,
            publication=self.publication,
            urgency=self.urgency,
        )


class TypesFile(_Shape):
    """types*.toml, taken in the order of their names."""

    type: list[TypeTable]


class RuleTable(_Shape):
    """[[rule]]."""

    id: str
    priority: int
    lead_unit: str
    co_units: list[str] = []
    types: list[str] = []
    areas: list[str] = []
    channels: list[Channel] = []
    urgencies: list[Urgency] = []
    words: list[str] = []

    def value(self) -> RoutingRule:
        """The domain's rule."""
        return RoutingRule(
            id=self.id,
            priority=self.priority,
            lead_unit=self.lead_unit,
            co_units=tuple(self.co_units),
            types=tuple(self.types),
            areas=tuple(self.areas),
            channels=tuple(self.channels),
            urgencies=tuple(self.urgencies),
            words=tuple(self.words),
        )


class RoutingFile(_Shape):
    """routing.toml."""

    fallback_unit: str
    rule: list[RuleTable] = []
