"""接口组: the operations that every noun of plain records offers to programs: list, read, make, and one for each act.

API = RecordApi(Appeal, AppealOut, related=("unit",), filters=("kind", "state"))
API.lists("List appeals"), API.reads("One appeal"), API.acts("accept", actions.accept, AcceptIn)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.kernel.records import Record
from yuanqing.org.unit.api import TROUBLES, Trouble


class StepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class ReasonIn(StepIn):
    reason: str


def visible_among(account: Any, models: Iterable[Any], pk: UUID) -> Any:
    """The record of one of these models that has this key, when the account may see it; None otherwise."""
    return next((row for m in models if (row := m.objects.visible_to(account).filter(pk=pk).first())), None)


@dataclass(frozen=True)
class RecordApi:
    """Operations on one kind of record, among what the account may see."""

    model: type[Record]
    out: type[Schema]
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ("pk",)
    router: Router = field(default_factory=Router)

    def rows(self, request: HttpRequest) -> Any:
        rows: Any = self.model.objects
        return rows.visible_to(request.user).select_related(*self.related)

    def found(self, request: HttpRequest, pk: UUID) -> Any:
        return get_object_or_404(self.rows(request), pk=pk)

    @property
    def _name(self) -> str:
        return self.model.__name__.lower()

    def lists(self, summary: str) -> None:
        """In the order of the noun; `state` narrows it."""

        def operation(request: HttpRequest, state: str = "") -> Any:
            rows = self.rows(request).order_by(*self.order)
            return rows.filter(state=state) if state else rows

        operation.__name__ = f"list_{self._name}s"
        self.router.get("/", response={200: list[self.out], 422: Trouble}, summary=summary)(paginate(operation))  # type: ignore[name-defined]

    def reads(self, summary: str) -> None:
        def operation(request: HttpRequest, pk: UUID) -> Any:
            return self.found(request, pk)

        operation.__name__ = f"read_{self._name}"
        self.router.get("/{pk}/", response={200: self.out, 404: Trouble, 422: Trouble}, summary=summary)(operation)

    def acts(self, step: str, act: Callable[..., Any], schema: type[StepIn]) -> None:
        """POST takes the step with what the schema holds."""

        def operation(request: HttpRequest, pk: UUID, given: schema) -> Any:  # type: ignore[valid-type]
            record, said = self.found(request, pk), given.model_dump()  # type: ignore[attr-defined]
            act(record, by=request.user, expected_version=said.pop("version"), **said)
            return record

        operation.__name__ = f"{step}_{self._name}"
        address = f"/{{pk}}/{step.replace('_', '-')}/"
        self.router.post(address, response={200: self.out, **TROUBLES})(operation)
