"""What the mutations of a case take: a module for each concern, as in `domain.case`."""
