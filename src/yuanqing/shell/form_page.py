"""表单页: a page that shows one form and takes one act with what it holds; what the act refuses goes back to its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


def form_page(
    request: HttpRequest,
    form: Any,
    perform: Callable[..., Any],
    *,
    title: Text,
    back: str,
    trail: Text = "",
    done: Text = "",
    template: str = "shell/form.html",
    **more: Any,
) -> HttpResponse:
    """GET shows the form, POST takes the act with its `values`; it leads to the record the act returns, or `back`."""
    if request.method == "POST" and form.is_valid():
        try:
            record = perform(**form.values)
        except ValidationError as error:
            place_errors(form, error)
        else:
            messages.success(request, str(done or _("已办理：%(what)s。") % {"what": title}))
            return redirect(record.get_absolute_url() if hasattr(record, "get_absolute_url") else back)
    context = {"form": form, "title": title, "back": back, "trail": trail, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def place_errors(form: Any, error: ValidationError) -> None:
    """Each sentence at its field; what belongs to no field of this form stands on top."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in found.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
