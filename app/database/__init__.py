"""The database: where it runs, how it is set up, and whom it may be trusted to."""
