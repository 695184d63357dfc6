"""页面绘制: Django's templates, which let go of what a page showed as soon as it is drawn.

A context and the dictionaries in it point at one another. Left so, the rows of every page would stay until the garbage
collector has looked through them, which takes longer than to free them at once.
"""

from __future__ import annotations

from typing import Any

from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context
from django.template.exceptions import TemplateDoesNotExist


class Templates(DjangoTemplates):
    """As Django's own (TEMPLATES names this class)."""

    def get_template(self, template_name: str) -> Drawn:
        return Drawn(super().get_template(template_name).template, self)


class Drawn(Template):
    """One template of a file."""

    def render(self, context: Any = None, request: Any = None) -> Any:
        filled = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(filled)
        except TemplateDoesNotExist as error:
            reraise(error, self.backend)
        finally:
            filled.dicts.clear()
