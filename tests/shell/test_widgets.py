"""The controls of forms are written as Django's own templates write them."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from yuanqing.shell.widgets import DRAWN, Renderer

CHOICES = [("", "---"), ("a", gettext_lazy("退出")), (3, "<三>"), ("组 & 队", [("b", "乙"), ("c", "丙")])]
ATTRS = {"class": "form-control", "required": True, "disabled": False, "data-when": 'a="b"', "rows": 3}


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.NumberInput(),
        forms.EmailInput(),
        forms.URLInput(),
        forms.PasswordInput(),
        forms.HiddenInput(),
        forms.DateInput(),
        forms.DateTimeInput(),
        forms.TimeInput(),
        forms.CheckboxInput(),
        forms.FileInput(),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.RadioSelect(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize(
    "value", [None, "", "a", "3", 3, 1234567, "<b>\"'&", SafeString("&amp;"), date(2026, 11, 5), True, ["a", "c"]]
)
@pytest.mark.parametrize("attrs", [{}, ATTRS], ids=["bare", "dressed"])
def test_a_control_is_written_as_django_writes_it(widget, value, attrs):
    ours, djangos = (widget.render("name[0]", value, attrs, renderer()) for renderer in (Renderer, DjangoTemplates))
    assert without_empty_lines(ours) == without_empty_lines(djangos)


def without_empty_lines(text):
    return re.sub(r"\n\s*\n", "\n", text)


def test_the_templates_that_are_passed_over_are_those_of_django():
    for name in DRAWN:
        assert DjangoTemplates().get_template(name)


def test_forms_are_drawn_by_it(settings):
    assert settings.FORM_RENDERER == "yuanqing.shell.widgets.Renderer"
