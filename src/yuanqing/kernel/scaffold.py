"""新建名词: writes an empty noun in the architecture's shape, so that every noun looks alike from its first day."""

from __future__ import annotations

import re
from pathlib import Path

from yuanqing.kernel.commands import Needs, OperatorError, command

SOURCE = Path(__file__).resolve().parents[1]
TESTS = SOURCE.parents[1] / "tests"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

LIFECYCLE = '''"""The order of steps of a {noun}, and the authority for each."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle

LIFECYCLE = Lifecycle(initial="draft", states={{"draft": _("草稿")}}, steps=[])
'''
MODELS = '''"""What is kept of a {noun}."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet

from .lifecycle import LIFECYCLE


class {model}QuerySet(RecordQuerySet["{model}"]):
    def visible_to(self, account: Any) -> {model}QuerySet:
        """Nobody sees any until this says who."""
        return self.none()


class {model}(Record):
    """{title}: say in one sentence what this is."""

    state = LIFECYCLE.field()

    objects: models.Manager[Any] = {model}QuerySet.as_manager()

    class Meta:
        verbose_name = _("{title}")
'''
POLICIES = '''"""Who may take which step on a {noun}. The only place that says so."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .models import {model}


def refusal(step: str, record: {model} | None, *, by: object) -> str:
    """Why the account may not take the step; an empty text when it may. Nobody may until somebody is named here."""
    return _("没有权限")
'''
QUERIES = '''"""What pages and figures ask about a {noun}, always beginning with what the account may see."""
'''
ACTIONS = '''"""What is done with a {noun}: one verb per function."""
'''
PAGES = '''"""The pages of a {noun}; one page is one function, one template and one test."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "{noun}"
urlpatterns: list[URLPattern] = []
'''
TEST = """from yuanqing.{duty}.{noun}.lifecycle import LIFECYCLE


def test_a_new_{noun}_is_a_draft():
    assert LIFECYCLE.initial == "draft"
"""
FILES = {
    "__init__.py": "",
    "lifecycle.py": LIFECYCLE,
    "models.py": MODELS,
    "policies.py": POLICIES,
    "queries.py": QUERIES,
    "actions.py": ACTIONS,
    "pages.py": PAGES,
}


@command("new", help="新建名词 · write an empty noun: new <duty>/<noun> [--title 中文名]", needs=Needs.NOTHING)
def new(place: str, *, title: str = "") -> str:
    written = write_noun(place, title=title)
    return "\n".join(
        ["Written:", *(f"  {each}" for each in written), "Next: describe it, then “yuanqing django makemigrations”."]
    )


def write_noun(place: str, *, title: str = "", source: Path = SOURCE, tests: Path = TESTS) -> list[Path]:
    """Write the files of ``<duty>/<noun>``; refuses a misshapen name, an unknown duty, and a noun that exists."""
    duty, _, noun = place.partition("/")
    if not NAME.fullmatch(duty) or not NAME.fullmatch(noun):
        raise OperatorError("Write <duty>/<noun> in lower case, for instance supervision/declaration.")
    if not (source / duty / "apps.py").exists():
        raise OperatorError(f"There is no duty “{duty}”; make its package with an apps.py first.")
    if (source / duty / noun).exists():
        raise OperatorError(f"{duty}/{noun} exists already.")
    model = "".join(part.capitalize() for part in noun.split("_"))
    words = {"duty": duty, "noun": noun, "model": model, "title": title or model}
    contents = {source / duty / noun / name: text.format(**words) for name, text in FILES.items()}
    contents[tests / duty / noun / "test_lifecycle.py"] = TEST.format(**words)
    for path, text in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return sorted(contents)
