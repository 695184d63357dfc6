"""教育覆盖: who was reached, unit by unit and group by group, who is missing, and what changed afterwards."""

SERVES = ("speech.1.4", "speech.1.3")  # rows of the requirements
