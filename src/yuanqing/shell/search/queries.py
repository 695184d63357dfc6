"""Finding: every word must occur, and only what the reader may see is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Count, F, Func, Q, Value, When, Window
from django.db.models.functions import RowNumber

from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Text
from yuanqing.org.recusal.models import ids_of_concern
from yuanqing.org.scope.rules import Scope, as_scope
from yuanqing.org.unit.models import within
from yuanqing.shell.search.bigrams import query, runs
from yuanqing.shell.search.index import Subject, subjects
from yuanqing.shell.search.models import SearchEntry


class Matches(Func):
    """The words of an entry fulfil the question."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


@cache
def _discover() -> None:
    list(noun_modules("actions"))


def kinds() -> dict[str, Subject]:
    """Every kind of record that can be found, by model."""
    _discover()
    return subjects


@dataclass(frozen=True)
class Hit:
    """检索结果: one record, with the pieces of its title and excerpt: (text, whether it is a word asked for)."""

    title: list[tuple[str, bool]]
    excerpt: list[tuple[str, bool]]
    link: str


@dataclass(frozen=True)
class Found:
    """The records of one kind, of `total` in all."""

    kind: str
    label: Text
    total: int
    hits: list[Hit]


def open_to(account: Any) -> Q:
    """Entries that the account may see: its path prefixes for the capabilities that reach as far, as one condition in SQL."""
    condition = Q(capability="")
    alike: dict[Any, tuple[Scope, list[str]]] = {}
    for capability in sorted({subject.capability for subject in kinds().values()} - {""}):
        scope = as_scope(account.scopes(searching(capability)))
        if scope:
            alike.setdefault((scope.reaches, scope.denied), (scope, []))[1].append(capability)
    for scope, capabilities in alike.values():
        condition |= Q(capability__in=capabilities) & within(scope)
    denied = getattr(account, "denied", None)
    for subject in kinds().values():
        hidden = [ids for ids in (subject.hidden(account), kept_from(subject, denied)) if ids is not None]
        for ids in hidden:
            condition &= ~Q(model=subject.name, record_id__in=ids)
    return condition


def searching(capability: str) -> str:
    """To find a record takes the right to search; whoever may view has it."""
    return f"{capability.rpartition('.')[0]}.search"


def kept_from(subject: Subject, denied: Any) -> Any:
    """The ids that a recusal hides from this reader; None when nothing does."""
    return ids_of_concern(subject.model, denied) if denied else None


def entries(words: str, account: Any) -> Any:
    """The matching entries, those with the words in the title first; none for a question without words."""
    question = query(words)
    in_title = Q(title__icontains=words.strip())
    rows = SearchEntry.objects.annotate(rank=Case(When(in_title, then=Value(0)), default=Value(1)))
    if not question:
        return rows.none()
    matching = rows.filter(Matches(F("bigrams"), Value(question)))
    return matching.filter(open_to(account), model__in=list(kinds()))


def find(words: str, account: Any, *, each: int = 5) -> list[Found]:
    """Grouped by kind, at most `each` of a kind; one query."""
    groups: dict[str, list[Line]] = {}
    for line in _lines(entries(words, account), each):
        groups.setdefault(line.model, []).append(line)
    order = [name for name in kinds() if name in groups]
    return [Found(n, kinds()[n].label, groups[n][0].total, hits(groups[n], words)) for n in order]


class Line(NamedTuple):
    """An entry as one of `total` of its kind."""

    model: str
    title: str
    excerpt: str
    link: str
    total: int
    number: int


def _lines(rows: Any, each: int) -> list[Line]:
    """The first of each kind. The condition on their number stands around the query: Django takes long over it inside."""
    number = Window(RowNumber(), partition_by="model", order_by=["rank", "title", "pk"])
    total = Window(Count("pk"), partition_by="model")
    numbered = rows.annotate(number=number, total=total).values_list(*Line._fields)
    try:
        text, values = numbered.query.sql_with_params()
    except EmptyResultSet:
        return []
    columns = ", ".join(Line._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({text}) found({columns}) WHERE number <= %s ORDER BY model, number",  # noqa: S608
            [*values, each],
        )
        return [Line(*row) for row in cursor.fetchall()]


def hits(rows: Iterable[SearchEntry | Line], words: str) -> list[Hit]:
    return [Hit(marked(r.title, words), marked(r.excerpt, words), r.link) for r in rows]


def marked(text: str, words: str) -> list[tuple[str, bool]]:
    """The text in pieces, the words asked for marked."""
    asked = sorted({re.escape(run) for run in runs(words)}, key=len, reverse=True)
    if not asked:
        return [(text, False)]
    pieces = re.split(f"({'|'.join(asked)})", text, flags=re.IGNORECASE)
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece]
