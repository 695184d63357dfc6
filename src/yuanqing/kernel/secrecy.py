"""定密与保存期限: every field of every kept record is classified, and a test fails for one that is not.

A model says it in an inner class::

    class Secrecy:
        open = ("code",)              # may be shown to anybody signed in
        internal = ("name",)          # 内部: to those whose scope reaches the record
        sensitive = ("facts",)        # 工作秘密: to those who handle the matter
        sealed = ()                   # stored encrypted, see the sealing design
        retention = "permanent"       # or "10y", "30y", "with_account"
        wall = ("discipline.violation.view",)  # capabilities that the database's own policy of the table asks for
"""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import models

LEVELS = ("open", "internal", "sensitive", "sealed")
MACHINE_FIELDS = frozenset({"id", "version"})
RETENTIONS = frozenset({"permanent", "30y", "10y", "with_account", "until_superseded"})


def classification(model: type[models.Model]) -> dict[str, str]:
    """Field name → level, for the fields the model classifies."""
    secrecy = getattr(model, "Secrecy", None)
    return {field: level for level in LEVELS for field in getattr(secrecy, level, ())}


def unclassified(model: type[models.Model]) -> list[str]:
    """Concrete fields without a level; an empty list is the rule."""
    known = classification(model)
    return [f.name for f in model._meta.concrete_fields if f.name not in known and f.name not in MACHINE_FIELDS]


@cache
def walled() -> tuple[str, ...]:
    """The capabilities that policies of the database ask for, in alphabetical order."""
    return tuple(sorted({c for m in apps.get_models() for c in getattr(getattr(m, "Secrecy", None), "wall", ())}))


def sensitive_models() -> list[type[models.Model]]:
    """Every model with a field that only those who handle the matter may read."""
    found = {"sensitive", "sealed"}
    return [m for m in apps.get_models() if found & set(classification(m).values())]


def retention(model: type[models.Model]) -> str:
    """How long rows are kept; "" when the model does not say."""
    return str(getattr(getattr(model, "Secrecy", None), "retention", ""))
