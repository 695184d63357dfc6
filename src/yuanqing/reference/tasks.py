"""Commands that print the reference pages and keep the English catalogue."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.commands import Needs, command


@command("messages", help=gettext_lazy("更新英文词条"), needs=Needs.DJANGO)
def messages() -> str:
    """Keeps every translation; what the code no longer says is left out."""
    from yuanqing.reference.messages import CATALOGUE, update

    total, new, missing = update()
    return _("%(total)s 条，新增 %(new)s 条，还没有英文 %(missing)s 条：%(path)s") % {
        "total": total,
        "new": new,
        "missing": missing,
        "path": CATALOGUE,
    }
