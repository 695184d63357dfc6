"""The paper of a bulletin as HTML: drawn anew while it is written; what is published never changes and is drawn once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yuanqing.discipline.bulletin import queries, rules
from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.shell.markup import escaped
from yuanqing.shell.words import long_day


def paper_of(record: Bulletin) -> SafeString:
    """What the page prints, whoever reads it; the caller has seen that she may."""
    if record.state == "published":
        return _published(record.pk, record.content_hash, record.checkpoint, record.signed_at, get_language())
    return drawn(queries.content_of(record), record.checkpoint, record.signed_at)


@lru_cache(maxsize=48)  # two years in two languages
def _published(
    pk: UUID, content_hash: str, checkpoint: str, signed_at: datetime | None, _language: str | None
) -> SafeString:
    """Kept by the digest that was signed, in the language of the words around it."""
    return drawn(queries.signed_content(pk, content_hash), checkpoint, signed_at)


def drawn(content: Mapping[str, Any], checkpoint: str, signed_at: datetime | None) -> SafeString:
    """The same pieces as the files, numbered as they number them."""
    date = long_day(signed_at) if signed_at else _("（签发后填日期）")
    parts = [
        f'<p class="paper-organ">{escaped(content["organ"])}</p>',
        f'<p class="paper-number">{escaped(content["number"])}</p>',
        f'<h2 class="paper-title">{escaped(content["title"])}</h2>',
        f'<p class="paper-to">{escaped(content["addressees"])}：</p>',
        *_pieces([*content["sections"], *(content["witness"] if checkpoint else ())]),
        f'<pre class="checkpoint">{escaped(checkpoint)}</pre>' if checkpoint else "",
        f'<p class="paper-sign">{escaped(content["signature"])}</p>',
        f'<p class="paper-sign-date">{escaped(date)}</p>',
    ]
    for one in content["attachments"]:
        parts += [f"<h3>{_('附件')}：{escaped(one['title'])}</h3>", *_pieces(one["pieces"])]
    return mark_safe("\n".join(parts))  # noqa: S308 each is escaped


def _pieces(pieces: Iterable[rules.Piece]) -> Iterable[str]:
    return map(_piece, rules.numbered(list(pieces)))


def _piece(piece: rules.Piece) -> str:
    if piece["kind"] == "table":
        return _table(piece)
    name = "h3" if piece["kind"] == "heading" else "p"
    return f"<{name}>{escaped(piece['text'])}</{name}>"


def _table(piece: rules.Piece) -> str:
    caption, note = escaped(piece.get("caption", "")), escaped(piece.get("note", ""))
    style = "table table-official" if piece.get("wide") else "table"
    rows = "".join(
        f"<tr>{''.join(_cell(text, align, n) for n, (text, align) in enumerate(line))}</tr>" for line in piece["lines"]
    )
    above = f"<figcaption>{caption}</figcaption>" if caption else ""
    below = f'<p class="source">{_("注")}：{note}</p>' if note else ""
    return (
        f'<figure class="paper-table">{above}'
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{caption or note}"><table class="{style}">'
        f"<thead>{_heads(piece)}</thead><tbody>{rows}</tbody></table></div>{below}</figure>"
    )


def _cell(text: str, align: str, place: int) -> str:
    if place == 0:
        return f'<th scope="row">{escaped(text)}</th>'
    return f"<td{_aligned(align)}>{escaped(text)}</td>"


def _heads(piece: rules.Piece) -> str:
    if not piece.get("head"):
        heads = (f'<th scope="col"{_aligned(align)}>{escaped(label)}</th>' for label, align in piece["heads"])
        return f"<tr>{''.join(heads)}</tr>"
    lines = (
        "".join(f'<th scope="col" colspan="{columns}" rowspan="{rows}">{escaped(text)}</th>' for text, columns, rows in line)
        for line in piece["head"]
    )  # fmt: skip
    return "".join(f"<tr>{line}</tr>" for line in lines)


def _aligned(align: str) -> str:
    return f' class="{align}"' if align else ""


urlpatterns: list[Any] = []
