"""Notices as the pages show them: who has signed, by unit and by group, and what a reader still has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from yuanqing.education.notice import rules
from yuanqing.education.notice.models import Notice, NoticeText, Receipt
from yuanqing.kernel.packs.published import current
from yuanqing.org.audience.rules import Rule, read
from yuanqing.shell.document import prose

GROUPS = ("party_group_member", "leading_official", "mid_level_leader", "key_post", "other")


def kinds() -> dict[str, Any]:
    """The kinds of notice the pack in force offers, by code."""
    return {entry.code: entry for entry in current("education").table("notice_kind")}


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def audience_of(notice: Notice) -> tuple[Rule, ...]:
    """The rules; none while no audience has been chosen."""
    return read(notice.audience) if notice.audience else ()


def pages_of(text: NoticeText) -> list[str]:
    return prose.pages(text.body, parameter("notice.page"))


def seconds_left(receipt: Receipt) -> int:
    """Seconds before the text shown can have been read by anybody; 0 when it can."""
    assert receipt.text is not None
    assert receipt.begun_at is not None
    least = rules.fastest(prose.length(receipt.text.body), parameter("notice.speed"))
    return max(0, least - int((timezone.now() - receipt.begun_at).total_seconds()))


SIGNED = Q(state="signed")


def counts(now: Any = None) -> dict[str, Count]:
    """Aggregates over receipts: delivered, read, signed, of those on paper, and overdue."""
    late = ~SIGNED & Q(due_at__lt=now or timezone.now())
    return {
        "delivered": Count("pk"),
        "read": Count("pk", filter=Q(begun_at__isnull=False) | SIGNED),
        "signed": Count("pk", filter=SIGNED),
        "paper": Count("pk", filter=SIGNED & Q(is_on_paper=True)),
        "overdue": Count("pk", filter=late),
    }


def with_coverage(notices: Any) -> Any:
    """Notices with the numbers of their receipts; one statement."""
    standing = ~Q(receipts__state="released")
    signed = Q(receipts__state="signed")
    late = standing & ~signed & Q(receipts__due_at__lt=timezone.now())
    return notices.annotate(
        delivered=Count("receipts", filter=standing & Q(receipts__isnull=False)),
        signed=Count("receipts", filter=signed),
        overdue=Count("receipts", filter=late),
        share=Case(When(delivered__gt=0, then=F("signed") * 10_000 / F("delivered")), output_field=IntegerField()),
    )


@dataclass(frozen=True)
class Group:
    """一类人员: how many were meant and how many have signed; leaders and key posts come first."""

    code: str
    delivered: int
    signed: int

    @property
    def share(self) -> int:
        return self.signed * 10_000 // self.delivered if self.delivered else 0

    @property
    def missing(self) -> int:
        return self.delivered - self.signed


def in_group() -> Case:
    """The group a receipt is counted in: the rank first, then the key post."""
    ranks = [When(rank=code, then=Value(code)) for code in GROUPS[:3]]
    return Case(*ranks, When(is_key=True, then=Value("key_post")), default=Value("other"))


def by_group(receipts: QuerySet[Any]) -> list[Group]:
    rows = receipts.order_by().annotate(group=in_group()).values("group").annotate(**counts())
    found = {row["group"]: Group(row["group"], row["delivered"], row["signed"]) for row in rows}
    return [found[code] for code in GROUPS if code in found]


def by_unit(receipts: QuerySet[Any], limit: int = 200) -> list[dict[str, Any]]:
    """Units with their numbers, those with most people missing first."""
    rows = receipts.order_by().values("unit_id", "unit__name", "unit__code").annotate(**counts())
    return list(rows.annotate(missing=F("delivered") - F("signed")).order_by("-missing", "unit__path")[:limit])


def own_receipts(account: Any) -> QuerySet[Any]:
    """What was delivered to the person of this account."""
    person = getattr(account, "person_id", None)
    rows = Receipt.objects.filter(person_id=person) if person else Receipt.objects.none()
    return rows.select_related("notice__unit", "text")


def is_missing() -> Case:
    """ "yes" where a signature is still asked for."""
    return Case(When(state__in=("delivered", "reading"), then=Value("yes")), default=Value("no"))
