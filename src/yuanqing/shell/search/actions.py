"""What of the organisation and its rules can be found; nouns above the shell register their own records."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel import acts
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.norms.clause.models import Clause
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Post
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.index import searchable

MOVE = """
UPDATE shell_searchentry e SET path = u.path
FROM shell_searchentry old JOIN org_unit u ON u.id = old.record_id
WHERE old.model = 'org.unit' AND old.path <> u.path AND e.path = old.path AND u.id IN ({ids})
"""


@acts.after(Unit, "move")
def _paths_follow(touched: acts.Touched) -> None:
    """What belongs to a unit that moved is seen by those above its new place; before the unit's own words are written."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(ids=touched.IDS), touched.params)


searchable(
    Unit,
    label=_("单位"),
    text=lambda unit: f"{unit.code} {unit.name} {unit.short_name}",
    path=lambda unit: unit.path,
    capability="org.unit.view",
    excerpt=lambda unit: unit.code,
)
searchable(
    Person,
    label=_("人员"),
    text=lambda person: f"{person.number} {person.name}",
    path=lambda person: person.unit.path,
    capability="org.person.view",
    excerpt=lambda person: f"{person.number} {person.unit}",
    select=("unit",),
)
searchable(
    Post,
    label=_("岗位"),
    text=lambda post: f"{post.code} {post.name} {post.unit}",
    path=lambda post: post.unit.path,
    capability="org.post.view",
    excerpt=lambda post: f"{post.code} {post.unit}",
    select=("unit",),
)
searchable(
    Clause,
    label=_("条款"),
    text=lambda clause: f"{clause.cite} {clause.title} {clause.text} {clause.source}",
    excerpt=lambda clause: f"{clause.cite} {clause.text}",
    select=("pack",),
)
searchable(
    PackVersion,
    label=_("规则包"),
    text=lambda pack: f"{pack.cite} {pack.title}",
    link=lambda pack: f"/norms/clause/edition/{pack.pk}/",
    excerpt=lambda pack: pack.cite,
)
