"""Reading an uploaded pack: YAML or a workbook, checked alone and together with the packs in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.packs.check import check
from yuanqing.kernel.packs.load import from_yaml
from yuanqing.kernel.packs.problems import PackError, Problem
from yuanqing.kernel.packs.published import packs_in_force
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.packs.sheet import from_sheet

LARGEST = 5 * 1024 * 1024


def read(content: bytes, name: str) -> Pack:
    """The pack in a file; PackError tells everything that is wrong with it, also where it does not fit the others."""
    if name.lower().endswith(".xlsx"):
        pack = from_sheet(content, name)
    else:
        try:
            pack = from_yaml(content.decode("utf-8"), name)
        except UnicodeDecodeError as error:
            raise PackError([Problem(name, "", "", _("不是 UTF-8 编码的文字"))]) from error
    problems = fit(pack)
    if problems:
        raise PackError(problems)
    return pack


def fit(pack: Pack) -> list[Problem]:
    """What this pack would make wrong among those in force, in itself or in the packs that rely on it."""
    others = packs_in_force()
    return sorted(set(check({**others, pack.name: pack})) - set(check(others)))


class PackFile(forms.Form):
    """Upload of one pack; `pack` after it was valid, `problems` after it was not."""

    file = forms.FileField(
        label=gettext_lazy("规则包文件"),
        help_text=gettext_lazy("XLSX 或 YAML。可以先下载现行版本，在 Excel 里改好、换一个版本号，再上传。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.yaml,.yml"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack: Pack | None = None
        self.problems: list[Problem] = []

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("文件太大，最多 5 MB。"))
        try:
            self.pack = read(file.read(), file.name)
        except PackError as error:
            self.problems = error.problems
            raise ValidationError(
                _("规则包有 %(count)s 处要改，逐条列在下面。") % {"count": len(error.problems)}
            ) from error
        return file
