"""The independent judge, run with .venv-oracle: what a log says, according to pm4py and lxml.

    oracle.py FILE [--reader NAME] [--as-of TIME]... [--quarters]

--quarters: as of the three moments that part the time between first and last event in four.

Prints one JSON document: the facts of the whole log, the same as of each time by occurrence, and
a digest of everything that is written in each trace, for comparing two logs literally.
"""

# mypy: disable-error-code="import-not-found,import-untyped"
import argparse
import gzip
import hashlib
import json
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pm4py
from lxml import etree

Trace = list[dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--reader", default="iterparse")
    parser.add_argument("--as-of", action="append", default=[], type=datetime.fromisoformat)
    parser.add_argument("--quarters", action="store_true")
    asked = parser.parse_args()
    log = pm4py.read_xes(str(asked.file), variant=asked.reader, return_legacy_log_object=True)
    traces = [[dict(event) for event in trace] for trace in log]
    moments = quarters(traces) if asked.quarters else asked.as_of
    found = {
        "facts": facts(traces),
        "pm4py": {
            "variants": len(pm4py.get_variants_as_tuples(log)),
            "start_activities": pm4py.get_start_activities(log),
            "end_activities": pm4py.get_end_activities(log),
            "case_names": [trace.attributes["concept:name"] for trace in log],
        },
        "as_of": {moment.isoformat(): facts(until(traces, moment)) for moment in moments},
        "content": content(asked.file),
    }
    json.dump(found, sys.stdout)


def quarters(traces: list[Trace]) -> list[datetime]:
    times = [event["time:timestamp"] for trace in traces for event in trace]
    first, last = min(times).astimezone(UTC), max(times).astimezone(UTC)
    return [first + (last - first) * part / 4 for part in (1, 2, 3)]


def until(traces: list[Trace], moment: datetime) -> list[Trace]:
    """What had occurred by then, cases without anything left out."""
    cut = [[event for event in trace if event["time:timestamp"] <= moment] for trace in traces]
    return [trace for trace in cut if trace]


def facts(traces: list[Trace]) -> dict[str, Any]:
    """Counts over a log. throughput: seconds from the earliest to the latest event of a case."""
    events = [event for trace in traces for event in trace]
    times = [event["time:timestamp"] for event in events]
    throughput = [span(trace) for trace in traces if trace]
    return {
        "cases": len(traces),
        "events": len(events),
        "activities": len({event["concept:name"] for event in events}),
        "resources": len({event["org:resource"] for event in events if "org:resource" in event}),
        "variants": len({tuple(event["concept:name"] for event in trace) for trace in traces}),
        "throughput_median": statistics.median(throughput) if throughput else None,
        "throughput_mean": statistics.fmean(throughput) if throughput else None,
        "first": min(times).astimezone(UTC).isoformat() if times else None,
        "last": max(times).astimezone(UTC).isoformat() if times else None,
    }


def span(trace: Trace) -> float:
    times = [event["time:timestamp"] for event in trace]
    return float((max(times) - min(times)).total_seconds())


def content(path: Path) -> list[list[str]]:
    """Of each trace, in the order of the log: its name, and a digest of all that it holds."""
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.name.endswith(".gz") else packed
    root = etree.fromstring(text, etree.XMLParser(huge_tree=True, remove_blank_text=True))
    traces = [element for element in root if local(element) == "trace"]
    return [[name_of(trace), digest(trace)] for trace in traces]


def name_of(trace: Any) -> str:
    names = [child.get("value") for child in trace if child.get("key") == "concept:name"]
    return str(names[0])


def digest(trace: Any) -> str:
    return hashlib.sha256(json.dumps(plain(trace)).encode()).hexdigest()


def plain(element: Any) -> list[Any]:
    """An element without what does not matter: namespaces, white space, comments."""
    children = [plain(child) for child in element if isinstance(child.tag, str)]
    # In a trace its own attributes may come before or after its events.
    if local(element) == "trace":
        children.sort(key=lambda child: child[0] == "event")
    return [local(element), element.get("key"), element.get("value"), children]


def local(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


if __name__ == "__main__":
    main()
