"""Figures are compiled before the first reader asks for one."""

import yuanqing.wsgi
from yuanqing.kernel import figures
from yuanqing.kernel.figures.expressions import _compiled


def test_nothing_is_left_to_compile_on_a_page():
    figures.prepare()
    before = _compiled.cache_info().misses
    for name in figures.registered():
        figures.sql_for(name, [])
        figures.sql_for(name, [], units=[])
    assert _compiled.cache_info().misses == before


def test_a_worker_reads_every_template_and_compiles_every_figure():
    yuanqing.wsgi.warm_up()
