"""材料包: the file in which matters go from one body to another: how it is made, checked and read, whoever sent it."""

SERVES = ("speech.4.1",)  # rows of the requirements
