"""Choice tables, numbers, who can come in, and what is missing before the next step."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.lifecycle import ENDED
from yuanqing.cases.case.models import PARTS, Case, Officer
from yuanqing.cases.case.policies import is_barred
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Codes as LeadCodes
from yuanqing.cases.lead.queries import able
from yuanqing.cases.petition.queries import to_bring_above
from yuanqing.cases.verification.models import Member
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.models import Holder

CHANNEL = "case"
NEEDED = {"investigating": ("investigation", "team_people"), "in_trial": ("trial", "trial_people")}  # by state
CAPABILITIES = {"investigation": "cases.case.submit", "trial": "cases.case.try_case"}


class Codes:
    """代码表: what the packs in force offer for choice."""

    def __init__(self) -> None:
        self.pack = current("cases")
        self.leads = LeadCodes()

    def table(self, name: str) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table(name)}

    def number(self, code: str) -> int:
        return int(self.pack.entry(code).value)

    def label(self, table: str, code: str) -> str:
        if table in ("level", "category"):
            return self.leads.label(table, code)
        found = self.table(table)
        return found[code].label if code in found else code

    def choices(self, table: str) -> list[tuple[str, str]]:
        if table == "part":
            return [(code, str(label)) for code, label in PARTS.items()]
        return [(e.code, e.label) for e in self.table(table).values()]


def next_number(on: date) -> str:
    """A number that was never given; gaps may remain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_number')")
        return f"LA{on.year}-{cursor.fetchone()[0]:06d}"


def had_a_hand(lead: Lead) -> set[UUID | None]:
    """Accounts that handled or checked the lead: they may investigate, and do not try."""
    return {lead.handler_id, *Member.objects.filter(lead=lead).values_list("account_id", flat=True)}


def candidates(case: Case, part: str) -> list[Holder]:
    """Holders of keys with the role of the part, who need not keep out and have no other part in the matter."""
    taken: set[UUID | None] = set(case.officers.values_list("account_id", flat=True))
    taken |= had_a_hand(case.lead) if part == "trial" else set()
    found = able([CAPABILITIES[part]], case.unit)
    return [h for h in found if h.account_id and h.account_id not in taken and not is_barred(case, h.account_id)]


def missing_before_trial(case: Case) -> list[str]:
    """What has to be done before the case goes to trial, in words."""
    wanted = (
        (case.announced_on is not None, _("宣布立案")),
        (case.plan_on is not None, _("批准审查方案")),
        (is_staffed(case), _("审查组两人以上")),
        (case.evidence.exists(), _("登记证据")),
        (case.facts_on is not None, _("事实材料见面并听取本人意见")),
        (not case.measures.filter(ends_on__isnull=True).exists(), _("登记每项措施的终止日期")),
    )
    return [what for is_done, what in wanted if not is_done]


def overdue(today: date) -> list[Case]:
    """Those past their last day that are to be brought before somebody else now, as often as leads."""
    return to_bring_above(Case.objects.running().select_related("key", "unit"), today)


def above(case: Case) -> list[Holder]:
    """Whom an overdue case is brought before: who staffs it, from the second time also who decides; only those whose key
    opens it, and never the late person alone."""
    capabilities = ["cases.case.staff"] + (["cases.case.decide"] if case.escalations > 1 else [])
    found = [h for h in able(capabilities, case.unit) if h.pk in case.key.recipients]
    others = [h for h in found if h.account_id != case.owner_id]
    return others or [h for h in able(["cases.case.decide"], case.unit) if h.pk in case.key.recipients]


def openable(account: Any) -> Any:
    """Filed leads that the account can open and that have no case yet."""
    return Lead.objects.visible_to(account).filter(state="filed", case__isnull=True).select_related("key", "unit")


def is_late() -> Q:
    return ~Q(state__in=ENDED) & Q(due_on__lt=timezone.localdate())


def to_extend() -> Q:
    return Q(state__in=["decided", "enforced"], extended_on=None)


def to_archive() -> Q:
    return Q(state="enforced", extended_on__isnull=False)


def is_staffed(case: Case) -> bool:
    """Whether enough are named for the part that is under way."""
    part, number = NEEDED[case.state]
    return bool(case.officers.filter(part=part).count() >= Codes().number(number))


def to_staff() -> Q:
    """Those that nobody can bring along: too few investigate, or too few try what was sent to trial."""
    codes, counted = Codes(), Q()
    for state, (part, number) in NEEDED.items():
        named = Officer.objects.filter(case=OuterRef("pk"), part=part).order_by().values("case")
        rows = Case.objects.filter(state=state).annotate(named=Subquery(named.annotate(n=Count("pk")).values("n")))
        counted |= Q(pk__in=rows.filter(Q(named=None) | Q(named__lt=codes.number(number))).order_by().values("pk"))
    return counted


def waiting(account: Any) -> dict[str, int]:
    """What waits for the account, and how much is late; one statement for cases, one for leads without a case."""
    rows = Case.objects.visible_to(account).order_by()
    team, court = (Q(officers__account=account.pk, officers__part=part) for part in ("investigation", "trial"))
    found: dict[str, int] = rows.aggregate(
        staff=Count("pk", filter=to_staff(), distinct=True),
        investigate=Count("pk", filter=team & Q(state="investigating"), distinct=True),
        trial=Count("pk", filter=court & Q(state="in_trial"), distinct=True),
        decide=Count("pk", filter=Q(state="tried"), distinct=True),
        carry_out=Count("pk", filter=Q(state="decided"), distinct=True),
        extend=Count("pk", filter=to_extend(), distinct=True),
        archive=Count("pk", filter=to_archive(), distinct=True),
        late=Count("pk", filter=is_late(), distinct=True),
    )
    return found
