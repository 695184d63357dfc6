"""账号: who can sign in, what each may see and do, and the granting of roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel import acts
from yuanqing.org.account import actions, forms, queries
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.account.policies import refusal
from yuanqing.org.signin import actions as signin
from yuanqing.org.signin.policies import about
from yuanqing.org.signin.queries import limits
from yuanqing.org.unit.pages import act_links, events, form_page, place_errors, reader
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.security.confirm import confirm_first
from yuanqing.shell.security.gate import OWED
from yuanqing.shell.worklist.sources import Waiting, waiting_source

GRANTED = (("True", gettext_lazy("有")), ("False", gettext_lazy("没有")))
WITHOUT = "is_granted=False&is_active=True"
LIVES = (("True", gettext_lazy("已启用")), ("False", gettext_lazy("已停用")))


def _with_roles(accounts: Any) -> Any:
    """The accounts with the names of their roles; the names are looked up once, not once a row."""
    cards = {code: card.label for code, card in queries.role_cards().items()}
    for account in accounts:
        account.shown_roles = _("、").join(dict.fromkeys(cards.get(g.role, g.role) for g in account.grants_today))
        yield account


class AccountListing(Listing):
    name = "account"
    title = gettext_lazy("账号")
    order = "username"
    columns = (
        Column("username", gettext_lazy("用户名"), link=lambda a: a.get_absolute_url(), sort="username", phone=True),
        Column(
            "display_name",
            gettext_lazy("显示名"),
            link=lambda a: a.person and a.person.get_absolute_url(),
            sort="display_name",
            phone=True,
        ),
        Column("unit", gettext_lazy("所在单位"), "unit", value=lambda a: a.person.unit if a.person else None),
        Column("roles", gettext_lazy("角色"), value=lambda a: a.shown_roles, phone=True),
        Column(
            "is_active",
            gettext_lazy("状态"),
            "badge",
            lambda a: _("已启用") if a.is_active else _("已停用"),
            tone=lambda a: "green" if a.is_active else "grey",
        ),
    )
    filters = (
        Search("q", gettext_lazy("查找"), ("username", "display_name")),
        Choice("is_active", gettext_lazy("状态"), LIVES),
        Choice(
            "role",
            gettext_lazy("角色"),
            lambda: [(c, k.label) for c, k in queries.role_cards().items()],
            "grants__role",
        ),
        Choice("is_granted", gettext_lazy("授权"), GRANTED),
    )
    views = (View(gettext_lazy("还没有授权"), WITHOUT, Q(is_granted=False, is_active=True)),)
    empty = gettext_lazy("还没有账号")

    @cached_property
    def lines(self) -> Any:
        return [
            [self._cell(column, row) for column in self.shown_columns] for row in _with_roles(self.page.object_list)
        ]

    def _export_rows(self) -> Any:
        return _with_roles(super()._export_rows())


def _visible(request: HttpRequest) -> Any:
    return Account.objects.visible_to(request.user)


def _told_granted(accounts: Any) -> Any:
    """With whether a grant counts, begins later or waits to be confirmed."""
    standing = Grant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate()), account=OuterRef("pk")
    )
    return accounts.annotate(is_granted=Exists(standing.exclude(state="declined")))


@waiting_source
def to_grant(account: Any) -> list[Waiting]:
    """Accounts that were opened and can do nothing yet: who opens them may not grant, and who grants was not there."""
    if not account.can("org.account.grant"):
        return []
    rows = _told_granted(Account.objects.visible_to(account)).filter(is_granted=False, is_active=True)
    count = rows.count()
    title = _("%(count)d 个账号还没有授权") % {"count": count}
    return [Waiting(title, f"{reverse('account:list')}?{WITHOUT}", _("去授权"), count=count)] if count else []


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    today = Prefetch("grants", Grant.objects.on(timezone.localdate()).order_by("role"), to_attr="grants_today")
    rows = _told_granted(_visible(request)).select_related("person__unit").prefetch_related(today).distinct()
    context = {"may_open": not refusal("open_account", None, by=request.user)}
    return AccountListing(request, rows).respond("org/account/list.html", context)


STEPS = [
    ("reset_password", "account:reset_password", gettext_lazy("重设密码")),
    ("suspend", "account:suspend", gettext_lazy("停用")),
    ("resume", "account:resume", gettext_lazy("恢复")),
]


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The account, its grants, and in words what it may see and do."""
    account = get_object_or_404(_visible(request).select_related("person__unit"), pk=pk)
    grants = list(account.grants.select_related("unit", "proposed_by", "confirmed_by").order_by("-starts_on", "role"))
    cards, today = queries.role_cards(), timezone.localdate()
    lines = [
        {
            "grant": g,
            "role": cards.get(g.role) or queries.RoleCard(g.role, g.role),
            "where": queries.where(g),
            "state": _standing(g, today),
            "refused": acts.refusal("end_grant", g, by=request.user),
        }
        for g in grants
    ]
    steps = [s for s in STEPS if s[0] != ("resume" if account.is_active else "suspend")]
    context = {
        "account": account,
        "lines": lines,
        "abilities": queries.abilities(account.grants.select_related("unit")),
        "links": act_links(account, steps, by=request.user),
        "grant_refused": acts.refusal("grant", Grant(account=account), by=request.user, model=Grant),
        "may_grant": reader(request).can("org.account.grant"),
        "is_self": account.pk == request.user.pk,
        "sees_why": account.pk == request.user.pk or reader(request).can("org.access.view"),
        "may_look": not all(about(account, step, request.user) for step in ("end_sessions", "remove_factor")),
        "events": events(account, *grants),
    }
    return render(request, "org/account/detail.html", context)


def _standing(grant: Grant, today: Any) -> str:
    if grant.state in ("proposed", "declined"):
        return str(grant.state)
    if grant.starts_on > today:
        return "future"
    return "past" if grant.ends_on and grant.ends_on < today else "now"


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """What each role is for and what it may do."""
    if not reader(request).can("org.account.view"):
        raise acts.Refused(refusal("view", None, by=request.user))
    cards = [(card, queries.role_abilities(card.code)) for card in queries.role_cards().values()]
    may_see_holders = reader(request).can("org.access.view")
    return render(request, "org/account/roles.html", {"cards": cards, "may_see_holders": may_see_holders})


@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    reason = refusal("open_account", None, by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.Open(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            account, token = signin.open_with_link(by=request.user, **form.values)
        except ValidationError as error:
            place_errors(form, error)
        else:
            return _show_link(request, account, token)
    context = {"form": form, "title": _("开设账号"), "back": reverse("account:list")}
    note = _("提交后显示一个一次性链接，请交给本人，由本人设密码；角色在账号页上另行授予。")
    return render(request, "org/form.html", {**context, "note": note}, status=422 if form.errors else 200)


def _show_link(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    """Shown in the answer itself and kept nowhere: a reload cannot bring it back."""
    link = request.build_absolute_uri(reverse("sign_in_link", args=[token]))
    context = {"account": account, "link": link, "hours": limits()["link_hours"]}
    return render(request, "org/account/link.html", context)


@never_cache
@confirm_first
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    account = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal("reset_password", account, by=request.user)
    if reason:
        raise acts.Refused(reason)
    if request.method == "POST":
        return _show_link(request, account, signin.reset_with_link(account, by=request.user))
    return render(request, "org/account/reset_password.html", {"account": account})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_own_password(request: HttpRequest) -> HttpResponse:
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        raise acts.Refused(_("您的密码由统一身份认证或目录服务保管，请到那里修改。"))
    form = forms.Password(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = Account.objects.get(pk=request.user.pk)
        given = form.cleaned_data
        try:
            actions.change_own_password(account, by=request.user, current=given["current"], password=given["password"])
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                error = ValidationError({"password": error.messages})
            place_errors(form, error)
        else:
            update_session_auth_hash(request, account)
            request.session.pop(OWED, None)
            messages.success(request, _("密码已修改。在别处登录的同时退出。"))
            return redirect(account.get_absolute_url())
    context = {"form": form, "title": _("修改密码"), "back": reverse("account:detail", args=[request.user.pk])}
    return render(request, "org/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    account = get_object_or_404(_visible(request), pk=pk)
    reason = refusal("grant", None, by=request.user)
    if not reason and account.pk == request.user.pk:
        reason = refusal("grant", Grant(account=account), by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.Grant(request.POST or None, account=request.user)

    def run(**values: Any) -> Any:
        return actions.grant(by=request.user, account=account, **values)

    note = queries.confirmation_note(request.user)
    back = account.get_absolute_url()
    return form_page(request, form, run, title=_("授权"), back=back, about=account, note=note)


@require_http_methods(["GET", "POST"])
def end_grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    visible = Grant.objects.visible_to(request.user).select_related("account", "unit")
    given = get_object_or_404(visible, pk=pk)
    reason = acts.refusal("end_grant", given, by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.EndGrant(request.POST or None, account=request.user, initial={"version": given.version})

    def run(**values: Any) -> Any:
        actions.end_grant(given, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return given.account

    back = given.account.get_absolute_url()
    return form_page(request, form, run, title=_("终止授权"), back=back, about=given.account, dangerous=True)


def _switch(request: HttpRequest, pk: UUID, step: str, perform: Any, title: str) -> HttpResponse:
    account = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal(step, account, by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.Reason(request.POST or None, account=request.user, initial={"version": account.version})

    def run(**values: Any) -> Any:
        perform(account, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return account

    back = account.get_absolute_url()
    return form_page(request, form, run, title=title, back=back, about=account, dangerous=step == "suspend")


@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _switch(request, pk, "suspend", actions.suspend, _("停用账号"))


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _switch(request, pk, "resume", actions.resume, _("恢复账号"))


navigation.register(
    "system", gettext_lazy("账号与授权"), "account:list", icon="key", order=10, when=lambda a: a.can("org.account.view")
)
navigation.register(
    "system",
    gettext_lazy("角色说明"),
    "account:roles",
    icon="list-details",
    order=20,
    when=lambda a: a.can("org.account.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("roles/", roles, name="roles"),
    path("open/", open_account, name="open_account"),
    path("password/", change_own_password, name="change_own_password"),
    path("grants/<uuid:pk>/end/", end_grant, name="end_grant"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/reset-password/", reset_password, name="reset_password"),
    path("<uuid:pk>/grant/", grant, name="grant"),
    path("<uuid:pk>/suspend/", suspend, name="suspend"),
    path("<uuid:pk>/resume/", resume, name="resume"),
]
