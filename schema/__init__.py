"""How it is asked: the GraphQL types, resolvers and subscriptions."""
