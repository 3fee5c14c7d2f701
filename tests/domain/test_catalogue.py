"""The taxonomy: what a type takes from above, and which catalogues hang together."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.checks import (
    MOST_FIELDS,
    MOST_QUALIFICATIONS,
    MOST_TYPES,
    check_types,
)
from domain.catalogue.commands import DraftCatalogue
from domain.catalogue.content import (
    REOPENING_DAYS,
    CaseType,
    CatalogueVersion,
    Choice,
    EvidenceKind,
    Field,
    FieldKind,
    Label,
    PublicationDefault,
)
from domain.catalogue.fields import Answers, json_schema, problems, validate_fields
from domain.refusal import InvalidInput
from domain.vocabulary import Urgency
from tests.domain.configuring import Configuring, case_type, day, draft_catalogue, label

COLOUR = Field(
    "colour",
    label("colour"),
    FieldKind.CHOICE,
    choices=(Choice("red", label("red")), Choice("blue", label("blue"))),
)
FLOOR = Field("floor", label("floor"), FieldKind.INTEGER, minimum=-3, maximum=200)
DEPTH = Field("depth", label("depth"), FieldKind.NUMBER, minimum=0.5)
PLATE = Field("plate", label("plate"), FieldKind.TEXT, required=True, most_characters=8)
SINCE = Field("since", label("since"), FieldKind.DATE)
AGAIN = Field("again", label("again"), FieldKind.BOOLEAN)
FREE = Field("free", label("free"), FieldKind.TEXT)


def version(*types: CaseType) -> CatalogueVersion:
    return CatalogueVersion(1, "Matters", None, types)


class TestTypes:
    matters = version(
        case_type(
            "urban",
            evidence=(EvidenceKind.PHOTO_AFTER,),
            reopening_days=7,
            fields=(COLOUR,),
            urgency=Urgency.URGENT,
        ),
        case_type("urban.noise", "urban", fields=(FLOOR,), independent_check=True),
        case_type(
            "urban.noise.night",
            "urban.noise",
            evidence=(),
            reopening_days=0,
            publication=PublicationDefault.PROPOSED,
        ),
        case_type("health"),
    )

    def test_what_a_type_leaves_open_is_as_its_parent_has_it(self) -> None:
        rules = self.matters.rules("urban.noise")
        assert rules is not None
        assert rules.evidence == (EvidenceKind.PHOTO_AFTER,)
        assert (rules.reopening_days, rules.independent_check) == (7, True)
        assert (rules.urgency, rules.publication) == (Urgency.URGENT, PublicationDefault.PRIVATE)
        assert rules.fields == (COLOUR, FLOOR)
        assert not rules.leaf

    def test_what_a_type_says_itself_holds(self) -> None:
        rules = self.matters.rules("urban.noise.night")
        assert rules is not None
        assert rules.evidence == ()
        assert (rules.reopening_days, rules.independent_check) == (0, True)
        assert rules.publication is PublicationDefault.PROPOSED
        assert rules.leaf

    def test_a_type_is_found_by_code_with_its_path(self) -> None:
        assert self.matters.path("urban.noise.night") == (
            "urban",
            "urban.noise",
            "urban.noise.night",
        )
        assert self.matters.type("health") == case_type("health")

    def test_what_is_not_there_is_nothing(self) -> None:
        assert self.matters.rules("nope") is None
        assert self.matters.type("nope") is None
        assert self.matters.path("nope") == ()
        assert self.matters.children("health") == []

    def test_children_stand_in_their_order(self) -> None:
        assert [each.code for each in self.matters.children(None)] == ["urban", "health"]
        assert [each.code for each in self.matters.children("urban")] == ["urban.noise"]

    def test_a_type_is_asked_for_as_of_a_time(self) -> None:
        kept = Configuring("Catalogue")
        kept.publish("One", day(1))
        catalogue: Any = kept.aggregate
        assert catalogue.in_force(day(0)) is None
        assert catalogue.in_force(day(1)).rules("noise").code == "noise"
        assert catalogue.in_force(day(1)).rules("nope") is None

    def test_a_large_catalogue_is_recorded_in_parts_and_is_one(self) -> None:
        types = tuple(case_type(f"type-{number}") for number in range(1_000))
        kept = Configuring("Catalogue")
        recorded = kept.given(draft_catalogue(*types))
        assert recorded[:2] == ["CatalogueOpened", "CatalogueDrafted"]
        assert set(recorded[2:]) == {"CatalogueDraftExtended"}
        content: Any = kept.aggregate.content(1)
        assert content.types == types


def chain(depth: int) -> tuple[CaseType, ...]:
    return tuple(
        case_type(f"t{level}", f"t{level - 1}" if level else None) for level in range(depth)
    )


@given(st.integers(1, 40))
def test_a_taxonomy_may_be_of_any_depth(depth: int) -> None:
    check_types(chain(depth))
    assert len(version(*chain(depth)).path(f"t{depth - 1}")) == depth


@st.composite
def taxonomies(draw: st.DrawFn) -> tuple[CaseType, ...]:
    """Types with a parent among those before them, and some rules of their own."""
    types: list[CaseType] = []
    for number in range(draw(st.integers(1, 12))):
        above = [each.code for each in types]
        parents = st.none() | st.sampled_from(above) if above else st.none()
        types.append(
            case_type(
                f"t{number}",
                draw(parents),
                evidence=draw(
                    st.none() | st.lists(st.sampled_from(EvidenceKind), unique=True).map(tuple)
                ),
                reopening_days=draw(st.none() | st.integers(0, 30)),
                independent_check=draw(st.none() | st.booleans()),
                publication=draw(st.none() | st.sampled_from(PublicationDefault)),
                urgency=draw(st.none() | st.sampled_from(Urgency)),
                simple=draw(st.none() | st.booleans()),
                qualifications=draw(st.sampled_from([None, (), ("acoustics",)])),
                fields=(replace(FREE, name=f"f{number}"),) if draw(st.booleans()) else (),
            )
        )
    return tuple(types)


@given(taxonomies())
def test_each_rule_is_that_of_the_nearest_type_above_that_says_it(
    types: tuple[CaseType, ...],
) -> None:
    check_types(types)
    content = version(*types)
    by_code = {each.code: each for each in types}
    for each in types:
        line = [each]  # the type itself, then what is above it
        while (parent := line[-1].parent) is not None:
            line.append(by_code[parent])
        rules = content.rules(each.code)
        assert rules is not None
        assert rules.path == tuple(one.code for one in reversed(line))
        assert rules.fields == tuple(field for one in reversed(line) for field in one.fields)
        assert rules.leaf == all(one.parent != each.code for one in types)
        for name, default in DEFAULTS.items():
            said = [value for one in line if (value := getattr(one, name)) is not None]
            assert getattr(rules, name) == (said[0] if said else default), name


DEFAULTS: dict[str, object] = {
    "evidence": (),
    "reopening_days": REOPENING_DAYS,
    "independent_check": False,
    "publication": PublicationDefault.PRIVATE,
    "urgency": Urgency.NORMAL,
    "simple": False,
    "qualifications": (),
}

NOT_A_CHOICE = replace(FLOOR, choices=COLOUR.choices)


@pytest.mark.parametrize(
    ("types", "path"),
    [
        ((), ["types"]),
        ((case_type("x"),) * (MOST_TYPES + 1), ["types"]),
        ((case_type("噪音"),), ["types", "0", "code"]),
        ((case_type("a"), case_type("a")), ["types", "1", "code"]),
        ((case_type("a", "b"), case_type("b")), ["types", "0", "parent"]),
        ((case_type("a", "a"),), ["types", "0", "parent"]),
        ((CaseType("a", Label("", "a")),), ["types", "0", "labelZh"]),
        ((CaseType("a", Label("甲", " ")),), ["types", "0", "labelEn"]),
        ((case_type("a", reopening_days=-1),), ["types", "0", "reopeningDays"]),
        ((case_type("a", evidence=(EvidenceKind.DOCUMENT,) * 2),), ["types", "0", "evidence"]),
        *(
            ((case_type("a", qualifications=codes),), ["types", "0", "qualifications", *path])
            for codes, path in (
                (("a", "a"), []),
                (("a", " "), ["1"]),
                (tuple(map(str, range(MOST_QUALIFICATIONS + 1))), []),
            )
        ),
        ((case_type("a", fields=(FLOOR, FLOOR)),), ["types", "0", "fields"]),
        (
            (case_type("a", fields=(FLOOR,)), case_type("b", "a", fields=(FLOOR,))),
            ["types", "1", "fields"],
        ),
        ((case_type("a", fields=(FLOOR,) * (MOST_FIELDS + 1)),), ["types", "0", "fields"]),
        *(
            ((case_type("a", fields=(field,)),), ["types", "0", "fields", "0", *path])
            for field, path in (
                (replace(FLOOR, name="Floor number"), ["name"]),
                (replace(FLOOR, label=Label("层", "")), ["labelEn"]),
                (NOT_A_CHOICE, ["choices"]),
                (replace(COLOUR, choices=()), ["choices"]),
                (replace(COLOUR, choices=(COLOUR.choices[0],) * 2), ["choices"]),
                (replace(COLOUR, choices=(Choice("", label()),)), ["choices", "0", "code"]),
                (
                    replace(COLOUR, choices=(Choice("x", Label("", "")),)),
                    ["choices", "0", "labelZh"],
                ),
                (replace(FREE, minimum=1), ["minimum"]),
                (replace(FLOOR, minimum=3, maximum=2), ["maximum"]),
                (replace(FLOOR, most_characters=3), ["mostCharacters"]),
                (replace(FREE, most_characters=0), ["mostCharacters"]),
            )
        ),
    ],
)
def test_a_catalogue_that_hangs_together_badly_is_refused_where(
    types: tuple[CaseType, ...], path: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Configuring("Catalogue").given(
            DraftCatalogue(command_id=draft_catalogue().command_id, title="x", types=types)
        )
    assert refused.value.path == path


ALL = (COLOUR, FLOOR, DEPTH, PLATE, SINCE, AGAIN, FREE)
GOOD: Answers = {
    "colour": "red",
    "floor": 3,
    "depth": 1.5,
    "plate": "京A-1",
    "since": "2026-03-01",
    "again": False,
}


class TestFields:
    def test_good_answers_are_accepted(self) -> None:
        validate_fields(ALL, GOOD)
        validate_fields(ALL, {"plate": "x"})
        validate_fields((), {})

    @pytest.mark.parametrize(
        ("name", "answer", "problem"),
        [
            ("colour", "green", "is none of red, blue"),
            ("colour", 1, "is none of red, blue"),
            ("floor", 1.5, "is no whole number"),
            ("floor", float("nan"), "is no whole number"),
            ("floor", True, "is no number"),
            ("floor", "3", "is no number"),
            ("floor", -4, "is less than -3"),
            ("floor", 201, "is more than 200"),
            ("depth", float("nan"), "is less than 0.5"),
            ("plate", "123456789", "has more than 8 characters"),
            ("plate", " ", "must not be blank"),
            ("plate", 1, "is no text"),
            ("since", "20260301", "is no date like 2026-03-01"),
            ("since", "2026-02-30", "is no date like 2026-03-01"),
            ("since", 1, "is no date like 2026-03-01"),
            ("again", "yes", "is neither true nor false"),
            ("free", "x" * 1_001, "has more than 1000 characters"),
            ("unheard", "x", "is no field of this type"),
        ],
    )
    def test_a_bad_answer_is_refused_by_name(
        self, name: str, answer: str | float, problem: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            validate_fields(ALL, {**GOOD, name: answer})
        assert refused.value.path == ["fields", name]
        assert refused.value.message == f"{name} {problem}"

    def test_every_problem_is_told(self) -> None:
        found = list(problems(ALL, {"floor": 1.5, "x": 1}))
        assert [name for name, _ in found] == ["floor", "plate", "x"]

    def test_clients_get_a_json_schema(self) -> None:
        schema: Any = json_schema(ALL)
        assert schema["required"] == ["plate"]
        assert schema["additionalProperties"] is False
        assert schema["properties"]["colour"] == {
            "type": "string",
            "title": "colour",
            "enum": ["red", "blue"],
        }
        assert schema["properties"]["since"]["format"] == "date"
        assert schema["properties"]["plate"]["maxLength"] == 8
        assert schema["properties"]["depth"] == {
            "type": "number",
            "title": "depth",
            "minimum": 0.5,
        }
