"""What the mutations of the configuration take."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import field

from domain.catalogue import content
from domain.catalogue.commands import DraftCatalogue
from domain.catalogue.content import (
    EvidenceKind,
    FieldKind,
    Label,
    PublicationDefault,
    Window,
    WindowSetting,
)
from domain.routing_policy import content as routing
from domain.routing_policy.commands import DraftRouting
from domain.routing_policy.route import CaseFacts
from domain.vocabulary import Channel, Urgency
from domain.wording import CODE_LIMIT, TEXT_LIMIT, optional
from schema.case.inputs.base import CommandInput


@strawberry.input(description="One of the values of a field of kind CHOICE.")
class FieldChoiceInput:
    """A value to choose."""

    code: str = field(description="What is recorded.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")

    def value(self) -> content.Choice:
        """The domain's choice."""
        return content.Choice(self.code, Label(self.label_zh, self.label_en))


@strawberry.input(description="A question that a type of case asks.")
class CaseFieldInput:
    """A question."""

    name: str = field(description="1 to 40 letters and digits, the first a small letter.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    kind: FieldKind = field(description="What values it has.")
    required: bool = field(default=False, description="Whether an answer is needed.")
    choices: list[FieldChoiceInput] = field(
        default_factory=list, description="Its values, where it is of kind CHOICE."
    )
    minimum: float | None = field(default=None, description="The smallest number accepted.")
    maximum: float | None = field(default=None, description="The largest number accepted.")
    most_characters: int | None = field(default=None, description="The longest text accepted.")

    def value(self) -> content.Field:
        """The domain's field."""
        return content.Field(
            name=self.name,
            label=Label(self.label_zh, self.label_en),
            kind=self.kind,
            required=self.required,
            choices=tuple(choice.value() for choice in self.choices),
            minimum=self.minimum,
            maximum=self.maximum,
            most_characters=self.most_characters,
        )


@strawberry.input(description="How long somebody may wait, ask or answer, or how often.")
class CaseWindowInput:
    """A window."""

    window: Window = field(description="Which one.")
    amount: int = field(description="How many minutes or days of work, or how often: at least 1.")


@strawberry.input(
    description="A type of case. What is left out is as its parent has it; its questions come "
    "after the parent's."
)
class CaseTypeInput:
    """A type."""

    code: str = field(description="Its code: 1 to 64 letters, digits and . _ / -")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    parent: str | None = field(
        default=None, description="The code of the type above it, which stands before it."
    )
    fields: list[CaseFieldInput] = field(default_factory=list, description="What it asks.")
    evidence: list[EvidenceKind] | None = field(
        default=None, description="What kinds of evidence a resolution needs."
    )
    reopening_days: int | None = field(
        default=None, description="For how many days after closing it may be reopened."
    )
    independent_check: bool | None = field(
        default=None, description="Whether the checker must be of another unit than the resolver."
    )
    publication: PublicationDefault | None = field(
        default=None, description="What becomes of a case when it closes."
    )
    urgency: Urgency | None = field(
        default=None, description="How soon it is met where nobody says otherwise."
    )
    simple: bool | None = field(default=None, description="Whether a grid worker may handle it.")
    qualifications: list[str] | None = field(
        default=None, description="What its officer must be qualified for, by code."
    )
    windows: list[CaseWindowInput] = field(
        default_factory=list, description="The windows in which it differs from its parent."
    )

    def value(self) -> content.CaseType:
        """The domain's type."""
        return content.CaseType(
            code=self.code,
            label=Label(self.label_zh, self.label_en),
            parent=self.parent,
            fields=tuple(each.value() for each in self.fields),
            evidence=None if self.evidence is None else tuple(self.evidence),
            reopening_days=self.reopening_days,
            independent_check=self.independent_check,
            publication=self.publication,
            urgency=self.urgency,
            simple=self.simple,
            qualifications=None if self.qualifications is None else tuple(self.qualifications),
            windows=tuple(WindowSetting(each.window, each.amount) for each in self.windows),
        )


@strawberry.input(description="Write a version of the catalogue down.")
class DraftCatalogueInput(CommandInput):
    """draftCatalogue."""

    title: str = field(description="What the version is called.")
    types: list[CaseTypeInput] = field(description="All its types, each after its parent.")
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftCatalogue:
        """The command."""
        types = tuple(each.value() for each in self.types)
        return DraftCatalogue(**self.common(), title=self.title, types=types, pack=self.pack)


@strawberry.input(description="A rule of routing. A condition that is left out is always met.")
class RoutingRuleInput:
    """A rule."""

    id: str = field(description="Its name: 1 to 64 letters, digits and . _ / -")
    priority: int = field(description="Of the rules that match, the highest is chosen.")
    lead_unit: str = field(description="Code of the unit that leads.")
    co_units: list[str] = field(default_factory=list, description="Codes of the units that help.")
    types: list[str] = field(default_factory=list, description="Any of these, or below them.")
    areas: list[str] = field(default_factory=list, description="Any of these, or below them.")
    channels: list[Channel] = field(default_factory=list, description="Any of these channels.")
    urgencies: list[Urgency] = field(default_factory=list, description="Any of these urgencies.")
    words: list[str] = field(
        default_factory=list, description="Any of these words in title or description."
    )

    def value(self) -> routing.RoutingRule:
        """The domain's rule."""
        return routing.RoutingRule(
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


@strawberry.input(description="Write a version of the routing policy down.")
class DraftRoutingInput(CommandInput):
    """draftRouting."""

    title: str = field(description="What the version is called.")
    fallback_unit: str = field(description="Code of the unit that takes what no rule fits.")
    rules: list[RoutingRuleInput] = field(description="All its rules.")
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftRouting:
        """The command."""
        return DraftRouting(
            **self.common(),
            title=self.title,
            fallback_unit=self.fallback_unit,
            rules=tuple(each.value() for each in self.rules),
            pack=self.pack,
        )


@strawberry.input
class VersionInput(CommandInput):
    """What every command on a version takes."""

    number: int = field(description="The number of the version.")

    def step(self) -> dict[str, Any]:
        """The arguments of the command."""
        return self.common() | {"number": self.number}


@strawberry.input(description="Answer for a draft of the catalogue.")
class ProposeCatalogueInput(VersionInput):
    """proposeCatalogue."""


@strawberry.input(description="Answer for a draft of the routing policy.")
class ProposeRoutingInput(VersionInput):
    """proposeRouting."""


@strawberry.input
class PublishVersionInput(VersionInput):
    """What publishing takes."""

    valid_from: datetime | None = field(
        default=None, description="From when on it is in force; from its publication by default."
    )

    def step(self) -> dict[str, Any]:
        return super().step() | {"valid_from": self.valid_from}


@strawberry.input(
    description="Put a version of the catalogue that somebody else proposed in force."
)
class PublishCatalogueInput(PublishVersionInput):
    """publishCatalogue."""


@strawberry.input(description="Put a routing policy that somebody else proposed in force.")
class PublishRoutingInput(PublishVersionInput):
    """publishRouting."""


@strawberry.input(description="End a version of the catalogue.")
class RetireCatalogueInput(VersionInput):
    """retireCatalogue."""


@strawberry.input(description="End a version of the routing policy.")
class RetireRoutingInput(VersionInput):
    """retireRouting."""


@strawberry.input(description="What a case would say about itself. Nothing of it is recorded.")
class ExplainRoutingInput:
    """A case that might be."""

    type_code: str | None = field(default=None, description="Code of its type.")
    area: str | None = field(default=None, description="Code of its area.")
    channel: Channel = field(description="How the request came.")
    urgency: Urgency = field(default=Urgency.NORMAL, description="How soon it must be met.")
    text: str | None = field(default=None, description="Title and description.")
    version: int | None = field(
        default=None, description="By this version of the policy; the one in force by default."
    )
    at: datetime | None = field(
        default=None, description="As units, areas and types were at this time; now by default."
    )

    def case(self) -> CaseFacts:
        """The facts. Raises InvalidInput."""
        return CaseFacts(
            type_code=optional(["input", "typeCode"], self.type_code, CODE_LIMIT),
            area=optional(["input", "area"], self.area, CODE_LIMIT),
            channel=self.channel,
            urgency=self.urgency,
            text=optional(["input", "text"], self.text, TEXT_LIMIT) or "",
        )
