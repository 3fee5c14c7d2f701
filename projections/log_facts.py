"""Facts of an imported log, as analysts check them: now, or as of a moment."""

from dataclasses import dataclass

from domain.scope import Scope
from projections.as_of import Moment
from projections.statement import Statement
from projections.view import Connection

# A variant is the sequence of a case's activities in the order of the log. It is compared as
# JSON, in which no two different sequences read alike.
FACTS = Statement("""
WITH known AS (
    SELECT l.case_id, l.version, l.occurred_at, l.activity, l.resource
    FROM log_activities l
    WHERE l.source = :source
        AND (:position::bigint IS NULL OR l.position <= :position)
        AND (:time::timestamptz IS NULL OR l.occurred_at <= :time)
        AND (:every_case OR EXISTS (
            SELECT FROM cases c WHERE c.case_id = l.case_id AND c.reporter = :own
        ))
),
traces AS (
    SELECT count(activity) AS events,
        md5(json_agg(activity ORDER BY version) FILTER (WHERE activity IS NOT NULL)::text)
            AS variant,
        extract(epoch FROM max(occurred_at) FILTER (WHERE activity IS NOT NULL)
            - min(occurred_at) FILTER (WHERE activity IS NOT NULL))::float8 AS throughput
    FROM known GROUP BY case_id
)
SELECT
    (SELECT count(DISTINCT activity) FROM known) AS activities,
    (SELECT count(DISTINCT resource) FROM known) AS resources,
    count(*) AS cases,
    coalesce(sum(events), 0)::bigint AS events,
    count(DISTINCT variant) AS variants,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY throughput) AS throughput_median,
    avg(throughput) AS throughput_mean
FROM traces
""")

# Steps from one name to the next in the index, instead of reading every activity.
SOURCES = Statement("""
WITH RECURSIVE named AS (
    (SELECT source FROM cases WHERE source IS NOT NULL ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (
        SELECT c.source FROM cases c WHERE c.source > named.source ORDER BY c.source LIMIT 1
    )
    FROM named WHERE named.source IS NOT NULL
)
SELECT source FROM named WHERE source IS NOT NULL AND (:every_case OR EXISTS (
    SELECT FROM cases c WHERE c.source = named.source AND c.reporter = :own
))
""")


@dataclass(frozen=True)
class LogFacts:
    """Counts over one source.

    activities, resources: distinct. variants: distinct sequences of activities in the order of
    the log. throughput_*: seconds between the first and the last activity of a case, over the
    cases that have any; None without one.
    """

    source: str
    cases: int
    events: int
    activities: int
    resources: int
    variants: int
    throughput_median: float | None
    throughput_mean: float | None


async def log_facts(
    connection: Connection, scope: Scope, source: str, moment: Moment | None = None
) -> LogFacts:
    """The facts, all zero where the source is unknown or may not be seen; one statement.

    As of a time of occurrence a case counts from its earliest event on, and its variant is that
    of the activities that had occurred, in the order of the log.
    """
    values = {
        "source": source,
        "every_case": scope.every_case or scope.every_open,
        "own": scope.own,
        "position": moment.position if moment else None,
        "time": moment.occurred_at if moment else None,
    }
    row = await FACTS.row(connection, values)
    assert row is not None, "an aggregate without GROUP BY has one row"  # noqa: S101
    return LogFacts(source, **dict(row))


async def log_sources(connection: Connection, scope: Scope) -> list[str]:
    """The names of the imported logs that may be seen, in order."""
    values = {"every_case": scope.every_case or scope.every_open, "own": scope.own}
    return [row["source"] for row in await SOURCES.rows(connection, values)]
