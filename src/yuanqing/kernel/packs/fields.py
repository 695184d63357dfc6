"""The kinds of value a pack may hold: plain text, lines, pairs, yes or no, whole numbers and dates.

Each can be written as text, in YAML and in a worksheet's cell alike, and is read back as the same value.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

# XML, and so a worksheet, cannot hold these; \r would come back as \n.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
LONGEST = 30_000  # a worksheet's cell holds 32,767 characters


class Mark(StrEnum):
    """核实程度: how far a statement was checked against its source."""

    READ = "V"
    SECONDARY = "V2"
    RECALLED = "R"
    OWN = "own"

    @property
    def label(self) -> str:
        labels = {
            "V": _("已核对原文"),
            "V2": _("据二手资料"),
            "R": _("凭记忆，未核对"),
            "own": _("本产品或本单位自定"),
        }
        return labels[self.value]


def plain(text: str) -> str:
    found = UNWRITABLE.search(text)
    if found:
        raise ValueError(_("含有不能保存的控制字符（U+%(code)04X）") % {"code": ord(found[0])})
    return text


def single_line(text: str) -> str:
    if "\n" in text:
        raise ValueError(_("只能写一行"))
    return plain(text)


def lines(value: Any) -> Any:
    """One text with a line for each item, as a cell holds it, becomes the list of its lines."""
    return [line for line in value.split("\n") if line.strip()] if isinstance(value, str) else value


def pairs(value: Any) -> Any:
    """Lines of "name: value" become a mapping."""
    if not isinstance(value, str):
        return value
    split = [line.partition(":") for line in lines(value)]
    if any(not separator for _name, separator, _value in split):
        raise ValueError(_("每行应写成“名称: 值”"))
    return {name.strip(): content.strip() for name, _separator, content in split}


def yes_no(value: Any) -> Any:
    return {"是": True, "否": False}.get(value, value) if isinstance(value, str) else value


def reference(text: str) -> str:
    if not REFERENCE.fullmatch(text):
        raise ValueError(_("引用应写成“规则包.编号”，例如 speech.2.8"))
    return text


Text = Annotated[str, AfterValidator(plain), Field(max_length=LONGEST)]
Line = Annotated[str, AfterValidator(single_line), Field(min_length=1, max_length=500)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(lines), Field(max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Names = Annotated[tuple[Name, ...], BeforeValidator(lines)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=40)]
Reference = Annotated[str, AfterValidator(reference), Field(max_length=100)]
References = Annotated[tuple[Reference, ...], BeforeValidator(lines)]
Pairs = Annotated[dict[Name, Line], BeforeValidator(pairs)]
Flag = Annotated[bool, BeforeValidator(yes_no)]
