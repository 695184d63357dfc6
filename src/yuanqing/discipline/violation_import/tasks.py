"""The same import from the command line."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation_import.forms import check, sheets, take_over
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.org.account.models import Account
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Rejected


@command("violation import", help=gettext_lazy("导入违规问题台账（XLSX）"))
def import_register(file: str, *, account: str = "") -> str:
    """Take a workbook over, for the system or for the account named; every error is told, then nothing has changed."""
    by = Account.objects.filter(username=account).first() if account else SYSTEM
    if by is None:
        raise OperatorError(_("没有账号“%(account)s”。") % {"account": account})
    try:
        counts = import_file(file, sheets(), check=check, apply=take_over, by=by)
    except Rejected as rejected:
        raise OperatorError("\n".join(str(problem) for problem in rejected.problems)) from rejected
    return _("导入 %(count)d 件违规问题。") % {"count": counts.created}
