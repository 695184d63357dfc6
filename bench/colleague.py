"""What a clerk's colleague would write: the figures of a month with pandas, from CSV files, and up the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from yuanqing.kernel.almanac import Month

EXPORT = {
    "units": "SELECT id, path FROM org_unit",
    "violations": "SELECT id, unit_id, type, level, state, received_on, concluded_on FROM discipline_violation",
    "people": "SELECT violation_id, level, form, is_sanctioned FROM discipline_involved",
    "returns": "SELECT r.unit_id, p.month_on, r.due_at, r.first_submitted_at, r.is_nil, r.returned_count,"
    " r.override_count, r.gap_total FROM discipline_monthlyreturn r JOIN norms_period p ON p.id = r.period_id",
}
BY_TYPE = ["type", "level"]
STOCKS = ("violation.carried", "violation.open")
FIGURES = (
    "violation.received", "violation.problems", "violation.people_handled", "violation.people_sanctioned",
    "violation.concluded", *STOCKS, "return.due", "return.submitted", "return.on_time", "return.late",
    "return.missing", "return.nil", "return.sent_back", "return.overrides", "return.gap",
)  # fmt: skip


@dataclass
class Tables:
    units: pd.DataFrame
    violations: pd.DataFrame
    people: pd.DataFrame
    returns: pd.DataFrame


def export(connection: Any, folder: Path) -> None:
    """The tables as anybody would export them."""
    for name, statement in EXPORT.items():
        copying = f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)"
        with (folder / f"{name}.csv").open("wb") as file, connection.cursor() as cursor, cursor.copy(copying) as copy:
            for data in copy:
                file.write(data)


def read(folder: Path) -> Tables:
    returns = pd.read_csv(folder / "returns.csv", parse_dates=["month_on"])
    for column in ("due_at", "first_submitted_at"):
        returns[column] = pd.to_datetime(returns[column], utc=True, format="ISO8601")
    return Tables(
        pd.read_csv(folder / "units.csv", dtype=str),
        pd.read_csv(folder / "violations.csv", parse_dates=["received_on", "concluded_on"], dtype={"type": str}),
        pd.read_csv(folder / "people.csv"),
        returns,
    )


def figures(tables: Tables, starts: date, ends: date, *, with_stocks: bool) -> dict[str, pd.DataFrame]:
    """Figure → unit_id, dimensions, value; for the days from `starts` to before `ends`."""
    first, end = pd.Timestamp(starts), pd.Timestamp(ends)
    standing = tables.violations[tables.violations.state != "superseded"]
    received = standing[(standing.received_on >= first) & (standing.received_on < end)]
    ended = standing[(standing.concluded_on >= first) & (standing.concluded_on < end)]
    problems = ended[ended.state == "concluded"]
    people = tables.people.merge(problems[["id", "unit_id", "type"]], left_on="violation_id", right_on="id")
    sanctioned = people.is_sanctioned == "t"
    found = {
        "violation.received": _counted(received, BY_TYPE),
        "violation.problems": _counted(problems, BY_TYPE),
        "violation.people_handled": _counted(people[people.form > 0], BY_TYPE),
        "violation.people_sanctioned": _counted(people[sanctioned], BY_TYPE),
        "violation.concluded": _counted(ended, ["state"]),
        **_of_returns(tables.returns[(tables.returns.month_on >= first) & (tables.returns.month_on < end)]),
    }
    if with_stocks:
        for name, edge in (("violation.carried", first), ("violation.open", end)):
            still = standing.concluded_on.isna() | (standing.concluded_on >= edge)
            found[name] = _counted(standing[(standing.received_on < edge) & still], [])
    return found


def _of_returns(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    in_time = rows.first_submitted_at <= rows.due_at
    reported = rows.first_submitted_at.notna()
    return {
        "return.due": _counted(rows, []),
        "return.submitted": _counted(rows[reported], []),
        "return.on_time": _counted(rows[in_time], []),
        "return.late": _counted(rows[reported & ~in_time], []),
        "return.missing": _counted(rows[~reported], []),
        "return.nil": _counted(rows[rows.is_nil == "t"], []),
        "return.sent_back": _summed(rows, "returned_count"),
        "return.overrides": _summed(rows, "override_count"),
        "return.gap": _summed(rows, "gap_total"),
    }


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(["unit_id", *by]).size().rename("value").reset_index()


def _summed(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.groupby("unit_id")[column].sum().rename("value").reset_index()


def above(units: pd.DataFrame) -> pd.DataFrame:
    """unit_id and above_id: each unit with itself and every unit above it."""
    steps = units.assign(code=units.path.str.rstrip("/").str.split("/")).explode("code")
    heads = units.assign(code=units.path.str.rstrip("/").str.rpartition("/")[2])
    joined = steps.merge(heads[["id", "code"]], on="code", suffixes=("", "_above"))
    return joined[["id", "id_above"]].rename(columns={"id": "unit_id", "id_above": "above_id"})


def rolled_up(figure: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    by = [name for name in figure.columns if name not in ("unit_id", "value")]
    joined = figure.merge(lines, on="unit_id")
    return joined.groupby(["above_id", *by])["value"].sum().reset_index().rename(columns={"above_id": "unit_id"})


def everything(folder: Path, month: Month) -> dict[tuple[str, str], pd.DataFrame]:
    """(figure, span) → each unit with its subtree; from the files to the last sum."""
    tables = read(folder)
    lines = above(tables.units)
    end = month.next().first_day
    of_month = figures(tables, month.first_day, end, with_stocks=True)
    of_year = figures(tables, Month(month.year, 1).first_day, end, with_stocks=False)
    return {
        (name, span): rolled_up(table, lines)
        for span, found in (("month", of_month), ("year", of_year))
        for name, table in found.items()
    }
