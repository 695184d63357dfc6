"""Files for programs: the list, the content, adding one whole or in pieces that may be resumed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File as FileParameter
from ninja import Form, Query, Router, Schema, Status, UploadedFile
from ninja.pagination import paginate
from pydantic import Field

from yuanqing.org.unit.api import TROUBLES, Trouble
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file import actions
from yuanqing.shell.file.delivery import deliver
from yuanqing.shell.file.models import File, Upload

router = Router()
Offset = Annotated[int, Query(..., ge=0, lt=1 << 62)]


class FileOut(Schema):
    id: UUID
    version: int
    name: str
    media_type: str
    size: int
    digest: str
    purpose: str
    about: UUID | None
    unit: str | None
    level: str
    added_at: datetime

    @staticmethod
    def resolve_unit(row: Any) -> str | None:
        return str(row.unit.code) if row.unit else None


class FileFor(Schema):
    """What a file is for: a purpose, the record it belongs to, and the code of a unit."""

    purpose: str = Field(max_length=60)
    about: UUID | None = None
    unit: str = Field("", max_length=60)

    def parts(self, account: Any) -> dict[str, Any]:
        unit = Unit.objects.visible_to(account).filter(code=self.unit).first() if self.unit else None
        if self.unit and unit is None:
            raise ValidationError({"unit": _("没有代码是“%(code)s”的单位。") % {"code": self.unit}})
        return {"purpose": self.purpose, "about": self.about, "unit": unit}


class UploadIn(FileFor):
    name: str = Field(max_length=255)
    size: int = Field(gt=0, lt=1 << 62)


class UploadOut(Schema):
    """Send the next piece from byte `received` on."""

    id: UUID
    name: str
    size: int
    received: int


PIECE: Any = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": actions.PIECE}}
        },
    }
}
CONTENT: Any = {"responses": {200: {"description": "The content", "content": {"application/octet-stream": {}}}}}


def own_upload(request: HttpRequest, pk: UUID) -> Upload:
    found: Upload = get_object_or_404(Upload, pk=pk, account_id=request.user.pk)
    return found


@router.get("/", response={200: list[FileOut], 422: Trouble})
@paginate
def list_files(request: HttpRequest, purpose: str = "", about: UUID | None = None) -> Any:
    rows = File.objects.visible_to(request.user).select_related("unit").order_by("-added_at", "pk")
    rows = rows.filter(purpose=purpose) if purpose else rows
    return rows.filter(about=about) if about else rows


@router.get("/{uuid:pk}/", response={200: FileOut, 404: Trouble})
def get_file(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(File.objects.visible_to(request.user).select_related("unit"), pk=pk)


@router.get("/{uuid:pk}/content/", response={404: Trouble}, openapi_extra=CONTENT)
def get_content(request: HttpRequest, pk: UUID) -> Any:
    """The bytes; ranges are answered."""
    return deliver(request, get_object_or_404(File.objects.visible_to(request.user), pk=pk))


@router.post("/", response={201: FileOut, **TROUBLES})
def add_file(request: HttpRequest, given: Form[FileFor], file: FileParameter[UploadedFile]) -> Any:
    """One request, for what is small; pieces are for what is not."""
    return Status(201, actions.receive(file, by=request.user, **given.parts(request.user)))


@router.post("/uploads/", response={201: UploadOut, **TROUBLES})
def begin_upload(request: HttpRequest, given: UploadIn) -> Any:
    parts = given.parts(request.user)
    return Status(201, actions.begin(by=request.user, name=given.name, size=given.size, **parts))


@router.get("/uploads/{uuid:pk}/", response={200: UploadOut, 404: Trouble})
def get_upload(request: HttpRequest, pk: UUID) -> Any:
    """How far it is: where to go on after the line broke."""
    return own_upload(request, pk)


@router.put("/uploads/{uuid:pk}/", response={200: UploadOut, **TROUBLES}, openapi_extra=PIECE)
def append_piece(request: HttpRequest, pk: UUID, offset: Offset) -> Any:
    """The next piece as the body; 409 names the byte to go on from."""
    return actions.append(own_upload(request, pk), request.body, offset=offset)


@router.post("/uploads/{uuid:pk}/finish/", response={201: FileOut, **TROUBLES})
def finish_upload(request: HttpRequest, pk: UUID) -> Any:
    return Status(201, actions.finish(own_upload(request, pk), by=request.user))
