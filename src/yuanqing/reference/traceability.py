"""Which page, step, figure or obligation serves which row of the requirements, found in the code.

A row is a numbered clause of the pack `speech`, or one of the rows across all demands listed here. A noun serves the
clauses that its lifecycle's steps cite and those its package names in `SERVES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from yuanqing.kernel import figures
from yuanqing.norms.obligation.actions import fulfilments
from yuanqing.norms.packs import shipped
from yuanqing.reference.markdown import code, page, table
from yuanqing.reference.nouns import Noun, Page, nouns, pages

# Rows that have no number in the speech: what every demand needs.
ACROSS = {
    "across.history": ("单位沿革", "Units with history"),
    "across.roles": ("角色按单位范围授权", "Roles scoped to sub-trees"),
    "across.administrators": ("三员分设", "Three separated administrators"),
    "across.recusal": ("回避", "Recusal"),
    "across.excel": ("Excel 导入导出", "Import from and export to Excel"),
    "across.documents": ("公文格式", "Official layout of documents"),
    "across.reminders": ("提醒和催办", "Reminders and escalation"),
    "across.search": ("中文检索", "Chinese full-text search"),
    "across.api": ("程序接口", "API"),
    "across.sign_on": ("单点登录", "Single sign-on"),
    "across.audit": ("留痕与核验", "Audit"),
    "across.backup": ("备份与恢复", "Backup and restore"),
    "across.language": ("中文为主，英文完整", "Chinese first, English complete"),
    "across.laptop": ("一条命令在一台电脑上运行", "One command on one computer"),
    "across.distributed": ("全国规模的分布式引擎", "A distributed engine at national size"),
}


@dataclass
class Row:
    """要求的一行: its number, its short title, and what serves it."""

    cite: str
    title: str
    english: str
    nouns: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)  # obligations that no record fulfils yet

    @property
    def is_served(self) -> bool:
        return bool(self.nouns or self.steps or self.pages or self.figures or self.obligations)

    @property
    def number(self) -> str:
        return self.cite.removeprefix("speech.")


def rows() -> dict[str, Row]:
    """Every row by its citation, with what the code says about it."""
    clauses = [e for e in shipped("speech").of_kind("clause") if "." in e.code]
    found = {f"speech.{e.code}": Row(f"speech.{e.code}", e.title, e.english) for e in clauses}
    found |= {cite: Row(cite, *titles) for cite, titles in ACROSS.items()}
    found["across.api"].pages = ["/api/openapi.json"]
    found["across.language"].pages = ["language"]
    known = pages()
    for noun in nouns():
        _serve(found, noun, [p for p in known if p.name.startswith(f"{noun.name}:")])
    for each in shipped("speech").of_kind("obligation"):
        name = f"speech.{each.code}"
        for cite in each.basis:
            row = found[cite]
            (row.obligations if name in fulfilments else row.declared).append(name)
    return found


def _serve(found: dict[str, Row], noun: Noun, its: list[Page]) -> None:
    steps = {step.name: step for lifecycle in noun.lifecycles for step in lifecycle.steps if step.basis in found}
    for step in steps.values():
        found[step.basis].steps.append(f"{noun.path}.{step.name}")
    cited = dict.fromkeys([*(step.basis for step in steps.values()), *noun.serves])
    measured = [f.name for f in figures.registered().values() if f.define.__module__.startswith(f"{noun.module}.")]
    for cite in cited:
        row = found[cite]
        row.nouns.append(noun.path)
        row.figures += measured
        for one in its:  # the page of a step serves what the step cites, the others all that the noun serves
            own = steps.get(one.name.partition(":")[2])
            if own is None or own.basis == cite:
                row.pages.append(one.name)


def traceability() -> str:
    parts = []
    demands = {e.code: e for e in shipped("speech").of_kind("clause") if "." not in e.code}
    everything = rows()
    for number, demand in demands.items():
        mine = [
            row
            for row in everything.values()
            if row.number.partition(".")[0] == number and row.cite.startswith("speech.")
        ]
        parts += [f"## {number} {demand.english} {demand.title}", _table(mine)]
    parts += [
        "## 各部分共有 Across all five",
        _table([row for row in everything.values() if row.cite.startswith("across.")]),
    ]
    return page(
        "要求对照 Traceability",
        "每一条要求由哪些名词、步骤、页面、指标和应履行事项来办，从代码里找出。“尚未建设”的如实写明；“规则已定”指规则包里有这个事项，但还没有记录来履行。列出的也可能只办到一部分。"
        "What serves each row of the requirements, found in the code. Rows that nothing serves say so; “declared” means that the rule pack holds the obligation and no record fulfils it yet. A row that is named may still be served in part only.",
        *parts,
    )


def _table(listed: list[Row]) -> str:
    return table(
        ("编号 No.", "要求 Row", "名词 Noun", "步骤 Steps", "页面 Pages", "指标 Figures", "事项 Obligations"),
        [_line(r) for r in listed],
    )


def _line(row: Row) -> tuple[str, ...]:
    title = f"{row.title} · {row.english}"
    if not row.is_served:
        declared = f"规则已定 declared: {code(*row.declared)}" if row.declared else ""
        return row.number, title, "**尚未建设 not yet**", "", "", "", declared
    owed = code(*row.obligations) + (f"；尚无记录履行 declared: {code(*row.declared)}" if row.declared else "")
    return row.number, title, code(*row.nouns), code(*row.steps), code(*row.pages), code(*row.figures), owed
