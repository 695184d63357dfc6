"""What `visible_to` of a model gives an account, looked at without any page: parts of records are reached by no address of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from tests.access.requests import FOR_EVERYBODY, OUTSIDE
from tests.access.world import World

from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account


def models() -> list[Any]:
    """Every kept record that says who sees it."""
    return [m for m in apps.get_models() if issubclass(m, Record) and hasattr(m._default_manager.all(), "visible_to")]


def elsewhere(world: World) -> dict[UUID, str]:
    """Keys of records that no actor may see, and what they are."""
    own = set(map(str, world.at["own"].values()))
    return {
        key: f"{kind} of {place}"
        for place in (*OUTSIDE, "recused")
        for kind, key in world.at[place].items()
        if isinstance(key, UUID) and str(key) not in own and kind not in FOR_EVERYBODY and (place, kind) != ("parent", "unit")
    }  # fmt: skip


def strange_rows(world: World, model: Any, role: str) -> set[str]:
    """Rows given to the role that are elsewhere or hang on what is: "model · what"."""
    foreign, account = elsewhere(world), Account.objects.get(pk=world.accounts[role])
    links = [f.attname for f in model._meta.concrete_fields if f.is_relation]
    rows = model._default_manager.visible_to(account).values_list("pk", *links)
    return {f"{model.__name__} · {foreign[key]}" for row in rows for key in row if key in foreign}
