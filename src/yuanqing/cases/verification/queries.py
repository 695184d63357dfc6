"""Whose signature a report waits for."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Subquery

from yuanqing.cases.lead.models import Paper
from yuanqing.cases.verification.models import Member


def to_sign(account: Any) -> int:
    """Reports of leads under check whose last wording the account, a member of the team, has not signed."""
    last = Paper.objects.filter(lead=OuterRef("lead"), kind="check_report").order_by("-position")
    rows = Member.objects.visible_to(account).filter(account=account.pk, lead__state="verifying").order_by()
    return int(
        rows.annotate(last=Subquery(last.values("pk")[:1])).filter(last__isnull=False).exclude(signed=F("last")).count()
    )
