"""导入: declared sheets become a template to fill, and a filled workbook becomes checked rows or a list of errors."""

SERVES = ("across.excel",)  # rows of the requirements
