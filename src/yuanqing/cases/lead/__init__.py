"""问题线索: from the central pool to a named handler, through the four disposal methods, to an end that says why."""

SERVES = ("speech.4.2", "speech.4.4")  # rows of the requirements
