"""The clocks of a case: what is timed, by which rules, and what is due when."""
