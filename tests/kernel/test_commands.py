"""Commands are found by their words, take arguments from the signature, and answer mistakes with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from yuanqing.__main__ import _sentence
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.commands import REGISTRY, argument, command, load_tasks

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(REGISTRY, "commands", {})


def yuanqing(*words, **environment):
    known = {name: value for name, value in os.environ.items() if name != "YUANQING_TEST_PLACE"}  # the tests' own
    return subprocess.run(
        [sys.executable, "-m", "yuanqing", *words],
        env={**known, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "yuanqing.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_longest_name_wins():
    @command("month", help="")
    def month(): ...

    @command("month close", help="")
    def close(which: str): ...

    found = REGISTRY.match(["month", "close", "2026-10"])
    assert found is not None
    assert (found[0].name, found[1]) == ("month close", ["2026-10"])
    assert REGISTRY.match(["year"]) is None


def test_arguments_follow_the_signature(capsys):
    @command("month close", help="")
    def close(month: Month, unit: str = "0", *, force: bool = False, limit: int | None = None):
        return f"{month!s} {unit} {force} {limit}"

    each = REGISTRY.commands["month close"]
    assert each.run(["2026-10"]) == 0
    assert each.run(["2026-10", "0103", "--force", "--limit", "7"]) == 0
    assert capsys.readouterr().out == "2026-10 0 False None\n2026-10 0103 True 7\n"


def test_arguments_may_be_given_in_argparses_words():
    @command("pack load", help="", arguments=["name", argument("--dry", action="store_true")])
    def load(name, dry):
        return 3 if dry else 0

    assert REGISTRY.commands["pack load"].run(["speech", "--dry"]) == 3


def test_one_name_has_one_command():
    command("demo", help="")(test_one_name_has_one_command)
    with pytest.raises(ValueError, match="declared twice"):
        command("demo", help="")(load_tasks)


def test_a_mistake_is_a_sentence_and_exit_code_2():
    for words, said in (
        (["new", "nowhere/thing"], "There is no duty “nowhere”"),
        (["new", "Bad Name"], "in lower case"),
        (["database", "prepare"], "YUANQING_OWNER_URL"),
    ):
        done = yuanqing(*words, YUANQING_OWNER_URL="")
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_wrong_setting_is_named():
    done = yuanqing("settings", YUANQING_EMAIL_URL="mailhost", YUANQING_COLOUR="red", PORT="99999")
    assert done.returncode == 2
    for said in (
        "YUANQING_EMAIL_URL must look like smtp",
        "YUANQING_COLOUR is not a known setting",
        "PORT must be a number",
    ):
        assert said in done.stderr
    fine = yuanqing("settings", YUANQING_EMAIL_URL="smtp://u:secret@mail:25")
    assert fine.returncode == 0
    assert "u:secret@" not in fine.stdout


@pytest.mark.parametrize(
    "asked", ["SELECT * FROM no_such_table", "SELECT no_such_column FROM org_unit", "SELECT nowhere()"]
)
def test_tables_of_another_version_are_a_sentence(db, asked):
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
    assert "yuanqing migrate" in (_sentence(caught.value) or "")


def test_a_fault_of_the_program_is_none(db):
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELEKT 1")
    assert _sentence(caught.value) is None


def test_an_unreachable_database_is_a_sentence():
    done = yuanqing("migrate", YUANQING_DATABASE_URL="postgresql://x@127.0.0.1:1/x", YUANQING_OWNER_URL="")
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
