"""A duty is a Django app whose models live in its nouns, one folder each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps


def nouns(package: ModuleType) -> list[str]:
    """Names of the noun folders of a duty, in alphabetical order."""
    folder = Path(next(iter(package.__path__)))
    return sorted(child.name for child in folder.iterdir() if (child / "__init__.py").exists())


def noun_modules(name: str) -> Iterator[ModuleType]:
    """Import the module called `name` (for instance "figures") of every noun that has one."""
    for config in apps.get_app_configs():
        if not isinstance(config, DutyConfig) or config.module is None:
            continue
        for noun in nouns(config.module):
            path = f"{config.name}.{noun}.{name}"
            if find_spec(path):
                yield import_module(path)


class DutyConfig(AppConfig):
    """Finds the models of every noun, so that no list of them has to be kept by hand."""

    default = False

    def import_models(self) -> None:
        self.models = self.apps.all_models[self.label]
        assert self.module is not None
        for noun in nouns(self.module):
            path = f"{self.name}.{noun}.models"
            if find_spec(path):
                import_module(path)
