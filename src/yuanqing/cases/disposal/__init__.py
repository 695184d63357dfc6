"""处置审批: the decisions on a lead, and the guard on everything that lowers, merges, closes or delays."""

SERVES = ("speech.4.4", "speech.4.5")  # rows of the requirements
