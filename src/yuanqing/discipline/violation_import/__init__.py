"""台账导入: a register taken over from a workbook, all or nothing."""

SERVES = ("speech.2.8", "across.excel")  # rows of the requirements
