"""Who may handle a violation; nobody handles one that concerns himself (回避)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation.models import Violation, involving
from yuanqing.org.account.policies import identities, lacking
from yuanqing.org.scope.rules import Scope, as_scope, together
from yuanqing.org.unit.models import within
from yuanqing.shell.file.registry import purpose

HANDLING = ("record", "route", "conclude")


def refusal(step: str, record: Violation | None, *, by: Any) -> str:
    capability = f"discipline.violation.{step}"
    if record is None:
        return lacking(by, capability)
    return lacking(by, capability, record.unit) or recusal(record, by) or _not_yet(step, record, by)


def recusal(record: Violation, by: Any) -> str:
    """Why this account must keep out of the matter; "" when it need not."""
    person_id = getattr(by, "person_id", None)
    if person_id is None or record._state.adding:
        return ""
    known: dict[Any, bool] = record.__dict__.setdefault("_concerns", {})  # a page asks once for each of its buttons
    if person_id not in known:
        known[person_id] = Violation.objects.filter(pk=record.pk).filter(involving(person_id)).exists()
    if known[person_id]:
        return _("您应当回避这件问题，不能查看，也不能办理。")
    return ""


def found_for(record: Violation, by: Any) -> None:
    """The record was found among what the account sees, so it does not concern the account's own person."""
    record.__dict__.setdefault("_concerns", {})[getattr(by, "person_id", None)] = False


def _not_yet(step: str, record: Violation, by: Any) -> str:
    """What must be true of the matter, or of who did the step before."""
    if step == "transfer":
        return _not_transferable(record)
    if step == "conclude" and record.route == "criminal_transfer" and not record.transfer_receipt:
        return _("移送司法的问题要先登记移送回执才能办结。")
    if step == "dismiss" and identities(by) & {record.recorded_by_id, record.routed_by_id}:
        return _("查否须由登记、分流以外的人办理：这件问题是您登记或者分流的。")
    return ""


def _not_transferable(record: Violation) -> str:
    if record.route and record.route != "criminal_transfer":
        return _("这件问题的去向不是移送司法机关。")
    if record.transfer_receipt:
        return _("移送回执已经登记；登记有误的，请用“更正”。")
    return ""


def may_read(by: Any, record: Violation) -> bool:
    """Whether names and facts are open: to those who handle matters of this unit; others see what is counted."""
    return any(by.can(f"discipline.violation.{step}", record.unit) for step in HANDLING)


def may_read_all(by: Any) -> bool:
    """Whether names and facts of everything the account may see are open to it."""
    return _handled(by).contains(as_scope(by.scopes("discipline.violation.view")))


def _handled(by: Any) -> Scope:
    """Where the account takes some step of handling."""
    return together(by.scopes(f"discipline.violation.{step}") for step in HANDLING)


def _readable(by: Any) -> Q:
    """Files of matters that the account handles, and does not have to keep out of."""
    rows = Violation.objects.visible_to(by).filter(within(_handled(by), "unit__path"))
    return Q(about__in=rows.values("pk"))


def _closed(by: Any, record: Any) -> str:
    return _("这条登记已被更正取代，材料请加到取代它的登记上。") if record and record.state == "superseded" else ""


purpose(
    "violation.material",
    label=gettext_lazy("问题材料"),
    model=Violation,
    capability="discipline.violation.conclude",
    level="sensitive",
    reads=_readable,
    refuses=_closed,
)
