"""试题导入: a workbook of questions for the bank."""
