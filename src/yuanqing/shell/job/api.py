"""Long work for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.shell.job.models import Job

router = Router()


class JobProblem(Schema):
    detail: Any


class JobOut(Schema):
    id: UUID
    kind: str
    title: str
    state: str
    done: int
    total: int
    stage: str
    outcome: str
    link: str
    asked_at: datetime
    ended_at: datetime | None


@router.get("/", response={200: list[JobOut]})
@paginate
def list_jobs(request: HttpRequest, state: str = "") -> Any:
    rows = Job.objects.visible_to(request.user).order_by("-asked_at")
    return rows.filter(state=state) if state else rows


@router.get("/{uuid:pk}/", response={200: JobOut, 404: JobProblem})
def get_job(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
