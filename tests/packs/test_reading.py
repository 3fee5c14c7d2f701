"""A pack is read whole, or refused with file, line and cause of what is wrong with it."""

import json
import shutil
from pathlib import Path

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.packs.reading import PackRefused, folder_of, read_pack, shipped
from domain.catalogue.content import CatalogueVersion

PACK = """\
name = "mine"
version = "1.2"
title = "Mine"
languages = ["zh", "en"]
"""
TYPES = """\
[[type]]
code = "urban"
zh = "城市"
en = "Urban"

[[type]]
code = "urban.lamp"
zh = "路灯"
en = "Lamp"

[[type.field]]
name = "height"
kind = "NUMBER"
zh = "高"
en = "Height"
minimum = 1
"""
ROUTING = """\
fallback_unit = "duty"

[[rule]]
id = "urban"
priority = 1
types = ["urban"]
lead_unit = "city"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("pack", PACK), ("types", TYPES), ("routing", ROUTING)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def problems(folder: Path) -> list[str]:
    with pytest.raises(PackRefused) as refused:
        read_pack(folder)
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [str(problem) for problem in refused.value.problems]


def test_a_sound_pack_is_read_whole(folder: Path) -> None:
    pack = read_pack(folder)
    assert (pack.id, pack.title, pack.fallback_unit) == ("mine@1.2", "Mine", "duty")
    assert [each.parent for each in pack.types] == [None, "urban"]
    assert pack.types[1].fields[0].minimum == 1.0
    assert [rule.id for rule in pack.rules] == ["urban"]


def test_types_may_be_spread_over_files(folder: Path) -> None:
    more = '[[type]]\ncode = "deep"\nparent = "urban.lamp"\nzh = "深"\nen = "Deep"\n'
    (folder / "types-2.toml").write_text(TYPES.replace("urban", "city"), encoding="utf-8")
    (folder / "types3.toml").write_text(more, encoding="utf-8")
    assert [each.code for each in read_pack(folder).types] == [
        "city",
        "city.lamp",
        "urban",
        "urban.lamp",
        "deep",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("pack", 'name = "mine"', 'name = "my pack"', "pack.toml:1: name is no code"),
        ("pack", '"zh", "en"', '"en"', "pack.toml:4: languages must be ['zh', 'en']"),
        ("pack", 'title = "Mine"', 'title = " "', "pack.toml:3: title must not be blank"),
        ("pack", 'title = "Mine"\n', "", "pack.toml:1: Object missing required field `title`"),
        ("types", 'zh = "路灯"', "zh = ", "types.toml:8: Invalid value"),
        ("types", 'en = "Lamp"', 'en = "Lamp', "types.toml:9: "),
        ("types", 'zh = "路灯"', "zh = 3", "types.toml:8: Expected `str`, got `int`"),
        ("types", 'zh = "路灯"', 'zh = ""', "types.toml:8: labelZh must not be blank"),
        ("types", 'kind = "NUMBER"', 'kind = "COLOUR"', "types.toml:13: Invalid enum value"),
        ("types", "minimum = 1", "least = 1", "types.toml:16: Object contains unknown field"),
        ("types", 'name = "height"', 'name = "He ight"', "types.toml:12: name is not 1 to 40"),
        ("types", '"urban.lamp"', '"rural.lamp"', "types.toml:6: parent rural of type rural.lamp"),
        ("types", '"urban.lamp"', '"urban"', "types.toml:7: type urban is there twice"),
        ("types", "[[type]]", "[[sort]]", "types.toml:1: Object contains unknown field `sort`"),
        ("routing", '"duty"', '" "', "routing.toml:1: fallbackUnit is no code"),
        ("routing", '["urban"]', '["rural"]', "routing.toml:6: rule urban names the type rural"),
        ("routing", '"city"', '""', "routing.toml:7: leadUnit is no code"),
        ("routing", 'types = ["urban"]', 'types = [""]', "routing.toml:6: 0 is no code"),
        ("routing", "priority = 1", 'priority = "1"', "routing.toml:5: Expected `int`"),
    ],
)
def test_a_fault_is_named_with_file_line_and_cause(
    folder: Path, file: str, old: str, new: str, found: str
) -> None:
    path = folder / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert problems(folder)[0].startswith(found)


def test_every_fault_of_the_files_is_named_at_once(folder: Path) -> None:
    (folder / "types.toml").write_bytes(b"\xff")
    (folder / "routing.toml").unlink()
    assert problems(folder) == [
        "routing.toml:1: no such file or directory",
        "types.toml:1: is not UTF-8",
    ]


def test_a_pack_without_types_is_none(folder: Path) -> None:
    (folder / "types.toml").unlink()
    assert problems(folder) == ["types.toml:1: a pack needs at least one types*.toml"]


def test_a_folder_that_is_no_pack_names_ours(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "nothing")
    assert problem.endswith("there is no pack.toml; packs of ours are cn-12345, generic-311")


@pytest.mark.parametrize(("name", "leaves"), [("cn-12345", 100), ("generic-311", 25)])
def test_the_packs_that_ship_are_sound(name: str, leaves: int) -> None:
    assert name in shipped()
    pack = read_pack(folder_of(name))
    version = CatalogueVersion(1, pack.title, pack.id, pack.types)
    finest = [each for each in pack.types if not version.children(each.code)]
    assert len(finest) >= leaves
    assert len({each.label.zh for each in finest}) > leaves * 0.9, "labels that say little"


def test_the_chinese_pack_has_three_levels_in_eleven_classes() -> None:
    pack = read_pack(folder_of("cn-12345"))
    version = CatalogueVersion(1, pack.title, pack.id, pack.types)
    assert [each.code for each in version.children(None)] == [
        "urban",
        "transport",
        "environment",
        "education",
        "labour",
        "commerce",
        "health",
        "civil",
        "housing",
        "safety",
        "dispute",
    ]
    depths = {len(version.path(each.code)) for each in pack.types}
    assert depths == {1, 2, 3}


def test_a_pack_is_found_by_name_or_by_folder(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder_of("generic-311"), copy)
    assert read_pack(folder_of(str(copy))) == read_pack(folder_of("generic-311"))


class TestCommandLine:
    def test_a_sound_pack(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["pack", "check", "generic-311", "--json"]) == ExitCode.OK
        about = json.loads(capsys.readouterr().out)
        assert (about["name"], about["leaves"], about["problems"]) == ("generic-311", 26, [])
        assert run(["pack", "check", "generic-311"]) == ExitCode.OK
        assert "Sound." in capsys.readouterr().out

    def test_a_pack_with_faults(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "routing.toml").unlink()
        assert run(["pack", "check", str(folder)]) == ExitCode.REFUSED
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err == "routing.toml:1: no such file or directory\n"
        assert run(["pack", "load", str(folder), "--json"]) == ExitCode.REFUSED
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert problem == {"file": "routing.toml", "line": 1, "cause": "no such file or directory"}

    @pytest.mark.parametrize(
        "arguments",
        [["--as", "a", "--second", "a"], ["--valid-from", "2026-03-01"], ["--valid-from", "x"]],
    )
    def test_what_cannot_be_meant_is_a_usage_error(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["pack", "load", "generic-311", *arguments]) == ExitCode.USAGE
        assert arguments[-2] in capsys.readouterr().err
