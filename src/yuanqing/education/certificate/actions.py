"""Awarding certificates to those who passed, and revoking one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.certificate.models import Certificate
from yuanqing.education.quiz.models import Attempt
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Touched, act, act_many


@act_many(Certificate, creates=True)
def award(many: Many, attempts: Sequence[Attempt], *, by: Any) -> int:
    """One for each attempt; attempts before a course count for nothing, since nothing was taught yet."""
    return many.create(
        Certificate(
            attempt=one, person_id=one.person_id, unit_id=one.unit_id, awarded_at=one.marked_at or timezone.now()
        )
        for one in attempts
    )


@act(Certificate)
def revoke(certificate: Certificate, *, by: Any, reason: str) -> None:
    """It was given wrongly; the public page says so from now on."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的理由。")})
    certificate.revoked_reason = reason.strip()
    acts.note(reason=reason.strip())


def _passed(touched: Touched) -> None:
    found = list(touched.records().filter(is_passed=True, quiz__stage="after"))
    if found:
        award(found, by=touched.by)


for _step in ("hand_in", "collect"):
    acts.after(Attempt, _step)(_passed)
