from typing import Any

from django import forms
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.duty import DutyConfig

MISSING: tuple[tuple[type[forms.Field], Any], ...] = (  # in place of "this field is required", and how to mend it
    (forms.Field, _("请填写这一项。")),
    (forms.ChoiceField, _("请选择一项。")),
    (forms.MultipleChoiceField, _("请至少选择一项。")),
    (forms.BooleanField, _("请勾选这一项。")),
    (forms.FileField, _("请选择文件。")),
)


class ShellConfig(DutyConfig):
    name = "yuanqing.shell"
    label = "shell"
    default = True

    def ready(self) -> None:
        from yuanqing.shell.assets import packages_are_installed
        from yuanqing.shell.security import receivers  # noqa: F401

        for kind, words in MISSING:
            kind.default_error_messages = {**kind.default_error_messages, "required": words}
        register(packages_are_installed, Tags.staticfiles, deploy=True)
