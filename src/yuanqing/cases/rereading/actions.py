"""Drawing easings by lot and giving an opinion on them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.actions import put_in
from yuanqing.cases.lead.queries import Codes, Draft, due, origin, subjects_of, to_keep_out
from yuanqing.cases.rereading.models import Rereading
from yuanqing.cases.rereading.queries import how_many, readers_for, undrawn
from yuanqing.kernel.acts import act, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.shell.inbox.actions import send

LOT = secrets.SystemRandom()


@act(Rereading, creates=True, label=gettext_lazy("抽取盲评"))
def draw(*, by: Any, easing: Easing, reader: Holder, secret: str) -> Rereading:
    """One easing for one reader; the lead's file is sealed to him."""
    if reader.account_id in to_keep_out(subjects_of(easing.lead, secret), easing.lead.petition):
        raise ValidationError(_("这个人应当回避。"))
    account = Account.objects.get(pk=reader.account_id)
    if reader.pk not in easing.lead.key.recipients:
        sealing.admit(easing.lead.key, by=by, secret=secret, holder=reader)
    made = Rereading(easing=easing, reader=account, drawn_on=timezone.localdate(), due_on=due("reread.opinion"))
    once_saved(lambda: _tell(made))
    note(easing=easing.kind)
    return made


def _tell(made: Rereading) -> None:
    title = _("请对一件抽中的线索提出盲评意见")
    send([made.reader_id], key=f"rereading.{made.pk}", kind="lead", title=title, link=made.get_absolute_url())


def draw_lot(*, by: Any, key: Unlocking) -> list[Rereading]:
    """The share of the pack among what was not drawn yet, chosen by lot, each for a reader chosen by lot; whoever draws
    has no say in which and for whom."""
    open_ones = [one for one in undrawn(by) if readers_for(one)]
    made = []
    for easing in LOT.sample(open_ones, how_many(len(open_ones))):
        secret = key.secret_of(easing.lead.key)
        out = to_keep_out(subjects_of(easing.lead, secret), origin(easing.lead))
        readers = [h for h in readers_for(easing) if h.account_id not in out]
        if readers:
            made.append(draw(by=by, easing=easing, reader=LOT.choice(readers), secret=secret))
    return made


@act(Rereading)
def give(rereading: Rereading, *, by: Any, opinion: str, drafts: Sequence[Draft]) -> None:
    """What he would have decided, with his reasons in the file; who decided is told when he would be stricter."""
    if opinion not in Codes().table("opinion"):
        raise ValidationError({"opinion": _("请选择意见。")})
    if not drafts:
        raise ValidationError({"rereading": _("请写明理由。")})
    rereading.opinion, rereading.given_on = opinion, timezone.localdate()
    lead = rereading.easing.lead
    put_in(lead, drafts, by)
    if opinion == "stricter" and rereading.easing.decided_by_id:
        title = _("一件从轻的线索，盲评认为应当更严：%(number)s") % {"number": lead.number}
        send([rereading.easing.decided_by_id], key=f"rereading.{rereading.pk}.told", kind="lead", title=title,
             link=lead.get_absolute_url())  # fmt: skip
    note(opinion=opinion)
