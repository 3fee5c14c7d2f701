"""Units and areas: opaque codes until the directory comes."""

import strawberry


@strawberry.type(description="A department, organisation or enterprise that handles cases.")
class OrgUnit:
    """A unit."""

    code: str = strawberry.field(description="Its code.")


@strawberry.type(description="An area or grid cell 网格.")
class Area:
    """An area."""

    code: str = strawberry.field(description="Its code.")


def unit_of(code: str | None) -> OrgUnit | None:
    """The unit with this code, where there is one."""
    return None if code is None else OrgUnit(code=code)


def area_of(code: str | None) -> Area | None:
    """The area with this code, where there is one."""
    return None if code is None else Area(code=code)
