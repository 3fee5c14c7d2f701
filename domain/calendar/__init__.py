"""The work calendars 工作日历: when people work, and what is due when."""
