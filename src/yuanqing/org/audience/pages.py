"""确定对象: the page on which the rules of an audience are filled in; every noun with an audience shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yuanqing.kernel import typed
from yuanqing.org.audience import forms
from yuanqing.org.audience.rules import Rule


def address_page(
    request: HttpRequest, record: Any, audience: Sequence[Rule], perform: Callable[[tuple[Rule, ...]], Any], trail: str
) -> HttpResponse:
    """Who is meant: a few rules, of which one must fit; “再加一条” keeps what was typed."""
    data = request.POST.copy() if request.method == "POST" else None
    is_more = data is not None and "more" in data
    if data is not None and is_more:
        data["rules-TOTAL_FORMS"] = str(min((typed.whole(data.get("rules-TOTAL_FORMS")) or 1) + 1, 20))
    initial = [forms.initial_of(rule) for rule in audience]
    rules = forms.Rules(data, prefix="rules", initial=initial, form_kwargs={"account": request.user})
    sentence = ""
    if data is not None and not is_more and rules.is_valid():
        try:
            perform(forms.rules_of(rules))
            return redirect(record)
        except ValidationError as error:
            sentence = " ".join(error.messages)
    context = {"record": record, "trail": trail, "rules": rules, "sentence": sentence, "is_more": is_more}
    return render(
        request, "org/audience/address.html", context, status=422 if data is not None and not is_more else 200
    )


urlpatterns: list[Any] = []
