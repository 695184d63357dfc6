"""更正: one form with everything the entry says; what is mended becomes a later entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from yuanqing.discipline.correction import forms
from yuanqing.discipline.correction.actions import correct as correct_act
from yuanqing.discipline.violation.pages import visible
from yuanqing.discipline.violation.queries import Codes, measures_of
from yuanqing.kernel.acts import Refused, refusal


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    violation, codes = visible(request, pk), Codes.now()
    reason = refusal("correct", violation, by=request.user)
    if reason:
        raise Refused(reason)
    people = list(violation.involved.select_related("person"))
    measures = measures_of(people)
    before = [(person, measures.get(person.pk, [])) for person in people]
    words: dict[str, Any] = {"codes": codes, "account": request.user}
    given = request.POST if request.method == "POST" else None
    form = forms.CorrectForm(given, initial={"version": violation.version}, record=violation, **words)
    rows: Any = forms.KeptPeople(
        given, prefix="people", initial=forms.as_registered(before), form_kwargs={**words, "before": before}
    )
    if given is not None and form.is_valid() and rows.is_valid():
        try:
            version = form.cleaned_data["version"]
            kept = [row.kept for row in rows.filled]
            correct_act(violation, by=request.user, people=kept, expected_version=version, **form.values)
            return redirect(violation.corrected_by)
        except ValidationError as error:
            form.take(error)
            rows.take(error)
    context = {"record": violation, "form": form, "people": rows}
    return render(request, "discipline/correction/correct.html", context, status=422 if form.is_bound else 200)


urlpatterns = [path("<uuid:pk>/", correct, name="correct")]
