"""Certificates for programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.education.certificate import actions
from yuanqing.education.certificate.models import Certificate
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES

router = Router()


class CertificateOut(OfPerson):
    id: UUID
    code: str
    person: str
    unit: str
    quiz: UUID
    score: int
    awarded_at: datetime
    state: str

    @staticmethod
    def resolve_quiz(row: Any) -> UUID:
        found: UUID = row.attempt.quiz_id
        return found

    @staticmethod
    def resolve_score(row: Any) -> int:
        return int(row.attempt.score or 0)


class RevokeIn(Schema):
    reason: str


ANSWERS: dict[int, Any] = {200: CertificateOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return Certificate.objects.visible_to(request.user).select_related("person", "unit", "attempt")


@router.get("/", response=list[CertificateOut])
@paginate
def list_certificates(request: HttpRequest, state: str = "") -> Any:
    """One's own, and those within the account's scope."""
    rows = _rows(request).order_by("-awarded_at", "pk")
    return rows.filter(state=state) if state else rows


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_certificate(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.post("/{uuid:pk}/revoke/", response=ANSWERS)
def revoke_certificate(request: HttpRequest, pk: UUID, given: RevokeIn) -> Any:
    actions.revoke(get_object_or_404(_rows(request), pk=pk), by=request.user, reason=given.reason)
    return get_object_or_404(_rows(request), pk=pk)
