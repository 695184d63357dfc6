"""表单页: a page that shows one form and takes one act with what it holds; what the act refuses goes back to its field.

And the page of an act that asks for no form: its button, or its button with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yuanqing.kernel.acts import Refused, insist

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
            said_done(request, title, done)
            return redirect(record.get_absolute_url() if hasattr(record, "get_absolute_url") else back)
    context = {"form": form, "title": title, "back": back, "trail": trail, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def said_done(request: HttpRequest, what: Text, done: Text = "") -> None:
    """The next page begins with what was done: nobody has to wonder whether the button worked."""
    messages.success(request, str(done or _("已办理：%(what)s。") % {"what": what}))


def change_page(
    step: str,
    act: Callable[..., Any],
    find: Callable[[HttpRequest, UUID], Any],
    form_class: Any,
    *,
    title: Text,
    trail: Text,
    initial: Callable[[Any], dict[str, Any]] | None = None,
) -> Callable[..., HttpResponse]:
    """The form of an act on a record that stands: GET shows what it holds (`initial`), POST takes the act and leads back."""

    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        record = find(request, pk)
        insist(step, record, by=request.user)
        holds = {**(initial(record) if initial else {}), "version": record.version}
        form = form_class(request.POST or None, request.FILES or None, account=request.user, initial=holds)

        def run(**values: Any) -> Any:
            act(record, by=request.user, expected_version=form.cleaned_data["version"], **values)
            return record

        return form_page(request, form, run, title=title, back=record.get_absolute_url(), trail=trail, about=record)

    page.__name__ = step
    return page


def part_page(
    step: str,
    act: Callable[..., Any],
    find: Callable[[HttpRequest, UUID], Any],
    form_class: Any,
    *,
    model: Any,
    title: Text,
    trail: Text,
    initial: Callable[[Any], dict[str, Any]] | None = None,
) -> Callable[..., HttpResponse]:
    """The form that makes a record under another, which the address names: the act takes that one by its place's name."""

    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, **place: UUID) -> HttpResponse:
        ((name, pk),) = place.items()
        whole = find(request, pk)
        insist(step, None, by=request.user, model=model)
        form = form_class(request.POST or None, account=request.user, initial=initial(whole) if initial else None)

        def run(**values: Any) -> Any:
            return act(by=request.user, **{name: whole}, **values)

        return form_page(request, form, run, title=title, back=whole.get_absolute_url(), trail=trail, about=whole)

    page.__name__ = step
    return page


def told(perform: Callable[[], dict[str, Any]]) -> JsonResponse:
    """What an act gives, to a script of ours; what it refuses as 422 or 409 with a sentence."""
    try:
        return JsonResponse(perform())
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=422)
    except Refused as error:
        return JsonResponse({"detail": str(error)}, status=409)


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
            made = act(find(request, pk), by=request.user, **words)
            said_done(request, act.definition.label)  # type: ignore[attr-defined]
            return redirect(made)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error

    page.__name__ = act.__name__
    return page


def ask_only_when(form: Any, conditions: Mapping[str, str]) -> None:
    """With scripts a field shows only while another says one of these: {"plan": "method=inquire verify"}, or none of them:
    `present!=…`; a box that stands alone says `on` when ticked."""
    for name, condition in conditions.items():
        form.fields[name].widget.attrs["data-when"] = condition


def place_errors(form: Any, error: ValidationError) -> None:
    """Each sentence at its field; what belongs to no field of this form stands on top."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in found.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
