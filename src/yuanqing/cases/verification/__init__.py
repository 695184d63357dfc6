"""初步核实: a team of two or more, a report that every member signs, one of five proposals."""

SERVES = ("speech.4.4",)  # rows of the requirements
