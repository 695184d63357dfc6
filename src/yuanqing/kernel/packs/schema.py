"""The pack as a value: its head, its entries, and how plain data becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from django.utils.translation import gettext as _
from pydantic import Field, ValidationError, model_validator

from yuanqing.kernel.packs.entries import ENTRY_KINDS, PACK_KINDS, Entry, Strict, Worded
from yuanqing.kernel.packs.fields import Mark, Name, Text
from yuanqing.kernel.packs.problems import PackError, Problem, problems_of

Kind = Literal[
    "rules",
    "codes",
    "deadlines",
    "weights",
    "calendar",
    "glossary",
    "form",
    "roles",
    "security",
    "routing",
    "template",
    "parameters",
]
Model = TypeVar("Model", bound=Strict)
Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", max_length=30)]


class Head(Strict, Worded):
    """规则包首部: what is said once for the whole pack."""

    name: Name
    title: Text = Field(min_length=1, max_length=200)
    english: Text = ""
    kind: Kind
    version: Version
    effective_from: date
    effective_to: date | None = None
    source: Text = Field(min_length=1, max_length=300)
    mark: Mark
    text: Text = ""
    english_text: Text = ""

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Head:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError(_("失效日期早于施行日期"))
        return self


class Pack(Head):
    """规则包: a named, versioned and dated set of entries; equal when head and entries are."""

    entries: tuple[Any, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Any]:
        return {entry.code: entry for entry in self.entries}

    def entry(self, code: str) -> Any:
        """The entry with this code; KeyError when there is none."""
        return self.by_code[code]

    @cached_property
    def by_kind(self) -> Mapping[str, list[Any]]:
        return _grouped(self.entries, "kind")

    @cached_property
    def by_table(self) -> Mapping[str, list[Any]]:
        return _grouped(self.of_kind("code"), "table")

    def of_kind(self, kind: str) -> list[Any]:
        return self.by_kind.get(kind, [])

    def table(self, name: str) -> list[Any]:
        """The lines of one choice table, in order."""
        return self.by_table.get(name, [])

    def leaves(self, name: str) -> list[Any]:
        """The lines of a choice table that are no other line's parent: what can be chosen and counted."""
        lines = self.table(name)
        parents = {line.parent for line in lines}
        return [line for line in lines if line.code not in parents]

    def children(self, code: str) -> list[Any]:
        return [entry for entry in self.entries if entry.parent == code]

    @property
    def cite(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def citable(self) -> list[Any]:
        """Entries that records may cite as pack.code@version; only packs of rules have any."""
        return list(self.entries) if self.kind == "rules" else []

    def source_of(self, entry: Entry) -> str:
        return entry.source or self.source

    def mark_of(self, entry: Entry) -> Mark:
        return entry.mark or self.mark

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def _grouped(entries: Iterable[Any], by: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for entry in entries:
        found.setdefault(getattr(entry, by), []).append(entry)
    return found


def as_data(pack: Pack) -> dict[str, Any]:
    """The pack as plain JSON values, without what equals its default; `build` gives the same pack back."""
    head = pack.model_dump(mode="json", include=set(Head.model_fields), exclude_defaults=True)
    entries = [{"kind": one.kind, **one.model_dump(mode="json", exclude_defaults=True)} for one in pack.entries]
    return {**head, "entries": entries}


def build(data: Any, file: str) -> Pack:
    """A pack from plain data (YAML, JSON or a workbook); PackError tells everything that is wrong with it."""
    if not isinstance(data, dict):
        raise PackError([Problem(file, "", "", _("不是规则包：应以 name、title 等项开头"))])
    raw = {key: value for key, value in data.items() if key != "entries"}
    problems: list[Problem] = []
    head = _model(Head, raw, file, "", problems)
    allowed = PACK_KINDS.get(str(raw.get("kind", "")), ())
    listed = data.get("entries")
    if not isinstance(listed, list) or not listed:
        problems.append(Problem(file, "", "entries", _("规则包没有条目")))
        listed = []
    entries = [_entry(one, number, allowed, file, problems) for number, one in enumerate(listed, 1)]
    whole = [one for one in entries if one is not None]
    problems += _structure(whole, file)
    if problems or head is None:
        raise PackError(problems)
    return Pack.model_construct(**{name: getattr(head, name) for name in Head.model_fields}, entries=tuple(whole))


def _entry(data: Any, number: int, allowed: tuple[str, ...], file: str, problems: list[Problem]) -> Entry | None:
    if not isinstance(data, dict):
        problems.append(Problem(file, str(number), "", _("条目应由若干“名称: 值”组成")))
        return None
    name = str(data.get("code") or _("第%(number)s条") % {"number": number})
    kind = str(data.get("kind") or (allowed[0] if allowed else ""))
    if kind not in allowed:
        if allowed:
            expected = "、".join(allowed)
            problems.append(Problem(file, name, "kind", _("这类规则包只能有 %(kinds)s") % {"kinds": expected}))
        return None
    raw = {key: value for key, value in data.items() if key != "kind"}
    return _model(ENTRY_KINDS[kind], raw, file, name, problems)


def _model(model: type[Model], raw: dict[str, Any], file: str, entry: str, problems: list[Problem]) -> Model | None:
    try:
        return model.model_validate(_filled(raw))
    except ValidationError as error:
        problems += problems_of(error, file, entry)
        return None


def _filled(value: Any) -> Any:
    """Without what was left empty: an empty cell and an absent line mean the same."""
    if not isinstance(value, dict):
        return value
    whole = {key: _filled(one) for key, one in value.items()}
    return {key: one for key, one in whole.items() if one not in (None, "", [], {}, ())}


def _structure(entries: Iterable[Entry], file: str) -> Iterator[Problem]:
    """Codes are unique, entries of one kind stand together, parents exist and lead to a top."""
    seen: dict[str, Entry] = {}
    kinds: list[str] = []
    for entry in entries:
        if entry.code in seen:
            yield Problem(file, entry.code, "code", _("编号重复"))
        seen[entry.code] = entry
        if entry.kind not in kinds:
            kinds.append(entry.kind)
        elif entry.kind != kinds[-1]:
            yield Problem(file, entry.code, "kind", _("同类条目应放在一起"))
    for entry in seen.values():
        if entry.parent is not None and entry.parent not in seen:
            yield Problem(file, entry.code, "parent", _("上级“%(code)s”不存在") % {"code": entry.parent})
        elif entry.code in _ancestors(entry, seen):
            yield Problem(file, entry.code, "parent", _("上级绕成了一个圈"))


def _ancestors(entry: Entry, seen: Mapping[str, Entry]) -> set[str]:
    found: set[str] = set()
    code = entry.parent
    while code is not None and code in seen and code not in found:
        found.add(code)
        code = seen[code].parent
    return found
