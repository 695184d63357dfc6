"""指标: a number is defined once, by the noun that owns it, and read everywhere.

A figure is a function that yields an unbound Ibis expression: one integer per month, unit and dimension. On a page
it is compiled to SQL and runs on Django's own connection, so the transaction and the access rules apply
(`values`, `totals`, `total`, `by_unit`, `rolled_up`, `sql_for`). At a close the same expression runs on DuckDB over
a frozen snapshot (`export_tables`, `evaluate`). A test holds both to the same integers.
"""

from yuanqing.kernel.figures.evaluation import evaluate, roll_up, roll_up_all
from yuanqing.kernel.figures.expressions import check, prepare, tables_of
from yuanqing.kernel.figures.reading import Value, by_unit, sql_for, total, totals, values
from yuanqing.kernel.figures.registry import Figure, FigureError, UnknownFigure, figure, get, registered
from yuanqing.kernel.figures.rollup import rolled_up
from yuanqing.kernel.figures.snapshot import Snapshot, export_tables, verify_snapshot
from yuanqing.kernel.figures.tables import Tables

__all__ = [
    "Figure",
    "FigureError",
    "Snapshot",
    "Tables",
    "UnknownFigure",
    "Value",
    "by_unit",
    "check",
    "evaluate",
    "export_tables",
    "figure",
    "get",
    "prepare",
    "registered",
    "roll_up",
    "roll_up_all",
    "rolled_up",
    "sql_for",
    "tables_of",
    "total",
    "totals",
    "values",
    "verify_snapshot",
]
