"""案卷钥匙: unlock, lock, enrol, and the directory with its fingerprints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.cases.keyring import forms, queries
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.lifecycle import Lifecycle
from yuanqing.kernel.sealing import actions, unlocking
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.shell import navigation
from yuanqing.shell.form_page import form_page, place_errors, said_done

ActPage = Callable[[HttpRequest, UUID], HttpResponse]


@dataclass(frozen=True)
class ActPages:
    """办理页: a form page for each act on one kind of record whose content is sealed.

    `find` gives the record if the reader's key opens it; `away` names the page to go to when, after the act, it no longer does.
    """

    find: Callable[[HttpRequest, UUID], Any]
    lifecycle: Lifecycle
    template: str
    away: str = ""

    def page(
        self,
        step: str,
        form_class: type[Any],
        act: Callable[..., Any],
        note: Any = "",
        needs_secret: bool = False,
        asks: Callable[[Any], Any] = lambda record: "",
    ) -> ActPage:
        """GET shows the form, POST takes the step; steps that let somebody in need the reader's unlocked key. `asks` is a
        note that depends on the record."""

        @require_http_methods(["GET", "POST"])
        def page(request: HttpRequest, pk: UUID) -> HttpResponse:
            record = self.find(request, pk)
            insist(step, record, by=request.user)
            key = queries.unlocked(request) if needs_secret else None
            given = request.POST if request.method == "POST" else None
            form = form_class(given, initial={"version": record.version}, record=record, account=request.user)
            if needs_secret and key is None and (first := unlock_first(request, form)):
                return first
            if given is not None and form.is_valid():
                values = {**form.values, **({"secret": key.secret_of(record.key)} if key else {})}
                try:
                    act(record, by=request.user, expected_version=form.cleaned_data["version"], **values)
                    said_done(request, self.label(step, act))
                    return redirect(self._next(record, request.user))
                except ValidationError as error:
                    place_errors(form, error)
                    record.refresh_from_db()
            row, label = self.lifecycle.step(step), self.label(step, act)
            context = {"record": record, "form": form, "title": label, "button": label, "note": asks(record) or note}
            context |= {"back": record.get_absolute_url(), "dangerous": bool(row and row.dangerous)}
            return render(request, self.template, context, status=422 if form.is_bound else 200)

        page.__name__ = step
        return page

    def label(self, step: str, act: Any) -> Any:
        row = self.lifecycle.step(step)
        return row.label if row else act.definition.label

    def _next(self, record: Any, account: Any) -> Any:
        if not self.away or type(record).objects.visible_to(account).filter(pk=record.pk).exists():
            return record
        return self.away


def keyed_page(
    request: HttpRequest, key: Unlocking | None, form: Any, perform: Callable[..., Any], **words: Any
) -> HttpResponse:
    """A form page whose act needs the reader's unlocked key: `perform` gets it before the values of the form."""
    if key is None and (first := unlock_first(request, form)):
        return first
    return form_page(request, form, partial(perform, key), **words)


def unlock_first(request: HttpRequest, form: Any) -> HttpResponse | None:
    """Where the key is locked: who has typed nothing is led to unlock it. Who typed for longer than it stays open keeps what
    she typed, on the page and nowhere else; the form is refused and says how to unlock beside it."""
    if not form.is_bound:
        return redirect(queries.unlock_address(request.get_full_path()))
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>', reverse("keyring:unlock"), _("在新窗口解锁")
    )
    told = _("案卷在您填写时自动锁上了，填的内容还在。请先%(link)s，再回到这里提交。") % {"link": "{}"}
    form.add_error(None, format_html(told, link))
    return None


def way_back(request: HttpRequest, given: str) -> str:
    fits = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and fits else reverse("keyring:directory")


@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The second step: the passphrase opens the reader's key for this browser."""
    if unlocking.holder_of(request.user) is None:
        insist("enrol", None, by=request.user, model=Holder)  # says why at once, where nothing is to be enrolled
        return redirect("keyring:enrol")
    given = request.POST if request.method == "POST" else None
    form = forms.Unlock(given, initial={"next": request.GET.get("next", "")})
    if given is not None and form.is_valid():
        try:
            cookie = unlocking.begin(request.user, form.cleaned_data["words"])
        except Unopenable:
            form.add_error("words", _("口令或恢复码不对。请核对大小写；口令忘了，用启用钥匙时抄下的恢复码。"))
        else:
            response = redirect(way_back(request, form.cleaned_data["next"]))
            response.set_cookie(
                unlocking.COOKIE, cookie, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
            )
            return response
    words: dict[str, Any] = {"form": form, "title": _("解锁案卷"), "button": _("解锁")}
    words["note"] = _("登录不等于解锁：案卷内容要用您自己的口令打开。")
    return render(request, "cases/keyring/form.html", words, status=422 if form.is_bound else 200)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    unlocking.end(request.user, request.COOKIES.get(unlocking.COOKIE, ""))
    response = redirect(way_back(request, request.POST.get("next", "")))
    response.delete_cookie(unlocking.COOKIE)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A key of one's own; the recovery code is shown once."""
    insist("enrol", None, by=request.user, model=Holder)
    if unlocking.holder_of(request.user) is not None:
        return redirect("keyring:unlock")
    given = request.POST if request.method == "POST" else None
    form = forms.Enrol(given)
    if given is not None and form.is_valid():
        fresh = actions.new_enrolment(form.cleaned_data["words"])
        holder = actions.enrol(by=request.user, name=str(request.user), fresh=fresh)
        return render(request, "cases/keyring/enrolled.html", {"holder": holder, "code": fresh.code})
    words: dict[str, Any] = {"form": form, "title": _("启用我的钥匙"), "button": _("启用")}
    words["note"] = _("钥匙只启用一次。它的公钥进入钥匙名册，别人才能把案卷封存给您。")
    return render(request, "cases/keyring/form.html", words, status=422 if form.is_bound else 200)


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    holders = queries.directory()
    may = {step: not refusal(step, None, by=request.user, model=Holder) for step in ("set_receiving", "retire")}
    context = {
        "holders": holders,
        "mine": unlocking.holder_of(request.user),
        "may": may,
        "may_enrol": not refusal("enrol", None, by=request.user, model=Holder),
        "is_unlocked": queries.unlocked(request) is not None,
        "has_escrow": any(h.kind == "escrow" and h.retired_on is None for h in holders),
        "ceremonies": queries.ceremonies(),
    }
    return render(request, "cases/keyring/directory.html", context)


@require_POST
def receiving(request: HttpRequest, pk: UUID) -> HttpResponse:
    holder = get_object_or_404(Holder.objects.active().filter(kind="person"), pk=pk)
    actions.set_receiving(holder, by=request.user, receives=request.POST.get("receives") == "yes")
    return redirect("keyring:directory")


@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    holder = get_object_or_404(Holder.objects.active(), pk=pk)
    insist("retire", holder, by=request.user)
    given = request.POST if request.method == "POST" else None
    form = forms.Retire(given)
    if given is not None and form.is_valid():
        actions.retire(holder, by=request.user, reason=form.cleaned_data["reason"])
        return redirect("keyring:directory")
    words: dict[str, Any] = {"form": form, "title": _("停用钥匙：%(name)s") % {"name": holder.name}}
    words |= {"button": _("停用"), "note": _("停用以后不再封存给它；它已能打开的案卷要逐件取消。"), "dangerous": True}
    return render(request, "cases/keyring/form.html", words, status=422 if form.is_bound else 200)


navigation.register(
    "enforcement",
    gettext_lazy("案卷钥匙"),
    "keyring:directory",
    icon="key",
    order=90,
    when=lambda account: account.can("kernel.sealing.enrol") or account.can("kernel.sealing.set_receiving"),
)

urlpatterns = [
    path("", directory, name="directory"),
    path("unlock/", unlock, name="unlock"),
    path("lock/", lock, name="lock"),
    path("enrol/", enrol, name="enrol"),
    path("<uuid:pk>/receiving/", receiving, name="receiving"),
    path("<uuid:pk>/retire/", retire, name="retire"),
]
