"""月报表格: the monthly return as a workbook, to fill in and to keep."""
