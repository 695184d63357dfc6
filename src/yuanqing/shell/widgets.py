"""表单控件: the common controls of forms, written straight as HTML; Django draws each by templates within templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from yuanqing.shell.markup import escaped, shown

Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """What is not drawn here, as groups of radio buttons, Django draws as before."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = DRAWN.get(template_name)
        return SafeString(draw(context["widget"]) if draw else super().render(template_name, context, request))


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    value = shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{escaped(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: Any, options: list[Widget]) -> str:
    inside = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{shown(name)}">{inside}\n  </optgroup>' if name else inside


def _option(widget: Widget) -> str:
    return f'<option value="{_text(widget["value"])}"{_attributes(widget)}>{shown(widget["label"])}</option>'


def _attributes(widget: Widget) -> str:
    """True is an attribute without a value, False is none."""
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in given)


def _text(value: Any) -> str:
    return escaped(value if isinstance(value, str | Promise) else str(value))


INPUTS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "file",
    "hidden",
    "input",
    "number",
    "password",
    "text",
    "time",
    "url",
)
DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}
