"""命令行导入: the same import from a file on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yuanqing.kernel.acts import Refused
from yuanqing.shell.document.unpack import Limits
from yuanqing.shell.importing.reading import Check, read
from yuanqing.shell.importing.sheet import Counts, Parsed, Problem, Rejected, Rows, Sheet

Apply = Callable[[Rows, Any], Counts]


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
    parsed = read(Path(path), sheets, check=check, limits=limits)
    return apply_wholly(parsed, apply, by)


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
