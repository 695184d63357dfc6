"""Packs and clauses for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.problems import PackError
from yuanqing.kernel.packs.schema import build
from yuanqing.norms.clause import queries
from yuanqing.norms.clause.forms import fit
from yuanqing.norms.clause.models import Clause

router = Router()


class ClauseProblem(Schema):
    detail: Any


class PackOut(Schema):
    id: UUID
    name: str
    title: str
    kind: str
    edition: str
    effective_from: date
    published_at: datetime
    fingerprint: str
    cite: str


class PackWithContent(PackOut):
    content: dict[str, Any]


class ClauseOut(Schema):
    id: UUID
    cite: str
    code: str
    parent_code: str
    title: str
    text: str
    source: str
    mark: str


@router.get("/packs/", response=list[PackOut])
@paginate
def list_packs(request: HttpRequest, name: str = "", in_force: bool = False) -> Any:
    """Published editions, newest first; `in_force` leaves the one that applies today of each pack."""
    rows = PackVersion.objects.defer("content")
    rows = rows.filter(name=name) if name else rows
    return (
        rows.in_force(timezone.localdate()) if in_force else rows.order_by("name", "-effective_from", "-published_at")
    )


@router.get("/packs/{name}/{edition}/", response={200: PackWithContent, 404: ClauseProblem})
def get_pack(request: HttpRequest, name: str, edition: str) -> Any:
    return get_object_or_404(PackVersion, name=name, edition=edition)


@router.post("/packs/", response={201: PackOut, 409: ClauseProblem, 422: ClauseProblem})
def publish_pack(request: HttpRequest, content: Body[dict[str, Any]]) -> Any:
    """Publish a pack given as plain data, the form in which `content` is read; the same content again changes nothing."""
    try:
        pack = build(content, "content")
        problems = fit(pack)
    except PackError as error:
        problems = error.problems
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    return Status(201, publish(pack, by=request.user))


@router.get("/clauses/", response=list[ClauseOut])
@paginate
def list_clauses(request: HttpRequest, pack: str = "", edition: str = "", q: str = "") -> Any:
    rows = Clause.objects.filter(queries.matching(q)).select_related("pack").order_by("pack", "position")
    rows = rows.filter(pack__name=pack) if pack else rows
    return rows.filter(pack__edition=edition) if edition else rows


@router.get("/clauses/{uuid:pk}/", response={200: ClauseOut, 404: ClauseProblem})
def get_clause(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Clause.objects.select_related("pack"), pk=pk)
