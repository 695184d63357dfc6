"""The reference pages in docs/ are what the code prints; nobody edits them by hand."""

from __future__ import annotations

import pytest

from yuanqing.reference import book


@pytest.mark.parametrize("name", book.PAGES)
def test_a_page_equals_what_the_code_prints(name):
    kept = (book.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert kept == book.PAGES[name](), "run: yuanqing reference"


@pytest.mark.parametrize("name", book.PAGES)
def test_printing_twice_gives_the_same(name):
    assert book.PAGES[name]() == book.PAGES[name]()


def test_no_page_is_left_over():
    assert {path.stem for path in book.FOLDER.glob("*.md")} == set(book.PAGES)
