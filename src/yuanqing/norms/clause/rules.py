"""What packs and their fields are called on pages; a field without a name here shows as the pack writes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "rules": gettext_lazy("规则"),
    "codes": gettext_lazy("代码表"),
    "deadlines": gettext_lazy("期限"),
    "weights": gettext_lazy("考评分值"),
    "parameters": gettext_lazy("参数"),
    "calendar": gettext_lazy("工作日历"),
    "glossary": gettext_lazy("术语"),
    "form": gettext_lazy("报表"),
    "roles": gettext_lazy("角色"),
    "security": gettext_lazy("登录安全"),
    "routing": gettext_lazy("去向"),
    "template": gettext_lazy("文书模板"),
}
FIELDS = {
    "amount": gettext_lazy("数量"),
    "amount_max": gettext_lazy("最多"),
    "at_least": gettext_lazy("不低于"),
    "audience": gettext_lazy("对象"),
    "capabilities": gettext_lazy("权限"),
    "choices": gettext_lazy("选项"),
    "columns": gettext_lazy("列"),
    "content": gettext_lazy("来源"),
    "days": gettext_lazy("天数"),
    "due": gettext_lazy("报送期限"),
    "duty": gettext_lazy("职责"),
    "each": gettext_lazy("逐项"),
    "every_months": gettext_lazy("每几个月"),
    "evidence": gettext_lazy("以什么为证"),
    "extension": gettext_lazy("可延长"),
    "figure": gettext_lazy("指标"),
    "form": gettext_lazy("四种形态"),
    "fulfilled_by": gettext_lazy("由什么履行"),
    "idle_minutes": gettext_lazy("无操作多久退出（分钟）"),
    "incompatible": gettext_lazy("不相容"),
    "is_template": gettext_lazy("待填写"),
    "is_workday": gettext_lazy("上班"),
    "item": gettext_lazy("考评项"),
    "layout": gettext_lazy("版式"),
    "level": gettext_lazy("程度"),
    "months": gettext_lazy("月数"),
    "name": gettext_lazy("代码中的名称"),
    "on": gettext_lazy("日期"),
    "order": gettext_lazy("次序"),
    "part": gettext_lazy("部分"),
    "placeholders": gettext_lazy("填空"),
    "points": gettext_lazy("分值"),
    "required": gettext_lazy("必填"),
    "roles": gettext_lazy("角色"),
    "rows": gettext_lazy("行"),
    "rule": gettext_lazy("关系式"),
    "schedule": gettext_lazy("周期"),
    "second_factor": gettext_lazy("必须有第二因素"),
    "section": gettext_lazy("部分"),
    "table": gettext_lazy("表"),
    "to": gettext_lazy("去向"),
    "trigger": gettext_lazy("起算"),
    "unit": gettext_lazy("单位"),
    "value": gettext_lazy("值"),
    "values": gettext_lazy("取值"),
    "when": gettext_lazy("条件"),
    "where": gettext_lazy("范围"),
    "why": gettext_lazy("理由"),
    "within": gettext_lazy("时限"),
}


def field_label(name: str) -> str:
    return str(FIELDS.get(name, name))


def shown(value: Any) -> str:
    """A field of an entry as one line of text."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return "；".join(f"{key}={shown(one)}" for key, one in value.items() if one not in (None, "", []))
    if isinstance(value, list):
        return "、".join(shown(one) for one in value)
    return "" if value is None else str(value)
