"""月报表格: the monthly return as a workbook, to fill in and to keep."""

SERVES = ("speech.2.8", "across.excel")  # rows of the requirements
