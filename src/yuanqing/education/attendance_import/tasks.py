"""The same import from the command line."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.attendance_import.forms import check, sheets, take_over
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.org.account.models import Account
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Rejected


@command("attendance import", help=gettext_lazy("导入签到名单（XLSX）"))
def import_attendance(file: str, *, account: str = "") -> str:
    """Take a workbook over, for the system or for the account named; every error is told, then nothing has changed."""
    by = Account.objects.filter(username=account).first() if account else SYSTEM
    if by is None:
        raise OperatorError(_("没有账号“%(account)s”。") % {"account": account})
    try:
        counts = import_file(file, sheets(), check=check, apply=take_over, by=by)
    except Rejected as rejected:
        raise OperatorError("\n".join(str(problem) for problem in rejected.problems)) from rejected
    return _("登记了 %(n)s 人。") % {"n": counts.created}
