"""The writer: what it writes is read back as it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.log_file import LogFile
from app.exchange.xes_reader import XesTrace, read_traces, survey
from app.exchange.xes_writer import PIECE_OF_READERS, XesWriter, escaped
from domain.case.vocabulary import Attribute

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff").filter(
        lambda char: char >= " " or char in "\t\n\r"
    )
)


def valued(kind: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Attribute]:
    children = st.lists(st.deferred(lambda: ATTRIBUTES), max_size=2).map(tuple)
    return st.builds(Attribute, TEXTS, st.just(kind), values, children)


def nesting(kind: str) -> st.SearchStrategy[Attribute]:
    children = st.lists(st.deferred(lambda: ATTRIBUTES), max_size=3).map(tuple)
    inside = children.map(lambda found: (Attribute("", "values", None, found),))
    return st.builds(Attribute, TEXTS, st.just(kind), st.none(), children | inside)


ATTRIBUTES: st.SearchStrategy[Attribute] = (
    valued("string", TEXTS)
    | valued("id", TEXTS)
    | valued("int", st.integers(-(2**63), 2**63 - 1).map(str))
    | valued("float", st.floats().map(repr))
    | valued("boolean", st.sampled_from(["true", "false"]))
    | valued("date", st.datetimes().map(lambda moment: f"{moment.isoformat()}+08:00"))
    | nesting("list")
    | nesting("container")
)
EVENTS = st.lists(ATTRIBUTES, max_size=4)


def written(*traces: tuple[list[Attribute], list[list[Attribute]]], name: str = "log") -> bytes:
    writer = XesWriter()
    return b"".join([writer.begin(name), *(writer.trace(*trace) for trace in traces), writer.end()])


def read(content: bytes) -> list[XesTrace]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.xes"
        path.write_bytes(content)
        with LogFile(path) as file:
            traces = list(read_traces(file))
    assert all(isinstance(trace, XesTrace) for trace in traces)
    return [trace for trace in traces if isinstance(trace, XesTrace)]


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ATTRIBUTES, max_size=3), st.lists(EVENTS, max_size=3))
def test_whatever_is_written_is_read_back(
    attributes: list[Attribute], events: list[list[Attribute]]
) -> None:
    [trace] = read(written((attributes, events)))

    assert list(trace.attributes) == attributes
    assert [list(event.attributes) for event in trace.events] == events


def test_the_name_of_the_log_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(written(name='A "log" & 日志'))
    with LogFile(path) as file:
        assert list(survey(file))[-1] == 'A "log" & 日志'


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_has_no_place_for_is_replaced(char: str) -> None:
    [trace] = read(written(([Attribute("key", "string", f"a{char}b")], [])))

    assert trace.attributes[0].value == "a\ufffdb"


def test_values_cannot_break_out_of_their_quotes() -> None:
    assert escaped("\"/><event a='1'>&amp;\n") == "&quot;/&gt;&lt;event a='1'&gt;&amp;amp;&#10;"


@given(st.lists(st.text("案a", min_size=1, max_size=900), max_size=30))
def test_no_character_lies_across_two_pieces(values: list[str]) -> None:
    content = written(([Attribute("key", "string", value) for value in values], []))

    for start in range(0, len(content), PIECE_OF_READERS):
        content[start : start + PIECE_OF_READERS].decode()


def test_a_value_longer_than_a_piece_is_written_all_the_same() -> None:
    value = "a案" * 5_000
    [trace] = read(written(([Attribute("key", "string", value)], [])))

    assert trace.attributes[0].value == value
