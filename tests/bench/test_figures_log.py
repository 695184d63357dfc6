"""A measured figure is one JSON line that says what, how much, against what, and at which commit."""

import json
from datetime import UTC, datetime, timedelta

from bench.figures_log import record, since, table


def test_figures_are_appended_line_by_line(tmp_path, capsys):
    log = tmp_path / "var" / "figures.jsonl"
    record("close of 440 units", 3.2, "s", "≤ 60", ok=True, log=log)
    record("peak memory", 2500, "MB", "≤ 2000", ok=False, log=log)
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert set(first) == {"what", "value", "unit", "target", "ok", "commit", "at"}
    assert (first["value"], first["ok"], second["ok"]) == (3.2, True, False)
    assert capsys.readouterr().out.startswith("ok   close of 440 units: 3.2 s (target ≤ 60)\nMISS peak memory")


def test_the_table_has_the_last_of_each_and_what_was_missed_at_its_end(tmp_path):
    log = tmp_path / "figures.jsonl"
    record("kills", 49, "of 50", "50", ok=False, log=log)
    record("races", 9_999, "", "10,000", ok=False, log=log)
    record("kills", 50, "of 50", "50", ok=True, log=log)
    now = datetime.now(UTC)
    assert table(since(now - timedelta(minutes=5), log)).splitlines() == [
        "what   value     target  held",
        "-----------------------------",
        "kills  50 of 50  50      ok",
        "races  9999      10,000  MISS",
        "2 figures, 1 missed",
    ]
    assert since(now + timedelta(minutes=5), log) == []
    assert since(now, tmp_path / "nothing") == []
