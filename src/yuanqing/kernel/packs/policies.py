"""Who may publish a pack."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

RIGHTS = "roles"  # who may do what is for the security administrator to publish, not for those whom it concerns


def refusal(step: str, record: Any, *, by: Any) -> str:
    is_rights = getattr(record, "kind", "") == RIGHTS
    if by.can(f"kernel.packs.{step}_{RIGHTS}" if is_rights else f"kernel.packs.{step}"):
        return ""
    if is_rights:
        return _("“角色与权限”规则包由安全管理员发布。")
    return _("您的角色不能发布规则包。需要时请联系系统管理员。")
