"""The contract of the GraphQL schema: what a change would break for clients."""

from graphql import build_schema, find_breaking_changes


def untold_breaks(released: str, now: str, changelog: str) -> list[str]:
    """Breaking changes of the schema that the change log does not name, in graphql-core's words.

    A line of CHANGELOG.md that holds these words tells clients of the change.
    """
    changes = find_breaking_changes(build_schema(released), build_schema(now))
    return [change.description for change in changes if change.description not in changelog]
