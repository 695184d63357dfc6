"""Looks for planted defects with the tests of a duty: whatever the matrix does not tell, a test of the noun may.

    PLANTED=defects.json pytest -p tests.access.planting tests/cases

Every test runs soundly first, and which functions it calls is remembered; then it runs again, soundly once more and with each
defect in a function that it has called, until one of them fails. What was found by which test is written to the file, defect by defect.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from tests.access.mutants import SOURCE, Mutant, Planting, called, name_of

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Second:
    """The second look."""

    wanted: list[Mutant]
    plantings: dict[str, Planting] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        import yuanqing.urls  # noqa: F401 - with everything that answers, so that all functions are there

        self.plantings = {str(mutant): Planting(mutant) for mutant in self.wanted}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> bool:
        with called() as functions:
            is_sound = _holds(item)
        names = set(map(name_of, functions))
        called_here = {n: p for n, p in self.plantings.items() if n not in self.found and names & p.names}
        if called_here and is_sound and _holds(item):  # one that holds once only tells nothing
            for name, planting in called_here.items():
                with planting.planted():
                    if not _holds(item):
                        self.found[name] = item.nodeid
        item.session._setupstate.teardown_exact(nextitem)
        return True

    def pytest_sessionfinish(self) -> None:
        Path(os.environ["PLANTED"]).write_text(json.dumps(self.found), encoding="utf-8")


@dataclass(frozen=True)
class Beside:
    """What comes next, to pytest: something of the same module, so that what belongs to the test alone is taken down."""

    item: Any

    def listchain(self) -> list[Any]:
        chain: list[Any] = self.item.listchain()
        return chain[:-1]


def _holds(item: Any) -> bool:
    item._initrequest()
    beside: Any = Beside(item)
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=beside))


def pytest_configure(config: pytest.Config) -> None:
    given = json.loads(Path(os.environ["PLANTED"]).read_text(encoding="utf-8"))
    wanted = [Mutant(SOURCE / path, line, column, kind) for path, line, column, kind in given]
    config.pluginmanager.register(Second(wanted), "second look")


def _tests_of(mutant: Mutant) -> list[Path]:
    """Those of its duty that name its noun; all of the duty where there is none."""
    known = sorted((ROOT / "tests" / mutant.duty).rglob("test_*.py"))
    named = re.compile(rf"\b{mutant.noun}\b|/{mutant.noun.replace('_', '-')}/")
    return [
        path for path in known if named.search(path.read_text(encoding="utf-8")) or mutant.noun in path.parts
    ] or known


def found_by_tests(mutants: Iterable[Mutant], place: Path) -> dict[str, str]:
    """Defect → the test that found it, of those of the duty that name the noun that it is in."""
    wanted = list(mutants)
    if not wanted:
        return {}
    given = [(str(m.path.relative_to(SOURCE)), m.line, m.column, m.kind) for m in wanted]
    tests = sorted({str(test.relative_to(ROOT)) for mutant in wanted for test in _tests_of(mutant)})
    file = place / "planted.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-p", "tests.access.planting", "-m", "not drill and not browser"]
    foreign = ("YUANQING_", "PYTEST_", "TEST_SERVER")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    clean |= {"PLANTED": str(file), "YUANQING_DATABASE_URL": os.environ.get("TEST_SERVER_URL", "")}
    subprocess.run([*words, *tests], cwd=ROOT, env=clean, check=False)
    found: Any = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}
