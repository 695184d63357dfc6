"""统计公布: the line of numbers that discipline bodies publish each quarter, half-year and year."""

SERVES = ("speech.4.8",)  # rows of the requirements
