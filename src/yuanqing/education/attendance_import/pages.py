"""签到名单导入: the wizard, with the reasons of the pack in force when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yuanqing.education.attendance_import.forms import check, sheets, take_over
from yuanqing.education.session.models import Attendance
from yuanqing.kernel.acts import refusal
from yuanqing.shell.importing.wizard import ImportWizard


@dataclass(frozen=True)
class AttendanceImport(ImportWizard):
    """Reads its sheets anew for every request, since a new edition of the pack may change the reasons."""

    def _view(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def fresh(request: HttpRequest, **arguments: Any) -> HttpResponse:
            wizard = replace(self, sheets=sheets())
            return ImportWizard._view(wizard, getattr(wizard, page.__name__))(request, **arguments)

        return fresh


def may(account: Any) -> str:
    return refusal("register", None, by=account, model=Attendance) or refusal(
        "excuse", None, by=account, model=Attendance
    )


WIZARD = AttendanceImport(
    "attendance-import", _("导入签到名单"), (), check=check, apply=take_over, may=may, back="session:list"
)
urlpatterns = WIZARD.urls("")
