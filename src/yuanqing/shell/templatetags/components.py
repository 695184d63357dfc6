"""How `<c-…>` is drawn: the compiler of django-cotton reads it, and these nodes draw it with what was read once.

A page has dozens of components. What stands in a template is looked at when the template is loaded; while a page is drawn,
only the attributes that name a variable are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context, Node, NodeList, Variable, VariableDoesNotExist
from django.template.base import Lexer, Parser, Template, Token
from django.template.loader import get_template
from django_cotton.tag_parser import parse_component_tag, parse_vars_tag  # type: ignore[import-untyped]

from yuanqing.shell.loader import join

register = template.Library()
SLOTS = "slots of the component"
Bound = Callable[[Context], Any]


class Component(Node):
    """组件: a small template of the folder `cotton`, with the attributes and slots given at one place of a page."""

    def __init__(self, name: str, nodelist: NodeList, given: dict[str, Any], parser: Parser) -> None:
        self.path = f"cotton/{name.replace('-', '_')}.html"
        self.nodelist = nodelist
        self.has_slots = bool(nodelist.get_nodes_by_type(Slot))
        self.plain: dict[str, Any] = {"slot": ""}
        self.bound: list[tuple[str, Bound]] = []
        self.found: tuple[Template, dict[str, Any]] | None = None
        for key, raw in given.items():
            self._keep(key.removeprefix(":").replace("-", "_"), key.startswith(":"), raw, parser)

    def _keep(self, name: str, is_variable: bool, raw: Any, parser: Parser) -> None:
        value = raw[1:-1] if isinstance(raw, str) and raw[:1] in ("'", '"') else raw
        if is_variable:
            self.bound.append((name, _variable(value)))
        elif isinstance(value, str) and ("{{" in value or "{%" in value):
            self.bound.append((name, _small_template(value, parser)))
        else:
            self.plain[name] = value

    def render(self, context: Context) -> str:
        component, defaults = self.found or self._look_up(context)
        state = defaults | self._filled(context)
        for name, value in self.bound:
            if (found := value(context)) is not MISSING:
                state[name] = found
        with context.push(state):
            return component.render(context)

    def _look_up(self, context: Context) -> tuple[Template, dict[str, Any]]:
        component = get_template(self.path).template  # type: ignore[attr-defined]
        defaults = [node.defaults for node in component.nodelist if isinstance(node, Defaults)]
        self.found = component, (defaults[0] if defaults else {})
        return self.found

    def _filled(self, context: Context) -> dict[str, Any]:
        """What was given as plain text, and between the tags."""
        if not self.nodelist:
            return self.plain
        if not self.has_slots:
            return self.plain | {"slot": self.nodelist.render(context)}
        slots: dict[str, Any] = {}
        with context.push({SLOTS: slots}):
            rest = self.nodelist.render(context)
        return {**slots, **self.plain, "slot": rest}


class Slot(Node):
    """A part with a name, given between the tags of a component."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        context[SLOTS][self.name] = self.nodelist.render(context)
        return ""


class Defaults(Node):
    """`<c-vars …>`: what the attributes of a component are where a page does not give them."""

    child_nodelists = ()

    def __init__(self, given: dict[str, Any]) -> None:
        self.defaults = {name.replace("-", "_"): raw[1:-1] for name, raw in given.items()}

    def render(self, _context: Context) -> str:
        return ""


MISSING = object()


def _variable(name: str) -> Bound:
    """A variable of the page; what the page does not have is as if it were not given."""
    variable = Variable(name)

    def found(context: Context) -> Any:
        try:
            return variable.resolve(context)
        except VariableDoesNotExist:
            return MISSING

    return found


def _small_template(text: str, parser: Parser) -> Bound:
    """Text with tags in it, read with what the template around it has loaded."""
    inner = Parser(Lexer(text).tokenize(), parser.libraries, [], parser.origin)
    inner.tags, inner.filters = parser.tags, parser.filters
    nodes = inner.parse()
    join(nodes)
    return nodes.render


@register.tag("cotton")
def component(parser: Parser, token: Token) -> Component:
    if token.contents.rstrip().endswith("/"):
        nodes = NodeList()
    else:
        nodes = parser.parse(("endcotton",))
        parser.delete_first_token()
    found = parse_component_tag(token.contents)
    return Component(found.name, nodes, found.attrs, parser)


@register.tag("cotton:slot")
def slot(parser: Parser, token: Token) -> Slot:
    nodes = parser.parse(("endcotton:slot",))
    parser.delete_first_token()
    return Slot(token.split_contents()[1], nodes)


@register.tag("cotton:vars")
def defaults(_parser: Parser, token: Token) -> Defaults:
    return Defaults(parse_vars_tag(token.contents).attrs)
