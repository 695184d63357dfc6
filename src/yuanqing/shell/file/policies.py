"""Who may add a file: whoever the purpose lets, to a record that he may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file.models import File
from yuanqing.shell.file.registry import Purpose, purposes


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, File):
        return _("没有权限")
    subject = purposes().get(record.purpose)
    if subject is None:
        return _("没有“%(purpose)s”这种用途。") % {"purpose": record.purpose}
    return about_refusal(subject, by, record.about, record.unit)


def about_refusal(subject: Purpose, by: Any, about: Any, unit: Any) -> str:
    """Why the account may not add a file of this purpose to this record; "" when it may.

    Where the record is a unit's, the right is asked for that unit, whichever is named beside it.
    """
    if not about:
        return reason_against(subject, by, None, unit)
    rows: Any = subject.model._default_manager
    record = rows.visible_to(by).filter(pk=about).first()
    if record is None:
        return _("找不到这些文件所属的记录，或者不在您的权限之内。")
    own = getattr(record, "unit", None)
    return reason_against(subject, by, record, own if isinstance(own, Unit) else unit)


def reason_against(subject: Purpose, by: Any, record: Any, unit: Any) -> str:
    """The same for a record that the account sees already."""
    return _lacking(subject, by, unit) or _refused(subject, by, record)


def _lacking(subject: Purpose, by: Any, unit: Any) -> str:
    return lacking(by, subject.capability, unit) if subject.capability else ""


def _refused(subject: Purpose, by: Any, record: Any) -> str:
    return subject.refuses(by, record) if subject.refuses else ""
