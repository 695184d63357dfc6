"""台账导入: a register taken over from a workbook, all or nothing."""
