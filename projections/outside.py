"""What of a case is for whoever sees it as their own only: its reporter, from outside.

Deny by default: an event that is not in the table is not in their timeline, and of one that is
they see the parts that are named. What it changed in the case is cut to what they see of a case.
"""

from collections.abc import Collection
from typing import Final

from projections.case_details import NONE
from projections.case_state import CaseState, replace
