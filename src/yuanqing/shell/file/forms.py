"""A file in a form: taken in and judged when the form is cleaned, added by the act that uses it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.store.contents import CHUNK, in_words
from yuanqing.kernel.store.verdict import in_words as kinds_in_words
from yuanqing.shell.file import actions


class StoredFileField(forms.FileField):
    """选择文件: its cleaned value is a `Taken`; pass it to `add` inside or beside the act of the form."""

    def __init__(self, *, purpose: str, **options: Any) -> None:
        self.purpose = purpose
        super().__init__(**{"label": _("文件"), **options})

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        subject = actions.purpose_of(self.purpose)
        if not self.help_text:
            words = {"kinds": kinds_in_words(subject.families), "size": in_words(subject.limit)}
            self.help_text = _("可以上传 %(kinds)s，不超过 %(size)s。") % words
        return super().get_bound_field(form, field_name)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return actions.take_in(upload.chunks(CHUNK), name=upload.name, purpose=self.purpose, size=upload.size)
        except ValidationError as error:
            raise ValidationError(error.messages) from None


class AddForm(forms.Form):
    """One file for a record."""

    def __init__(self, *args: Any, purpose: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"] = StoredFileField(purpose=purpose)
