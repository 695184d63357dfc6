"""Who may publish a pack."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def refusal(step: str, record: Any, *, by: Any) -> str:
    if by.can(f"kernel.packs.{step}"):
        return ""
    return _("您的角色不能发布规则包。需要时请联系系统管理员。")
