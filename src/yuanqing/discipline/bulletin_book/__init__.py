"""通报附表: the workbook of the monthly bulletin."""
