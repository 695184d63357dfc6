"""Kept records: rows that only an act may write and nobody deletes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from yuanqing.kernel import barriers

if TYPE_CHECKING:
    from yuanqing.kernel.acts.deeds import Deed

current_deed: ContextVar[Deed | None] = ContextVar("current_deed", default=None)
M = TypeVar("M", bound=models.Model, covariant=True)


class OutsideAct(RuntimeError):
    """A kept record was written outside an act: a mistake of the program, never of a user."""


def require_act(what: object) -> None:
    if current_deed.get() is None:
        raise OutsideAct(f"{what}: kept records are written by acts only")


def _behind_barriers(visible_to: Callable[..., Any]) -> Callable[..., Any]:
    """What a noun lets an account see, less what the account is kept from."""

    @wraps(visible_to)
    def seen(self: Any, account: Any) -> Any:
        return barriers.before(visible_to(self, account), account)

    return seen


class RecordQuerySet(models.QuerySet[M]):
    """Reads freely; refuses bulk writes outside an act. Whatever a noun lets be seen, barriers narrow."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "visible_to" in cls.__dict__:
            cls.visible_to = _behind_barriers(cls.__dict__["visible_to"])  # type: ignore[method-assign]

    def update(self, **kwargs: Any) -> int:
        require_act(self.model)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise OutsideAct(f"{self.model}: kept records are never deleted")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        require_act(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        require_act(self.model)
        return super().bulk_update(objs, *args, **kwargs)

    def visible_to(self, account: Any) -> RecordQuerySet[M]:
        """What this account may see; every noun says it for itself."""
        raise NotImplementedError(f"{self.model.__name__} does not say who may see it")


class Record(models.Model):
    """Base of every kept record: random public identity, and a version that grows by one with each act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects: ClassVar[models.Manager[Any]] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_act(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise OutsideAct(f"{type(self)}: kept records are never deleted")
