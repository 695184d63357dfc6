"""The same figures as `colleague`, by the product: its definitions on DuckDB over the frozen snapshot, and up the tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.colleague import FIGURES, STOCKS
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month

if TYPE_CHECKING:
    import pandas as pd

Found = dict[tuple[str, str], Any]


def everything(folder: Path, month: Month) -> Found:
    """(figure, span) → Arrow table of each unit with its subtree."""
    from pyarrow import parquet

    tree = parquet.read_table(folder / "org_unit.parquet", columns=["id", "path"]).rename_columns(["unit_id", "path"])
    flows = [name for name in FIGURES if name not in STOCKS]
    found: Found = {}
    for span, names in (("month", list(FIGURES)), ("year", flows)):
        rolled = figures.roll_up_all(figures.evaluate(names, folder, [month], span=span), tree)
        found |= {(name, span): table for name, table in rolled.items()}
    return found


def agree(own: Found, other: dict[tuple[str, str], pd.DataFrame]) -> bool:
    """Every number of every unit the same both ways, figure by figure."""
    if own.keys() != other.keys():
        return False
    return all(_rows(table.to_pandas()) == _rows(other[key]) for key, table in own.items())


def _rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows with a number, in one order; a zero is as good as nothing."""
    columns = [name for name in sorted(table.columns) if name != "month"]
    return sorted(tuple(map(str, row)) for row in table.loc[table["value"] != 0, columns].itertuples(index=False))
