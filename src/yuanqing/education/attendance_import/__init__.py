"""签到名单导入: a workbook of who was there and who was away, for one session or several."""
