"""试题导入: the wizard."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.education.question.models import Question
from yuanqing.education.question_import.forms import SHEET, check, take_over
from yuanqing.kernel.acts import refusal
from yuanqing.shell.importing.wizard import ImportWizard


def may(account: Any) -> str:
    return refusal("import_questions", None, by=account, model=Question)


WIZARD = ImportWizard(
    "question-import", _("导入试题"), (SHEET,), check=check, apply=take_over, may=may, back="question:list"
)
urlpatterns = WIZARD.urls("")
