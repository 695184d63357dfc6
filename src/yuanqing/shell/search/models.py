"""Search entries: the words of a record, where it stands and which capability opens it."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """检索条目: bigrams of one record's searchable text; written in the same transaction as the record."""

    model = models.CharField(max_length=100)
    record_id = models.UUIDField()
    path = models.CharField(max_length=400, db_collation="C")  # "" is open to everybody signed in
    capability = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    excerpt = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=300)
    bigrams = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "record_id"], name="record_is_indexed_once")]
        indexes = [
            GinIndex(fields=["bigrams"], name="search_by_bigram"),
            models.Index(fields=["path"], name="search_by_path"),
        ]

    def __str__(self) -> str:
        return self.title
