from typing import Any

from django.db.models.signals import post_migrate

from yuanqing.kernel.duty import DutyConfig


class KernelConfig(DutyConfig):
    name = "yuanqing.kernel"
    label = "kernel"
    default = True

    def ready(self) -> None:
        post_migrate.connect(_list_shapes, sender=self, dispatch_uid="ledger-shapes")


def _list_shapes(**kwargs: Any) -> None:
    """Enter the present columns of every kept record, so that no act has to do it."""
    from django.apps import apps

    from yuanqing.kernel.ledger.append import shape_id
    from yuanqing.kernel.records import Record

    for model in apps.get_models():
        if issubclass(model, Record):
            shape_id(model)
