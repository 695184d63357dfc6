"""Proposing and carrying out the destruction of sealed content: bodies and wrapped keys go, commitments and entries stay."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.destruction import queries
from yuanqing.cases.destruction.models import Destruction
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.queries import kept_out_of
from yuanqing.cases.petition.rules import marks
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import SYSTEM, act, note
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue, Wrap


@act(Destruction, creates=True)
def propose(*, by: Any, row: Any, ground: str, reason: str = "") -> Destruction:
    """For an ended lead or petition; before its term is over only with a reason."""
    if ground not in Remedies().table("destruction_ground"):
        raise ValidationError({"ground": _("请选择依据。")})
    if by.pk is not None and not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    pk = uuid4()
    subject, akin = ("lead", [row.petition]) if isinstance(row, Lead) else ("petition", list(row.leads.all()))
    lead = row if isinstance(row, Lead) else row.leads.select_related("key").first()
    note(subject=subject, number=row.number, ground=ground)
    return Destruction(
        pk=pk, guard=lead.key if lead else None, barred=marks(pepper(), pk, kept_out_of(row, *akin)), subject=subject, number=row.number, matter=row.pk, unit=queries.unit_of(row), key=row.key,
        ended_on=queries.ended_on(row), ground=ground, reason=reason.strip(), proposed_by_id=by.pk,
        proposed_on=timezone.localdate(),
    )  # fmt: skip


@act(Destruction)
def carry_out(destruction: Destruction, *, by: Any, reason: str) -> None:
    """Every body under the keys of the matter goes, with its blind marks, and every wrap of their secrets, so that a copy
    of a body kept elsewhere opens no more either; what it was stays certified by the commitments in the ledger."""
    _decided(destruction, by, reason)
    keys = queries.keys_of(destruction)
    values = list(SealedValue.objects.filter(key__in=keys, destroyed_on__isnull=True).order_by("pk"))
    if not values:
        raise ValidationError(_("内容已经销毁。"))
    pieces = SealedPiece.objects.filter(value__in=values)
    destruction.size = pieces.aggregate(n=Sum(Length("body")))["n"] or 0
    destruction.values_count = len(values)
    destruction.digest = sha256(b"".join(sorted(bytes(value.commitment) for value in values))).hexdigest()
    destruction.wraps_count, _rows = Wrap.objects.filter(key__in=keys).delete()
    for value in values:
        sealing.destroy(value, by=SYSTEM, reason=destruction.decision)
    note(values=len(values), wraps=destruction.wraps_count, digest=destruction.digest)


@act(Destruction)
def refuse(destruction: Destruction, *, by: Any, reason: str) -> None:
    """It stays; a term that is over is not a reason by itself."""
    _decided(destruction, by, reason)


def _decided(destruction: Destruction, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    destruction.decision, destruction.decided_by_id = reason.strip(), by.pk
    destruction.decided_on = timezone.localdate()
