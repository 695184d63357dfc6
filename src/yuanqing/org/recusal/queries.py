"""The grounds for a recusal, and what one may be about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.unit.models import within


def grounds() -> dict[str, str]:
    """The four grounds by code, from the roles pack in force; empty while none is published."""
    try:
        return {entry.code: entry.label for entry in current("roles").table("recusal_ground")}
    except NotInForce:
        return {}


def kept_model(label: str) -> type[Record] | None:
    """The model of kept records with this label; None for anything else."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Record) else None


def nameable(account: Any, capability: str = "") -> Any:
    """Accounts that a recusal may be about: anybody's may be asked for, ordered only where the capability reaches."""
    rows = Account.objects.filter(is_active=True)
    if not capability:
        return rows
    return rows.filter(Q(person=None) | within(account.scopes(capability), "person__unit__path"))


def record_of(label: str, pk: UUID) -> Record | None:
    model = kept_model(label)
    found: Record | None = model._base_manager.filter(pk=pk).first() if model else None
    return found


def title_of(recusal: Recusal, account: Any) -> str:
    """What it is about, in words; a record's own words only for those who may see the record."""
    if recusal.about == "person":
        return str(recusal.person)
    if recusal.about == "unit":
        return str(recusal.unit)
    model = kept_model(recusal.record_model)
    if model is None:
        return ""
    rows: Any = model._default_manager
    seen = rows.visible_to(account).filter(pk=recusal.record_id).first()
    name = str(model._meta.verbose_name)
    return f"{name} {seen}" if seen is not None else name
