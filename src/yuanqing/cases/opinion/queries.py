"""What runs against a person: periods of sanctions from the register, matters under way from the files one can open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from yuanqing.cases.case.actions import persons_of
from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import content_of
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes, periods
from yuanqing.cases.sanction.rules import FOR_GOOD, barred
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.models import Person


def running_periods(person: Person, on: date) -> list[str]:
    """Every period that bars something for the person on that day, in the official words, whoever reads it."""
    with override("zh-hans"):
        codes = Codes()
        rows = list(Sanction.objects.filter(person=person).order_by("decided_on", "pk"))
        return [
            _("%(kind)s：%(bars)s，到%(last)s")
            % {
                "kind": codes.label(one.sanction),
                "bars": codes.barred[one.bars].label,
                "last": _("未定") if one.ends_on == FOR_GOOD else one.ends_on.isoformat(),
            }
            for one in barred(periods(rows, codes), on)
        ]


def matters_under_way(account: Any, key: Unlocking, person: Person) -> int:
    """How many running leads and cases name the person, among those that this key opens; read in memory and kept nowhere."""
    found = 0
    for lead in Lead.objects.visible_to(account).running().select_related("key"):
        try:
            found += str(person.pk) in content_of(lead, key.secret_of(lead.key)).get("subjects", [])
        except (Unopenable, Lead.DoesNotExist):
            continue
    for case in Case.objects.visible_to(account).running().select_related("key"):
        try:
            found += person in persons_of(case, key.secret_of(case.key))
        except Unopenable:
            continue
    return found
