"""Appeals for programs; to accept one a reviewer is named by user name."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.appeal import actions, queries
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.sanction.models import Sanction
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class AppealOut(Schema):
    id: UUID
    version: int
    kind: str
    known_on: date
    filed_on: date
    is_late: bool
    due: str
    due_on: date | None
    accepted_on: date | None
    outcome: str
    decided_on: date | None
    told_on: date | None
    state: str


class AppealFileIn(Schema):
    sanction: UUID
    kind: str
    known_on: date
    grounds: str
    filed_on: date | None = None


class AppealAcceptIn(StepIn):
    reviewer: str  # user name
    reason: str = ""


class AppealReviewIn(StepIn):
    proposal: str
    report: str


class AppealDecideIn(StepIn):
    outcome: str
    document: str
    on: date
    reason: str


class AppealTellIn(StepIn):
    on: date


API = RecordApi(Appeal, AppealOut, ("unit", "person"), ("-filed_on", "pk"))
router = API.router
API.lists("List appeals")
API.reads("One appeal")


@router.post("/", response={201: AppealOut, **TROUBLES})
def file_appeal(request: HttpRequest, given: AppealFileIn) -> Any:
    """Against a sanction of the account's scope; one's own appeal is filed in the browser."""
    words = given.model_dump(exclude={"sanction"})
    rows = Sanction.objects.visible_to(request.user).select_related("person", "unit")
    sanction = rows.filter(pk=given.sanction).first()
    if sanction is None:
        raise ValidationError({"sanction": _("没有这项处分。")})
    return Status(201, actions.file(by=request.user, sanction=sanction, **words))


@router.post("/{pk}/accept/", response={200: AppealOut, **TROUBLES})
def accept_appeal(request: HttpRequest, pk: UUID, given: AppealAcceptIn) -> Any:
    row = API.found(request, pk)
    reviewer = next((one for one in queries.reviewers(row) if one.username == given.reviewer), None)
    if reviewer is None:
        raise ValidationError({"reviewer": _("这个人参加过原案，或者没有复查的角色。")})
    actions.accept(row, by=request.user, expected_version=given.version, reviewer=reviewer, reason=given.reason)
    return row


API.acts("review", actions.review, AppealReviewIn)
API.acts("return_review", actions.return_review, ReasonIn)
API.acts("decide", actions.decide, AppealDecideIn)
API.acts("tell", actions.tell, AppealTellIn)
API.acts("decline", actions.decline, ReasonIn)
API.acts("withdraw", actions.withdraw, ReasonIn)
