"""Which views there are, and when each is brought up to date."""

from typing import Final

from projections.case_view import CasesView
from projections.configuration import ConfigurationView
from projections.control_view import ControlView
from projections.directory_view import DirectoryView
from projections.due_timers import DueTimersView
from projections.metric_view import MetricsView
from projections.responsibility_view import ResponsibilityView
from projections.totals_view import TotalsView
from projections.view import ResumableView
from projections.watching import WatchingView

INLINE_VIEWS: Final[tuple[ResumableView, ...]] = (
    # These two write with nearly every event, in one statement each: so they come first, and go
    # along with the statement that writes the entries.
    CasesView(),
    ResponsibilityView(),
    ConfigurationView(),
    DirectoryView(),
    DueTimersView(),
    WatchingView(),
)
"""Written inside each append: what a caller did is what the caller then reads."""

FOLLOWING_VIEWS: Final[tuple[ResumableView, ...]] = (TotalsView(), ControlView(), MetricsView())
"""Brought up to date after the commit (app/views/followers.py)."""

VIEWS: Final = {view.name: view for view in (*INLINE_VIEWS, *FOLLOWING_VIEWS)}
"""By name, as `wardbook rebuild NAME` takes it."""
