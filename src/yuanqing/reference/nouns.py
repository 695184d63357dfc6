"""What a noun is, read from its folder: its term, its lifecycles, its figures, its pages, the demands it serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from yuanqing.kernel.duty import DutyConfig
from yuanqing.kernel.lifecycle import Lifecycle


@dataclass
class Noun:
    """名词: one folder of a duty; `serves` cites the clauses of the speech and the rows across all demands."""

    duty: str
    name: str
    term: str
    serves: tuple[str, ...]
    lifecycles: list[Lifecycle] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.duty}/{self.name}"

    @property
    def module(self) -> str:
        return f"yuanqing.{self.duty}.{self.name}"


def nouns() -> list[Noun]:
    """Every folder of every duty, lowest duty first."""
    return [noun for config in apps.get_app_configs() if isinstance(config, DutyConfig) for noun in _of(config)]


def _of(config: DutyConfig) -> Iterator[Noun]:
    assert config.module is not None
    for folder in sorted(Path(config.path).iterdir()):
        if not (folder / "__init__.py").exists() or folder.name == "templatetags":
            continue
        package = import_module(f"{config.name}.{folder.name}")
        found = _lifecycles(f"{config.name}.{folder.name}.lifecycle") if (folder / "lifecycle.py").exists() else []
        yield Noun(config.label, folder.name, _term(package), getattr(package, "SERVES", ()), found)


def _lifecycles(name: str) -> list[Lifecycle]:
    return [one for _name, one in sorted(vars(import_module(name)).items()) if isinstance(one, Lifecycle)]


def _term(module: ModuleType) -> str:
    """The official term with which the docstring begins; "" when it begins otherwise."""
    first = (module.__doc__ or "").split(":")[0]
    return first if any("一" <= letter <= "鿿" for letter in first) else ""


@dataclass(frozen=True)
class Page:
    """页面: a named address and the function behind it."""

    name: str
    address: str
    module: str


def pages() -> list[Page]:
    """Every page but those of the API, which has its own list."""
    return sorted((p for p in _walk(get_resolver(), "", "") if not p.name.startswith("api:")), key=lambda p: p.name)


def _walk(resolver: Any, address: str, namespace: str) -> Iterator[Page]:
    for one in resolver.url_patterns:
        here = address + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, here, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name:
            yield Page(f"{namespace}{one.name}", f"/{here}", one.callback.__module__)
