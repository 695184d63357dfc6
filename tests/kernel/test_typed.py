"""Numbers that anybody may write into an address: read, or taken for none, but never a fault."""

from __future__ import annotations

import pytest

from yuanqing.kernel.typed import whole, year


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("12", 12), ("2026", 2026), ("１２", 12), ("9" * 18, 10**18 - 1),
        ("9" * 19, None), ("9" * 5000, None), ("", None), (None, None), ("-1", None), ("1.5", None), ("²", None), (" 1", None), ("一", None),
    ],
)  # fmt: skip
def test_whole_numbers(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(
    ("text", "found"), [("2025", 2025), ("2000", 2000), ("2100", 2100), ("1999", 2026), ("2101", 2026), ("x", 2026)]
)
def test_years_of_this_century(text, found):
    assert year(text, 2026) == found
