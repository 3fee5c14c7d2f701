"""How it is asked: the GraphQL types, resolvers and subscriptions."""

# Before any type is defined: a type takes an enum as it finds it.
import schema.enums
import schema.metric_enums  # noqa: F401
