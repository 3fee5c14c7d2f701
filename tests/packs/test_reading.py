"""A pack is read whole, or refused with file, line and cause of what is wrong with it."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.packs.policies import NO_POLICIES
from app.packs.reading import PackRefused, folder_of, read_pack, shipped
from domain.calendar.timetable import Limit, LimitBegins, LimitUnit
from domain.calendar.years import Interval
from domain.catalogue.content import CatalogueVersion, Window, WindowSetting
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import Role
from domain.metric_definitions.content import Part
from domain.metrics.vocabulary import Fact
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind, OrderLevel, Urgency

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


SLA = """\
most_suspensions = 3
most_suspended_days = 90
most_extensions = 1
most_extension_days = 15

[[rule]]
clock = "STAGE"
types = ["urban.lamp"]
calendar = "office"
limit = { amount = 3, unit = "WORKING_DAYS", begins = "NEXT_DAY" }

[[rule]]
clock = "RESOLUTION"
emergency = true
limit = { amount = 120, unit = "WALL_MINUTES" }

[[suspension_reason]]
code = "weather"
zh = "天气"
en = "Weather"
"""
ESCALATION = """\
arbitration_after_returns = 2
escalate_after_reworks = 2
escalate_after_reopenings = 2

[[ladder]]
clocks = ["RESOLUTION"]
types = ["urban"]

[[ladder.rung]]
percent = 80
notify = ["OFFICER"]

[[ladder.rung]]
percent = 300
order = "RED"
interview = true
repeat_every = 100
"""
METRICS = """\
[[metric]]
code = "closing"
zh = "按期"
en = "Closing"
kind = "RATE"
counted = "CLOSING_DUE"
numerator = "CLOSED_IN_TIME"
exclusions = ["SYSTEM_FAULT"]

[[metric]]
code = "whole"
zh = "综合"
en = "Whole"
kind = "COMPOSITE"

[[metric.part]]
metric = "closing"
weight = 1

[[metric.band]]
code = "good"
zh = "良好"
en = "Good"
least = 0.9
"""
CALENDARS = """\
default = "office"

[[calendar]]
code = "office"
zh = "办公"
en = "Office"
monday = ["08:30-12:00", "13:30-24:00"]

[[calendar.holiday]]
first = 2026-02-15
last = 2026-02-17
zh = "春节"
en = "Spring Festival"

[[calendar.make_up]]
date = 2026-02-14

[[calendar.make_up]]
date = 2026-02-28
hours = ["09:00-10:00"]
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


class TestCalendars:
    def test_a_pack_may_say_nothing_of_them(self, folder: Path) -> None:
        pack = read_pack(folder)
        assert (pack.default_calendar, pack.calendars) == (None, ())

    def test_ranges_of_holidays_and_make_up_days(self, folder: Path) -> None:
        (folder / "calendars.toml").write_text(CALENDARS, encoding="utf-8")
        pack = read_pack(folder)
        (calendar,) = pack.calendars
        assert (pack.default_calendar, calendar.code) == ("office", "office")
        monday = (Interval(510, 720), Interval(810, 1440))
        assert calendar.week == (monday, *((),) * 6)
        assert [holiday.date.day for holiday in calendar.holidays] == [15, 16, 17]
        patterns = [day.pattern for day in calendar.make_up_days]
        assert patterns == [monday, (Interval(540, 600),)]

    @pytest.mark.parametrize(
        ("right", "wrong", "problem"),
        [
            ('default = "office"', 'default = "x"', "1: default is none of the calendars"),
            ("13:30-24:00", "11:30-24:00", "7: intervals are like 08:30-12:00"),
            ("13:30-24:00", "13:30", "7: Expected `str` matching regex"),
            ("2026-02-14", "2026-02-16", "16: 2026-02-16 is there twice"),
            ('zh = "春节"', 'zh = ""', "9: labelZh must not be blank"),
            ("09:00-10:00", "10:00-09:00", "20: intervals are like 08:30-12:00"),
            ('code = "office"', 'code = "-"', "4: code is no code"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(
        self, folder: Path, right: str, wrong: str, problem: str
    ) -> None:
        assert right in CALENDARS
        text = CALENDARS.replace(right, wrong, 1)
        (folder / "calendars.toml").write_text(text, encoding="utf-8")
        (found,) = problems(folder)
        assert found.startswith(f"calendars.toml:{problem}")

    def test_the_chinese_holidays_of_2026_are_those_of_the_notice(self) -> None:
        (office, _) = read_pack(folder_of("cn-12345")).calendars
        worked = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        assert sum(office.pattern(day) != () for day in worked) == 248
        assert office.pattern(date(2026, 2, 14))
        assert not office.pattern(date(2026, 2, 23))

    def test_who_may_handle_a_type_is_read(self, folder: Path) -> None:
        said = 'en = "Urban"\nsimple = true\nqualifications = ["acoustics"]'
        text = TYPES.replace('en = "Urban"', said)
        (folder / "types.toml").write_text(text, encoding="utf-8")
        urban = read_pack(folder).types[0]
        assert (urban.simple, urban.qualifications) == (True, ("acoustics",))

    def test_windows_of_a_type_are_read(self, folder: Path) -> None:
        path = folder / "types.toml"
        assert read_pack(folder).types[0].windows == ()
        first = 'en = "Urban"\nwindows = { feedback_days = 3 }'
        path.write_text(TYPES.replace('en = "Urban"', first), encoding="utf-8")
        assert read_pack(folder).types[0].windows == (WindowSetting(Window.FEEDBACK_DAYS, 3),)
        path.write_text(TYPES.replace('en = "Urban"', first.replace("3", "0")), encoding="utf-8")
        assert problems(folder) == ["types.toml:5: amount is not within 1..100000"]
        path.write_text(
            TYPES.replace('en = "Urban"', first.replace("feedback_days", "tea")), encoding="utf-8"
        )
        assert "unknown field `tea`" in problems(folder)[0]


class TestPolicies:
    texts: Final = {
        "calendars": CALENDARS,
        "sla": SLA,
        "escalation": ESCALATION,
        "metrics": METRICS,
    }

    @pytest.fixture(autouse=True)
    def _whole(self, folder: Path) -> None:
        for name, text in self.texts.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")

    def test_they_are_read_under_the_title_of_the_pack(self, folder: Path) -> None:
        said = read_pack(folder).policies
        assert said.sla is not None
        assert (said.sla.title, said.sla.pack) == ("Mine", "mine@1.2")
        limit = Limit(3, LimitUnit.WORKING_DAYS, LimitBegins.NEXT_DAY)
        emergency = Limit(120, LimitUnit.WALL_MINUTES)
        assert said.sla.rules == (
            ClockRule(ClockKind.STAGE, limit, ("urban.lamp",), calendar="office"),
            ClockRule(ClockKind.RESOLUTION, emergency, emergency=True),
        )
        assert said.sla.suspension_reasons[0].label.zh == "天气"
        assert said.escalation is not None
        assert said.escalation.ladders == (
            Ladder(
                (
                    Rung(80, (Role.OFFICER,)),
                    Rung(300, order=OrderLevel.RED, interview=True, repeat_every=100),
                ),
                (ClockKind.RESOLUTION,),
                ("urban",),
            ),
        )
        assert said.metrics is not None
        closing, whole = said.metrics.metrics
        assert (closing.counted, closing.numerator) == (Fact.CLOSING_DUE, Fact.CLOSED_IN_TIME)
        assert whole.parts == (Part("closing", 1),)
        assert [band.least for band in whole.bands] == [0.9]

    def test_a_pack_may_leave_them_out(self, folder: Path) -> None:
        for name in ("sla", "escalation", "metrics"):
            (folder / f"{name}.toml").unlink()
        assert read_pack(folder).policies == NO_POLICIES

    def test_calendars_may_be_those_in_force(self, folder: Path) -> None:
        (folder / "calendars.toml").unlink()
        assert read_pack(folder).policies.sla is not None

    @pytest.mark.parametrize(
        ("file", "old", "new", "found"),
        [
            ("sla", '"STAGE"', '"LUNCH"', "7: Invalid enum value"),
            ("sla", "amount = 3", "amount = 0", "10: amount is not within 1..3660"),
            ("sla", '"urban.lamp"', '"rural"', "8: the pack has no type rural"),
            ("sla", '"office"', '"moon"', "9: the pack has no calendar moon"),
            ("sla", 'zh = "天气"', 'zh = " "', "19: labelZh must not be blank"),
            ("sla", "most_extensions = 1", "most_extensions = -1", "3: mostExtensions is not"),
            ("escalation", '"urban"', '"rural"', "7: the pack has no type rural"),
            ("escalation", "percent = 300", "percent = 80", "14: each rung is above"),
            ("escalation", '"OFFICER"', '"REPORTER"', "11: REPORTER is no role that a post"),
            ("escalation", "repeat_every = 100", "repeat_every = 0", "17: repeatEvery is not"),
            ("metrics", '"CLOSED_IN_TIME"', '"SATISFIED"', "7: SATISFIED and CLOSING_DUE"),
            ("metrics", 'metric = "closing"', 'metric = "x"', "17: a part is a RATE"),
            ("metrics", "weight = 1", "weight = 0.5", "10: the weights"),
            ("metrics", 'en = "Good"', 'en = ""', "23: labelEn must not be blank"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(
        self, folder: Path, file: str, old: str, new: str, found: str
    ) -> None:
        text = self.texts[file]
        assert old in text
        (folder / f"{file}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        (problem,) = problems(folder)
        assert problem.startswith(f"{file}.toml:{found}")

    @pytest.mark.parametrize(
        ("clock", "types", "urgency", "limit"),
        [
            (ClockKind.RESOLUTION, ["safety"], Urgency.EMERGENCY, (120, "WALL_MINUTES")),
            (ClockKind.RESOLUTION, ["housing.utility"], Urgency.URGENT, (1440, "WALL_MINUTES")),
            (ClockKind.RESOLUTION, ["labour.insurance"], Urgency.NORMAL, (1, "WORKING_DAYS")),
            (ClockKind.RESOLUTION, ["civil.elderly"], Urgency.NORMAL, (5, "WORKING_DAYS")),
            (ClockKind.RESOLUTION, ["urban.order"], Urgency.NORMAL, (7, "CALENDAR_DAYS")),
            (ClockKind.RESOLUTION, ["dispute"], Urgency.NORMAL, (15, "CALENDAR_DAYS")),
            (ClockKind.SIGN_OFF, ["urban.order"], Urgency.NORMAL, (1, "WORKING_DAYS")),
            (ClockKind.SIGN_OFF, ["urban.order"], Urgency.URGENT, (30, "WALL_MINUTES")),
            (ClockKind.FEEDBACK, ["urban.order"], Urgency.NORMAL, (1, "WORKING_DAYS")),
        ],
    )
    def test_the_limits_of_the_default_pack_are_those_of_the_practice(
        self, clock: ClockKind, types: list[str], urgency: Urgency, limit: tuple[int, str]
    ) -> None:
        sla = read_pack(folder_of("cn-12345")).policies.sla
        assert sla is not None
        found = sla.rule(clock, types, urgency)
        assert found is not None
        assert (found.limit.amount, found.limit.unit) == limit

    @pytest.mark.parametrize("name", shipped())
    def test_packs_of_ours_time_every_step_and_count_something(self, name: str) -> None:
        said = read_pack(folder_of(name)).policies
        assert said.sla is not None
        for clock in ClockKind:
            assert said.sla.rule(clock, (), Urgency.NORMAL) is not None
        assert said.escalation is not None
        assert said.escalation.ladder(ClockKind.RESOLUTION, ()).next_percent(0) == 80
        assert said.metrics is not None
        assert said.metrics.metric("on-time-closing") is not None

    def test_the_ladder_of_the_default_pack_is_never_silent(self) -> None:
        policy = read_pack(folder_of("cn-12345")).policies.escalation
        assert policy is not None
        ladder = policy.ladder(ClockKind.RESOLUTION, ())
        reached = [80, 100, 150, 200, 300, 400, 500]
        assert [ladder.next_percent(percent) for percent in [0, *reached[:-1]]] == reached
        orders = [rung.order for percent in reached if (rung := ladder.rung(percent)) is not None]
        assert orders == [None, None, *OrderLevel, OrderLevel.RED, OrderLevel.RED]
