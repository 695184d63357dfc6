"""Every number of a closed month that a bulletin prints, from frozen figures, returns and cards alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone, translation

from yuanqing.discipline.monthly_figures import rules
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.discipline.review.queries import frozen_totals, of_month
from yuanqing.discipline.review.rules import ITEMS, Weights
from yuanqing.discipline.statistics.rules import heads, shares_of
from yuanqing.discipline.violation.queries import MEASURES, Codes
from yuanqing.discipline.violation.rules import Row, statistics_table
from yuanqing.kernel import figures
from yuanqing.kernel.packs.published import pack_of, packs_in_force
from yuanqing.norms.obligation.queries import kinds

ZH = "zh-hans"  # the document is Chinese, whoever signs it reads
Totals = dict[tuple[str, str], list[tuple[dict[str, str], int]]]


@dataclass(frozen=True)
class Sources:
    """One closed month with everything that its bulletin reads, fetched once."""

    review: MonthlyReview
    codes: Codes
    weights: Weights
    bands: dict[str, str]
    totals: Totals


def sources(review: MonthlyReview) -> Sources:
    pack = pack_of(review.weights_id)
    bands = {entry.code: entry.title for entry in pack.of_kind("band")}
    codes = Codes(packs_in_force(review.period.month.last_day))
    return Sources(review, codes, Weights.of(pack.entries), bands, frozen_totals(review))


def contents(review: MonthlyReview) -> dict[str, Any]:
    """Every number that the bulletin prints, as plain JSON; never from records that may have changed since the close."""
    with translation.override(ZH):
        found = sources(review)
        return {
            "reporting": _reporting(found),
            **_statistics(found),
            "ten": _disciplines(found),
            "scores": _scores(found),
            "education": _education(found),
        }


def complete(review: MonthlyReview) -> dict[str, Any]:
    """The lists in full, for the workbook."""
    with translation.override(ZH):
        found = sources(review)
        return {**_behind(review), "cards": _cards(found)}


# Reporting


def code_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _behind(review: MonthlyReview) -> dict[str, list[dict[str, Any]]]:
    """Late, missing and returned units, in the order of the tree."""
    rows = MonthlyReturn.objects.filter(period=review.period_id).order_by("path")
    columns = ("path", "unit_name", "first_submitted_at", "due_at", "returned_count")
    found: dict[str, list[dict[str, Any]]] = {"late": [], "missing": [], "returned": []}
    on_time = rows.filter(first_submitted_at__lte=F("due_at"), returned_count=0)
    for path, name, first, due, returned in rows.exclude(pk__in=on_time.values("pk")).values_list(*columns):
        unit = {"code": code_of(path), "name": name, "path": path}
        if first is None:
            found["missing"].append(unit)
        elif first > due:
            found["late"].append({**unit, "days": (timezone.localdate(first) - timezone.localdate(due)).days})
        if returned:
            found["returned"].append({**unit, "times": returned})
    return found


def _reporting(found: Sources) -> dict[str, Any]:
    month = {name: sum(v for _d, v in found.totals.get((f"return.{name}", "month"), ())) for name in
             ("due", "on_time", "late", "missing", "nil")}  # fmt: skip
    behind = _behind(found.review)
    limit = found.weights.parameters["named_limit"]
    listed: dict[str, Any] = {}
    for name, rows in (*((f"{k}_units", v) for k, v in behind.items()), ("gaps", _gaps(found.review))):
        listed[name], listed[f"{name}_more"] = rules.cut(rows, limit)
    return {**month, "returned": len(behind["returned"]), **listed}


def _gaps(review: MonthlyReview) -> list[dict[str, Any]]:
    """Units that a higher return said it did not wait for, once each."""
    rows = MonthlyReturn.objects.filter(period=review.period_id).exclude(declared_gaps=[]).order_by("path")
    named: dict[str, dict[str, Any]] = {}
    for path, name, gaps in rows.values_list("path", "unit_name", "declared_gaps"):
        for gap in gaps:
            unit = {"code": gap["unit"], "name": gap.get("name") or gap["unit"], "path": f"{path}{gap['unit']}/"}
            named.setdefault(gap["unit"], {**unit, "by": name})
    return list(named.values())


# Statistics


def _counts(totals: Totals, codes: Codes, span: str) -> dict[tuple[str, str, str], int]:
    leaves = set(codes.layout.leaves)
    return {
        (measure, dims["type"], dims["level"]): value
        for measure in MEASURES
        for dims, value in totals.get((f"violation.{measure}", span), ())
        if dims["type"] in leaves
    }


def official_rows(totals: Totals, codes: Codes) -> list[Row]:
    return statistics_table(_counts(totals, codes, "month"), _counts(totals, codes, "year"), codes.layout)


def _statistics(found: Sources) -> dict[str, Any]:
    month, codes = found.review.period.month, found.codes
    rows = official_rows(found.totals, codes)
    earlier = {name: of_month(m) for name, m in (("last_month", month.previous()), ("last_year", month.year_ago()))}
    before = {name: official_rows(frozen_totals(one), codes) if one else None for name, one in earlier.items()}
    words = {"total": "总计", "levels": "级别", "subtotal": "小计"}
    head = [[[h.text, h.columns, h.rows] for h in line] for line in heads(codes.layout, codes.column_label, words)]
    return {
        "official": {
            "labels": [codes.column_label(column) for column in codes.layout.columns],
            "columns": list(codes.layout.columns),
            "head": head,
            "rows": [
                {"span": r.span, "measure": r.measure, "label": _measure(r.measure), "cells": list(r.cells.values())}
                for r in rows
            ],
        },
        "compared": [_compared(n, row, before) for n, row in enumerate(rows)],
        "shares": _shares(rows, codes),
        "flow": {name: _sum(found.totals, f"violation.{name}") for name in ("carried", "received", "concluded", "open")},
    }  # fmt: skip


def _measure(name: str) -> str:
    label, unit = MEASURES[name]
    return f"{str(label).removeprefix('其中：')}（{unit}）"


def _sum(totals: Totals, figure: str, span: str = "month") -> int:
    return sum(value for _dims, value in totals.get((figure, span), ()))


def _compared(n: int, row: Row, before: dict[str, list[Row] | None]) -> dict[str, Any]:
    """A measure beside last month's and last year's; the year so far is not compared with last month's."""
    label, unit = (str(word).removeprefix("其中：") for word in MEASURES[row.measure])
    bases = {name: rows[n].total if rows else None for name, rows in before.items()}
    if row.span == "year":
        bases["last_month"] = None
    shown = f"本年累计{label}" if row.span == "year" else label
    return {
        "span": row.span,
        "measure": row.measure,
        "name": label,
        "label": shown,
        "unit": unit,
        "now": row.total,
        **bases,
    }


def _shares(rows: Sequence[Row], codes: Codes) -> list[dict[str, Any]]:
    problems = {row.span: row for row in rows if row.measure == "problems"}
    shares = {span: shares_of(row, codes.layout) for span, row in problems.items()}
    columns = [*codes.layout.levels, *(c for top in codes.layout.tops for c in (top, *codes.layout.children(top)))]
    return [
        {
            "label": codes.column_label(column),
            **{span: row.cells[column] for span, row in problems.items()},
            **{f"{span}_share": known.get(column) for span, known in shares.items()},
        }
        for column in columns
    ]


# The ten disciplines

STATES = """
SELECT cell.key, cell.value, count(*) FROM discipline_monthlyreturn r, jsonb_each_text(r.cells) AS cell
WHERE r.period_id = %s AND r.first_submitted_at IS NOT NULL AND cell.key LIKE 'state.%%' GROUP BY 1, 2
"""


def _disciplines(found: Sources) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(STATES, [found.review.period_id])
        counted = {(key.partition(".")[2], value): number for key, value, number in cursor.fetchall()}
    breaches = {
        span: {dims["type"]: 0 for dims, _v in found.totals.get(("violation.problems", span), ())}
        for span in ("month", "year")
    }
    for span, known in breaches.items():
        for dims, value in found.totals.get(("violation.problems", span), ()):
            known[dims["type"]] += value
    clauses = found.codes.packs["ten_disciplines"].of_kind("clause")
    rows = [
        {
            "code": clause.code,
            "title": f"{clause.code} {clause.title}",
            **{state: counted.get((clause.code, state), 0) for state in rules.STATES},
            "breaches": breaches["month"].get(clause.code, 0),
            "year": breaches["year"].get(clause.code, 0),
        }
        for clause in clauses
    ]
    return {"month": sum(r["breaches"] for r in rows), "year": sum(r["year"] for r in rows), "rows": rows}


# Education

EDUCATION = (
    "activities_due", "activities_attended", "quizzes_sat", "quizzes_passed", "notices_delivered", "notices_signed",
    "examinations_submitted", "problems_remedied", "writings_submitted", "inductions_completed", "inductions_excepted",
    "articles_sent", "articles_published",
)  # fmt: skip


def _education(found: Sources) -> dict[str, Any]:
    """What was due to be learnt in the month and done in time, and the figures of education; empty when there is nothing."""
    owed = {name for name, one in kinds(found.review.period.month.last_day).items() if one.entry.fulfilled_by.startswith("education.")}  # fmt: skip
    due, on_time = (
        sum(value for dims, value in found.totals.get((f"obligation.{name}", "month"), ()) if dims["kind"] in owed)
        for name in ("owed", "met_on_time")
    )
    rows = [_told(found, f"education.{name}") for name in EDUCATION]
    is_nothing = not due and not any(row["month"] or row["year"] for row in rows)
    return {} if is_nothing else {"due": due, "on_time": on_time, "rows": rows}


def _told(found: Sources, name: str) -> dict[str, Any]:
    figure = figures.get(name)
    counted = {span: _sum(found.totals, name, span) for span in ("month", "year")}
    return {"figure": name, "label": str(figure.label), "unit": str(figure.unit), **counted}


# Scores


def _cards(found: Sources) -> list[dict[str, Any]]:
    """Every card of the month by peer group and place."""
    columns = ("path", "unit_name", "peer_group", "total", "rank", "rank_high", "evidence", "lines", "unit_id")
    rows = found.review.cards.order_by("peer_group", F("rank").asc(nulls_last=True), "-total", "path")
    return [
        {
            "code": code_of(path), "name": name, "path": path, "group": group or "未分组", "total": total, "rank": rank,
            "rank_high": high, "band": found.bands.get(found.weights.band(total), ""), "low": evidence["low"],
            "high": evidence["high"], "points": _points(lines), "unit_id": str(unit_id),
        }
        for path, name, group, total, rank, high, evidence, lines, unit_id in rows.values_list(*columns).iterator(5000)
    ]  # fmt: skip


def _points(lines: Sequence[dict[str, Any]]) -> list[int]:
    """The points of each item in the order of the card."""
    known = {line["item"]: line["points"] for line in lines}
    return [known.get(item, 0) for item in ITEMS]


SHOWN = ("code", "name", "path", "total", "rank", "rank_high", "band", "low", "high")


def _scores(found: Sources) -> dict[str, Any]:
    p, cards = found.weights.parameters, _cards(found)
    groups: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        groups.setdefault(card["group"], []).append(card)
    low = sorted((card for card in cards if card["total"] < p["attention_below"]), key=lambda card: card["path"])
    again = _again(found.review, p, [card["unit_id"] for card in low])
    listed: dict[str, Any] = {}
    for name, rows in (("attention", low), ("repeated", [card for card in low if card["unit_id"] in again])):
        kept, more = rules.cut(rows, p["named_limit"])
        listed |= {name: [_shown(card) for card in kept], f"{name}_more": more}
    return {
        "minimum": p["peer_group_minimum"], "window": p["rank_window"], "threshold": p["attention_below"],
        "months": p["attention_months"], **listed,
        "groups": [_group(label, rows, p["ranked_limit"]) for label, rows in sorted(groups.items())],
    }  # fmt: skip


def _shown(card: Any) -> dict[str, Any]:
    return {name: card[name] for name in SHOWN}


def _group(label: str, rows: Sequence[dict[str, Any]], limit: int) -> dict[str, Any]:
    kept, more = rules.cut(rows, limit)
    return {"label": label, "count": len(rows), "rows": [_shown(card) for card in kept], "more": more}


def _again(review: MonthlyReview, parameters: Any, units: Sequence[Any]) -> set[str]:
    """Units below the attention line in each of the last months (as many as the weights say), this one included."""
    months = [review.period.month.plus(-n) for n in range(1, parameters["attention_months"])]
    cards = ScoreCard.objects.filter(
        unit__in=units, total__lt=parameters["attention_below"], review__period__form=review.period.form,
        review__period__month_on__in=[month.first_day for month in months],
    )  # fmt: skip
    seen: dict[str, int] = {}
    for unit in cards.values_list("unit_id", flat=True):
        seen[str(unit)] = seen.get(str(unit), 0) + 1
    return {unit for unit, count in seen.items() if count == len(months)}
