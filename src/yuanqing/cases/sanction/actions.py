"""Registering a sanction, restoring a member's rights, revoking, and the end by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes, end_of, periods
from yuanqing.kernel.acts import Refused, act, keep, note, once_saved
from yuanqing.org.person.models import Person

EARLIEST = date(1949, 10, 1)  # no decision that a register here could hold is older


@act(Sanction, creates=True)
def impose(
    *, by: Any, person: Person, kind: str, decided_on: date, document: str, months: int | None = None,
    is_for_removal: bool = False, case: Case | None = None,
) -> Sanction:  # fmt: skip
    """A decision about a person; every period of his is reckoned anew, since a later one takes up the rest of an
    earlier one."""
    codes, wrong = Codes(), dict[str, str]()
    if getattr(by, "person_id", None) == person.pk:
        raise Refused(_("关于您本人的处分不能由您查看和办理。"))
    if kind not in codes.kinds:
        raise ValidationError({"kind": _("请选择处分种类。")})
    if decided_on > timezone.localdate():
        wrong["decided_on"] = _("日期不能晚于今天。")
    elif decided_on < EARLIEST:
        wrong["decided_on"] = _("日期应在 %(day)s 与今天之间。") % {"day": EARLIEST}
    if not document.strip():
        wrong["document"] = _("请填写文号。")
    if codes.value(kind, "family") == "party" and not person.is_party_member:
        wrong["kind"] = _("这个人不是中共党员，不能给予党纪处分。")
    if is_for_removal and not codes.value(kind, "instead_of_removal"):
        wrong["is_for_removal"] = _("只有党内严重警告才有这种情形。")
    if case is not None and (case.decided_on is None or not case.outcome.startswith("sanction")):
        wrong["case"] = _("这件案子没有作出给予处分的决定。")
    wrong |= _months_fit(codes, kind, months)
    if wrong:
        raise ValidationError(wrong)
    entry: Any = codes.kinds[kind]
    chosen = int(codes.value(kind, "instead_of_removal")) if is_for_removal else months
    made = Sanction(
        person=person, unit=person.unit, level=person.level, case=case, kind=kind, form=entry.form or 1, months=chosen,
        is_for_removal=is_for_removal, decided_on=decided_on, document=document.strip(), imposed_by_id=by.pk,
    )  # fmt: skip
    reckon(made, codes)
    note(kind=kind, decided_on=decided_on.isoformat())
    return made


def _months_fit(codes: Codes, kind: str, months: int | None) -> dict[str, str]:
    chosen = [int(text) for text in codes.value(kind, "chosen").split(",") if text]
    if chosen and months not in chosen:
        return {"months": _("请写明期限：%(months)s 个月。") % {"months": _("、").join(str(n) for n in chosen)}}
    if not chosen and months is not None:
        return {"months": _("这种处分的期限由规定确定，不用填写。")}
    return {}


def reckon(changed: Sanction, codes: Codes) -> None:
    """Last days of all decisions about the person; those of others are kept with the act under way."""
    others = list(Sanction.objects.filter(person=changed.person_id).exclude(pk=changed.pk).exclude(state="revoked"))
    found = periods([*others, changed], codes)
    changed.ends_on = None if changed.revoked_on else end_of(changed, found, codes)
    for other in others:
        last = end_of(other, found, codes)
        if other.state == "in_force" and last != other.ends_on:
            other.ends_on = last
            once_saved(lambda other=other: keep(other))  # type: ignore[misc]


@act(Sanction)
def restore(sanction: Sanction, *, by: Any, on: date) -> None:
    """Probation is over and the member's rights are restored; two years without an equal or higher post begin."""
    codes = Codes()
    if not codes.waits_for_restoration(sanction):
        raise ValidationError(_("只有留党察看要登记恢复党员权利，而且只登记一次。"))
    if not sanction.decided_on < on <= timezone.localdate():
        raise ValidationError({"on": _("恢复日期应在处分决定之后、今天以前。")})
    sanction.restored_on = on
    reckon(sanction, codes)


@act(Sanction)
def revoke(sanction: Sanction, *, by: Any, reason: str, on: date) -> None:
    """Changed on appeal: it bars nothing any more and adds nothing to others."""
    if not reason.strip():
        raise ValidationError({"reason": _("撤销处分要写明理由和文号。")})
    if not sanction.decided_on <= on <= timezone.localdate():
        raise ValidationError({"on": _("撤销日期应在处分决定与今天之间。")})
    sanction.revoked_on, sanction.revocation = on, reason.strip()
    reckon(sanction, Codes())
    note(on=on.isoformat())


@act(Sanction)
def expire(sanction: Sanction, *, by: Any) -> None:
    """Over on the day after its last day, without anybody asking."""
    if sanction.ends_on is None or sanction.ends_on >= timezone.localdate():
        raise ValidationError(_("影响期还没有满。"))
