"""Finding records for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.shell.search import queries

router = Router()


class EntryOut(Schema):
    model: str
    record_id: str
    title: str
    excerpt: str
    link: str

    @staticmethod
    def resolve_record_id(row: Any) -> str:
        return str(row.record_id)


@router.get("/", response={200: list[EntryOut]})
@paginate
def find(request: HttpRequest, q: str, kind: str = "") -> Any:
    """Records in which every word occurs, among those that the account may see."""
    rows = queries.entries(q, request.user).order_by("rank", "model", "title", "pk")
    return rows.filter(model=kind) if kind else rows
