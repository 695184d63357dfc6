"""Commands that print the reference pages and keep the English catalogue."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.commands import Needs, OperatorError, command


@command("reference", help=gettext_lazy("由代码印出参考文档（--check 只核对）"), needs=Needs.DJANGO)
def reference(*, check: bool = False) -> str:
    from yuanqing.reference import book  # the whole product hangs on it; other commands need not load it

    if not check:
        return _("已更新：%(names)s") % {"names": "、".join(book.write()) or "—"}
    stale = book.outdated()
    if stale:
        raise OperatorError(
            _("参考文档与代码不符：%(names)s。请运行 yuanqing reference。") % {"names": "、".join(stale)}
        )
    return _("参考文档与代码一致。")


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
