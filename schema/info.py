"""The resolver's view of a request, with our context in it."""

import strawberry

from schema.context import Context

Info = strawberry.Info[Context, None]
"""Annotate a resolver's `info` with it."""
