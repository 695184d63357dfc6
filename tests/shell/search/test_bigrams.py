"""Text and question are cut alike: Chinese in pairs, everything else in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.shell.search.bigrams import query, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("廉政", ["廉政"]),
        ("党风廉政", ["党风", "廉政", "风廉"]),
        ("廉", ["廉"]),
        ("B1a 违规", ["b1a", "违规"]),
        ("speech.2.8@1.0", ["1", "1.0", "0", "2", "8", "speech", "speech.2.8"]),
        ("编号０１０３", ["0103", "编号"]),
        ("ＡＢＣ，甲！", ["abc", "甲"]),
        ("", []),
        ("，。！", []),
    ],
)
def test_what_is_indexed(text, expected):
    assert tokens(text) == sorted(set(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("廉政", "'廉政'"),
        ("廉", "'廉':*"),
        ("党风廉政 0103", "'党风' & '风廉' & '廉政' & '0103':*"),
        ("O'Neil", "'o':* & 'neil':*"),
        ("   ", ""),
    ],
)
def test_what_is_asked(text, expected):
    assert query(text) == expected


@given(st.text(max_size=40))
def test_no_text_breaks_the_cut(text):
    assert all(token and " " not in token for token in tokens(text))
    query(text)
