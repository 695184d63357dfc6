"""台账导入: the wizard, with the choices of the packs in force when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation_import.forms import check, sheets, take_over
from yuanqing.kernel.acts import refusal
from yuanqing.shell.importing.wizard import ImportWizard


@dataclass(frozen=True)
class RegisterImport(ImportWizard):
    """Reads its sheets anew for every request, since a new edition of a pack may change the choices."""

    def _view(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def fresh(request: HttpRequest, **arguments: Any) -> HttpResponse:
            wizard = replace(self, sheets=sheets())
            return ImportWizard._view(wizard, getattr(wizard, page.__name__))(request, **arguments)

        return fresh


def may(account: Any) -> str:
    return refusal("import", None, by=account, model=Violation)


WIZARD = RegisterImport(
    "violation-import", _("导入违规问题台账"), (), check=check, apply=take_over, may=may, back="violation:list"
)
urlpatterns = WIZARD.urls("")
