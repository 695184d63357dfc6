"""通报附表: the workbook of the monthly bulletin."""

SERVES = ("speech.2.8", "across.excel")  # rows of the requirements
