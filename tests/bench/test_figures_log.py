"""A measured figure is one JSON line that says what, how much, against what, and at which commit."""

import json

from bench.figures_log import record


def test_figures_are_appended_line_by_line(tmp_path, capsys):
    log = tmp_path / "var" / "figures.jsonl"
    record("close of 440 units", 3.2, "s", "≤ 60", ok=True, log=log)
    record("peak memory", 2500, "MB", "≤ 2000", ok=False, log=log)
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert set(first) == {"what", "value", "unit", "target", "ok", "commit", "at"}
    assert (first["value"], first["ok"], second["ok"]) == (3.2, True, False)
    assert capsys.readouterr().out.startswith("ok   close of 440 units: 3.2 s (target ≤ 60)\nMISS peak memory")
