"""工作台: what one owes, what waits, and the year at a glance."""

SERVES = ("speech.0.3", "across.reminders")  # rows of the requirements
