"""表单页: a page that shows one form and takes one act with what it holds; what the act refuses goes back to its field.

And the page of an act that asks for no form: its button, or its button with a note.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yuanqing.kernel.acts import Refused

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


def button_page(
    act: Callable[..., Any], find: Callable[[HttpRequest, UUID], Any], note: str = ""
) -> Callable[..., HttpResponse]:
    """POST takes the act on the record that `find` lets the reader have, and leads to what the act returns.

    `note` is what the act calls the note of the button. Bad input is refused as a whole, since there is no field to put it at.
    """

    @require_POST
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        words = {note: request.POST.get("note", "")} if note else {}
        try:
            return redirect(act(find(request, pk), by=request.user, **words))
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error

    page.__name__ = act.__name__
    return page


def place_errors(form: Any, error: ValidationError) -> None:
    """Each sentence at its field; what belongs to no field of this form stands on top."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in found.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
