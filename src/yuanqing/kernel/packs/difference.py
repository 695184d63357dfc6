"""What changed between two versions of a pack, as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.schema import Head, Pack


@dataclass(frozen=True, slots=True)
class Change:
    """变更: one thing that differs; code is empty for the head of the pack."""

    kind: Literal["added", "removed", "changed", "moved"]
    code: str
    field: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        sentences = {
            "added": _("新增条目“%(code)s”：%(new)s"),
            "removed": _("删除条目“%(code)s”：%(old)s"),
            "moved": _("条目次序改变：%(old)s → %(new)s"),
            "changed": _("条目“%(code)s”的“%(field)s”由“%(old)s”改为“%(new)s”"),
        }
        form = sentences[self.kind]
        if self.kind == "changed" and not self.code:
            form = _("规则包的“%(field)s”由“%(old)s”改为“%(new)s”")
        return form % {"code": self.code, "field": self.field, "old": self.old, "new": self.new}


def difference(old: Pack, new: Pack) -> list[Change]:
    """Changes of the head, then entries removed, added and changed, then their order; empty when nothing differs."""
    before, after = old.by_code, new.by_code
    changes = list(_fields(_head(old), _head(new), ""))
    changes += [Change("removed", code, old=before[code].title) for code in before if code not in after]
    changes += [Change("added", code, new=after[code].title) for code in after if code not in before]
    for code in before:
        if code in after:
            changes += _fields(_plain(before[code]), _plain(after[code]), code)
    was = [code for code in before if code in after]
    now = [code for code in after if code in before]
    if was != now:
        changes.append(Change("moved", "", old="、".join(was), new="、".join(now)))
    return changes


def _head(pack: Pack) -> dict[str, Any]:
    return pack.model_dump(mode="json", include=set(Head.model_fields))


def _plain(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind, **entry.model_dump(mode="json")}


def _fields(old: dict[str, Any], new: dict[str, Any], code: str) -> Iterator[Change]:
    for field in dict.fromkeys([*old, *new]):
        was, now = old.get(field), new.get(field)
        if was != now:
            yield Change("changed", code, field, _shown(was), _shown(now))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
