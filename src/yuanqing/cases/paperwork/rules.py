"""What a document must say, and whether everything is there; plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.packs.phrases import fill, places
from yuanqing.shell.document.compose import day
from yuanqing.shell.document.official import Heading, OfficialDocument, Paragraph

# What stands in the places of the templates, as one would ask for it when it is missing.
PLACES = {
    "name": _("姓名"), "unit": _("所在单位"), "post": _("职务"), "level": _("级别"), "lead": _("问题线索"),
    "category": _("问题类别"), "number": _("案号"), "filed_on": _("立案日期"), "announced_on": _("宣布立案日期"),
    "facts_on": _("事实材料见面日期"), "submitted_on": _("移送审理日期"), "decided_on": _("决定日期"),
    "delivered_on": _("送达日期"), "evidence_count": _("证据"), "proposal": _("审理建议"), "sanction": _("处分"),
    "period": _("影响期"), "appeal": _("申诉途径和期限"), "document": _("决定文号"), "paper_basis": _("立案依据"),
    "paper_facts": _("错误事实见面材料"), "paper_answer": _("本人意见"), "paper_case_report": _("审查报告"),
    "paper_trial_report": _("审理报告"), "paper_decision": _("处理决定"), "paper_list": _("案卷材料"),
    "evidence_list": _("证据"), "addressee": _("主送"), "body": _("内容"), "due_on": _("期限"), "letter": _("来函文号"),
    "answer": _("意见"), "checked_on": _("查对日期"), "periods": _("影响期"), "reason": _("理由"),
    "organisation": _("单位名称"), "meeting": _("会议"), "held": _("会议时间"), "place": _("地点"), "purpose": _("议题"),
    "chair": _("主持人"), "recorder": _("记录人"), "attendance": _("到会人数"), "attendees": _("到会成员"),
    "absent": _("缺席成员"), "recused": _("回避成员"), "paper_question": _("提请审议的问题"), "opinions": _("各人意见"),
    "paper_minutes": _("会议记录"), "votes": _("表决"), "outcome": _("决议"), "paper_resolution": _("决议内容"),
    "later": _("更正和异议"), "signatures": _("签字"),
}  # fmt: skip


def written(value: Any) -> str:
    """A value as documents write it: days in Chinese, without leading zeros."""
    return day(value) if isinstance(value, date) else str(value or "").strip()


def missing(phrases: Iterable[Any], values: Mapping[str, Any]) -> list[str]:
    """What the document must say and nobody has recorded yet, in the order of the document."""
    wanted = dict.fromkeys(name for phrase in phrases for name in sorted(places(phrase.text)))
    return [str(PLACES.get(name, name)) for name in wanted if not written(values.get(name))]


def composed(
    title: str, phrases: Iterable[Any], values: Mapping[str, Any], *, organ: str, number: str, on: date
) -> OfficialDocument:
    """The document; every line of a text that was typed becomes a paragraph. KeyError where something is missing."""
    ready = {name: written(value) for name, value in values.items() if written(value)}
    body: list[Any] = []
    for phrase in phrases:
        body.append(Heading(phrase.title))
        body += [Paragraph(line.strip()) for line in fill(phrase.text, ready).splitlines() if line.strip()]
    return OfficialDocument(organ=organ, title=title, signed_on=on, number=number, body=tuple(body), signature=organ)
