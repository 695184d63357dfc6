"""What a page showed is freed as soon as it is drawn, not when the garbage collector comes by."""

import gc
import weakref

from django.template.loader import get_template


class Row:
    """Something that only the page holds."""


def test_nothing_waits_for_the_garbage_collector(rf):
    row = Row()
    seen = weakref.ref(row)
    gc.disable()
    try:
        get_template("cotton/tabs.html").render({"tabs": [], "row": row}, rf.get("/"))
        del row
        assert seen() is None
    finally:
        gc.enable()
