"""警示教育: the education plan of a unit for a year; what is done under it are activities."""

SERVES = ("speech.1.1",)  # rows of the requirements
