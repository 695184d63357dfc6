"""Registering and confirming bodies; founding the mailroom and letting people in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.partner import queries, rules
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.kernel.acts import SYSTEM, Touched, act, after, keep, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope, store
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.unit.models import Unit


@act(Partner, creates=True)
def propose(*, by: Any, relation: str, card: str = "", unit: Unit | None = None) -> Partner:
    """A body by its signed card, or a unit of this organisation; it is used once another person has confirmed it."""
    if relation not in queries.relations():
        raise ValidationError({"relation": _("请选择关系。")})
    if bool(card) == (unit is not None):
        raise ValidationError({"card": _("外部机关请上传它的名片，本系统内的单位请选单位，二者只选一样。")})
    if unit is not None:
        return Partner(name=unit.name, relation=relation, unit=unit, proposed_by_id=by.pk)
    try:
        told = rules.card_of(card)
    except ValueError as error:
        raise ValidationError({"card": _("这不是对方系统导出的名片，或者内容被改动过。")}) from error
    if not envelope.is_public(told.public):
        raise ValidationError({"card": _("名片上的收件公钥不能用。")})
    if told.verifier == queries.own_verifier():
        raise ValidationError({"card": _("这是本机关自己的名片。")})
    note(fingerprint=rules.fingerprint(told.public, told.verifier))
    return Partner(
        name=told.name[:100], relation=relation, origin=told.origin[:100], public=told.public, verifier=told.verifier,
        proposed_by_id=by.pk,
    )  # fmt: skip


@act(Partner)
def confirm(partner: Partner, *, by: Any, fingerprint: str = "", compared: str) -> None:
    """A second person has heard or read the fingerprint from the body itself, another way than the card came."""
    if not compared.strip():
        raise ValidationError({"compared": _("请写明怎样核对的，例如与对方何人通电话。")})
    if not partner.is_inside and not rules.same_digits(fingerprint, partner.fingerprint):
        raise ValidationError({"fingerprint": _("与名片上的指纹不一致。请向对方重新核对，不要启用。")})
    partner.confirmed_by_id, partner.confirmed_on = by.pk, timezone.localdate()
    partner.compared = compared.strip()
    note(compared=partner.compared)


@act(Partner)
def retire(partner: Partner, *, by: Any, reason: str) -> None:
    """Nothing more goes there or is taken from there; what went stays on record."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明停用的理由。")})
    partner.retired_on, partner.reason = timezone.localdate(), reason.strip()
    note(reason=reason)


@after(Partner, "confirm")
def _above(touched: Touched) -> None:
    """What reporters send about the own head or a higher official is sealed to the superior body from now on."""
    for partner in touched.records().filter(relation="superior").exclude(public=""):
        if not Holder.objects.filter(public=partner.public).exists():
            sealing.register_superior(by=SYSTEM, name=partner.name, public=partner.public)


@act(Mailroom, creates=True, label=gettext_lazy("建立收件室"))
def found(*, by: Any, name: str) -> Mailroom:
    """A key for incoming packages, sealed to those who receive reports and to the escrow; a former one opens what is on
    its way and receives no more."""
    receivers = list(Holder.objects.active().filter(kind="person", receives=True))
    if not receivers:
        raise ValidationError(_("还没有人接收举报：请先在“案卷钥匙”里启用钥匙并设为接收举报。"))
    try:
        bundle = store.new_bundle(store.recipients_with_escrow(receivers))
    except LookupError as error:
        raise ValidationError(str(error)) from error
    for former in Mailroom.objects.in_use():
        former.retired_on = timezone.localdate()
        keep(former)
    keep(bundle.key)
    once_saved(bundle.save_rows)
    note(fingerprint=envelope.fingerprint(bundle.key.public))
    return Mailroom(pk=uuid4(), name=name.strip(), key=bundle.key, since_on=timezone.localdate())


@act(Mailroom, label=gettext_lazy("让接收举报的人打开收件室"))
def let_in(mailroom: Mailroom, *, by: Any, secret: str) -> None:
    """Everybody who receives reports by now can open the mail."""
    new = queries.to_let_in(mailroom)
    if not new:
        raise ValidationError(_("接收举报的人都已经能打开收件室。"))
    for holder in new:
        sealing.admit(mailroom.key, by=by, secret=secret, holder=holder)
    note(number=len(new))
