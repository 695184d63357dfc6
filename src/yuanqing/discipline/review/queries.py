"""Everything a close computes, from the frozen snapshot alone: figures, evidence for the cards, the tree as then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import FORM, form_of
from yuanqing.discipline.review import rules
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.models import Involved, Measure, Violation
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.evaluation import engine
from yuanqing.kernel.figures.registry import Span
from yuanqing.kernel.figures.snapshot import write_table
from yuanqing.kernel.packs.form import Form
from yuanqing.kernel.packs.published import pack_of
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.models import Period

if TYPE_CHECKING:
    import pyarrow as pa

CARD_COLUMNS = (
    "unit_id", "path", "unit_name", "peer_group", "evidence", "lines", "total", "rank", "rank_low", "rank_high",
)  # fmt: skip
RETURN_KIND = "speech.monthly_report"  # scored as timeliness, so not once more among the obligations
RESULTS = ("figures", "cards")
CARD_TABLES = ("discipline_monthlyreturn", "norms_period", "norms_obligation", "org_unit", "org_placement")


def home() -> Path:
    return Path(settings.HOME) / "snapshots"


def folder_of(month: Month) -> Path:
    return home() / str(month)


def first_month_of(period: Period, window: int = 12) -> date:
    """The snapshot reaches back to January, for the year so far, and over the months that ranks are taken from."""
    return min(date(period.month_on.year, 1, 1), period.month.plus(1 - window).first_day)


def chosen_rows(period: Period) -> dict[str, QuerySet[Any]]:
    """The rows of each table that a close may look at: the year so far, and whatever is still open."""
    since, until = first_month_of(period), period.month.last_day
    violations = Violation.objects.filter(received_on__lte=until).filter(
        Q(concluded_on__isnull=True) | Q(concluded_on__gte=since) | Q(received_on__gte=since)
    )
    periods = Period.objects.filter(form=period.form, month_on__range=(since, period.month_on))
    return {
        "discipline_violation": violations,
        "discipline_involved": Involved.objects.filter(violation__in=violations),
        "discipline_measure": Measure.objects.filter(involved__violation__in=violations),
        "discipline_monthlyreturn": MonthlyReturn.objects.filter(period__in=periods),
        "norms_period": periods,
        "norms_obligation": Obligation.objects.filter(
            Q(period__in=periods) | Q(period__isnull=True, due_at__date__range=(since, until))
        ),
    }


def figure_names() -> list[str]:
    return sorted(figures.registered())


def freeze(period: Period) -> figures.Snapshot:
    """Write the period's tables to Parquet; outside a transaction, on one snapshot of the database."""
    tables = {table for name in figure_names() for table in figures.tables_of(name)} | set(CARD_TABLES)
    return figures.export_tables(tables, folder_of(period.month) / "tables", where=chosen_rows(period))


def compute_figures(folder: Path, month: Month) -> pa.Table:
    """Every figure of every unit for the month and the year so far: figure, span, unit_id, dims (JSON), value."""
    import pyarrow as pa

    names = figure_names()
    accumulating = [name for name in names if figures.get(name).accumulates]
    parts = []
    spans: tuple[tuple[Span, list[str]], ...] = (("month", names), ("year", accumulating))
    for span, wanted in spans:
        for name, table in figures.evaluate(wanted, folder / "tables", [month], span=span).items():
            parts.append(_long(name, span, table))
    return pa.concat_tables(parts).combine_chunks()


def _long(name: str, span: str, table: pa.Table) -> pa.Table:
    import pyarrow as pa

    dims = [column for column in table.column_names if column not in ("month", "unit_id", "value")]
    rows = list(zip(*(table[d].to_pylist() for d in dims), strict=True))
    texts = {row: json.dumps(dict(zip(dims, row, strict=True)), ensure_ascii=False) for row in set(rows)}
    packed = [texts[row] for row in rows]  # a unit's dimensions are those of many others
    size = table.num_rows
    return pa.table(
        {
            "figure": pa.array([name] * size, pa.string()),
            "span": pa.array([span] * size, pa.string()),
            "unit_id": table["unit_id"].cast(pa.string()),
            "dims": pa.array(packed if dims else ["{}"] * size, pa.string()),
            "value": table["value"].cast(pa.int64()),
        }
    )


EVIDENCE = """
WITH this AS (
    SELECT r.*, p.grace_until, p.locks_at FROM discipline_monthlyreturn r
    JOIN norms_period p ON p.id = r.period_id WHERE p.month_on = $month
),
said AS (
    SELECT t.unit_id, cell.key AS code, cell.value AS value,
           t.state = 'accepted' AND json_contains(json_keys(t.reasons)::JSON, to_json(cell.key)) AS is_explained
    FROM this t, LATERAL (SELECT unnest(map_entries(CAST(CAST(t.cells AS JSON) AS MAP(VARCHAR, VARCHAR)))) AS cell)
),
reported AS (SELECT *, TRY_CAST(value AS BIGINT) AS number FROM said WHERE code IN (SELECT code FROM spots)),
recorded AS (
    SELECT f.unit_id, s.code, sum(f.value) AS number FROM figures_long f
    JOIN spots s ON s.figure = f.figure AND f.span = 'month' {match}
    GROUP BY ALL
),
compared AS (
    SELECT coalesce(a.unit_id, b.unit_id) AS unit_id, count(*) AS comparable,
           count(*) FILTER (coalesce(a.number, 0) <> coalesce(b.number, 0) AND NOT coalesce(a.is_explained, false)) AS disagreeing,
           sum(CASE WHEN coalesce(a.is_explained, false) THEN 0 ELSE abs(coalesce(a.number, 0) - coalesce(b.number, 0)) END) AS gap
    FROM (SELECT * FROM reported WHERE number <> 0) a
    FULL JOIN (SELECT * FROM recorded WHERE number <> 0) b ON a.unit_id = b.unit_id AND a.code = b.code
    GROUP BY ALL
),
filled AS (
    SELECT unit_id, count(*) AS filled FROM said
    WHERE coalesce(value, '') <> '' AND code IN (SELECT code FROM required) GROUP BY ALL
),
duties AS (
    SELECT unit_id, count(*) AS due, count(*) FILTER (fulfilled_at <= due_at) AS met FROM norms_obligation
    WHERE kind <> $kind AND excused_at IS NULL AND CAST(due_at AS DATE) BETWEEN $starts AND $ends GROUP BY ALL
)
SELECT CAST(t.unit_id AS VARCHAR) AS unit_id, t.path, t.unit_name, t.peer_group,
    t.first_submitted_at IS NULL AS is_missing,
    CASE WHEN t.first_submitted_at > t.due_at
         THEN date_diff('day', CAST(t.due_at AS DATE), CAST(t.first_submitted_at AS DATE)) ELSE 0 END AS days_late,
    CASE WHEN t.first_submitted_at > greatest(t.grace_until, t.due_at)
         THEN date_diff('day', CAST(greatest(t.grace_until, t.due_at) AS DATE), CAST(t.first_submitted_at AS DATE))
         ELSE 0 END AS days_after_grace,
    (SELECT count(*) FROM required) AS expected, coalesce(filled.filled, 0) AS filled, t.returned_count AS returned,
    coalesce(compared.comparable, 0) AS comparable, coalesce(compared.disagreeing, 0) AS disagreeing,
    CAST(coalesce(compared.gap, 0) AS BIGINT) AS gap, coalesce(duties.due, 0) AS due, coalesce(duties.met, 0) AS met
FROM this t LEFT JOIN filled ON filled.unit_id = t.unit_id LEFT JOIN compared ON compared.unit_id = t.unit_id
LEFT JOIN duties ON duties.unit_id = t.unit_id
ORDER BY t.path
"""
RECORD_OF_MONTHS = """
SELECT unit_id, sum(met) AS met, sum(due) AS due FROM (
    SELECT CAST(r.unit_id AS VARCHAR) AS unit_id, CAST(coalesce(r.first_submitted_at <= r.due_at, false) AS INTEGER) AS met, 1 AS due
    FROM discipline_monthlyreturn r JOIN norms_period p ON p.id = r.period_id WHERE p.month_on BETWEEN $since AND $month
    UNION ALL
    SELECT CAST(unit_id AS VARCHAR), CAST(coalesce(fulfilled_at <= due_at, false) AS INTEGER), 1 FROM norms_obligation
    WHERE kind <> $kind AND excused_at IS NULL AND CAST(due_at AS DATE) BETWEEN $since AND $ends
) GROUP BY ALL
"""


def compute_cards(folder: Path, period: Period, form: Form, computed: pa.Table, weights: rules.Weights) -> pa.Table:
    """A row per unit that owed a return: evidence, points of each item, total and rank, in the order of the tree."""
    month = period.month
    with engine() as database:
        for name in ("discipline_monthlyreturn", "norms_period", "norms_obligation"):
            database.read_parquet(str(folder / "tables" / f"{name}.parquet")).create_view(name)
        database.register("figures_long", computed)
        database.register("spots", _spots_table(form))
        database.register("required", _required_table(form))
        values = {"month": month.first_day, "kind": RETURN_KIND, "starts": month.first_day, "ends": month.last_day}
        evidence = database.execute(EVIDENCE.format(match=_match(form)), values).to_arrow_table()
        since = month.plus(1 - weights.parameters["rank_window"]).first_day
        record = database.execute(
            RECORD_OF_MONTHS, {"since": since, "month": month.first_day, "ends": month.last_day, "kind": RETURN_KIND}
        ).to_arrow_table()
    return _scored(evidence, record, weights)


def _dims(form: Form) -> list[str]:
    return sorted({dim for cell in form.cells if cell.figure for dim in cell.where})


def _match(form: Form) -> str:
    """A spot takes the figure's values that agree in every dimension it names."""
    return " ".join(f"AND (s.{d} IS NULL OR s.{d} = json_extract_string(f.dims, '$.{d}'))" for d in _dims(form))


def _spots_table(form: Form) -> pa.Table:
    """The cells that a figure fills, and the value of each dimension there."""
    import pyarrow as pa

    found = [cell for cell in form.cells if cell.figure]
    columns: dict[str, list[str | None]] = {"code": [c.code for c in found], "figure": [c.figure for c in found]}
    columns |= {dim: [c.where.get(dim) for c in found] for dim in _dims(form)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _required_table(form: Form) -> pa.Table:
    import pyarrow as pa

    return pa.table({"code": pa.array([cell.code for cell in form.cells if cell.item.required], pa.string())})


def _scored(evidence: pa.Table, record: pa.Table, weights: rules.Weights) -> pa.Table:
    import pyarrow as pa

    columns = {name: evidence[name].to_numpy() for name in rules.FIELDS}
    points = rules.cards(columns, weights)
    known = dict(
        zip(
            record["unit_id"].to_pylist(),
            zip(record["met"].to_pylist(), record["due"].to_pylist(), strict=True),
            strict=True,
        )
    )
    met, due = (
        zip(*(known.get(unit, (0, 0)) for unit in evidence["unit_id"].to_pylist()), strict=True)
        if evidence.num_rows
        else ((), ())
    )
    p = weights.parameters
    ranks = rules.ranked(
        evidence["peer_group"].to_pylist(), [int(m) for m in met], [int(d) for d in due],
        confidence=p["rank_confidence"], minimum=p["peer_group_minimum"],
    )  # fmt: skip
    for name, values in points.items():
        evidence = evidence.append_column(f"points_{name}", pa.array(values, pa.int64()))
    for name in ("estimate", "low", "high", "rank", "rank_high"):
        evidence = evidence.append_column(name, pa.array([getattr(r, name) for r in ranks], pa.int64()))
    return evidence.replace_schema_metadata(None).combine_chunks()


@dataclass(frozen=True)
class Results:
    """结账结果: the computed tables, and one hash over their files."""

    figures: pa.Table
    cards: pa.Table
    result_hash: str


def compute(period: Period, weights: rules.Weights, *, into: Path | None = None) -> Results:
    """Compute everything from the snapshot; with `into` the tables are also written there. Twice gives the same bytes."""
    folder = folder_of(period.month)
    computed = compute_figures(folder, period.month)
    cards = compute_cards(folder, period, form_of(period), computed, weights)
    target = into or folder / "results"
    hashes = [write_table(t, target / f"{name}.parquet") for name, t in zip(RESULTS, (computed, cards), strict=True)]
    return Results(computed, cards, _hash_of(hashes))


def _hash_of(hashes: Iterable[str]) -> str:
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def frozen(
    review: MonthlyReview,
    figure: str,
    *,
    units: Iterable[str] | None = None,
    by: Sequence[str] = (),
    span: str = "month",
) -> list[dict[str, Any]]:
    """A figure of a closed month as it was frozen, summed over the units (all by default), by dimensions."""
    keys = ", ".join(f"json_extract_string(dims, '$.{dim}') AS \"{dim}\"" for dim in by)
    path = _results(review)
    with engine() as database:
        chosen = "" if units is None else "AND unit_id IN (SELECT unnest($units))"
        values = {"figure": figure, "span": span} | ({} if units is None else {"units": list(units)})
        statement = f"SELECT {keys + ', ' if keys else ''}CAST(sum(value) AS BIGINT) AS value FROM read_parquet('{path}') WHERE figure = $figure AND span = $span {chosen} GROUP BY ALL ORDER BY ALL"  # noqa: S608
        return list(database.execute(statement, values).to_arrow_table().to_pylist())


def frozen_totals(review: MonthlyReview) -> dict[tuple[str, str], list[tuple[dict[str, str], int]]]:
    """(figure, span) → (dimensions, value) over all units, of everything that was frozen; one reading of the file."""
    sql = "SELECT figure, span, dims, CAST(sum(value) AS BIGINT) FROM read_parquet($path) GROUP BY ALL ORDER BY ALL"
    found: dict[tuple[str, str], list[tuple[dict[str, str], int]]] = {}
    with engine() as database:
        for figure, span, dims, value in database.execute(sql, {"path": _results(review)}).fetchall():
            found.setdefault((figure, span), []).append((json.loads(dims), value))
    return found


def frozen_by_unit(review: MonthlyReview, names: Iterable[str], span: str = "month") -> dict[tuple[str, str], int]:
    """(figure, unit id) → value as frozen, all dimensions together; what is zero is left out."""
    statement = (
        "SELECT figure, unit_id, CAST(sum(value) AS BIGINT) FROM read_parquet($path)"
        " WHERE span = $span AND figure IN (SELECT unnest($names)) GROUP BY ALL"
    )
    with engine() as database:
        rows = database.execute(statement, {"path": _results(review), "span": span, "names": list(names)}).fetchall()
    return {(figure, unit): value for figure, unit, value in rows if value}


def frozen_of_unit(review: MonthlyReview, unit_id: Any) -> dict[str, list[tuple[dict[str, str], int]]]:
    """Figure → (dimensions, value) of one unit in the month, as frozen."""
    return _frozen_of_unit(_results(review), str(unit_id), review.snapshot_hash)


@lru_cache(maxsize=1024)
def _frozen_of_unit(path: str, unit_id: str, _hash: str) -> dict[str, list[tuple[dict[str, str], int]]]:
    """Read once in a process: what is frozen does not change, and whether it did is for `month verify` to say."""
    sql = "SELECT figure, dims, value FROM read_parquet($path) WHERE span = 'month' AND unit_id = $unit ORDER BY ALL"
    found: dict[str, list[tuple[dict[str, str], int]]] = {}
    with engine() as database:
        rows = database.execute(sql, {"path": path, "unit": unit_id}).fetchall()
    for figure, dims, value in rows:
        found.setdefault(figure, []).append((json.loads(dims), value))
    return found


def recorded_cells(form: Form, frozen_values: Mapping[str, list[tuple[dict[str, str], int]]]) -> dict[str, int]:
    """Cell code → number as the records said at the close."""
    return {
        cell.code: sum(v for dims, v in frozen_values.get(cell.figure, ()) if cell.where.items() <= dims.items())
        for cell in form.cells
        if cell.figure
    }


def _results(review: MonthlyReview) -> str:
    return str(home() / review.snapshot / "results" / "figures.parquet")


def of_month(month: Month) -> MonthlyReview | None:
    """The closed month, if it is closed."""
    rows = MonthlyReview.objects.select_related("period")
    found: MonthlyReview | None = rows.filter(period__form=FORM, period__month_on=month.first_day).first()
    return found


def latest(rows: Any) -> MonthlyReview | None:
    found: MonthlyReview | None = rows.select_related("period").order_by("-period__month_on").first()
    return found


def differences(review: MonthlyReview) -> list[str]:
    """Recompute a closed month from its snapshot; a sentence for everything that is no longer as it was closed."""
    try:
        snapshot_hash = figures.verify_snapshot(home() / review.snapshot / "tables")
    except (figures.FigureError, OSError) as error:
        return [_("快照不完整：%(error)s") % {"error": error}]
    found = [] if snapshot_hash == review.snapshot_hash else [_("快照与结账时登记的哈希不符。")]
    with TemporaryDirectory() as place:
        results = compute(review.period, rules.Weights.of(pack_of(review.weights_id).entries), into=Path(place))
    if results.result_hash != review.result_hash:
        found.append(_("由快照重算的结果与结账时登记的哈希不符。"))
    return [*found, *_changed_results(review), *_changed_cards(review, results.cards)]


def _changed_results(review: MonthlyReview) -> Iterator[str]:
    """The files that pages and bulletins read must be those that the hash was taken of."""
    paths = [home() / review.snapshot / "results" / f"{name}.parquet" for name in RESULTS]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        yield _("结果文件 %(names)s 不见了。") % {"names": "、".join(missing)}
    elif _hash_of(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths) != review.result_hash:
        yield _("结果文件与结账时登记的哈希不符。")


def _changed_cards(review: MonthlyReview, cards: pa.Table) -> Iterator[str]:
    columns = CARD_COLUMNS[1:]
    known = {str(row[0]): dict(zip(columns, row[1:], strict=True)) for row in review.cards.values_list(*CARD_COLUMNS)}
    for card in card_rows(cards):
        if known.pop(card.pop("unit_id"), None) != card:
            yield _("%(unit)s的考评卡与重算结果不符。") % {"unit": card["unit_name"]}
    yield from (_("多出一张考评卡：%(unit)s。") % {"unit": card["unit_name"]} for card in known.values())


def card_rows(cards: pa.Table) -> Iterator[dict[str, Any]]:
    """Cards as they are kept, in the order of CARD_COLUMNS; each line keeps its points and the facts behind them."""
    for batch in cards.to_batches(max_chunksize=5000):
        for card in batch.to_pylist():
            evidence = {name: card[name] for name in (*rules.FIELDS, "estimate", "low", "high")}
            lines = [
                {"item": item, "points": card[f"points_{item}"], "facts": {f: card[f] for f in rules.FACTS[item]}}
                for item in rules.ITEMS
            ]
            kept = (
                *(card[name] for name in CARD_COLUMNS[:4]), evidence, lines, card["points_total"], card["rank"],
                card["rank"], card["rank_high"],
            )  # fmt: skip
            yield dict(zip(CARD_COLUMNS, kept, strict=True))
