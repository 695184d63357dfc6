"""导航: the duties register their pages here; each account sees only what it has something to do with."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yuanqing.shell.markup import navigation_lines
from yuanqing.shell.words import moment

Text = str | Promise
When = Callable[[Any], bool]
Provider = Callable[[HttpRequest], Any]

# In the order of the speech; the key is what a page registers under.
GROUPS: dict[str, Text] = {
    "desk": _("我的工作台"),
    "overview": _("全景"),
    "education": _("一 教育"),
    "discipline": _("二 纪律"),
    "supervision": _("三 监督"),
    "enforcement": _("四 执纪"),
    "responsibility": _("五 责任"),
    "insight": _("研判"),
    "organisation": _("组织与人员"),
    "norms": _("规则库"),
    "system": _("系统管理"),
}
THEMES = ("light", "dark")
# The language to switch to and its own name for itself: (when reading Chinese, when reading English).
OTHER_LANGUAGE = ({"code": "en", "short": "EN", "name": "English"}, {"code": "zh-hans", "short": "中", "name": "中文"})


@dataclass(frozen=True)
class Item:
    """One line of the navigation."""

    group: str
    label: Text
    url_name: str
    icon: str
    order: int
    when: When | None = None
    count: Provider | None = None
    url: str = ""
    current: bool = False
    number: int = 0


@dataclass(frozen=True)
class Group:
    """A heading of the navigation with the lines an account may use."""

    key: str
    label: Text
    items: tuple[Item, ...]

    @property
    def current(self) -> bool:
        return any(item.current for item in self.items)


registry: dict[str, Item] = {}
providers: dict[str, Provider] = {}


def register(
    group: str,
    label: Text,
    url_name: str,
    icon: str,
    order: int = 50,
    when: When | None = None,
    count: Provider | None = None,
) -> None:
    """Put a page into the navigation; registering the same url name again replaces the line.

    `when(account)` says whether the account has something to do there; `count(request)` is a small number beside
    the label (what waits), asked only for lines that are shown.
    """
    if group not in GROUPS:
        raise ValueError(f"unknown navigation group {group!r}; one of {', '.join(GROUPS)}")
    registry[url_name] = Item(group, label, url_name, icon, order, when, count)


def provide(name: str, provider: Provider) -> None:
    """Supply a value of the top bar: "inbox_count" (int)."""
    providers[name] = provider


@dataclass(frozen=True)
class Kept:
    """What was worked out for an account a moment ago, under the mark of what it did last."""

    mark: str
    until: float
    found: dict[str, Any] = field(default_factory=dict)


# Counting what waits is a third of a plain page. Who does something sees the numbers anew at once; what others did shows
# within these seconds.
KEPT_SECONDS = 15
MOST_KEPT = 5000
MARK = "acted"
_kept: dict[Any, Kept] = {}


def _of_account(request: HttpRequest, name: str, worked_out: Callable[[], Any]) -> Any:
    """A value of the account of this request, kept for some seconds in this process."""
    pk, mark, now = request.user.pk, request.COOKIES.get(MARK, ""), time.monotonic()
    kept = _kept.get(pk)
    if kept is None or kept.mark != mark or kept.until < now:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[pk] = Kept(mark, now + KEPT_SECONDS)
    if name not in kept.found:
        kept.found[name] = worked_out()
    return kept.found[name]


def mark_acted(response: HttpResponse) -> None:
    """The browser carries a mark of its last deed, so that every process counts anew for it."""
    response.set_cookie(
        MARK, secrets.token_hex(4), max_age=10 * KEPT_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _is_signed_in(request: HttpRequest) -> bool:
    """An address that is refused early, as one for another host, has no account yet; its page is drawn all the same."""
    account = getattr(request, "user", None)
    return account is not None and account.is_authenticated


def groups_for(request: HttpRequest) -> list[Group]:
    """The navigation of the account of this request, with the line it is on."""
    if not _is_signed_in(request):
        return []
    groups = _of_account(request, f"groups {get_language()}", lambda: _groups(request))
    current = _longest_prefix(request.path, [item.url for group in groups for item in group.items])
    return [_with_current(group, current) for group in groups]


def _with_current(group: Group, url: str) -> Group:
    if all(item.url != url for item in group.items):
        return group
    return replace(group, items=tuple(replace(item, current=item.url == url) for item in group.items))


def _groups(request: HttpRequest) -> list[Group]:
    lines = _lines(request)
    groups = [Group(key, str(label), tuple(i for i in lines if i.group == key)) for key, label in GROUPS.items()]
    return [group for group in groups if group.items]


def _lines(request: HttpRequest) -> list[Item]:
    open_items = [item for item in registry.values() if item.when is None or item.when(request.user)]
    placed = [shown for item in open_items if (shown := _place(item))]
    return sorted((_filled(item, request) for item in placed), key=lambda item: item.order)


def _filled(item: Item, request: HttpRequest) -> Item:
    """With what waits there, and its name in the language of the reader."""
    return replace(item, label=str(item.label), number=_number(item, request))


def _place(item: Item) -> Item | None:
    """A line whose page is not routed in this installation is left out rather than breaking every page."""
    url = route(item.url_name)
    return replace(item, url=url) if url else None


def _longest_prefix(path: str, urls: list[str]) -> str:
    """The line the reader is on: the longest url her path begins with; "/" only for itself."""
    fitting = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")


def _number(item: Item, request: HttpRequest) -> int:
    return int(item.count(request)) if item.count else 0


def theme_of(request: HttpRequest) -> str:
    """The theme remembered in the cookie; "" lets the reader's system decide."""
    remembered = request.COOKIES.get("theme", "")
    return remembered if remembered in THEMES else ""


def route(name: str) -> str:
    """The address of a page by name; "" where this installation does not route it."""
    return _routed(name, settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=512)
def _routed(name: str, _addresses: str, _prefix: str) -> str:
    """Every page asks for the same few; the addresses of a site stay as they are while it runs."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _provided(request: HttpRequest, name: str) -> Any:
    provider = providers.get(name)
    if provider is None or not _is_signed_in(request):
        return None
    return _of_account(request, name, lambda: provider(request))


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page; everything in it is computed only when a template asks."""
    unread = SimpleLazyObject(lambda: _provided(request, "inbox_count") or 0)
    return {
        "navigation": SimpleLazyObject(lambda: navigation_lines(groups_for(request))),
        "drawn_at": SimpleLazyObject(lambda: moment(timezone.now())),
        "theme": theme_of(request),
        "other_language": OTHER_LANGUAGE[get_language() == "en"],
        "search_url": route("search:results"),
        "inbox_url": route("inbox:list"),
        "security_url": route("security:mine"),
        "inbox_count": unread,
        "inbox_label": SimpleLazyObject(lambda: gettext("收件箱，%(n)s 条未读") % {"n": unread}),
    }
