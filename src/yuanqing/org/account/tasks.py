"""The operator's commands for accounts."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.org.account import actions, queries
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation import actions as delegations
from yuanqing.org.person.models import Person
from yuanqing.org.signin import actions as signin
from yuanqing.org.signin.tasks import link_address
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.actions import send


@command("account open", help=gettext_lazy("开设账号，显示设密码的一次性链接"))
def open_account(username: str, *, name: str = "", person: str = "") -> str:
    """`--person` is a number on the rolls."""
    owner = Person.objects.filter(number=person).first() if person else None
    if person and owner is None:
        raise OperatorError(_("人员编号“%(number)s”不存在。") % {"number": person})
    shown = name or (owner.name if owner else username)
    _account, token = signin.open_with_link(by=SYSTEM, username=username, display_name=shown, person=owner)
    return f"{username}  {link_address(token)}"


@command("account grant", help=gettext_lazy("授予角色"))
def grant(username: str, role: str, *, unit: str = "", starts: str = "", ends: str = "", reason: str) -> str:
    """Without `--unit` the grant holds everywhere."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise OperatorError(_("没有账号“%(name)s”。") % {"name": username})
    place = Unit.objects.filter(code=unit).first() if unit else None
    if unit and place is None:
        raise OperatorError(_("单位代码“%(code)s”不存在。") % {"code": unit})
    actions.grant(
        by=SYSTEM,
        account=account,
        role=role,
        unit=place,
        starts_on=_day(starts) or timezone.localdate(),
        ends_on=_day(ends),
        reason=reason,
    )
    return _("已授权：%(name)s，%(role)s，%(unit)s。") % {
        "name": account,
        "role": queries.role_cards()[role].label,
        "unit": place or _("全部单位"),
    }


@command("account list", help=gettext_lazy("列出账号和它们今天的角色"))
def list_accounts() -> str:
    lines = []
    today = Grant.objects.on(timezone.localdate()).select_related("unit")
    held: dict[object, list[str]] = {}
    for each in today:
        held.setdefault(each.account_id, []).append(f"{each.role}@{each.unit.code if each.unit else '*'}")
    for account in Account.objects.order_by("username"):
        state = "" if account.is_active else _("（停用）")
        lines.append(f"{account.username}{state}  {account.display_name}  {' '.join(held.get(account.pk, []))}")
    return "\n".join(lines) or _("还没有账号。")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise OperatorError(_("日期写成 2026-01-31 的样子。")) from error


@app.periodic(cron="10 16 * * *")  # ten past midnight in Shanghai
@app.task(name="yuanqing.rights", queueing_lock="rights")
def look_after_rights(timestamp: int) -> None:
    end_and_remind()


@command("account expire", help=gettext_lazy("终止到期的授权，提醒快到期的"))
def end_and_remind() -> str:
    """Grants and delegations past their last day say so; holders of those that soon end, and who can renew, are told."""
    today = timezone.localdate()
    ended = actions.expire_grants(today, by=SYSTEM) + delegations.expire_delegations(today, by=SYSTEM)
    told = 0
    for grant in queries.expiring(today):
        title = _("一项授权将于 %(day)s 到期") % {"day": grant.ends_on}
        readers = {grant.account_id, *queries.confirmers().values_list("pk", flat=True)}
        told += send(
            readers, key=f"expiry:{grant.pk}:{grant.ends_on}", kind="expiry", title=title, link=grant.get_absolute_url()
        )
    return _("终止 %(ended)s 项，提醒 %(told)s 条。") % {"ended": ended, "told": told}
