"""The reader: what is taken from a log, what is refused, on which line."""

import gzip
import random
import tracemalloc
from pathlib import Path

import pytest

from app.exchange import log_file
from app.exchange.log_file import LogFile
from app.exchange.refusals import FileRefused
from app.exchange.xes_reader import BadTrace, XesTrace, read_traces, survey
from domain.case.vocabulary import Attribute

EVERY_TYPE = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="__INVALID__"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="concept:name" value="every type"/>
  <trace>
    <string key="concept:name" value="案件 &amp; 1"/>
    <event>
      <string key="concept:name" value="say &quot;hi&quot; &lt;b&gt;&#10;次行">
        <id key="ref" value="a-1"/>
      </string>
      <date key="time:timestamp" value="2024-02-29T23:59:59.9999999+08:00"/>
      <int key="count" value="-007"/>
      <float key="amount" value="1.50e3"/>
      <boolean key="urgent" value="true"/>
      <id key="uuid" value="1DAFE5D9-CCAB-4659-A69A-C1AC449D6515"/>
      <list key="steps">
        <values><string key="step" value="a"/><string key="step" value="b"/></values>
      </list>
      <container key="place">
        <string key="area" value="X"/><container key="in"><int key="n" value="1"/></container>
      </container>
    </event>
  </trace>
</log>
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> list[XesTrace | BadTrace]:
    with LogFile(path) as file:
        return list(read_traces(file))


def check(path: Path) -> None:
    with LogFile(path) as file:
        for _ in survey(file):
            pass


def trace_of(body: str) -> str:
    """A log of one trace; the body begins on line 3."""
    return f'<log>\n<trace>\n{body}\n</trace>\n<trace><string key="k" value="v"/></trace>\n</log>'


def test_every_type_and_nesting_is_kept_as_written(tmp_path: Path) -> None:
    [trace] = read(write(tmp_path / "log.xes", EVERY_TYPE))

    assert isinstance(trace, XesTrace)
    assert trace.line == 7
    assert trace.attributes == (Attribute("concept:name", "string", "案件 & 1"),)
    [event] = trace.events
    assert event.line == 9
    assert event.attributes == (
        Attribute("concept:name", "string", 'say "hi" <b>\n次行', (Attribute("ref", "id", "a-1"),)),
        Attribute("time:timestamp", "date", "2024-02-29T23:59:59.9999999+08:00"),
        Attribute("count", "int", "-007"),
        Attribute("amount", "float", "1.50e3"),
        Attribute("urgent", "boolean", "true"),
        Attribute("uuid", "id", "1DAFE5D9-CCAB-4659-A69A-C1AC449D6515"),
        Attribute(
            "steps",
            "list",
            None,
            (
                Attribute(
                    "",
                    "values",
                    None,
                    (Attribute("step", "string", "a"), Attribute("step", "string", "b")),
                ),
            ),
        ),
        Attribute(
            "place",
            "container",
            None,
            (
                Attribute("area", "string", "X"),
                Attribute("in", "container", None, (Attribute("n", "int", "1"),)),
            ),
        ),
    )


def test_the_survey_finds_the_name_of_the_log(tmp_path: Path) -> None:
    with LogFile(write(tmp_path / "log.xes", EVERY_TYPE)) as file:
        assert list(survey(file))[-1] == "every type"
        assert file.position == file.size


@pytest.mark.parametrize(
    "opening",
    [
        "<log>",
        '<log xmlns="http://www.xes-standard.org/">',
        '<log xmlns="http://code.deckfour.org/xes">',
        '<log xmlns="http://www.xes-standard.org/" xmlns:x="urn:x"><x:trace/>',
    ],
)
def test_a_log_may_have_any_namespace_or_none(tmp_path: Path, opening: str) -> None:
    text = f'{opening}<trace><event><string key="a" value="1"/></event></trace></log>'

    [trace] = read(write(tmp_path / "log.xes", text))

    assert isinstance(trace, XesTrace)
    assert trace.events[0].attributes == (Attribute("a", "string", "1"),)


def test_elements_of_a_prefixed_log_are_its_own(tmp_path: Path) -> None:
    text = '<x:log xmlns:x="urn:x"><x:trace><x:id key="a" value="1"/></x:trace></x:log>'

    [trace] = read(write(tmp_path / "log.xes", text))

    assert trace == XesTrace(1, (Attribute("a", "id", "1"),), ())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "gb18030", "GBK", "GB2312", "big5", "shift_jis", "UTF8"]
)
def test_chinese_is_read_in_the_encodings_in_use(tmp_path: Path, encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        '<log><trace>\n<string key="concept:name" value="投書"/></trace></log>'
    ).replace("投書", "投書" if encoding in {"big5", "shift_jis"} else "投诉")

    [trace] = read(write(tmp_path / "log.xes", text, encoding))

    assert isinstance(trace, XesTrace)
    assert trace.line == 2
    assert trace.attributes[0].value in {"投書", "投诉"}


def test_a_character_may_be_cut_by_the_end_of_a_piece(tmp_path: Path) -> None:
    name = "街道" * log_file.PIECE_BYTES
    for encoding in ("utf-8", "gb18030"):
        head = f'<?xml version="1.0" encoding="{encoding}"?><log><string key="k" value="{name}"/>'
        path = write(tmp_path / encoding, head + "<trace/></log>", encoding)

        assert read(path) == [XesTrace(1, (), ())]


def test_gzip_is_told_by_its_first_bytes_not_by_the_name(tmp_path: Path) -> None:
    packed = tmp_path / "log.xes"
    packed.write_bytes(gzip.compress(EVERY_TYPE.encode()))
    plain = write(tmp_path / "plain.xes.gz", EVERY_TYPE)

    assert read(packed) == read(plain)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "XML_MALFORMED", 1),
        ("not xml", "XML_MALFORMED", 1),
        ("<log>\n<trace>\n</log>", "XML_MALFORMED", 3),
        ("<log>\n<trace/>\n", "XML_MALFORMED", 3),
        ("<log>\n<trace/>\n</log>\n<log/>", "XML_MALFORMED", 4),
        ('<log>\n<string key="a" value="<"/></log>', "XML_MALFORMED", 2),
        ("<log>\n&unknown;</log>", "XML_MALFORMED", 2),
        ("\n<html/>", "NOT_XES", 2),
        ('<?xml version="1.0" encoding="rot13"?><log/>', "XML_ENCODING_UNKNOWN", 1),
        ('<?xml version="1.0" encoding="zlib"?><log/>', "XML_ENCODING_UNKNOWN", 1),
        ('<?xml version="1.0" encoding="nonsense"?><log/>', "XML_ENCODING_UNKNOWN", 1),
        ('<?xml version="1.0" encoding="a\0b"?><log/>', "XML_MALFORMED", 1),
        ("<!-- -->\n<!DOCTYPE log>\n<log/>", "XML_DOCTYPE", 2),
        ("<log>\n" + "<a>" * 100_000, "XML_TOO_DEEP", 2),
        ("<log>\n<trace/>\n<trace>\n" + "<a>" * 100_000, "XML_TOO_DEEP", 4),
        ("<log>\n<a b='" + "x" * 5_000_000 + "'/></log>", "XML_TOKEN_TOO_LONG", 2),
    ],
)
def test_a_broken_file_is_refused_whole_with_its_line(
    tmp_path: Path, content: str, code: str, line: int
) -> None:
    with pytest.raises(FileRefused) as refused:
        check(write(tmp_path / "log.xes", content))

    assert (refused.value.code, refused.value.line) == (code, line)
    assert str(line) in refused.value.message


BOMB = """<?xml version="1.0"?>
<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<log><trace><string key="concept:name" value="&b;"/></trace></log>"""
STEALING = """<!DOCTYPE log [<!ENTITY file SYSTEM "file:///etc/hostname">]>
<log><trace><string key="concept:name" value="&file;"/></trace></log>"""


@pytest.mark.parametrize("hostile", [BOMB, STEALING])
def test_entities_are_refused_before_one_is_read(tmp_path: Path, hostile: str) -> None:
    with pytest.raises(FileRefused, match="document type"):
        read(write(tmp_path / "log.xes", hostile))


def test_bytes_that_are_not_of_the_encoding_are_located(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(b'<?xml version="1.0" encoding="gbk"?>\n<log>\n' + b"\xff" * 3 + b"</log>")

    with pytest.raises(FileRefused) as refused:
        check(path)

    assert refused.value.code == "XML_MALFORMED"


def test_a_gzip_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    noise = random.Random(1)
    body = "".join(f'<a b="{noise.random()}"/>\n' for _ in range(20_000))
    packed = gzip.compress(f"<log>{body}</log>".encode())
    path.write_bytes(packed[: len(packed) // 2])

    with pytest.raises(FileRefused) as refused:
        check(path)

    assert refused.value.code == "GZIP_BROKEN"
    assert refused.value.line > 1000


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as missing:
        LogFile(tmp_path / "none.xes")
    with pytest.raises(FileRefused) as folder:
        LogFile(tmp_path)

    assert missing.value.code == folder.value.code == "FILE_UNREADABLE"


EVENT = '<event>\n<string key="a" value="1"/>\n</event>\n'


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ('<int key="n" value="1.5"/>', "INVALID_VALUE", 3),
        (EVENT + '<event><int key="n" value=""/></event>', "INVALID_VALUE", 6),
        ('<int key="n" value="9223372036854775808"/>', "INVALID_VALUE", 3),
        ('<float key="n" value="1_0"/>', "INVALID_VALUE", 3),
        ('<boolean key="n" value="yes"/>', "INVALID_VALUE", 3),
        ('<date key="n" value="yesterday"/>', "INVALID_VALUE", 3),
        ('<date key="n" value="2023-02-29T00:00:00Z"/>', "INVALID_VALUE", 3),
        ('<string key="n"/>', "VALUE_MISSING", 3),
        ('<string value="n"/>', "VALUE_MISSING", 3),
        ("<list/>", "VALUE_MISSING", 3),
        ("<trace/>", "UNKNOWN_ELEMENT", 3),
        ("<event><event/></event>", "UNKNOWN_ELEMENT", 3),
        ("<values/>", "UNKNOWN_ELEMENT", 3),
        ("<event><blob/></event>", "UNKNOWN_ELEMENT", 3),
        (EVENT + f'<event><string key="n" value="{"x" * 70_000}"/></event>', "ENTRY_TOO_LARGE", 6),
        ("<event/>" * 50_001, "TRACE_TOO_LONG", 3),
    ],
)
def test_a_trace_that_cannot_be_taken_is_skipped_with_its_line(
    tmp_path: Path, body: str, code: str, line: int
) -> None:
    bad, good = read(write(tmp_path / "log.xes", trace_of(body)))

    assert isinstance(bad, BadTrace)
    assert bad.line == 2
    assert (bad.refusal.code, bad.refusal.line) == (code, line)
    assert good == XesTrace(good.line, (Attribute("k", "string", "v"),), ())


def test_an_event_outside_any_trace_is_told(tmp_path: Path) -> None:
    [bad] = read(write(tmp_path / "log.xes", '<log>\n<event><id key="a" value="1"/></event></log>'))

    assert isinstance(bad, BadTrace)
    assert (bad.refusal.code, bad.refusal.line) == ("EVENT_OUTSIDE_TRACE", 2)


def test_lines_are_told_beyond_the_65535th(tmp_path: Path) -> None:
    text = "<log>" + "\n" * 200_000 + "<trace><blob/></trace></log>"

    [bad] = read(write(tmp_path / "log.xes", text))

    assert isinstance(bad, BadTrace)
    assert bad.refusal.line == 200_001


def test_memory_stays_flat_over_a_long_log(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    with path.open("w") as out:
        out.write("<log>\n")
        for number in range(3_000):
            out.write(
                f'<trace><string key="concept:name" value="{number}"/>\n{EVENT * 3}</trace>\n'
            )
        out.write("</log>")

    peaks = []
    tracemalloc.start()
    with LogFile(path) as file:
        for number, _ in enumerate(read_traces(file), 1):
            if number % 1_000 == 0:
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.reset_peak()
    tracemalloc.stop()

    assert len(peaks) == 3
    assert peaks[2] < peaks[0] * 1.2 + 50_000
