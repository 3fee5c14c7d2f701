"""The words of a report, in each language."""

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from schema.languages import Language


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a report says beside its figures. In braces: what is put there."""

    title: str
    whole: str
    none: str
    under: str
    overdue: str
    overdue_note: str
    open: str
    open_note: str
    orders: str
    orders_note: str
    rate_note: str
    few_note: str
    metrics: str
    metrics_text: str
    metric: str
    value: str
    hours: str
    multiple: str
    interval: str
    left_out: str
    by_unit_text: str
    unit: str
    course: str
    course_text: str
    from_: str
    ageing: str
    ageing_text: str
    days: str
    more_days: str
    cases: str
    workload: str
    workload_text: str
    on_time: str
    due_soon: str
    late: str
    suspended: str
    late_list: str
    late_list_text: str
    case: str
    clock: str
    due: str
    used: str
    escalations: str
    escalations_text: str
    ground: str
    share: str
    count: str
    returns: str
    returns_text: str
    dispatched: str
    requested: str
    upheld: str
    rejected: str
    against: str
    delays: str
    delays_text: str
    decision: str
    median: str
    p90: str
    order_list: str
    order_list_text: str
    level: str
    unanswered: str
    definitions: str
    no_definitions: str
    query: str


def _read(language: Language) -> Words:
    text = (Path(__file__).parent / f"words.{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


WORDS: Final = {language: _read(language) for language in Language}
