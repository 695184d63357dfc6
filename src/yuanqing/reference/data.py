"""Pages on what is kept: figures, packs, secrecy, settings, commands and the interface for programs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps

from yuanqing.api import api
from yuanqing.kernel import figures, scaffold, secrecy, serving, static_files  # noqa: F401 for their commands
from yuanqing.kernel.commands import REGISTRY, Command, load_kernel_commands, load_tasks
from yuanqing.kernel.database import commands as database_commands  # noqa: F401 for its commands
from yuanqing.kernel.packs.fingerprint import fingerprint
from yuanqing.kernel.records import Record
from yuanqing.kernel.variables import VARIABLES
from yuanqing.norms.packs import shipped_packs
from yuanqing.reference.markdown import both, chinese, code, english, page, table

HTTP = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}


def figures_page() -> str:
    parts = []
    for figure in figures.registered().values():
        parts.append(f"## {chinese(figure.label)} `{figure.name}`")
        facts = [
            ("英文 English", english(figure.label)),
            ("单位 Unit", both(figure.unit)),
            ("定义 Definition", both(figure.definition)),
            ("为什么 Why", both(figure.why)),
            ("不含 Leaves out", both(figure.exclusions)),
            ("分列 By", code(*figure.dims)),
            ("累计 Year to date", "是 yes" if figure.accumulates else "否：时点数 no: a stock"),
            ("读取的表 Reads", code(*sorted(figures.tables_of(figure.name)))),
        ]
        parts.append(table(("", ""), [fact for fact in facts if fact[1]]))
    return page(
        "指标 Figures",
        "每个指标只定义一次；页面、月报、结账都用同一个定义，得到同样的整数。"
        "Each figure is defined once; pages, returns and the close use the same definition and get the same integers.",
        *parts,
    )


def packs() -> str:
    found = shipped_packs()
    rows = []
    for name, pack in sorted(found.items()):
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(e.kind for e in pack.entries).items()))
        rows.append(
            (
                code(name),
                f"{pack.title} · {pack.english}",
                pack.kind,
                pack.version,
                pack.effective_from,
                kinds,
                code(fingerprint(pack)[:16]),
            )
        )
    head = ("规则包 Pack", "名称 Label", "种类 Kind", "版本 Edition", "施行 From", "条目 Entries", "指纹 Fingerprint")
    parts = [table(head, rows)]
    for name, pack in sorted(found.items()):
        if pack.kind == "calendar":
            continue
        parts.append(f"## {pack.title} `{name}`")
        parts.append(f"来源 Source: {pack.source}（{pack.mark}）")
        lines = [(code(e.code), e.kind, e.title, e.english, code(*e.basis), pack.mark_of(e)) for e in pack.entries]
        parts.append(table(("编号 Code", "种类 Kind", "名称 Title", "English", "依据 Basis", "核实 Mark"), lines))
    return page(
        "规则包 Rule packs",
        "随产品提供的规则包。核实程度：V 已核对原文，V2 据二手资料，K 凭记忆未核对，own 本产品或本单位自定。"
        "Packs that ship. Marks: V checked against the original, V2 from secondary sources, K from memory, own set by the product.",
        *parts,
    )


def secrecy_page() -> str:
    parts = []
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if not issubclass(model, Record):
            continue
        levels = secrecy.classification(model)
        term = (model.__doc__ or "").split(":")[0]
        parts.append(f"## {term} `{model._meta.label}`")
        parts.append(f"保存期限 Kept: `{secrecy.retention(model)}`")
        rows = [(level, code(*sorted(f for f, its in levels.items() if its == level))) for level in secrecy.LEVELS]
        parts.append(table(("级别 Level", "字段 Fields"), [row for row in rows if row[1]]))
    return page(
        "密级分类 Secrecy",
        "每条记录的每个字段都有分类：open 登录即可见，internal 管辖范围内可见，sensitive 办理人员可见，sealed 加密存放。"
        "Every field of every record is classified: open to anybody signed in, internal to those in charge, sensitive to those who handle it, sealed encrypted.",
        *parts,
    )


def settings_page() -> str:
    rows = [(code(v.name), v.meaning, code(v.default) or "—", "是 yes" if v.secret else "") for v in VARIABLES]
    return page(
        "环境变量 Settings",
        "`yuanqing settings` 列出并检查它们。`yuanqing settings` lists and checks them.",
        table(("变量 Variable", "含义 Meaning", "默认 Default", "保密 Secret"), rows),
    )


def commands() -> str:
    load_kernel_commands()
    load_tasks()
    rows = [
        (code(_usage(each)), both(each.help), each.needs.value) for _name, each in sorted(REGISTRY.commands.items())
    ]
    return page(
        "命令 Commands",
        "在安装目录运行 `.venv/bin/yuanqing <命令>`。Run `.venv/bin/yuanqing <command>` in the folder of the installation.",
        table(("命令 Command", "作用 What it does", "需要 Needs"), rows),
    )


def _usage(each: Command) -> str:
    words = [each.name]
    for one in each.arguments:
        name, options = one.names[-1], one.options
        shown = name if name.startswith("-") else f"<{name}>"
        if name.startswith("-") and options.get("action") not in ("store_true", "store_false"):
            shown += " …"
        is_optional = (name.startswith("-") and not options.get("required")) or options.get("nargs") in ("?", "*")
        words.append(f"[{shown}]" if is_optional else shown)
    return " ".join(words)


def api_page() -> str:
    schema = api.get_openapi_schema()
    groups: dict[str, list[tuple[str, ...]]] = {}
    for path, operations in schema["paths"].items():
        for method, one in operations.items():
            answers = ", ".join(str(status) for status in sorted(one["responses"], key=int))
            query = [p["name"] for p in one.get("parameters", []) if p["in"] == "query"]
            row = (HTTP[method], code(path), _said(one), code(*query), answers)
            groups.setdefault(one["tags"][0], []).append(row)
    parts = []
    for tag in sorted(groups):
        rows = sorted(groups[tag], key=lambda row: (row[1], row[0]))
        parts += [f"## {tag}", table(("", "地址 Path", "作用 What it does", "参数 Query", "应答 Answers"), rows)]
    return page(
        "程序接口 API",
        "说明书在 `/api/openapi.json`，浏览在 `/api/docs/`。办不了的事答 409 和一句理由，填错的答 422，没有的和看不到的都答 404。"
        "Described at `/api/openapi.json`. 409 carries the sentence why an act is not open, 422 what is wrong; absent and unseen are both 404.",
        *parts,
    )


def _said(operation: dict[str, Any]) -> str:
    return str(operation.get("description", "").split("\n")[0] or operation["summary"])
