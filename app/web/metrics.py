"""Metrics for Prometheus. Labels are closed sets: no principal, no query, no path of a stranger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

disable_created_metrics()  # type: ignore[no-untyped-call] # the library has no types here

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry


@dataclass(frozen=True)
class Reading:
    """What the journal and its followers look like at one moment.

    head: the journal's last position. followers: the position each has reached. batches, entries:
    appended by this process so far. due_timers, oldest_due: due and not acted on, whoever is to.
    timers_acted, timer_failures: of this process's worker.
    """

    head: int
    followers: Mapping[str, int] = field(default_factory=dict)
    batches: int = 0
    entries: int = 0
    due_timers: int = 0
    oldest_due: datetime | None = None
    timers_acted: int = 0
    timer_failures: int = 0


class _TimerMetrics:
    """What is due and not done yet, and what this process did."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._due = Gauge(
            "wardbook_due_timers", "Timers that are due and not acted on.", registry=registry
        )
        self._due_seconds = Gauge(
            "wardbook_due_timer_seconds",
            "For how long the oldest of these has been due; 0: there is none.",
            registry=registry,
        )
        self._acted = Gauge(
            "wardbook_timers_acted", "Timers that this process acted on.", registry=registry
        )
        self._failures = Gauge(
            "wardbook_timer_failures",
            "Tries of this process to act on a timer that failed.",
            registry=registry,
        )

    def note(self, reading: Reading) -> None:
        self._due.set(reading.due_timers)
        self._due_seconds.set(_seconds_since(reading.oldest_due))
        self._acted.set(reading.timers_acted)
        self._failures.set(reading.timer_failures)


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = _registry()
        self._requests = Counter(
            "wardbook_http_requests",
            "HTTP requests answered.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._request_seconds = Histogram(
            "wardbook_http_request_seconds",
            "From the first byte of a request to the last of its answer; streams left out.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._operations = Counter(
            "wardbook_graphql_operations",
            "GraphQL operations run, over every transport.",
            ["type", "outcome"],
            registry=registry,
        )
        self._refusals = Counter(
            "wardbook_refused_requests",
            "Requests that could not run, by code.",
            ["code"],
            registry=registry,
        )
        self._streams = Gauge(
            "wardbook_open_streams", "Open SSE streams and WebSockets.", registry=registry
        )
        self._head = Gauge(
            "wardbook_journal_position", "Last position of the journal.", registry=registry
        )
        self._lag = Gauge(
            "wardbook_follower_lag",
            "Positions that a following view is behind the journal.",
            ["view"],
            registry=registry,
        )
        self._batches = Gauge(
            "wardbook_append_batches", "Batches appended by this process.", registry=registry
        )
        self._entries = Gauge(
            "wardbook_appended_entries", "Entries appended by this process.", registry=registry
        )
        self._timers = _TimerMetrics(registry)

    def request(self, route: str, method: str, status: int, seconds: float | None) -> None:
        """Count an answer. seconds None: of a stream."""
        self._requests.labels(route, method, str(status)).inc()
        if seconds is not None:
            self._request_seconds.labels(route).observe(seconds)

    def operation(self, operation_type: str, outcome: str) -> None:
        """Count an operation that ran. outcome: ok, or errors."""
        self._operations.labels(operation_type, outcome).inc()

    def refusal(self, code: str) -> None:
        """Count a request that could not run."""
        self._refusals.labels(code).inc()

    def text(self, streams: int, reading: Reading | None) -> bytes:
        """All of them in Prometheus's format. reading None: the database does not answer."""
        self._streams.set(streams)
        if reading is not None:
            self._head.set(reading.head)
            self._batches.set(reading.batches)
            self._entries.set(reading.entries)
            self._timers.note(reading)
            for view, position in reading.followers.items():
                self._lag.labels(view).set(max(0, reading.head - position))
        return generate_latest(self._registry)


def _seconds_since(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (datetime.now(UTC) - moment).total_seconds())
