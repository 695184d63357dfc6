"""An empty noun has the shape of every other noun, and is never written over one that exists."""

import ast

import pytest

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.scaffold import write_noun

ALLOWED = {
    "pages.py",
    "api.py",
    "tasks.py",
    "figures.py",
    "forms.py",
    "actions.py",
    "queries.py",
    "policies.py",
    "models.py",
}
ALLOWED |= {"lifecycle.py", "rules.py", "__init__.py"}


@pytest.fixture
def places(tmp_path):
    (tmp_path / "src" / "supervision").mkdir(parents=True)
    (tmp_path / "src" / "supervision" / "apps.py").touch()
    return {"source": tmp_path / "src", "tests": tmp_path / "tests"}


def test_the_files_are_those_of_the_architecture_and_python_reads_them(places, tmp_path):
    write_noun("supervision/outside_work", title="业外活动", **places)
    folder = tmp_path / "src" / "supervision" / "outside_work"
    assert {path.name for path in folder.iterdir()} <= ALLOWED
    for path in folder.iterdir():
        ast.parse(path.read_text())
    assert "class OutsideWork(Record):" in (folder / "models.py").read_text()
    assert '"""业外活动:' in (folder / "models.py").read_text()
    assert (tmp_path / "tests" / "supervision" / "outside_work" / "test_lifecycle.py").exists()


def test_an_existing_noun_is_left_alone(places):
    write_noun("supervision/check", **places)
    with pytest.raises(OperatorError, match="exists already"):
        write_noun("supervision/check", **places)


@pytest.mark.parametrize(
    "place", ["check", "supervision/", "supervision/Check", "../etc/passwd", "nowhere/check", "supervision/a/b"]
)
def test_a_wrong_place_is_refused(places, place):
    with pytest.raises(OperatorError):
        write_noun(place, **places)
