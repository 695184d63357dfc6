"""Writing for the column, sending in, publishing and taking down."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.column import queries
from yuanqing.education.column.models import Article
from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.norms.obligation.actions import fulfils
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.index import searchable


def _known(kind: str) -> str:
    if kind not in queries.kinds():
        raise ValidationError({"kind": _("没有这个栏目。")})
    return kind


@act(Article, creates=True)
def draft(*, by: Any, unit: Unit, kind: str, title: str, body: str, summary: str = "") -> Article:
    return Article(unit=unit, kind=_known(kind), title=title, body=body, summary=summary, written_by_id=by.pk)


@act(Article)
def edit(article: Article, *, by: Any, kind: str, title: str, body: str, summary: str = "") -> None:
    article.kind, article.title, article.body, article.summary = _known(kind), title, body, summary


@act(Article)
def propose(article: Article, *, by: Any) -> None:
    """Send it in; the first time counts."""
    article.proposed_at = article.proposed_at or timezone.now()


@act(Article)
def publish(article: Article, *, by: Any) -> None:
    article.published_at, article.published_by_id, article.review_note = timezone.now(), by.pk, ""


@act(Article)
def send_back(article: Article, *, by: Any, note: str) -> None:
    if not note.strip():
        raise ValidationError({"note": _("请写明哪里要改。")})
    article.review_note = note.strip()
    acts.note(note=note.strip())


@act(Article)
def withdraw(article: Article, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤下的理由。")})
    article.withdrawn_at, article.review_note = timezone.now(), reason.strip()
    acts.note(reason=reason.strip())


searchable(
    Article,
    label=gettext_lazy("廉政栏目"),
    text=lambda one: f"{one.title} {one.summary} {one.body}" if one.state == "published" else "",
    excerpt=lambda one: one.summary,
)

fulfils("speech.column_contribution", Article, "propose", period=None, at="proposed_at", begin="column:draft")
