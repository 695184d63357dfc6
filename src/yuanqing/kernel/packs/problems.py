"""What is wrong with a pack, told as sentences that name file, entry and field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """规则包问题: one thing to mend, and where."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        if self.entry and self.field:
            where = _("%(file)s：条目“%(entry)s”的“%(field)s”：%(message)s。")
        elif self.entry:
            where = _("%(file)s：条目“%(entry)s”：%(message)s。")
        elif self.field:
            where = _("%(file)s：“%(field)s”：%(message)s。")
        else:
            where = _("%(file)s：%(message)s。")
        return where % {"file": self.file, "entry": self.entry, "field": self.field, "message": self.message}


class PackError(ValueError):
    """A pack that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def sentence(error: ErrorDetails) -> str:
    """One pydantic error in the reader's language."""
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context.get("error", error["msg"])).rstrip("。")
    known = {
        "missing": _("缺少这一项"),
        "extra_forbidden": _("不认识这一项"),
        "string_type": _("应是文字"),
        "string_too_short": _("不能为空"),
        "string_too_long": _("太长，最多 %(max_length)s 个字"),
        "too_long": _("太多，最多 %(max_length)s 项"),
        "string_pattern_mismatch": _("只能用英文字母、数字、下划线、点和短横，并以字母或数字开头"),
        "int_parsing": _("应是整数"),
        "int_type": _("应是整数"),
        "bool_parsing": _("应写“是”或“否”"),
        "bool_type": _("应写“是”或“否”"),
        "enum": _("只能是 %(expected)s"),
        "literal_error": _("只能是 %(expected)s"),
        "greater_than_equal": _("不能小于 %(ge)s"),
        "less_than_equal": _("不能大于 %(le)s"),
        "dict_type": _("应是“名称: 值”的若干行"),
        "tuple_type": _("应是若干项"),
        "model_type": _("应是若干个下级项"),
    }
    if error["type"].startswith("date"):
        return _("应是日期，写成 2026-10-01 的样子")
    return str(known[error["type"]] % context) if error["type"] in known else error["msg"]


def problems_of(error: ValidationError, file: str, entry: str = "") -> list[Problem]:
    return [Problem(file, entry, ".".join(map(str, one["loc"])), sentence(one)) for one in error.errors()]
