"""Forgetting the tokens that have expired anyhow."""

from __future__ import annotations

from django.utils import timezone

from yuanqing.hotline.gate.models import Spent
from yuanqing.kernel.commands import command


@command("hotline forget", help="forget used form tokens that have expired")
def forget() -> str:
    number, _kinds = Spent.objects.filter(expires_on__lt=timezone.localdate()).delete()
    return f"{number} forgotten"
