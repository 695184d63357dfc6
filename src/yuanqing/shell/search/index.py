"""What can be found, and keeping its words: with each act in the same transaction, or all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch

from yuanqing.kernel import acts
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.records import Record
from yuanqing.shell.search.bigrams import tokens
from yuanqing.shell.search.models import SearchEntry

AT_ONCE = 500  # records of one act that are indexed within it; larger batches are left to the worker
CHUNK = 2000

WRITE = """
INSERT INTO shell_searchentry (model, record_id, path, capability, title, excerpt, link, bigrams)
SELECT %(model)s, r.id, r.path, %(capability)s, r.title, r.excerpt, r.link,
       array_to_tsvector(string_to_array(r.words, ' '))
FROM unnest(%(ids)s::uuid[], %(paths)s::text[], %(titles)s::text[], %(excerpts)s::text[], %(links)s::text[],
            %(words)s::text[]) AS r(id, path, title, excerpt, link, words)
ON CONFLICT (model, record_id) DO UPDATE SET path = excluded.path, capability = excluded.capability,
  title = excluded.title, excerpt = excluded.excerpt, link = excluded.link, bigrams = excluded.bigrams
"""


@dataclass(frozen=True)
class Subject:
    """检索对象: a kind of record that can be found: its words, its name, where it opens and who may see it."""

    model: type[Record]
    label: Text
    text: Callable[[Any], str]
    title: Callable[[Any], str]
    link: Callable[[Any], str]
    path: Callable[[Any], str]
    capability: str
    excerpt: Callable[[Any], str]
    select: tuple[str, ...]
    hidden: Callable[[Any], Any]

    @property
    def name(self) -> str:
        return self.model._meta.label_lower


subjects: dict[str, Subject] = {}


def own_address(record: Any) -> str:
    """The record's page; "" where this installation has none."""
    try:
        return str(record.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return ""


def nothing(record: Any) -> str:
    return ""


def none_hidden(account: Any) -> None:
    return None


def searchable(
    model: type[Record],
    *,
    label: Text,
    text: Callable[[Any], str],
    title: Callable[[Any], str] = str,
    link: Callable[[Any], str] = own_address,
    path: Callable[[Any], str] = nothing,
    capability: str = "",
    excerpt: Callable[[Any], str] = nothing,
    select: Iterable[str] = (),
    hidden: Callable[[Any], Any] = none_hidden,
    steps: Iterable[str] = ("*",),
) -> None:
    """Let records of this model be found by those who hold the capability over the record's path.

    Without a capability the words are open to everybody signed in. A record whose text is "" is not indexed.
    `text` must hold nothing that the capability does not open; `select` names relations to read along.
    `hidden(account)` gives the ids of records that this reader must not find although her scope reaches them.
    `steps` names the acts that may change the words, where not every act does.
    """
    subject = Subject(model, label, text, title, link, path, capability, excerpt, tuple(select), hidden)
    if subject.name not in subjects:
        for step in steps:
            acts.after(model, step)(_touched)
    subjects[subject.name] = subject


def _touched(touched: acts.Touched) -> None:
    """Index what the act touched within its transaction; a large batch follows in the background, once it is committed."""
    name, batch = touched.model._meta.label_lower, touched.batch
    if batch.size <= AT_ONCE:
        index_batch(name, batch.first_seq, batch.last_seq)
        return
    from yuanqing.shell.search.tasks import index_later

    index_later.defer(model=name, first_seq=batch.first_seq, last_seq=batch.last_seq)


def index_batch(name: str, first_seq: int, last_seq: int) -> int:
    """Index the records of these ledger entries."""
    subject = subjects[name]
    entries = Entry.objects.filter(seq__gte=first_seq, seq__lte=last_seq, model=name)
    return write(subject, _rows(subject).filter(pk__in=entries.values("record_id")))


def rebuild(name: str) -> int:
    """Index every record of a kind anew; returns how many can be found."""
    subject = subjects[name]
    return write(subject, _rows(subject).order_by("pk"))


def forget_unknown() -> int:
    """Drop the words of kinds that can no longer be found."""
    return SearchEntry.objects.exclude(model__in=list(subjects)).delete()[0]


def _rows(subject: Subject) -> Any:
    rows = subject.model._default_manager.all()
    return rows.select_related(*subject.select) if subject.select else rows


def write(subject: Subject, rows: Any) -> int:
    written = 0
    for chunk in _chunks(rows):
        found = [(record, text) for record in chunk if (text := subject.text(record))]
        silent = {record.pk for record in chunk} - {record.pk for record, _text in found}
        if silent:
            SearchEntry.objects.filter(model=subject.name, record_id__in=silent).delete()
        if found:
            with connection.cursor() as cursor:
                cursor.execute(WRITE, _arrays(subject, found))
        written += len(found)
    return written


def _chunks(rows: Any) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for record in rows.iterator(chunk_size=CHUNK):
        chunk.append(record)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _arrays(subject: Subject, found: list[tuple[Any, str]]) -> dict[str, Any]:
    records = [record for record, _text in found]
    return {
        "model": subject.name,
        "capability": subject.capability,
        "ids": [record.pk for record in records],
        "paths": [subject.path(record) for record in records],
        "titles": [subject.title(record)[:300] for record in records],
        "excerpts": [subject.excerpt(record)[:300] for record in records],
        "links": [subject.link(record)[:300] for record in records],
        "words": [" ".join(tokens(f"{subject.title(record)} {text}")) for record, text in found],
    }
