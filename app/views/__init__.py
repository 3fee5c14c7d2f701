"""The views at work: those that follow the journal are kept up to date, and any is rebuilt."""
