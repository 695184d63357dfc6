"""Violations for programs: the register, and each act on it; names and facts only for those who handle the matter."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.discipline.violation import actions, queries
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.discipline.violation.policies import may_read
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES, OfUnit, Trouble
from yuanqing.org.unit.models import Unit

router = Router()


class ViolationOut(OfUnit):
    id: UUID
    version: int
    number: str
    unit: str
    clause: str
    rules: str
    type: str
    level: str
    severity: str
    source: str
    received_on: date
    route: str
    route_basis: str
    transferred_on: date | None
    concluded_on: date | None
    state: str
    corrects: UUID | None
    corrected_on: date | None
    lowering: str

    @staticmethod
    def resolve_clause(row: Any) -> str:
        return str(row.clause.cite)

    @staticmethod
    def resolve_corrects(row: Any) -> UUID | None:
        found: UUID | None = row.corrects_id
        return found


class MeasureOut(Schema):
    code: str
    form: int
    decided_on: date


class InvolvedOut(Schema):
    id: UUID
    person: str | None = None  # number on the rolls
    name: str = ""
    level: str
    is_party_member: bool
    is_sanctioned: bool
    form: int
    waiver: str = ""
    measures: list[MeasureOut]


class ViolationWithPeople(ViolationOut):
    """With its people; what is sensitive is left empty for those who do not handle the matter."""

    facts: str = ""
    outcome: str = ""
    people: list[InvolvedOut] = []

    @staticmethod
    def resolve_facts(row: Any) -> str:
        return str(row.facts) if row.is_open else ""

    @staticmethod
    def resolve_outcome(row: Any) -> str:
        return str(row.outcome) if row.is_open else ""


class SomeoneIn(Schema):
    level: str
    person: str = ""  # number on the rolls; "" for somebody who is not
    name: str = ""
    is_party_member: bool = False


class RecordIn(Schema):
    unit: str
    type: str
    received_on: date
    source: str
    severity: str
    facts: str
    people: list[SomeoneIn]


class StepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class RouteIn(StepIn):
    to: str = ""
    reason: str = ""


class ViolationTransferIn(StepIn):
    authority: str
    on: date
    receipt: str


class MeasureIn(StepIn):
    involved: UUID
    code: str
    decided_on: date
    document: str = ""


class ConcludeIn(StepIn):
    on: date
    outcome: str
    waivers: dict[UUID, str] = {}


class DismissIn(StepIn):
    reason: str
    on: date | None = None


class Narrowed(Schema):
    """Which violations: a unit with everything below it, days both included."""

    unit: str = ""
    state: str = ""
    rules: str = ""
    type: str = ""
    level: str = ""
    route: str = ""
    received_from: date | None = None
    received_until: date | None = None
    concluded_from: date | None = None
    concluded_until: date | None = None

    def condition(self, account: Any) -> Q:
        found = Q()
        for name, lookup in LOOKUPS.items():
            if getattr(self, name):
                found &= Q(**{lookup: getattr(self, name)})
        if not self.unit:
            return found
        unit = Unit.objects.visible_to(account).filter(code=self.unit).first()
        return found & Q(unit__path__startswith=unit.path) if unit else Q(pk__in=[])


LOOKUPS = {
    **{name: name for name in ("state", "rules", "type", "level", "route")},
    **{f"{day}_from": f"{day}_on__gte" for day in ("received", "concluded")},
    **{f"{day}_until": f"{day}_on__lte" for day in ("received", "concluded")},
}


def visible(request: HttpRequest, pk: UUID) -> Violation:
    rows = Violation.objects.visible_to(request.user).select_related("unit", "clause__pack")
    found: Violation = get_object_or_404(rows, pk=pk)
    return found


@router.get("/", response={200: list[ViolationOut], 422: Trouble})
@paginate
def list_violations(request: HttpRequest, narrowed: Query[Narrowed]) -> Any:
    """Newest first, with those that a later entry corrected (`state=superseded`)."""
    rows = Violation.objects.visible_to(request.user).select_related("unit", "clause__pack")
    return rows.filter(narrowed.condition(request.user)).order_by("-received_on", "-number")


@router.get("/{pk}/", response={200: ViolationWithPeople, 404: Trouble})
def get_violation(request: HttpRequest, pk: UUID) -> Any:
    record: Any = visible(request, pk)
    record.is_open = may_read(request.user, record)
    people = list(record.involved.select_related("person"))
    measures = queries.measures_of(people)
    record.people = [person_out(p, measures.get(p.pk, []), record.is_open) for p in people]
    return record


def person_out(person: Involved, measures: Any, reads: bool) -> dict[str, Any]:
    names = ("id", "level", "is_party_member", "is_sanctioned", "form")
    open_ones = {name: getattr(person, name) for name in names}
    if reads:
        number = person.person.number if person.person else None
        open_ones |= {"person": number, "name": person.name, "waiver": person.waiver}
    rows = [{"code": m.code, "form": m.form, "decided_on": m.decided_on} for m in measures]
    return {**open_ones, "measures": rows}


@router.post("/", response={201: ViolationOut, **TROUBLES})
def record_violation(request: HttpRequest, given: RecordIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("没有代码是“%(code)s”的单位。") % {"code": given.unit}})
    people = [someone(request, one) for one in given.people]
    words = given.model_dump(exclude={"unit", "people"})
    return Status(201, actions.record(by=request.user, unit=unit, people=people, **words))


def someone(request: HttpRequest, given: SomeoneIn) -> Someone:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first() if given.person else None
    if given.person and person is None:
        raise ValidationError({"people": _("名册里没有编号是“%(number)s”的人。") % {"number": given.person}})
    return Someone(given.level, person, given.name, given.is_party_member or bool(person and person.is_party_member))


def taken(request: HttpRequest, pk: UUID, act: Any, given: StepIn, **more: Any) -> Violation:
    record = visible(request, pk)
    act(record, by=request.user, expected_version=given.version, **{**given.model_dump(exclude={"version"}), **more})
    return record


@router.post("/{pk}/route/", response={200: ViolationOut, **TROUBLES})
def route_violation(request: HttpRequest, pk: UUID, given: RouteIn) -> Any:
    """Where the routing table says; elsewhere with a reason."""
    return taken(request, pk, actions.route, given)


@router.post("/{pk}/transfer/", response={200: ViolationOut, **TROUBLES})
def transfer_violation(request: HttpRequest, pk: UUID, given: ViolationTransferIn) -> Any:
    return taken(request, pk, actions.transfer, given)


@router.post("/{pk}/measure/", response={200: ViolationOut, **TROUBLES})
def measure_violation(request: HttpRequest, pk: UUID, given: MeasureIn) -> Any:
    person = get_object_or_404(Involved.objects.visible_to(request.user), pk=given.involved)
    return taken(request, pk, actions.measure, given, involved=person)


@router.post("/{pk}/conclude/", response={200: ViolationOut, **TROUBLES})
def conclude_violation(request: HttpRequest, pk: UUID, given: ConcludeIn) -> Any:
    return taken(request, pk, actions.conclude, given)


@router.post("/{pk}/dismiss/", response={200: ViolationOut, **TROUBLES})
def dismiss_violation(request: HttpRequest, pk: UUID, given: DismissIn) -> Any:
    return taken(request, pk, actions.dismiss, given)
