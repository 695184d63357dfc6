"""A duty is a Django app whose models live in its nouns, one folder each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps


def noun_modules_of(package: ModuleType, name: str) -> Iterator[ModuleType]:
    """Import `<noun>/<name>.py` of every noun of a duty that has it, in alphabetical order."""
    folder = Path(next(iter(package.__path__)))
    for noun in _nouns_with(folder, name):
        yield import_module(f"{package.__name__}.{noun}.{name}")


@cache
def _nouns_with(folder: Path, name: str) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{name}.py"))


def noun_modules(name: str) -> Iterator[ModuleType]:
    """The same for every duty, in the order of the installed apps."""
    for config in apps.get_app_configs():
        if isinstance(config, DutyConfig) and config.module is not None:
            yield from noun_modules_of(config.module, name)


class DutyConfig(AppConfig):
    """Finds the models of every noun, so that no list of them has to be kept by hand."""

    default = False

    def import_models(self) -> None:
        assert self.apps is not None
        assert self.module is not None
        self.models = self.apps.all_models[self.label]
        for _module in noun_modules_of(self.module, "models"):
            pass
