"""模板载入: templates as they are drawn: what is the same for every reader of a language is put together once.

A page is some 850 nodes, and most of them are fixed words, icons and the addresses of our own files: the same on every
request. Drawn with an empty context, they cannot hold anything of a reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Any

from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, TextNode, TokenType, Variable, VariableNode, render_value_in_context
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yuanqing.shell import markup


class Fixed(Node):
    """固定文字: nodes that ask the page for nothing, drawn once for each language."""

    child_nodelists = ()

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.drawn: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        found = self.drawn.get(language)
        if found is None:
            empty = Context()
            empty.template = context.template
            found = self.drawn[language] = self.nodes.render(empty)
        return found


class Shown(VariableNode):
    """A variable of a page. Most are texts, which need neither a time zone nor the numbers of a language."""

    def render(self, context: Context) -> Any:
        found = self.filter_expression.resolve(context)
        if isinstance(found, Promise):
            found = str(found)
        if type(found) is SafeString:
            return found
        if type(found) is str and context.autoescape:
            return escape(found)
        if type(found) is int:  # USE_THOUSAND_SEPARATOR is off: the house groups digits only where it says so
            return str(found)
        return render_value_in_context(found, context)


def join(nodes: NodeList) -> None:
    """Put what is fixed together, here and in every branch, loop and block."""
    runs = [(fixed, list(run)) for fixed, run in groupby(nodes, key=is_fixed)]
    nodes[:] = [node for fixed, run in runs for node in (_joined(run) if fixed else run)]
    for place, node in enumerate(nodes):
        if type(node) is VariableNode:
            nodes[place] = _as(Shown(node.filter_expression), node)
        for inner in _branches(node):
            join(inner)


def _joined(run: list[Node]) -> list[Node]:
    return run if all(isinstance(node, TextNode) for node in run) else [_as(Fixed(run), run[0])]


def _as(node: Node, first: Node) -> Node:
    """At the same place of the template, which a message about an error names."""
    node.token, node.origin = getattr(first, "token", None), first.origin
    return node


def _branches(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [inner for _condition, inner in node.conditions_nodelists]
    return [inner for name in node.child_nodelists if (inner := getattr(node, name, None))]


def is_fixed(node: Node) -> bool:
    """Whether nothing but the language of the reader decides what it draws."""
    if isinstance(node, TextNode | LoadNode | CommentNode):
        return True
    if isinstance(node, TranslateNode):
        return _is_constant(node.filter_expression) and not node.asvar and _is_plain(node.message_context)
    if isinstance(node, StaticNode):
        return _is_constant(node.path) and node.varname is None
    if isinstance(node, SimpleNode):
        return node.func is markup.icon and node.target_var is None and _are_constant(node)
    if isinstance(node, URLNode):
        return _is_constant(node.view_name) and not (node.args or node.kwargs or node.asvar)
    return isinstance(node, BlockTranslateNode) and _has_no_variable(node)


def _is_constant(expression: FilterExpression) -> bool:
    value = expression.var
    return not expression.filters and (not isinstance(value, Variable) or value.literal is not None)


def _is_plain(expression: FilterExpression | None) -> bool:
    return expression is None or _is_constant(expression)


def _are_constant(node: Any) -> bool:
    return all(map(_is_constant, [*node.args, *node.kwargs.values()]))


def _has_no_variable(node: Any) -> bool:
    if node.extra_context or node.plural or node.asvar or not _is_plain(node.message_context):
        return False
    return all(token.token_type == TokenType.TEXT for token in node.singular)


class _Joining(base.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Any:
        template = super().get_template(template_name, skip)
        join(template.nodelist)
        return template


class Loader(cached.Loader, _Joining):
    """The loader that keeps templates, which asks the one above for each of them once."""
