"""Who may issue and revoke tokens: everybody his own; for accounts of programs whoever looks after accounts; for other people nobody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking
from yuanqing.org.token.models import Token


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Token):
        return _("没有权限")
    if step == "issue" and getattr(by, "limits", None) is not None:
        return _("不能用令牌再发令牌，请登录后办理。")
    if record.account_id == by.pk:
        return ""
    if step == "issue" and record.account.person_id:
        return _("不能替别人发令牌：令牌以本人名义办事，只能由本人自己发。")
    return lacking(by, f"org.token.{step}", record.account.person.unit if record.account.person else None)
