"""The own card on the command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yuanqing.cases.partner import queries, rules
from yuanqing.kernel.commands import OperatorError, command


@command("partner card", help="print this body's signed card, to be handed to a partner body")
def card() -> str:
    own = queries.own_card()
    if own is None:
        raise OperatorError(_("还没有建立收件室：请在“往来机关”页建立。"))
    return queries.signed(rules.card_text(own))
