"""The operator's commands of the packs."""

from __future__ import annotations

import pytest

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.packs.load import to_yaml
from yuanqing.kernel.packs.published import current
from yuanqing.norms.clause.tasks import check_packs, compare_packs, export_pack, load_packs
from yuanqing.norms.packs import FOLDER, shipped


def test_the_shipped_packs_pass_the_check():
    assert "speech@" in check_packs()
    assert check_packs(str(FOLDER / "weights.yaml")).startswith("weights@")


def test_a_faulty_pack_is_told_by_file_and_entry(tmp_path):
    path = tmp_path / "weights.yaml"
    path.write_text(to_yaml(shipped("weights")).replace("points:", "marks:"), encoding="utf-8")
    with pytest.raises(OperatorError, match=r"weights\.yaml.*marks"):
        check_packs(str(path))


def test_shipped_packs_are_loaded_once(db):
    assert "speech@1.1" in load_packs([], shipped=True)
    assert load_packs([], shipped=True) == "Everything is published already."


@pytest.mark.parametrize("form", ["yaml", "xlsx"])
def test_export_change_compare_load(db, tmp_path, form):
    load_packs([], shipped=True)
    path = tmp_path / f"weights.{form}"
    export_pack("weights", str(path))
    assert compare_packs(str(path)) == "No difference."
    changed = shipped("weights").model_copy(update={"version": "2.0"})
    path = tmp_path / "weights.yaml"
    path.write_text(to_yaml(changed), encoding="utf-8")
    assert "2.0" in compare_packs(str(path))
    assert load_packs([str(path)]) == "weights@2.0"
    assert current("weights").version == "2.0"
    assert "1.0" in compare_packs("weights@2.0", "weights@1.0")


def test_what_is_asked_for_must_exist(db, tmp_path):
    with pytest.raises(OperatorError, match="no published pack"):
        export_pack("nothing", str(tmp_path / "x.yaml"))
    with pytest.raises(OperatorError, match="cannot be read"):
        load_packs([str(tmp_path / "absent.yaml")])
    with pytest.raises(OperatorError, match="--shipped"):
        load_packs([])
