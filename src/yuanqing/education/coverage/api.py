"""Coverage for programs: the numbers of the heat map."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from yuanqing.education.coverage import queries
from yuanqing.kernel.acts import Refused
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.api import Trouble

router = Router()


class CoverageOut(Schema):
    """One unit below the focus ("" is the focus itself) and one group."""

    unit: str
    group: str
    invited: int
    attended: int


@router.get("/", response={200: list[CoverageOut], 409: Trouble})
def list_coverage(request: HttpRequest, year: int | None = None, unit: str = "") -> Any:
    """Whom education reached in a year, in the unit named (or the highest in scope) and those directly below it."""
    reason = lacking(request.user, queries.CAPABILITY)
    if reason:
        raise Refused(reason)
    focus, _units = queries.focus_of(request.user, unit)
    if focus is None:
        return []
    wanted = year if year is not None and 2000 <= year <= 2100 else timezone.localdate().year
    found = queries.cells(queries.of_year(request.user, wanted), focus)
    return [
        {"unit": below, "group": group, "invited": cell.invited, "attended": cell.attended}
        for (below, group), cell in sorted(found.items())
    ]
