"""Writes the contract files of events and refusals anew: python -m tests.contracts [TOPIC...]."""

import sys

from tests.contracts import events, refusals

events.write(replace=sys.argv[1:])
refusals.write()
