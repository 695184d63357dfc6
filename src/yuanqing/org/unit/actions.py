"""Founding, renaming, moving and ending units; each keeps the dated history whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.org.unit.models import Placement, Unit
from yuanqing.org.unit.rules import sort_key

FOREVER = None


@act(Unit, creates=True, label=gettext_lazy("设立单位"))
def found(
    *,
    by: Any,
    code: str,
    name: str,
    began_on: date,
    parent: Unit | None = None,
    kind: str = "",
    peer_group: str = "",
    short_name: str = "",
    is_reporting: bool = True,
) -> Unit:
    """A new unit below `parent`, with its first placement from `began_on`."""
    _not_in_future(began_on)
    unit = Unit(
        code=code,
        name=name,
        short_name=short_name,
        parent=parent,
        kind=kind,
        peer_group=peer_group,
        path=f"{parent.path if parent else ''}{code}/",
        sort_key=sort_key(name),
        is_reporting=is_reporting,
        began_on=began_on,
    )
    acts.once_saved(lambda: acts.keep(_placement(unit, began_on, _("设立"))))
    return unit


@act(Unit, label=gettext_lazy("更名"))
def rename(unit: Unit, *, by: Any, name: str, on: date, reason: str, short_name: str = "") -> None:
    """From `on` the unit has another name; before it the history keeps the old one."""
    unit.name, unit.short_name, unit.sort_key = name, short_name or unit.short_name, sort_key(name)
    _succeed([unit], on, reason)


@act(Unit, label=gettext_lazy("改变类别"))
def classify(unit: Unit, *, by: Any, kind: str, peer_group: str, on: date, reason: str) -> None:
    unit.kind, unit.peer_group = kind, peer_group
    _succeed([unit], on, reason)


@act(Unit, label=gettext_lazy("改变隶属"))
def move(unit: Unit, *, by: Any, parent: Unit | None, on: date, reason: str) -> None:
    """From `on` the unit and everything below it stand under another parent."""
    if parent is not None and parent.path.startswith(unit.path):
        raise ValidationError({"parent": _("不能把单位移到它自己或它的下级之下。")})
    old = unit.path
    below = list(Unit.objects.filter(path__startswith=old).exclude(pk=unit.pk).order_by("path"))
    unit.parent, unit.path = parent, f"{parent.path if parent else ''}{unit.code}/"
    for child in below:
        child.path = unit.path + child.path.removeprefix(old)
        acts.keep(child)
    _succeed([unit, *below], on, reason)


@act(Unit, label=gettext_lazy("撤销单位"))
def end(unit: Unit, *, by: Any, on: date, reason: str) -> None:
    """The last day of the unit is the day before `on`; units below it must have ended or moved."""
    if Unit.objects.filter(parent=unit, ended_on__isnull=True).exists():
        raise ValidationError(_("还有下级单位，请先撤销或划转下级单位。"))
    unit.ended_on = on
    _close_current(unit, on)
    acts.note(reason=reason)


@act(Unit, label=gettext_lazy("改变月报范围"))
def set_reporting(unit: Unit, *, by: Any, is_reporting: bool) -> None:
    unit.is_reporting = is_reporting


def _not_in_future(on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError(_("日期不能晚于今天：将来的变动请到当天再办。"))


def _placement(unit: Unit, on: date, reason: str) -> Placement:
    return Placement(
        unit=unit,
        parent=unit.parent,
        name=unit.name,
        kind=unit.kind,
        peer_group=unit.peer_group,
        path=unit.path,
        during=DateRange(on, FOREVER),
        reason=reason,
    )


def _close_current(unit: Unit, on: date) -> None:
    current = Placement.objects.filter(unit=unit, during__endswith__isnull=True).first()
    if current is None:
        raise ValidationError(_("%(unit)s已经撤销。") % {"unit": unit})
    if on <= current.during.lower:
        raise ValidationError(
            _("日期必须晚于%(unit)s上一次变动的日期 %(day)s。") % {"unit": unit, "day": current.during.lower}
        )
    current.during = DateRange(current.during.lower, on)
    acts.keep(current)


def _succeed(units: list[Unit], on: date, reason: str) -> None:
    """Close the running placement of each unit and open the next, as the unit now is."""
    _not_in_future(on)
    for unit in units:
        _close_current(unit, on)
        acts.keep(_placement(unit, on, reason))
    acts.note(reason=reason, on=on)
