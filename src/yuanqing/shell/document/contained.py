"""隔离读取: the spreadsheet reader, run in this process or in one of its own with limits on memory and time.

The child is this file run as a script: it imports nothing of the application and has no connection to the database.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from typing import Any

Found = tuple[dict[str, list[list[Any]]], dict[str, list[Any]]]
OUT_OF_MEMORY = 3


class PlainValues(pickle.Unpickler):
    """Takes over cell values only, so that a child led astray by a file can hand back nothing that runs."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(name)


def read_here(data: bytes) -> Found:
    """Sheets and merged ranges; ValueError when the reader cannot make sense of the file."""
    import python_calamine

    rows: dict[str, list[list[Any]]] = {}
    merged: dict[str, list[Any]] = {}
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows[name] = sheet.to_python(skip_empty_area=False)
            merged[name] = list(sheet.merged_cell_ranges or [])
    except MemoryError:
        raise
    except BaseException as error:  # a panic of the reader arrives as a BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise ValueError(str(error)) from None
    return rows, merged


def read_apart(data: bytes, memory: int, seconds: int) -> Found:
    """The same in a child; MemoryError or TimeoutError when it passes its limits."""
    command = [sys.executable, "-I", __file__, str(memory), str(seconds)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds + 10)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    if done.returncode == 0:
        found: Found = PlainValues(io.BytesIO(done.stdout)).load()
        return found
    if done.returncode in (OUT_OF_MEMORY, -6, -9, -11):
        raise MemoryError
    if done.returncode in (-24, 152):
        raise TimeoutError
    raise ValueError(done.stderr.decode(errors="replace")[-200:])


def main(memory: int, seconds: int) -> int:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        found = read_here(sys.stdin.buffer.read())
        pickle.dump(found, sys.stdout.buffer, protocol=5)
    except MemoryError:
        return OUT_OF_MEMORY
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
