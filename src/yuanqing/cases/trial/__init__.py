"""案件审理: trial by others than those who investigated, decision, delivery, execution, extension, archive."""

SERVES = ("speech.4.6", "speech.4.7")  # rows of the requirements
