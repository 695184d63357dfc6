"""防洪: a form is answered once, after a small work of the browser or a short wait; no address is looked at."""

SERVES = ("speech.4.1",)  # rows of the requirements
