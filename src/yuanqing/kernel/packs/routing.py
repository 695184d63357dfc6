"""The routing table: every combination of answers leads to exactly one route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from django.utils.translation import gettext as _

from yuanqing.kernel.packs.entries import Route
from yuanqing.kernel.packs.problems import Problem
from yuanqing.kernel.packs.schema import Pack


def answers(route: Route, question: str) -> tuple[str, ...]:
    """The answers a route accepts to a question; none listed means any."""
    listed = route.when.get(question, "")
    return tuple(one.strip() for one in listed.split("|")) if listed else ()


def accepts(route: Route, facts: Mapping[str, str]) -> bool:
    return all(not answers(route, question) or facts[question] in answers(route, question) for question in facts)


def route(pack: Pack, facts: Mapping[str, str]) -> Route:
    """The route for these answers.

    KeyError when a question of the table is not answered, ValueError when an answer is unknown: neither may be
    guessed, since a violation without a route would be lost.
    """
    asked = {one.code: facts[one.code] for one in pack.of_kind("dimension")}
    for one in pack.of_kind("dimension"):
        if asked[one.code] not in one.values:
            raise ValueError(_("“%(title)s”没有“%(value)s”这个答案。") % {"title": one.title, "value": asked[one.code]})
    found: Route = next(one for one in pack.of_kind("route") if accepts(one, asked))
    return found


def combinations(pack: Pack) -> Iterator[dict[str, str]]:
    """Every combination of answers."""
    dimensions = pack.of_kind("dimension")
    for values in product(*(one.values for one in dimensions)):
        yield {one.code: value for one, value in zip(dimensions, values, strict=True)}


def routing_is_total(pack: Pack) -> list[Problem]:
    """Combinations that no route or more than one route decides, and routes that name unknown questions or answers."""
    file = f"{pack.name}.yaml"
    known = {one.code: one.values for one in pack.of_kind("dimension")}
    problems = [
        Problem(file, one.code, f"when.{question}", _("没有“%(value)s”这个答案") % {"value": value})
        for one in pack.of_kind("route")
        for question in one.when
        for value in answers(one, question)
        if value not in known.get(question, ())
    ]
    for facts in combinations(pack):
        found = [one.code for one in pack.of_kind("route") if accepts(one, facts)]
        if len(found) != 1:
            told = _("没有去向") if not found else _("同时有几个去向：%(codes)s") % {"codes": "、".join(found)}
            case = "，".join(f"{question}={value}" for question, value in facts.items())
            problems.append(Problem(file, case, "", told))
    return problems
