"""下拉与提示: drop-down lists and cell prompts for the columns of a template."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from yuanqing.shell.document.cells import Page, text_cell
from yuanqing.shell.document.sheets import SheetData

LONGEST_PROMPT = 250
LONGEST_PROMPT_TITLE = 32


def add_choices(book: Workbook, page: Page, sheet: SheetData, last: int) -> None:
    """Drop-downs; the values stand on a hidden sheet, since a list inside the rule may hold only 255 characters."""
    for choices in sheet.choices:
        kept = book.create_sheet(f"_{len(book.sheetnames)}")
        kept.sheet_state = "hidden"
        for value in choices.values:
            kept.append([text_cell(kept, value)])
        rule = DataValidation(type="list", formula1=f"'{kept.title}'!$A$1:$A${max(len(choices.values), 1)}")
        rule.allow_blank = True
        rule.showErrorMessage = False  # the reading explains more than a box can, and names pasted in must be possible
        for number, title, text in sheet.prompts:
            if number == choices.column:
                explain(rule, title, text)
        page.data_validations.append(rule)
        rule.add(span(choices.column, sheet, last))


def add_prompts(page: Page, sheet: SheetData, last: int) -> None:
    """Explanations that appear beside the selected cell."""
    with_choices = {choices.column for choices in sheet.choices}
    for number, title, text in sheet.prompts:
        if number not in with_choices:
            rule = DataValidation(allow_blank=True)
            explain(rule, title, text)
            page.data_validations.append(rule)
            rule.add(span(number, sheet, last))


def explain(rule: DataValidation, title: str, text: str) -> None:
    rule.showInputMessage = True
    rule.promptTitle, rule.prompt = title[:LONGEST_PROMPT_TITLE], text[:LONGEST_PROMPT]


def span(column: int, sheet: SheetData, last: int) -> str:
    letter = get_column_letter(column + 1)
    head = 2 if sheet.heading else 1
    return f"{letter}{head + 1}:{letter}{max(last, head + 1)}"
