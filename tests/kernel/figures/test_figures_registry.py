"""A figure is registered once, yields integers in its own columns, and is asked for by its name."""

from __future__ import annotations

from typing import Any

import pytest

from yuanqing.kernel import figures
from yuanqing.kernel.figures import FigureError, UnknownFigure, figure

WORDS: dict[str, Any] = {"label": "数", "unit": "起", "definition": "…"}


def test_an_unknown_name_is_refused_with_what_was_probably_meant(defined: None) -> None:
    with pytest.raises(UnknownFigure, match=r"no figure is called 'test.problem'; did you mean test.problems"):
        figures.get("test.problem")


@pytest.mark.parametrize("name", ["problems", "Test.problems", "test.", "test.two words"])
def test_a_figure_is_called_after_its_noun(own_register: None, name: str) -> None:
    with pytest.raises(FigureError, match="called after its noun"):
        figure(name, **WORDS)


def test_a_name_is_defined_once(defined: None) -> None:
    with pytest.raises(FigureError, match=r"test\.open is defined twice"):

        @figure("test.open", **WORDS)
        def another(t: Any) -> Any: ...


@pytest.mark.parametrize("dims", [("value",), ("type", "type"), ("month",)])
def test_dimensions_do_not_hide_other_columns(own_register: None, dims: tuple[str, ...]) -> None:
    with pytest.raises(FigureError, match="dimensions"):
        figure("test.x", dims=dims, **WORDS)


def test_a_figure_with_other_columns_is_refused(own_register: None) -> None:
    @figure("test.bare", dims=("type",), **WORDS)
    def bare(t: Any) -> Any:
        return t.per_month(t.discipline_violation, on="received_on")

    with pytest.raises(FigureError, match=r"yields the columns .* instead of"):
        figures.check("test.bare")


def test_a_figure_is_no_fraction(own_register: None) -> None:
    @figure("test.share", **WORDS)
    def share(t: Any) -> Any:
        return t.per_month(t.discipline_violation, on="received_on").mutate(value=lambda q: q.value / 2)

    with pytest.raises(FigureError, match="a figure is an integer, not float64"):
        figures.check("test.share")


def test_no_fraction_hides_inside_a_figure(own_register: None) -> None:
    @figure("test.rounded", **WORDS)
    def rounded(t: Any) -> Any:
        return t.per_month(t.discipline_violation, on="received_on").mutate(value=lambda q: (q.value / 3).cast("int64"))

    with pytest.raises(FigureError, match="computes with float64"):
        figures.check("test.rounded")


def test_a_figure_cannot_read_what_is_sensitive(own_register: None) -> None:
    @figure("test.facts", **WORDS)
    def facts(t: Any) -> Any:
        v = t.discipline_violation
        return t.per_month(v.filter(v.facts.notnull()), on="received_on")

    with pytest.raises(AttributeError, match="facts"):
        figures.check("test.facts")


def test_a_table_that_no_model_keeps_is_named(own_register: None) -> None:
    @figure("test.lost", **WORDS)
    def lost(t: Any) -> Any:
        return t.per_month(t.discipline_rumour, on="received_on")

    with pytest.raises(FigureError, match="'discipline_rumour'"):
        figures.check("test.lost")


def test_the_tables_a_figure_reads_are_known_from_its_expression(defined: None) -> None:
    assert figures.tables_of("test.people") == {"discipline_violation", "discipline_involved"}


@pytest.mark.parametrize("name", sorted(figures.registered()))
def test_every_figure_of_the_product_is_sound(name: str) -> None:
    figures.check(name)
    known = figures.get(name)
    assert known.label
    assert known.definition
