"""What files are for: each purpose is declared once, by the noun whose records the files belong to.

    purpose("lesson.video", label=_("课程视频"), model=Lesson, capability="education.lesson.add", families=("video",), limit=2 << 30)

A file is visible to whoever may see the record it is about, so that there is no second set of rules beside the noun's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.store.media import FAMILIES

LIMIT = 50 << 20
Reads = Callable[[Any], Q]


@dataclass(frozen=True)
class Purpose:
    """用途: which files a noun takes, who may add them, who may read them, and how secret they are."""

    name: str
    label: Text
    model: type[models.Model]
    capability: str  # needed, for the unit of the file, to add one; "" leaves it to `refuses`
    families: Collection[str] = FAMILIES
    limit: int = LIMIT  # bytes
    level: str = "internal"  # as in class Secrecy: open, internal, sensitive
    reads: Reads | None = None  # condition on File; by default whoever sees the record it is about
    holds_pages: bool = False  # an archive may bring pages with scripts, because the noun plays them in a sandbox
    refuses: Callable[[Any, Any], str] | None = (
        None  # (by, record) → why no file may be added to it now; "" when one may
    )

    def condition(self, account: Any) -> Q:
        """Which files of this purpose the account may read."""
        rows: Any = self.model._default_manager
        seen = self.reads(account) if self.reads else Q(about__in=rows.visible_to(account).values("pk"))
        return Q(purpose=self.name) & seen


_purposes: dict[str, Purpose] = {}


def purpose(name: str, *, label: Text, model: type[models.Model], capability: str, **more: Any) -> Purpose:
    """Declare a purpose, in the `policies.py` (or `actions.py`) of the noun the files belong to."""
    known = _purposes.get(name)
    if known is not None and known.model is not model:
        raise ValueError(f"The purpose “{name}” is declared twice.")
    _purposes[name] = Purpose(name, label, model, capability, **more)
    return _purposes[name]


def purposes() -> dict[str, Purpose]:
    """Every purpose by name; the modules that declare them are imported first."""
    _import_nouns()
    return _purposes


@cache
def _import_nouns() -> None:
    for name in ("policies", "actions"):
        list(noun_modules(name))
