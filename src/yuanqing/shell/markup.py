"""页面标记: the pieces of which a page has dozens, written straight as HTML; a template for each would cost most of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yuanqing.shell import words

if TYPE_CHECKING:
    from yuanqing.shell.navigation import Group


def escaped(value: Any) -> str:
    """As HTML, the way a template writes a text; most values are plain texts, for which Django asks around too long."""
    if isinstance(value, Promise):
        value = str(value)
    return escape(value) if type(value) is str else conditional_escape(value)


def shown(value: Any) -> str:
    """As HTML, the way a template writes any value: numbers as the reader's language writes them."""
    is_plain = type(value) is int or (type(value) is float and 1 <= value < 1e9)
    if is_plain:  # digits are grouped only where a page says so
        return str(value)
    return escaped(value if isinstance(value, str | Promise) else localize(value))


def linked(label: Any, href: str) -> str:
    """The label, which leads somewhere where there is a place to lead to."""
    return f'<a href="{escaped(href)}">{shown(label)}</a>' if href else shown(label)


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with a label it is read aloud."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sprite = static("yuanqing/icons.svg")
    return format_html('<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>', said, sprite, name)


def badge(text: Any, tone: str = "grey") -> SafeString:
    return SafeString(f'<span class="badge tone-{escaped(tone)}">{escaped(text)}</span>')


def clock(due: date | datetime | None, done: Any = "") -> SafeString:
    """A deadline with what is left of it, or with how it ended."""
    if not due:
        return SafeString(f'<span class="clock muted">{escaped(_("没有期限"))}</span>')
    last = words.deadline(due)
    left = {"text": done} if done else words.clock(due)
    state = f" is-{left['state']}" if "state" in left else ""
    told = f'<time datetime="{last}">{last}</time> <small>{escaped(left["text"])}</small>'
    return SafeString(f'<span class="clock{state}">{told}</span>')


def tree(nodes: Iterable[Mapping[str, Any]], label: str = "", inner: Any = "") -> SafeString:
    """A tree: a branch opens what lies below it, which stands on the page already or is fetched when it is opened."""
    style, name = " is-inner" if inner else "", f' aria-label="{escaped(label)}"' if label else ""
    lines = "".join(f"<li>{_node(node)}</li>" for node in nodes or ())
    return SafeString(f'<ul class="tree{style}"{name}>{lines}</ul>')


def _node(node: Mapping[str, Any]) -> str:
    children, more, note = node.get("children"), escaped(node.get("more", "")), node.get("note")
    name = f'<span class="tree-name">{linked(node["label"], node.get("href", ""))}</span>'
    name += f'<span class="tree-note">{shown(note)}</span>' if note else ""
    if not children and not more:
        return f'<span class="tree-leaf">{name}</span>'
    is_open = " open" if node.get("open") else ""
    fetched = f' hx-get="{more}" hx-trigger="toggle once" hx-target="find .tree-children"' if more else ""
    below = tree(children, inner=True) if children else f'<a href="{more}">{_("展开下级")}</a>'
    return f'<details{is_open}{fetched}><summary>{name}</summary><div class="tree-children">{below}</div></details>'


def navigation_lines(groups: Iterable[Group]) -> SafeString:
    """The groups of the navigation with their lines."""
    return SafeString("".join(map(_group, groups)))


def _group(group: Group) -> str:
    lines = "".join(
        _line(item.url, item.icon, str(item.label), "" if not item.number else str(item.number), item.current)
        for item in group.items
    )
    here = " is-current" if group.current else ""
    return f'<section class="nav-group{here}"><h2>{escaped(group.label)}</h2><ul>{lines}</ul></section>'


@lru_cache(maxsize=2048)
def _line(url: str, name: str, label: str, number: str, is_current: bool) -> str:
    """One line of the navigation; everybody's lines are of the same few dozens."""
    here = ' class="is-current" aria-current="page"' if is_current else ""
    count = f'<span class="count">{number}</span>' if number else ""
    return f'<li><a href="{escaped(url)}" data-nav{here}>{icon(name)}<span>{escaped(label)}</span>{count}</a></li>'
