"""限期事项: what an event of a petition, lead, case or sanction makes due beside their own clocks, until it is done."""

SERVES = ("speech.4.4", "speech.4.8")  # rows of the requirements
