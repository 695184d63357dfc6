"""A whole country's months: the tree of administrative divisions down to towns, every unit reporting, every month closed.

    python -m bench.national                  440, 4,400 and 44,000 units, three months each
    python -m bench.national --months 12      the same for a year

Each size runs in a process and a database of its own. Printed are seconds and peak memory of every step, how they
grow with the number of units, and beside them the same figures by pandas.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.divisions import BEGAN_ON, tree
from bench.figures_log import record
from bench.meter import Meter
from bench.private_home import private_home, set_up

SIZES = (440, 4_400, 44_000)
MONTHS = 3
SEED = 20261105
CLOSE_SECONDS, CLOSE_MB = 60, 2000
TOLERANCE = 1.25  # of growth beyond the number of units: other work shares the machine
STEPS = (
    "import", "violations", "open", "prefill", "submit all", "accept all", "close", "close: lock", "close: freeze",
    "close: compute", "close: cards", "search words", "ledger verify", "our figures", "pandas",
)  # fmt: skip
Measured = dict[str, Any]


def measure(size: int, months: int) -> Measured:
    """One size, from an empty database to the last close."""
    began = time.perf_counter()
    with private_home() as home:
        set_up()
        from django.db import connection

        from bench import workload
        from yuanqing.kernel.acts import SYSTEM
        from yuanqing.norms.clause.actions import publish_shipped
        from yuanqing.org.unit.actions import import_units

        connection.ensure_connection()
        meter = Meter(connection.connection.info.backend_pid)
        publish_shipped()
        rows = tree(size)
        with meter.step("import"):
            import_units(rows, by=SYSTEM, on=BEGAN_ON)
        units, chance = workload.all_units(), random.Random(SEED)
        for turn, month in enumerate(workload.last_months(months)):
            period = workload.run_month(meter, month, turn, units, chance)
            _say(size, month, meter, turn)
        _afterwards(meter)
        agree = _beside_pandas(meter, home, period)
        connection.close()
        readings = [asdict(r) for r in meter.readings]
    return {
        "size": size, "months": months, "agree": agree, "readings": readings,
        "seconds": time.perf_counter() - began, "load": os.getloadavg()[0],
    }  # fmt: skip


def _say(size: int, month: Any, meter: Meter, turn: int) -> None:
    steps = {r.step: round(r.seconds, 1) for r in meter.readings if r.turn == turn and r.step != "import"}
    sys.stderr.write(f"  {size} units, {month}: {steps}, load {os.getloadavg()[0]:.1f}\n")


def _afterwards(meter: Meter) -> None:
    """What the background worker does with one batch, and the check of the whole ledger."""
    from yuanqing.discipline.monthly_return.models import MonthlyReturn
    from yuanqing.kernel.ledger import verify
    from yuanqing.kernel.ledger.models import Entry
    from yuanqing.shell.search.index import index_batch

    label = MonthlyReturn._meta.label_lower
    last = Entry.objects.filter(model=label).order_by("-seq").first()
    assert last is not None
    batch = Entry.objects.filter(model=label, act=last.act, at=last.at)
    first = batch.order_by("seq").first()
    assert first is not None
    with meter.step("search words"):
        index_batch(label, first.seq, last.seq)
    with meter.step("ledger verify"):
        report = verify.verify()
    if not report.is_sound:
        raise SystemExit("the ledger is not sound:\n" + "\n".join(report.problems[:10]))


def _beside_pandas(meter: Meter, home: Path, period: Any) -> bool:
    """The figures of the last month and its year so far, up the tree, both ways; True when every number is the same."""
    from django.db import connection

    from bench import colleague, ours

    with tempfile.TemporaryDirectory() as place:
        colleague.export(connection, Path(place))
        folder = home / "snapshots" / str(period.month) / "tables"
        ours.everything(folder, period.month)  # compiles the figures, once in a process
        with meter.step("our figures"):
            own = ours.everything(folder, period.month)
        with meter.step("pandas"):
            other = colleague.everything(Path(place), period.month)
    return ours.agree(own, other)


def seconds_of(measured: Measured, step: str, what: str = "seconds") -> float:
    """The mean over the months; `what` may be "processor"."""
    found = [r[what] for r in measured["readings"] if r["step"] == step]
    return sum(found) / len(found)


def worst(measured: Measured, step: str, what: str) -> float:
    return float(max(r[what] for r in measured["readings"] if r["step"] == step))


def table(all_measured: list[Measured]) -> str:
    """Seconds a month and step at each size, how they grow, and the peaks of memory."""
    sizes = [m["size"] for m in all_measured]
    head = f"{'seconds a month':<18}" + "".join(f"{size:>10,}" for size in sizes)
    head += "".join(f"{f'×{b / a:.0f} units':>12}" for a, b in itertools.pairwise(sizes))
    head += f"{'processor s':>13}{'own MB':>9}{'server MB':>11}"
    lines = [head]
    for step in STEPS:
        seconds = [seconds_of(m, step) for m in all_measured]
        grown = [b / a if a else 0.0 for a, b in itertools.pairwise(seconds)]
        line = (
            f"{step:<18}" + "".join(f"{s:>10.2f}" for s in seconds) + "".join(f"{'×' + f'{g:.1f}':>12}" for g in grown)
        )
        own, server = (int(worst(all_measured[-1], step, name)) for name in ("own_mb", "server_mb"))
        worked = seconds_of(all_measured[-1], step, "processor")
        lines.append(line + (f"{worked:>13.2f}{own:>9}{server:>11}" if own else ""))
    return "\n".join(lines)


def month_of(measured: Measured) -> float:
    """Processor seconds of a whole month, which do not depend on what else the machine does."""
    steps = ("open", "prefill", "submit all", "accept all", "close")
    return sum(seconds_of(measured, step, "processor") for step in steps)


def keep(all_measured: list[Measured]) -> bool:
    """Each figure to the log, against its target; True when all are met."""
    kept = []
    for m in all_measured:
        what = f"{m['size']:,} units × {m['months']} months"
        last, target = m["size"] == SIZES[-1], "no target"
        close, memory = worst(m, "close", "seconds"), worst(m, "close", "own_mb") + worst(m, "close", "server_mb")
        for step in ("import", "open", "prefill", "submit all", "accept all"):
            kept.append(record(f"national {step}, {what}", round(seconds_of(m, step), 2), "s", target, True))
        limit = (f"≤ {CLOSE_SECONDS}", f"≤ {CLOSE_MB}") if last else (target, target)
        kept.append(
            record(
                f"national close (slowest), {what}", round(close, 2), "s", limit[0], not last or close <= CLOSE_SECONDS
            )
        )
        worked = worst(m, "close", "processor")
        kept.append(
            record(f"national close (slowest), {what}", round(worked, 2), "s of processor, all threads", target, True)
        )
        kept.append(record(f"national close peak, {what}", int(memory), "MB", limit[1], not last or memory <= CLOSE_MB))
        ratio = seconds_of(m, "pandas") / seconds_of(m, "our figures")
        kept.append(
            record(
                f"national figures, pandas ÷ ours, {what}", round(ratio, 2), "×", "every number the same", m["agree"]
            )
        )
    for small, large in itertools.pairwise(all_measured):
        kept.append(_growth(small, large, "month", month_of(large) / month_of(small)))
        kept.append(
            _growth(
                small, large, "close", seconds_of(large, "close", "processor") / seconds_of(small, "close", "processor")
            )
        )
    return all(figure["ok"] for figure in kept)


def _growth(small: Measured, large: Measured, what: str, ratio: float) -> dict[str, Any]:
    linear = large["size"] / small["size"]
    name = f"national growth of {what}, {small['size']:,} → {large['size']:,} units"
    return record(
        name, round(ratio, 1), "×", f"≤ {linear:.0f} (+{TOLERANCE - 1:.0%} noise)", ratio <= linear * TOLERANCE
    )


def in_own_process(size: int, months: int) -> Measured:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        words = [
            sys.executable,
            "-m",
            "bench.national",
            "--size",
            str(size),
            "--months",
            str(months),
            "--into",
            file.name,
        ]
        subprocess.run(words, check=True)
        found: Measured = json.loads(Path(file.name).read_text())
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--size", type=int, help="only this many units")
    parser.add_argument("--into", type=Path, help="write what was measured there and nothing else")
    parser.add_argument("--report", type=Path, nargs="+", help="only report what was measured into these files")
    chosen = parser.parse_args()
    if chosen.into:
        chosen.into.write_text(json.dumps(measure(chosen.size, chosen.months)))
        return 0
    if chosen.report:
        return report([json.loads(path.read_text()) for path in chosen.report])
    return report([in_own_process(size, chosen.months) for size in ([chosen.size] if chosen.size else SIZES)])


def report(found: list[Measured]) -> int:
    """Print the table, keep the figures; 1 when a target is missed."""
    seconds = sum(m["seconds"] for m in found)
    loads = ", ".join(f"{m['load']:.1f}" for m in found)
    sys.stdout.write(f"{table(found)}\n{seconds:.0f} s in all; load at the end of each size {loads}\n")
    return 0 if keep(found) else 1


if __name__ == "__main__":
    sys.exit(main())
