"""Which views there are, and when each is brought up to date."""

from typing import Final

from projections.case_view import CasesView
from projections.totals_view import TotalsView
from projections.view import FollowingView, View

INLINE_VIEWS: Final[tuple[View, ...]] = (CasesView(),)
"""Written inside each append: what a caller did is what the caller then reads."""

FOLLOWING_VIEWS: Final[tuple[FollowingView, ...]] = (TotalsView(),)
"""Brought up to date after the commit (app/followers.py)."""
