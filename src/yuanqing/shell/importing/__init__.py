"""导入: declared sheets become a template to fill, and a filled workbook becomes checked rows or a list of errors."""
