"""Proposing a finding, confirming it with approval from above, or clearing the reporter of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.queries import clock, kept_out_of
from yuanqing.cases.petition.rules import marks
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.slander.models import Slander
from yuanqing.kernel.acts import act, note
from yuanqing.org.unit.models import Unit


@act(Slander, creates=True)
def propose(
    *, by: Any, unit: Unit, matter: str, was_named: bool, who: str, elements: Sequence[str], evidence: str,
    unmasking: str = "",
) -> Slander:  # fmt: skip
    """An anonymous reporter is named only where finding him out was approved first: the number of that is asked for."""
    codes, wrong = Remedies(), dict[str, str]()
    for name, value in (("matter", matter), ("who", who)):
        if not value.strip():
            wrong[name] = _("请填写。")
    if not was_named and not unmasking.strip():
        wrong["unmasking"] = _("匿名举报未经批准不得追查举报人身份。")
    if set(elements) - set(codes.table("slander_element")):
        wrong["elements"] = _("请从列出的选项中选择。")
    if len(evidence.strip()) < 10:
        wrong["evidence"] = _("请写明证据；不实不等于诬告，要有故意的证据。")
    if wrong:
        raise ValidationError(wrong)
    pk, today, number = uuid4(), timezone.localdate(), matter.strip()
    leads = list(Lead.objects.filter(Q(petition__number=number) | Q(number=number)).select_related("key"))
    out, guard = kept_out_of(*Petition.objects.filter(number=number), *leads), leads[0].key if leads else None
    return Slander(
        pk=pk, guard=guard, barred=marks(pepper(), pk, out), unit=unit, matter=number, was_named=was_named, unmasking=unmasking.strip(), who=who.strip(),
        elements=sorted(set(elements)), evidence=evidence.strip(), proposed_by_id=by.pk, proposed_on=today,
        due_on=clock("slander.decide", today),
    )  # fmt: skip


@act(Slander)
def confirm(
    slander: Slander, *, by: Any, level: str, approver: str, document: str, on: date, handling: str, reason: str,
    heavier: Sequence[str] = (),
) -> None:  # fmt: skip
    """Every element proven, intent above all, and approval by a body of the level that may give it."""
    codes, wrong = Remedies(), dict[str, str]()
    missing = [entry.label for code, entry in codes.table("slander_element").items() if code not in slander.elements]
    if missing:
        raise ValidationError(_("要件没有全部查实：%(names)s。查不实的按错告处理。") % {"names": _("、").join(missing)})
    if level not in codes.table("slander_level"):
        wrong["level"] = _("请选择批准机关级别。")
    elif codes.value("slander_level", level, "approves") != "yes":
        wrong["level"] = _("认定诬告须经设区的市级以上党委或者纪检监察机关批准。")
    for name, value in (("approver", approver), ("document", document), ("reason", reason)):
        if not value.strip():
            wrong[name] = _("请填写。")
    if handling not in codes.table("slander_handling"):
        wrong["handling"] = _("请选择处理方式。")
    if set(heavier) - set(codes.table("slander_heavier")):
        wrong["heavier"] = _("请从列出的选项中选择。")
    if not slander.proposed_on <= on <= timezone.localdate():
        wrong["on"] = _("认定日期应在提出日期与今天之间。")
    if wrong:
        raise ValidationError(wrong)
    slander.level, slander.approver, slander.document = level, approver.strip(), document.strip()
    slander.handling, slander.heavier, slander.reason = handling, sorted(set(heavier)), reason.strip()
    slander.decided_by_id, slander.decided_on, slander.due_on = by.pk, on, None
    note(level=level, handling=handling)


@act(Slander)
def clear(slander: Slander, *, by: Any, reason: str) -> None:
    """错告: wrong, but not on purpose; nobody is held liable for it."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    slander.reason, slander.decided_by_id = reason.strip(), by.pk
    slander.decided_on, slander.due_on = timezone.localdate(), None
    note(reason=reason.strip())
