"""Which views there are, and when each is brought up to date."""

from typing import Final

from projections.case_view import CasesView
from projections.view import View

INLINE_VIEWS: Final[tuple[View, ...]] = (CasesView(),)
"""Written inside each append: what a caller did is what the caller then reads."""
