"""The column as readers see it: by kind, most read, and how much of what units send in is used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q
from django.utils import timezone

from yuanqing.education.column.models import Article, ArticleReader
from yuanqing.kernel.packs.published import current


def kinds() -> dict[str, Any]:
    """The parts of the column, by code, in the order of the pack."""
    found = sorted(current("education").table("article_kind"), key=lambda entry: entry.order or 0)
    return {entry.code: entry for entry in found}


def with_reads(articles: Any) -> Any:
    return articles.annotate(reads=Count("readers"))


def most_read(days: int, limit: int) -> list[Any]:
    """Published articles by the number of people who opened them first within so many days."""
    since = timezone.now() - timedelta(days=days)
    rows = Article.objects.published().annotate(recent=Count("readers", filter=Q(readers__first_at__gte=since)))
    return list(rows.filter(recent__gt=0).order_by("-recent", "-published_at")[:limit])


def count_reading(article: Article, account: Any) -> None:
    ArticleReader.objects.get_or_create(article=article, account_id=account.pk, defaults={"first_at": timezone.now()})


def adoption(account: Any, year: int) -> list[dict[str, Any]]:
    """For each unit within the scope: sent in in the year, published of these, and the share in basis points."""
    rows: Any = Article.objects.visible_to(account).overseen_by(account).filter(proposed_at__year=year).order_by()
    used = Count("pk", filter=Q(published_at__isnull=False))
    counted = rows.values("unit_id", "unit__name", "unit__code").annotate(sent=Count("pk"), used=used)
    share = counted.annotate(share=ExpressionWrapper(F("used") * 10_000 / F("sent"), output_field=IntegerField()))
    return list(share.order_by("-used", "-sent", "unit__path"))
