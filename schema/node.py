"""The Node interface of the Relay specification."""

import strawberry


@strawberry.interface(description="Anything that `node(id:)` finds again.")
class Node:
    """A thing with a global id."""

    id: strawberry.ID = strawberry.field(
        description="Global id: it carries the type, and of a past state also the moment."
    )
