"""The first link at the command line, and the daily sweep."""

from __future__ import annotations

import os

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, queries


def address(path: str) -> str:
    """A path as somebody types it who reads it on this machine's screen."""
    if settings.HTTPS:
        return f"https://{settings.ALLOWED_HOSTS[0]}{path}"
    return f"http://{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}{path}"


def link_address(token: str) -> str:
    return address(reverse("sign_in_link", args=[token]))


@command("account first-link", help=gettext_lazy("首次启用：显示建立第一个管理员的一次性链接"))
def first_link(*, if_none: bool = False) -> str | None:
    """With `--if-none` silent when there is an account already; `serve` asks that way while there is none."""
    if not queries.is_new_installation():
        if if_none:
            return None
        raise OperatorError(_("已经有账号了。请由管理员开设账号，或用 yuanqing account link 重发链接。"))
    hours = queries.limits()["link_hours"]
    shown = link_address(actions.new_link(None, by=SYSTEM))
    return _("还没有账号。用这个链接建立管理员（%(hours)s 小时内有效，只能用一次）：\n  %(link)s") % {
        "hours": hours,
        "link": shown,
    }


@command("account link", help=gettext_lazy("重设密码：密码立即失效，显示一次性链接"))
def link(username: str) -> str:
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise OperatorError(_("没有账号“%(name)s”。") % {"name": username})
    return f"{username}  {link_address(actions.reset_with_link(account, by=SYSTEM))}"


@command("account sign-out", help=gettext_lazy("结束一个账号的全部登录状态"))
def sign_out(username: str, *, reason: str) -> str:
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise OperatorError(_("没有账号“%(name)s”。") % {"name": username})
    ended = actions.end_sessions(by=SYSTEM, account=account, reason=reason)
    return _("已结束 %(n)s 处登录。") % {"n": ended.count}


@app.periodic(cron="50 18 * * *")  # 02:50 in Shanghai
@app.task(name="yuanqing.sweep_sign_in", queueing_lock="sweep_sign_in")
def sweep(timestamp: int) -> None:
    """Sessions that have run out and failures long past leave nothing behind."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    actions.sweep()
