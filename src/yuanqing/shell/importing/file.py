"""命令行导入: the same import from a file on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yuanqing.kernel.acts import Refused
from yuanqing.shell.document.unpack import Limits
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Counts, Parsed, Problem, Rejected, Rows, Sheet

Apply = Callable[[Rows, Any], Counts]
Check = Callable[[Rows, Any], Iterable[Problem]]  # what is wrong with the rows, told to this account


def import_file(
    path: Path | str,
    sheets: Sequence[Sheet],
    *,
    apply: Apply,
    by: Any,
    check: Check | None = None,
    limits: Limits | None = None,
) -> Counts:
    """Reads, checks and applies a workbook; raises Rejected with every error, and then nothing has changed."""
    parsed = read(Path(path), sheets, check=told_to(by, check), limits=limits)
    return apply_wholly(parsed, apply, by)


def told_to(by: Any, check: Check | None) -> Callable[[Rows], Iterable[Problem]] | None:
    """The check as it is made for this account: of what it may not see, it is told as of what there is not."""
    return (lambda rows: check(rows, by)) if check else None


def apply_wholly(parsed: Parsed, apply: Apply, by: Any) -> Counts:
    """All rows in one transaction, or none: what an act refuses becomes an error of the import."""
    if parsed.errors:
        raise Rejected(parsed.errors)
    try:
        with transaction.atomic():
            return apply(parsed.rows, by)
    except Refused as refused:
        raise Rejected([Problem(str(refused))]) from refused
    except ValidationError as invalid:
        raise Rejected([Problem(message) for message in invalid.messages]) from invalid
