"""The site's addresses with an import of units beside them; what is applied is kept in a list."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import include, path
from tests.shell.importing.units import UNITS, parents_exist

from yuanqing.shell.importing.sheet import Counts, Rows
from yuanqing.shell.importing.wizard import ImportWizard
from yuanqing.urls import urlpatterns as of_the_site

APPLIED: list[tuple[str, str]] = []


def apply(rows: Rows, by: Any) -> Counts:
    for row in rows["units"]:
        if row["name"] == "拒绝":
            raise ValidationError("这个名称不能用。")
        APPLIED.append((row["code"], by.username))
    return Counts(created=len(rows["units"]))


WIZARD = ImportWizard(
    "unit-import",
    "导入单位",
    (UNITS,),
    apply=apply,
    check=parents_exist,
    may=lambda account: "" if account.username != "guest" else "只有管理员可以导入单位。",
    rows=lambda account: {"units": [{"code": "0101", "name": "现有厂"}]},
)
urlpatterns = [*of_the_site, path("trial/", include((WIZARD.urls(), "rehearsal")))]
