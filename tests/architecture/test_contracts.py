"""The import contracts of pyproject.toml hold, and speak of the same packages as the tests beside this one."""

from __future__ import annotations

import tomllib
from pathlib import Path

from importlinter.application import use_cases
from importlinter.cli import configuration
from tests.architecture.test_imports import DUTIES, NOUN_FILES, OUTER

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def names(layer: str) -> list[str]:
    return layer.replace("|", " ").replace(":", " ").replace("(", " ").replace(")", " ").split()


def test_the_contracts_are_kept(monkeypatch):
    monkeypatch.chdir(ROOT)
    configuration.configure()
    assert use_cases.lint_imports(is_debug_mode=True, cache_dir=None) == use_cases.SUCCESS


def test_the_order_of_the_duties_is_the_same():
    packages = [name for layer in CONTRACTS[0]["layers"] for name in names(layer)]
    assert [name for name in packages if name in DUTIES] == list(reversed(DUTIES))


def test_the_files_of_a_noun_are_the_same():
    files = {name for layer in CONTRACTS[1]["layers"] for name in names(layer)}
    assert files == set(NOUN_FILES)


def test_only_the_outer_ring_may_draw():
    drawing = {line.split(" -> ")[0].rpartition(".")[2] for line in CONTRACTS[0]["ignore_imports"]}
    assert drawing == set(OUTER)
