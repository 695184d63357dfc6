"""取值: a cell as it was typed becomes a value, or a sentence saying what is wrong and how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.almanac import Month
from yuanqing.shell.importing.sheet import Column
from yuanqing.shell.importing.typed import EXACT, is_blank, narrow, tidy

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?", re.ASCII)
PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII)
PLAIN_MONTH = re.compile(r"(\d{4})(\d{2})", re.ASCII)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(18_264, 73_051)  # 1950 to 2099 as day numbers of Excel
LONGEST = 10_000
YES, NO = {"是", "有", "y", "yes", "true", "1", "√"}, {"否", "无", "n", "no", "false", "0", "×"}


class Wrong(Exception):
    """A sentence for the person who filled in the cell."""


def value(column: Column, raw: Any) -> Any:
    """The value of a cell; raises Wrong. A blank is "" for texts and None for everything else."""
    if is_blank(raw):
        if column.required:
            raise Wrong(_("必填，不能空着。请填写“%(label)s”。") % {"label": column.label})
        return "" if column.kind in ("text", "code") else None
    if isinstance(raw, str) and raw.startswith("#") and raw in ERRORS:
        raise Wrong(_("单元格里是公式错误 %(value)s。请改成直接填写的内容。") % {"value": raw})
    if isinstance(raw, float) and not isfinite(raw):
        raise Wrong(_("单元格里的数字无法识别。请重新填写。"))
    return READERS[column.kind](column, raw)


ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}


def text(column: Column, raw: Any) -> str:
    found = tidy(raw)
    limit = column.max_length or LONGEST
    if len(found) > limit:
        raise Wrong(_("最多 %(limit)d 个字，现有 %(found)d 个。请缩短。") % {"limit": limit, "found": len(found)})
    return found


def code(column: Column, raw: Any) -> str:
    """A code typed as a number is accepted only where no leading zero can have been lost."""
    if isinstance(raw, bool | date | time | timedelta):
        raise Wrong(_("这里应是代码，Excel 把它变成了日期、时间或逻辑值。请把这一列设为“文本”格式后重新填写。"))
    if isinstance(raw, int | float):
        if not float(raw).is_integer() or abs(raw) >= EXACT:
            raise Wrong(
                _("这个代码被 Excel 当作数字，只保留前 15 位，后面的已经变了。请把这一列设为“文本”格式后重新填写完整。")
            )
        if len(str(int(raw))) < column.digits:
            raise Wrong(
                _(
                    "代码应为 %(digits)d 位，这里只有 %(found)d 位：Excel 把它当作数字，开头的 0 丢了。请把这一列设为“文本”格式后填写 %(whole)s。"
                )
                % {"digits": column.digits, "found": len(str(int(raw))), "whole": str(int(raw)).zfill(column.digits)}
            )
    found = narrow(raw)
    if column.digits and len(found) != column.digits:
        raise Wrong(_("代码应为 %(digits)d 位，这里是 %(found)d 位。") % {"digits": column.digits, "found": len(found)})
    if column.max_length and len(found) > column.max_length:
        limit, size = column.max_length, len(found)
        raise Wrong(_("最多 %(limit)d 个字，现有 %(found)d 个。请缩短。") % {"limit": limit, "found": size})
    return found


def number(column: Column, raw: Any) -> Decimal:
    """A number, also one stored as text or with thousands separators."""
    if isinstance(raw, bool | date | time | timedelta):
        raise Wrong(_("应填数字。请改为数字，例如 12。"))
    found = narrow(raw)
    if GROUPED.fullmatch(found):
        found = found.replace(",", "")
    try:
        if not isinstance(raw, int | float) and not NUMBER.fullmatch(found):
            raise Wrong(_("应填数字，只写数字本身，不带单位和文字，例如 12。"))
        parsed = Decimal(found)
    except InvalidOperation:
        raise Wrong(_("应填数字，只写数字本身，不带单位和文字，例如 12。")) from None
    if not parsed.is_finite() or abs(parsed) >= EXACT:
        raise Wrong(_("数字太大，超出了范围。请核对。"))
    if column.minimum is not None and parsed < column.minimum:
        raise Wrong(_("不能小于 %(minimum)d。请核对。") % {"minimum": column.minimum})
    if column.maximum is not None and parsed > column.maximum:
        raise Wrong(_("不能大于 %(maximum)d。请核对。") % {"maximum": column.maximum})
    return parsed


def integer(column: Column, raw: Any) -> int:
    found = number(column, raw)
    if found != found.to_integral_value():
        raise Wrong(_("应填整数，不能有小数。请核对。"))
    return int(found)


def day(column: Column, raw: Any) -> date:
    """2026-3-5, 2026/03/05, 2026.3.5, 2026年3月5日, 20260305, or a date of Excel (also as its day number)."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = unicodedata.normalize("NFKC", tidy(raw))
    matched = DAY.fullmatch(found) or PLAIN_DAY.fullmatch(found)
    if matched:
        try:
            return date(*(int(part) for part in matched.groups()))
        except ValueError:
            raise Wrong(_("没有这一天。请核对年、月、日。")) from None
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in SERIALS:
        return SERIAL_ZERO + timedelta(days=int(raw))
    raise Wrong(_("应填日期。请写成 2026-03-05 或 2026年3月5日 的样子。"))


def month(column: Column, raw: Any) -> Month:
    """2026-10, 2026年10月, 202610, or a date of Excel."""
    if isinstance(raw, date):
        return Month(raw.year, raw.month)
    if isinstance(raw, float) and not raw.is_integer():
        raise Wrong(_("Excel 把月份当成了小数，分不清 1 月和 10 月。请写成 2026-10 的样子，并把这一列设为“文本”格式。"))
    found = narrow(raw)
    matched = MONTH.fullmatch(found) or PLAIN_MONTH.fullmatch(found) or DAY.fullmatch(found)
    if not matched or not 1 <= int(matched[2]) <= 12 or not 1900 <= int(matched[1]) <= 2199:
        raise Wrong(_("应填月份。请写成 2026-10 或 2026年10月 的样子。"))
    return Month(int(matched[1]), int(matched[2]))


def choice(column: Column, raw: Any) -> str:
    """The code of a choice given by code or by its label in any language of the interface."""
    key = column.choice_names.get(narrow(raw).casefold())
    if key is not None:
        return key
    allowed = "、".join(str(label) for _key, label in column.choices[:30])
    raise Wrong(_("不在可选范围内。请从下列中选一个：%(allowed)s。") % {"allowed": allowed})


def yes_or_no(column: Column, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    found = narrow(raw).casefold()
    if found in YES:
        return True
    if found in NO:
        return False
    raise Wrong(_("应填“是”或“否”。"))


READERS: dict[str, Callable[[Column, Any], Any]] = {
    "text": text,
    "code": code,
    "int": integer,
    "decimal": number,
    "date": day,
    "month": month,
    "choice": choice,
    "bool": yes_or_no,
}
