"""Pages on how records move: lifecycles, acts, what they owe, and who may do it."""

from __future__ import annotations

from fnmatch import fnmatchcase

from yuanqing.kernel import acts
from yuanqing.kernel.acts.steps import Act
from yuanqing.kernel.commands import load_tasks
from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Lifecycle, Step
from yuanqing.norms.obligation.actions import fulfilments
from yuanqing.norms.packs import shipped
from yuanqing.reference.markdown import both, chinese, code, diagram, page, table
from yuanqing.reference.nouns import nouns


def lifecycles() -> str:
    parts = []
    for noun in nouns():
        for lifecycle in noun.lifecycles:
            parts.append(f"## {noun.term} `{noun.path}`")
            parts.append(diagram(drawn(lifecycle)))
            parts.append(_states(lifecycle))
            parts.append(_steps(lifecycle))
    return page(
        "流程状态 Lifecycles",
        "每条记录的状态和步骤，照各名词的 `lifecycle.py` 印出。States and steps of every record, printed from the tables in `lifecycle.py`.",
        *parts,
    )


def drawn(lifecycle: Lifecycle) -> str:
    """The diagram with its states and steps named in Chinese."""
    names = [f"    {state}: {chinese(label)}" for state, label in lifecycle.states.items()]
    head, *lines = lifecycle.mermaid().split("\n")
    steps = {step.name: chinese(step.label) for step in lifecycle.steps}
    named = [
        f"{edge}: {steps.get(name, name)}" if name else edge for edge, _, name in (x.partition(": ") for x in lines)
    ]
    return "\n".join([head, *names, *named])


def _states(lifecycle: Lifecycle) -> str:
    rows = [
        (
            code(state),
            both(label),
            "起点 first" if state == lifecycle.initial else "终点 last" if state in lifecycle.final else "",
        )
        for state, label in lifecycle.states.items()
    ]
    return table(("状态 State", "名称 Label", ""), rows)


def _steps(lifecycle: Lifecycle) -> str:
    def row(step: Step) -> tuple[str, ...]:
        return (
            code(step.name),
            both(step.label),
            code(*step.source) or "—",
            code(step.target) or "不变 stays",
            code(step.role),
            code(step.basis),
        )

    head = ("步骤 Step", "名称 Label", "从 From", "到 To", "通常由谁 Usually by", "依据 Basis")
    return table(head, [row(step) for step in lifecycle.steps])


def all_acts() -> list[Act]:
    list(noun_modules("actions"))
    load_tasks()  # some acts of the kernel stand beside the commands that take them
    own = (act for act in acts.registry.values() if act.function.__module__.startswith("yuanqing."))
    return sorted(own, key=lambda act: act.name)


def acts_page() -> str:
    rows = []
    for act in all_acts():
        how = "新建 creates" if act.creates else "多条 many" if act.is_many else ""
        rows.append((code(act.name), both(act.label), act.model.__name__, how, code(*may(act.name))))
    return page(
        "行为 Acts",
        "系统里每一次写入都是一个行为，名称就是权限；每次都进台账。"
        "Every write is an act; its name is the capability that a role needs, and each one is entered in the ledger.",
        table(("行为 Act", "名称 Label", "记录 Record", "", "哪些角色 Roles"), rows),
    )


def may(capability: str) -> list[str]:
    """Roles of the shipped pack that hold the capability."""
    return [r.code for r in shipped("roles").of_kind("role") if any(fnmatchcase(capability, p) for p in r.capabilities)]


def roles() -> str:
    found = shipped("roles").of_kind("role")
    head = [f"## {role.title} {role.english} `{role.code}`" for role in found]
    parts = []
    for title, role in zip(head, found, strict=True):
        parts += [title, role.text, f"权限 Capabilities: {code(*role.capabilities)}"]
        if role.incompatible:
            parts.append(f"不相容 Incompatible with: {code(*role.incompatible)}")
    matrix = [(code(act.name), *("●" if r.code in may(act.name) else "" for r in found)) for act in all_acts()]
    return page(
        "角色与权限 Roles and capabilities",
        "随产品提供的 `roles` 规则包；权限只在授权的单位及其下级、在起止日期之内有效。"
        "From the shipped pack `roles`; a role holds within the units granted and between its dates.",
        *parts,
        "## 谁能办什么 Who may do what",
        table(("行为 Act", *(role.title for role in found)), matrix),
    )


def obligations() -> str:
    list(noun_modules("actions"))
    rows = []
    for one in shipped("speech").of_kind("obligation"):
        name = f"speech.{one.code}"
        met = fulfilments.get(name)
        rows.append(
            (
                code(name),
                f"{one.title} · {one.english}",
                f"{one.audience.who}{_limits(one)}",
                one.schedule,
                _due(one),
                code(*one.basis),
                code(f"{met.model.__name__}") if met else "尚无 not yet",
            )
        )
    return page(
        "应履行事项 Obligations",
        "随产品提供的 `speech` 规则包规定的事项。“由何记录履行”为“尚无”的，规则已定，办理它的部分还没有建成，系统不会开列。"
        "Kinds of obligations in the shipped pack `speech`. Where no record fulfils a kind yet, it is declared but never opened.",
        table(
            (
                "事项 Kind",
                "名称 Label",
                "对象 Audience",
                "周期 Schedule",
                "期限 Due",
                "依据 Basis",
                "由何记录履行 Fulfilled by",
            ),
            rows,
        ),
    )


def _limits(one: object) -> str:
    audience = one.audience  # type: ignore[attr-defined]
    limits = [*audience.ranks, *audience.unit_kinds, *(["key posts"] if audience.key_posts_only else [])]
    return f" ({', '.join(limits)})" if limits else ""


def _due(one: object) -> str:
    due, within = one.due, one.within  # type: ignore[attr-defined]
    if within is not None:
        return f"{within.amount} {within.unit}"
    assert due is not None
    grace = f", grace {due.grace} {due.grace_unit}, lock {due.lock} {due.lock_unit}" if due.month is None else ""
    when = f"{due.month}-{due.day:02d}" if due.month else f"day {due.day}"
    return f"{when}, +{due.offset} {'year' if due.month else 'month'}, {due.policy.value}{grace}"
